"""Reads safetensors with the real library and prints what is there, as JSON.

    python check.py FILE...

For each file: {"metadata": {...} or null, "tensors": {name: {"dtype", "shape", "hex"}}}, with the format's own
names of types and the bytes as they lie in the file; or {"error": "..."}.
"""

import json
import sys

from safetensors import deserialize, safe_open


def read(path):
    try:
        with safe_open(path, framework="np") as f:
            names, metadata = sorted(f.keys()), f.metadata()
        with open(path, "rb") as f:
            tensors = deserialize(f.read())
    except Exception as error:
        return {"error": str(error)}
    found = {
        name: {"dtype": info["dtype"], "shape": info["shape"], "hex": bytes(info["data"]).hex()}
        for name, info in tensors
    }
    assert names == sorted(found)
    return {"metadata": metadata, "tensors": found}


json.dump({path: read(path) for path in sys.argv[1:]}, sys.stdout)
