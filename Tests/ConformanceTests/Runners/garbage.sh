# Prints something else than an answer.
echo 'valid, I think'
