#!/usr/bin/env python3
"""The Orbax of this Python reads what the tool writes, and finds the truth's values.

usage: orbax_reads.py COPPICE DIRECTORY...

Each case is converted to Orbax in each layout, and loaded by every interface that this version has: as
saved, and into an abstract tree of arrays on this machine's devices.
"""
import glob
import logging
import os
import subprocess
import sys
import tempfile
import warnings

import jax
import numpy as np
import orbax.checkpoint as ocp

import truth

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
jax.config.update("jax_enable_x64", True)

try:
    from orbax.checkpoint import v1
except ImportError:
    try:
        from orbax.checkpoint.experimental import v1
    except ImportError:
        v1 = None

VARIANTS = [
    ["--to", "orbax"], ["--to", "orbax", "--compress", "none"], ["--to", "orbax", "--layout", "directories"],
    ["--to", "orbax-v0"], ["--to", "orbax-v0", "--layout", "directories"],
]


def abstract(value):
    if isinstance(value, jax.Array):
        return jax.ShapeDtypeStruct(value.shape, value.dtype, sharding=value.sharding)
    if isinstance(value, np.ndarray) and value.size:
        return jax.ShapeDtypeStruct(
            value.shape, value.dtype, sharding=jax.sharding.SingleDeviceSharding(jax.devices()[0]))
    return value


def loads(target, parts, variant):
    """What each interface loads, by its name: (interface, part, value)."""
    is_direct = "orbax-v0" in variant
    for name, item in parts.items():
        if item["kind"] != "tree":
            continue
        place = target if is_direct else os.path.join(target, name or "state")
        with ocp.PyTreeCheckpointer() as checkpointer:
            saved = checkpointer.restore(place)
            yield "v0", item, saved
        if not is_direct and v1 is not None and name is None:
            yield "v1 load", item, v1.load(target, checkpointable_name="state") if hasattr(v1, "load") \
                else v1.load_pytree(target, checkpointable_name="state")
        if not is_direct and v1 is not None:
            # None is "as saved"; stateful objects can't be loaded without an instance.
            loaded = v1.load_checkpointables(target, {name or "state": None})[name or "state"]
            yield "v1 checkpointables", item, loaded
            if not isinstance(loaded, (dict, list)):
                continue
            tree = jax.tree.map(abstract, loaded)
            yield "v1 abstract", item, v1.load_checkpointables(target, {name or "state": tree})[name or "state"]
        if is_direct:
            with ocp.PyTreeCheckpointer() as checkpointer:
                tree = jax.tree.map(abstract, saved)
                arguments = ocp.checkpoint_utils.construct_restore_args(tree)
                yield "v0 abstract", item, checkpointer.restore(target, item=tree, restore_args=arguments)


def check(tool, case, variant):
    expected, parts = truth.items(case)
    if not any(item["kind"] == "tree" for item in parts.values()):
        return None
    if "orbax-v0" in variant:
        parts = {name: item for name, item in parts.items() if item["kind"] == "tree"}
        if len(parts) != 1:
            return None
    with tempfile.TemporaryDirectory() as scratch:
        target = os.path.join(scratch, "ckpt")
        source = os.path.join(case, expected["path"])
        done = subprocess.run([tool, "convert", "--json", *variant, source, target], capture_output=True, text=True)
        if done.returncode:
            refused = any(code in done.stderr for code in ("orbax.name-collision", "orbax.unwritable-name"))
            return None if refused else [done.stderr.strip()]
        problems = []
        try:
            for interface, item, value in loads(target, parts, variant):
                problems += ["%s: %s" % (interface, line)
                             for line in truth.compare(item["tree"], truth.without_extras(item, value))]
        except Exception as error:
            # The TensorStore of this version doesn't know every type.
            if "Unsupported data type" in str(error) or "Unsupported zarr dtype" in str(error):
                return None
            problems.append("%s: %s" % (type(error).__name__, str(error)[:600]))
        return problems


def main():
    tool, directories = sys.argv[1], sys.argv[2:]
    passed = failed = 0
    for directory in directories:
        for path in sorted(glob.glob(os.path.join(directory, "**", "expected.json"), recursive=True)):
            for variant in VARIANTS:
                problems = check(tool, os.path.dirname(path), variant)
                if problems:
                    failed += 1
                    print("%s %s: %s" % (os.path.dirname(path), " ".join(variant), problems[:2]))
                elif problems is not None:
                    passed += 1
    print("orbax-checkpoint %s: %d passed, %d failed" % (ocp.__version__, passed, failed))
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
