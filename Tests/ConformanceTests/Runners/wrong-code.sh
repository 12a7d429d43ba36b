# Refuses everything for a reason that no checkpoint has.
echo '{"outcome": "invalid", "error": {"code": "no.such-code"}}'
