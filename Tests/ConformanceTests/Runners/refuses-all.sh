# Refuses everything, without saying why.
while read -r request; do
  case $request in
    *'"query":"load"'*) echo '{"outcome": "invalid"}' ;;
    *) echo '{"outcome": "unsupported"}' ;;
  esac
done
