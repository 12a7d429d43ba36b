# Refuses everything for a reason that no checkpoint has.
while read -r request; do
  case $request in
    *'"query":"load"'*) echo '{"outcome": "invalid", "codes": ["no.such-code"]}' ;;
    *) echo '{"outcome": "unsupported"}' ;;
  esac
done
