# Prints two lines for a request.
while read -r request; do printf '%s\n' '{"outcome": "invalid"}' '{"outcome": "invalid"}'; done
