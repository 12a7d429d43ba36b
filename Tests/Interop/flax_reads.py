#!/usr/bin/env python3
"""The real Flax reads what the tool writes, and finds the truth's values.

usage: flax_reads.py COPPICE DIRECTORY...
"""
import glob
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


def main():
    tool, directories = sys.argv[1], sys.argv[2:]
    passed = failed = 0
    for directory in directories:
        for path in sorted(glob.glob(os.path.join(directory, "**", "expected.json"), recursive=True)):
            problems = check(tool, os.path.dirname(path))
            if problems:
                failed += 1
                print("%s: %s" % (os.path.dirname(path), problems[:3]))
            elif problems is not None:
                passed += 1
    print("flax %s: %d passed, %d failed" % (flax.__version__, passed, failed))
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
