#!/usr/bin/env python3
"""The real Flax reads what the tool writes, and finds the truth's values.

usage: flax_reads.py COPPICE DIRECTORY...
"""
import os
import subprocess
import sys
import tempfile

import flax.serialization
import jax
import jax.numpy  # noqa: F401  (names the types that NumPy lacks)

import truth

jax.config.update("jax_enable_x64", True)


def check(tool, case):
    expected, parts = truth.items(case)
    item = parts.get("state") or parts.get(None)
    if not item or item["kind"] != "tree":
        return None
    with tempfile.TemporaryDirectory() as scratch:
        target = os.path.join(scratch, "m.msgpack")
        source = os.path.join(case, expected["path"])
        done = subprocess.run([tool, "convert", "--json", source, target], capture_output=True, text=True)
        if done.returncode:
            refused = any(code in done.stderr for code in ("flax.key-collision", "flax.reserved-name"))
            return None if refused else [done.stderr.strip()]
        with open(target, "rb") as file:
            content = file.read()
        restored = flax.serialization.msgpack_restore(content)
        return truth.compare(item["tree"], truth.without_extras(item, restored), state_dict=True)


if __name__ == "__main__":
    truth.main("flax %s" % flax.__version__, check, sys.argv)
