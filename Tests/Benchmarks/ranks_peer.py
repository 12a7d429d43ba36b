"""One process of several that save and load a divided state together by another library; each prints JSON lines.

ranks_peer.py PEER RANK COUNT PORT DIRECTORY BYTES

The state is that of CoppiceRanksBenchmark: eight float32 arrays, divided by rows. Times are from barrier to barrier. A save
ends when all files and directories are synced.
"""
import gc
import json
import os
import shutil
import sys
import time

import numpy as np

import machine

ARRAYS = 8


class Orbax:
    """Orbax, its interface v1, on arrays of JAX over one device of the CPU for each process."""
    tuned = False

    def __init__(self, rank, count, port):
        os.environ["JAX_PLATFORMS"] = "cpu"
        import jax
        from orbax.checkpoint import v1 as ocp
        self.jax, self.ocp = jax, ocp
        jax.distributed.initialize("127.0.0.1:%d" % port, count, rank)
        mesh = jax.make_mesh((count,), ("x",), axis_types=(jax.sharding.AxisType.Auto,))
        self.sharding = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("x"))
        self.context = ocp.Context()
        if self.tuned:
            saving = self.context.array.saving
            saving.use_compression = False
            saving.enable_post_merge_validation = False
            saving.enable_write_sharding_file = False
            saving.array_metadata_store = None
            saving.storage_options.chunk_byte_size = 32 << 20
            self.context.memory.deepcopy_host_arrays = False

    def barrier(self, name):
        from jax.experimental import multihost_utils
        multihost_utils.sync_global_devices(name)

    def prepare(self, arrays):
        tree = {name: self.jax.make_array_from_process_local_data(self.sharding, array)
                for name, array in arrays.items()}
        return self.jax.block_until_ready(tree)

    def save(self, directory, tree):
        with self.context:
            self.ocp.save(directory + "/a", tree)

    def load(self, directory, arrays, count):
        wanted = {name: self.jax.ShapeDtypeStruct((array.shape[0] * count, array.shape[1]), array.dtype,
                                                  sharding=self.sharding) for name, array in arrays.items()}
        with self.context:
            return self.jax.block_until_ready(self.ocp.load(directory + "/a", wanted))

    def local(self, array):
        return np.asarray(array.addressable_shards[0].data)

    def end(self):
        self.jax.distributed.shutdown()


class OrbaxTuned(Orbax):
    tuned = True


class DCP:
    """PyTorch's distributed checkpoints, of DTensors, by gloo; the writer syncs its files."""

    def __init__(self, rank, count, port):
        import torch
        import torch.distributed as dist
        import torch.distributed.checkpoint as dcp
        from torch.distributed.device_mesh import init_device_mesh
        from torch.distributed.tensor import DTensor, Shard
        self.torch, self.dist, self.dcp, self.DTensor, self.placements = torch, dist, dcp, DTensor, [Shard(0)]
        dist.init_process_group("gloo", init_method="tcp://127.0.0.1:%d" % port, rank=rank, world_size=count)
        self.mesh = init_device_mesh("cpu", (count,))

    def barrier(self, name):
        self.dist.barrier()

    def divided(self, tensor):
        return self.DTensor.from_local(tensor, self.mesh, self.placements, run_check=False)

    def prepare(self, arrays):
        return {name: self.divided(self.torch.from_numpy(array)) for name, array in arrays.items()}

    def save(self, directory, tree):
        self.dcp.save(tree, checkpoint_id=directory + "/a")

    def load(self, directory, arrays, count):
        tree = {name: self.divided(self.torch.empty(array.shape, dtype=self.torch.float32))
                for name, array in arrays.items()}
        self.dcp.load(tree, checkpoint_id=directory + "/a")
        return tree

    def local(self, array):
        return array.to_local().numpy()

    def end(self):
        self.dist.destroy_process_group()


PEERS = {"orbax": Orbax, "orbax tuned": OrbaxTuned, "dcp": DCP}


class Run:
    def __init__(self, name, rank, count, port, home, nbytes):
        self.name, self.rank, self.count, self.nbytes = name, rank, count, nbytes
        self.directory = "%s/%s" % (home, name.replace(" ", "_"))
        self.peer = PEERS[name](rank, count, port)
        self.held = nbytes // count

    def arrays(self, nbytes):
        columns = 8192 if nbytes >= 1 << 28 else 64
        rows = nbytes // ARRAYS // 4 // columns // self.count
        random = np.random.default_rng(self.rank)
        return {"w%d" % index: random.standard_normal((rows, columns), np.float32) for index in range(ARRAYS)}

    def fresh(self):
        if self.rank == 0:
            shutil.rmtree(self.directory, ignore_errors=True)
            os.makedirs(self.directory)
        self.peer.barrier("fresh")

    def sync(self):
        """Each process syncs some of the files; the first also the directories."""
        self.peer.barrier("saved")
        paths = sorted(machine.files(self.directory))[self.rank::self.count]
        if self.rank == 0:
            paths += [root for root, _, _ in os.walk(self.directory)]
        for path in paths:
            handle = os.open(path, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)

    def measure(self, operation, held, body):
        gc.collect()
        machine.warm(self.held * 11 // 5 + (256 << 20) // self.count)
        machine.reset_peak()
        memory = machine.resident("VmRSS")
        self.peer.barrier("start " + operation)
        start = time.perf_counter()
        result = body()
        own = time.perf_counter() - start
        self.peer.barrier("end " + operation)
        seconds = time.perf_counter() - start
        extra = machine.resident("VmHWM") - memory - held / (1 << 20)
        # In one piece: all processes write to one pipe.
        os.write(1, (json.dumps({"peer": self.name, "ranks": self.count, "op": operation, "seconds": seconds,
                                 "slowest_rank": own, "extra_rss_mb": extra, "bytes": self.nbytes}) + "\n").encode())
        return result

    def check(self, loaded, arrays):
        for name, array in arrays.items():
            if not np.array_equal(self.peer.local(loaded[name]).view(np.uint32), array.view(np.uint32)):
                raise SystemExit("%s: %s: other values than were saved" % (self.name, name))

    def saved(self, tree):
        self.peer.save(self.directory, tree)
        self.sync()

    def all(self):
        # Everything is imported and initialised once, on a tiny state.
        tiny = self.arrays(1 << 20)
        self.fresh()
        self.saved(self.peer.prepare(tiny))
        self.peer.barrier("tiny")
        self.peer.load(self.directory, tiny, self.count)
        arrays = self.arrays(self.nbytes)
        tree = self.peer.prepare(arrays)
        self.peer.barrier("ready")
        self.fresh()
        if self.rank == 0:
            machine.rest()
        self.measure("save", 0, lambda: self.saved(tree))
        self.check(self.peer.load(self.directory, arrays, self.count), arrays)
        self.measure("load", self.held, lambda: self.peer.load(self.directory, arrays, self.count))
        self.peer.barrier("done")
        if self.rank == 0:
            shutil.rmtree(self.directory)
        self.peer.end()


if __name__ == "__main__":
    name, rank, count, port, home, nbytes = sys.argv[1:]
    Run(name, int(rank), int(count), int(port), home, int(nbytes)).all()
