"""Answers as the case wants: what the suite compares with itself."""
from answers import requests, wanted

for request, case, document in requests():
    print(wanted(request, case, document), flush=True)
