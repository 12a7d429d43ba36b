"""Answers as the case wants, less one leaf."""
import json

from answers import dump, requests

CONTAINERS = ("dict", "list", "tuple", "steps", "items", "files")


def drop(node):
    """Takes the first of something away; whether there was something."""
    if isinstance(node, list):
        return any(drop(element) for element in node)
    if not isinstance(node, dict):
        return False
    for name, inner in node.items():
        if drop(inner):
            return True
        if name in CONTAINERS and inner:
            inner.pop(next(iter(inner)) if isinstance(inner, dict) else 0)
            return True
    return False


for request, case, document in requests():
    if request != {"query": "load"}:
        print('{"outcome": "unsupported"}', flush=True)
        continue
    value = json.loads(dump(case))
    if not drop(value):
        value["checkpointables"] = {}
    print(json.dumps({"outcome": "valid", "dump": value}), flush=True)
