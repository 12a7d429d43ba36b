"""Answers as the case wants, less one leaf."""
import json
import os
import sys

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


with open(os.path.join(sys.argv[1], "expected.json"), encoding="utf-8") as file:
    dump = json.load(file)
if not drop(dump):
    dump["checkpointables"] = {}
print(json.dumps({"outcome": "valid", "dump": dump}))
