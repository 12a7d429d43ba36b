"""Runs one peer on one workload, once, and prints a JSON line for each operation.

run_peer.py PEER WORKLOAD DIRECTORY [--ops save,load,...] [--verify]

The lines have the members of those that CoppiceBenchmark prints. Imports and a tiny save and load come before
any clock starts. Before each operation memory is touched, as much as the Swift program touches.
"""
import argparse
import gc
import json
import os
import shutil
import time

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import machine  # noqa: E402
import peers  # noqa: E402
from workloads import Workload  # noqa: E402


class Run:
    def __init__(self, name, peer, workload, home):
        self.name, self.peer, self.workload = name, peer, workload
        self.home = home
        self.directory = home + "/c"
        self.arrays = workload.arrays()
        self.tree = peer.prepare(self.arrays)
        self.memory = 0

    def begin(self, count):
        gc.collect()
        os.sync()
        machine.warm(count)
        machine.reset_peak()
        self.memory = machine.resident("VmRSS")
        return time.perf_counter()

    def emit(self, operation, seconds, extra, nbytes, syncs):
        print(json.dumps({
            "peer": self.name, "workload": self.workload.name, "op": operation, "seconds": seconds, "bytes": nbytes,
            "bytes_on_disk": machine.size(self.directory), "files": len(machine.files(self.directory)),
            "extra_rss_mb": round(extra, 1), "fsyncs": syncs,
        }), flush=True)

    def measure(self, operation, count, nbytes, body):
        start = self.begin(count)
        result = body()
        seconds = time.perf_counter() - start
        self.emit(operation, seconds, self.extra(), nbytes, False)
        return result

    def extra(self):
        """The memory beyond what was in use when the clock started, in MiB."""
        return machine.resident("VmHWM") - self.memory

    def fresh(self):
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(self.directory)

    def save_async(self):
        self.fresh()
        machine.rest()
        start = self.begin(machine.need(self.workload.nbytes))
        wait = self.peer.start_saving(self.directory, self.tree)
        blocked = time.perf_counter() - start
        wait()
        total = time.perf_counter() - start
        extra = self.extra()
        self.emit("save_async_blocking", blocked, extra, self.workload.nbytes, self.peer.syncs)
        self.emit("save_async_total", total, extra, self.workload.nbytes, self.peer.syncs)

    def save(self):
        """Two figures of one save: when it returns, and when all of it is durable."""
        self.fresh()
        machine.rest()
        start = self.begin(machine.need(self.workload.nbytes))
        self.peer.save(self.directory, self.tree)
        seconds = time.perf_counter() - start
        extra = self.extra()
        machine.sync_tree(self.directory)
        durable = time.perf_counter() - start
        self.emit("save", seconds, extra, self.workload.nbytes, self.peer.syncs)
        self.emit("save_durable", durable, extra, self.workload.nbytes, True)

    def load_touched(self):
        """Loads, and touches each page, as a library may have mapped the file only."""
        loaded = self.peer.load(self.directory)
        for array in loaded.values():
            if type(array).__module__ == "numpy" and array.nbytes > 4096:
                array.reshape(-1).view("u1")[::4096].sum()
        return loaded

    def load(self, operations, verifies):
        need = machine.need(self.workload.nbytes)
        if verifies:
            self.check(self.peer.load(self.directory))
        if "load" in operations:
            if not verifies:
                self.peer.load(self.directory)  # a durable save may leave the page cache alone
            self.measure("load", need, self.workload.nbytes, self.load_touched)
        if "load_cold" in operations:
            gc.collect()
            machine.drop(self.directory)
            machine.rest()
            self.measure("load_cold", need, self.workload.nbytes, self.load_touched)

    def check(self, loaded):
        for path, array in self.arrays.items():
            same(path, array, loaded[path])

    def load_part(self, operations):
        nbytes = self.workload.part_nbytes
        part = self.arrays[self.workload.part.path][:self.workload.part_rows]
        for operation in ("partial", "partial_cold"):
            if operation not in operations:
                continue
            if operation == "partial":
                self.peer.load_part(self.directory)
            else:
                machine.drop(self.directory)
            found = self.measure(operation, max(64 << 20, 3 * nbytes), nbytes,
                                 lambda: self.peer.load_part(self.directory))
            same(self.workload.part.path, part, found)

    def metadata(self):
        found = self.measure("metadata", 64 << 20, self.workload.nbytes, lambda: self.peer.metadata(self.directory))
        if len(found) < len(self.workload.leaves):
            raise SystemExit("%s: %d names of %d" % (self.name, len(found), len(self.workload.leaves)))

    def run(self, operations, verifies):
        if self.peer.has_async and "async" in operations:
            self.save_async()
        self.save()
        if verifies or "load" in operations or "load_cold" in operations:
            self.load(operations, verifies)
        if self.peer.has_partial:
            self.load_part(operations)
        if self.peer.has_metadata and "metadata" in operations:
            self.metadata()


def same(path, original, found):
    import numpy as np
    found = np.ascontiguousarray(found)
    if found.shape != original.shape or found.dtype.itemsize != original.dtype.itemsize:
        raise SystemExit("%s: %s %s instead of %s %s" % (
            "/".join(path), found.dtype, found.shape, original.dtype, original.shape))
    if not np.array_equal(found.view(np.uint8), original.view(np.uint8)):
        raise SystemExit("%s: other values than were saved" % "/".join(path))


def warm_up(kind, home):
    """Everything is imported and initialised once, on a tiny tree."""
    tiny = Workload("tiny")
    peer = kind(tiny)
    os.makedirs(home + "/tiny")
    peer.save(home + "/tiny", peer.prepare(tiny.arrays()))
    peer.load(home + "/tiny")
    if peer.has_partial:
        peer.load_part(home + "/tiny")
    if peer.has_metadata:
        peer.metadata(home + "/tiny")
    shutil.rmtree(home + "/tiny")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=peers.PEERS)
    parser.add_argument("workload")
    parser.add_argument("directory")
    parser.add_argument("--ops", default="async,save,load,load_cold,partial,metadata")
    parser.add_argument("--verify", action="store_true")
    options = parser.parse_args()
    if options.workload == "W5":
        # Before JAX is imported: its arrays of W5 lie on eight devices.
        flags = os.environ.get("XLA_FLAGS", "")
        os.environ["XLA_FLAGS"] = flags + " --xla_force_host_platform_device_count=8"
    home = os.path.join(os.path.abspath(options.directory), "%s_%s" % (options.peer, options.workload))
    home = home.replace(" ", "_")
    shutil.rmtree(home, ignore_errors=True)
    try:
        kind = peers.load(options.peer)
        warm_up(kind, home)
        workload = Workload(options.workload)
        Run(options.peer, kind(workload), workload, home).run(options.ops.split(","), options.verify)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
