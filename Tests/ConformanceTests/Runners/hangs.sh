# Never answers.
sleep 600
