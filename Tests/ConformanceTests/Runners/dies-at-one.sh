# Ends at one case, and knows the others.
directory=$(dirname "$0")
while read -r request; do
  case $request in
    *root-none*) exit 1 ;;
    *) printf '%s\n' "$request" | python3 "$directory/knows-all.py" ;;
  esac
done
