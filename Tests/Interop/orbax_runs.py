#!/usr/bin/env python3
"""The managers of this Python's Orbax restore the steps of runs that the tool writes.

usage: orbax_runs.py COPPICE DIRECTORY...
"""
import glob
import logging
import os
import subprocess
import sys
import tempfile

import jax
import orbax.checkpoint as ocp

import truth
from orbax_reads import v1

logging.disable(logging.WARNING)
jax.config.update("jax_enable_x64", True)


def check(tool, case, expected):
    problems = []
    with tempfile.TemporaryDirectory() as scratch:
        target = os.path.join(scratch, "run")
        source = os.path.join(case, expected["path"])
        done = subprocess.run([tool, "convert", "--to", "orbax", source, target], capture_output=True, text=True)
        if done.returncode:
            return [done.stderr.strip()]
        for number, step in expected["steps"].items():
            parts = dict(step.get("checkpointables") or {})
            if step.get("root"):
                parts["state"] = step["root"]
            trees = {name: part["tree"] for name, part in parts.items() if part["kind"] == "tree"}
            # Versions before 0.11 must be told the names; an item "default" is one that has none.
            names = None if "default" in trees else tuple(trees)
            with ocp.CheckpointManager(target, item_names=names) as manager:
                if sorted(map(str, manager.all_steps())) != sorted(expected["steps"]):
                    problems.append("the manager finds the steps %s" % manager.all_steps())
                for name, tree in trees.items():
                    arguments = ocp.args.PyTreeRestore()
                    if name != "default":
                        arguments = ocp.args.Composite(**{name: arguments})
                    loaded = manager.restore(int(number), args=arguments)
                    loaded = loaded if name == "default" else loaded[name]
                    problems += truth.compare(tree, loaded)
                # Some versions give metrics only to managers that rank by them.
                metrics = manager.metrics(int(number)) if names else None
                if metrics is not None and metrics != step.get("metrics"):
                    problems.append("metrics %s" % metrics)
            if names and v1 is not None and hasattr(v1, "training"):
                with v1.training.Checkpointer(target) as checkpointer:
                    loaded = checkpointer.load_checkpointables(int(number), {name: None for name in trees})
                    for name, tree in trees.items():
                        problems += ["v1: " + line for line in truth.compare(tree, loaded[name])]
    return problems


def main():
    tool, directories = sys.argv[1], sys.argv[2:]
    passed = failed = 0
    for directory in directories:
        for path in sorted(glob.glob(os.path.join(directory, "**", "expected.json"), recursive=True)):
            case = os.path.dirname(path)
            expected, _ = truth.items(case)
            if not expected.get("steps") or expected.get("error") or expected.get("errorOptional"):
                continue
            try:
                problems = check(tool, case, expected)
            except Exception as error:
                problems = ["%s: %s" % (type(error).__name__, str(error)[:500])]
            if problems:
                failed += 1
                print("%s: %s" % (case, problems[:3]))
            else:
                passed += 1
    print("runs, orbax-checkpoint %s: %d passed, %d failed" % (ocp.__version__, passed, failed))
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
