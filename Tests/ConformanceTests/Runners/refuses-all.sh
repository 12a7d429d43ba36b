# Refuses everything, without saying why.
echo '{"outcome": "invalid"}'
