#!/usr/bin/env python3
"""The real safetensors library reads what the tool writes, and finds the truth's values.

usage: safetensors_reads.py COPPICE DIRECTORY...
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import safetensors

import truth


def arrays(node, path, found):
    kind = [name for name in node if name != "was"][0]
    value = node[kind]
    if kind == "array" and "sha256" in value:
        found[".".join(path)] = value
    elif kind == "dict":
        for key, child in value.items():
            arrays(child, path + [key], found)
    elif kind in ("list", "tuple"):
        for index, child in enumerate(value):
            arrays(child, path + [str(index)], found)


# Types that safetensors has words for, so that the bytes are those of the truth.
PLAIN = {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
         "bfloat16", "float32", "float64", "float8_e4m3fn", "float8_e5m2", "complex64"}


def check(tool, case):
    with open(os.path.join(case, "expected.json")) as file:
        expected = json.load(file)
    parts = expected.get("checkpointables") or {"": expected.get("root")}
    item = parts.get("state") or parts.get("")
    if any(expected.get(key) for key in ("error", "errorOptional", "mayRefuse")) or not item or item["kind"] != "tree":
        return None
    wanted = {}
    arrays(item["tree"], [], wanted)
    with tempfile.TemporaryDirectory() as scratch:
        target = os.path.join(scratch, "m.safetensors")
        source = os.path.join(case, expected["path"])
        done = subprocess.run([tool, "convert", "--json", source, target], capture_output=True, text=True)
        if done.returncode:
            return None if "safetensors.name-collision" in done.stderr else [done.stderr.strip()]
        with open(target, "rb") as file:
            tensors = dict(safetensors.deserialize(file.read()))
    problems = []
    for name, value in wanted.items():
        if value["dtype"] not in PLAIN:
            continue
        tensor = tensors.get(name)
        if tensor is None:
            problems.append("%s: missing" % name)
        elif list(tensor["shape"]) != value["shape"] \
                or hashlib.sha256(bytes(tensor["data"])).hexdigest() != value["sha256"]:
            problems.append("%s: differs" % name)
    return problems


if __name__ == "__main__":
    truth.main("safetensors " + safetensors.__version__, check, sys.argv)
