# Fails before it answers.
echo '{"outcome": "valid"}'
exit 3
