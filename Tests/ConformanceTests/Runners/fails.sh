# Ends before it answers.
read -r request
exit 3
