# Prints something else than an answer.
while read -r request; do echo 'valid, I think'; done
