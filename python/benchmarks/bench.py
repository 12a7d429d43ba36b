#!/usr/bin/env python3
"""Measures the package beside safetensors and h5py, each in a process of its own, in turns; prints medians as Markdown.

    bench.py PATH-TO-COPPICE [--rounds 7] [--dir /dev/shm/coppice-python]

The tool makes the checkpoints. `--dir` needs 3.3 GB; what lies there is in the page cache. Needs safetensors and h5py.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time

import numpy as np

SOURCE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src")
LARGE, SMALL, ONE = (
    "load 1 GiB of float32 in 150 arrays",
    "load 20,000 arrays of 128 bytes",
    "open 20,000 arrays, read one",
)
READERS = ("coppice", "coppice, verify=False", "safetensors", "h5py")


def make(tool, folder):
    """Makes the files of all readers."""
    import h5py
    from safetensors.numpy import save_file

    random = np.random.default_rng(0)
    rows = 2**30 // 4 // 150 // 1024
    trees = {
        "large": {f"layer_{i:03}.w": random.random((rows, 1024), dtype=np.float32) for i in range(150)},
        "small": {f"block_{i:05}.w": np.full((4, 8), i, np.float32) for i in range(20000)},
    }
    for name, tree in trees.items():
        base = os.path.join(folder, name)
        save_file(tree, base + ".safetensors")
        with h5py.File(base + ".h5", "w") as file:
            for path, array in tree.items():
                file[path] = array
        subprocess.run([tool, "convert", "--not-durable", base + ".safetensors", base + ".coppice"], check=True)


def load_coppice(base, verify):
    import coppice

    return coppice.load(base + ".coppice", "state", verify=verify)


def load_safetensors(base):
    from safetensors.numpy import load_file

    return load_file(base + ".safetensors")


def load_h5py(base):
    import h5py

    with h5py.File(base + ".h5") as file:
        return {name: file[name][()] for name in file}


def one_coppice(base, verify):
    import coppice

    with coppice.open(base + ".coppice", verify=verify) as checkpoint:
        return np.asarray(checkpoint["state"]["block_10000.w"])


def one_safetensors(base):
    from safetensors import safe_open

    with safe_open(base + ".safetensors", "np") as file:
        return file.get_tensor("block_10000.w")


def one_h5py(base):
    import h5py

    with h5py.File(base + ".h5") as file:
        return file["block_10000.w"][()]


WORK = {
    "coppice": (lambda base: load_coppice(base, True), lambda base: one_coppice(base, True)),
    "coppice, verify=False": (lambda base: load_coppice(base, False), lambda base: one_coppice(base, False)),
    "safetensors": (load_safetensors, one_safetensors),
    "h5py": (load_h5py, one_h5py),
}


def measure(task, reader, folder):
    """Prints the seconds of the second of two runs in this process, so that modules are imported."""
    base = os.path.join(folder, "large" if task == LARGE else "small")
    work = WORK[reader][1 if task == ONE else 0]
    for _ in range(2):
        begin = time.perf_counter()
        result = work(base)
        seconds = time.perf_counter() - begin
        assert len(result) in (4, 150, 20000)
        del result
    print(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", nargs="?")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--dir", default="/dev/shm/coppice-python")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(*options.measure, options.dir)
    os.makedirs(options.dir)
    try:
        make(os.path.abspath(options.tool), options.dir)
        environment = dict(os.environ, PYTHONPATH=SOURCE)
        print(f"| | {' | '.join(READERS)} |\n|---|{'---|' * len(READERS)}")
        for task in (LARGE, SMALL, ONE):
            found = {reader: [] for reader in READERS}
            for _ in range(options.rounds):
                for reader in READERS:
                    command = [sys.executable, __file__, "--dir", options.dir, "--measure", task, reader]
                    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
                    found[reader].append(float(done.stdout))
            cells = [f"{statistics.median(found[reader]) * 1000:,.0f} ms" for reader in READERS]
            print(f"| {task} | {' | '.join(cells)} |", flush=True)
    finally:
        shutil.rmtree(options.dir)


if __name__ == "__main__":
    main()
