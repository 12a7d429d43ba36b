"""Orbax, its interface v1, on arrays of JAX."""
import jax
import numpy as np
from orbax.checkpoint import v1 as ocp

from peers.base import Peer
from workloads import flatten, nest


class Orbax(Peer):
    syncs = True
    options = {}

    def __init__(self, workload):
        super().__init__(workload)
        self.context = ocp.Context()
        for name, value in self.options.items():
            *groups, last = name.split(".")
            target = self.context
            for group in groups:
                target = getattr(target, group)
            setattr(target, last, value)

    def on_one_device(self):
        return jax.sharding.SingleDeviceSharding(jax.devices()[0])

    def on_mesh(self, shape):
        automatic = (jax.sharding.AxisType.Auto,) * 2
        mesh = jax.make_mesh(shape, ("x", "y"), axis_types=automatic)
        return jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("x", "y"))

    def prepare(self, arrays):
        sharding = self.on_mesh((4, 2)) if self.workload.shard else self.on_one_device()
        tree = jax.tree.map(lambda array: jax.device_put(array, sharding), nest(arrays))
        return jax.block_until_ready(tree)

    def save(self, directory, tree):
        with self.context:
            ocp.save(directory + "/a", tree)

    def start_saving(self, directory, tree):
        with self.context:
            response = ocp.save_async(directory + "/a", tree)
        return response.result

    def load(self, directory):
        # Other shards than were saved, as on another topology.
        sharding = self.on_mesh((2, 4)) if self.workload.shard else self.on_one_device()
        wanted = {
            leaf.path: jax.ShapeDtypeStruct(leaf.shape, leaf.dtype, sharding=sharding)
            for leaf in self.workload.leaves
        }
        with self.context:
            return flatten(jax.block_until_ready(ocp.load(directory + "/a", nest(wanted))))

    def load_part(self, directory):
        part, rows = self.workload.part, self.workload.part_rows
        context = ocp.Context(self.context)
        if rows != part.shape[0]:
            context.array.loading.enable_padding_and_truncation = True
        wanted = {leaf.path: ocp.PLACEHOLDER for leaf in self.workload.leaves}
        shape = (rows,) + part.shape[1:]
        wanted[part.path] = jax.ShapeDtypeStruct(shape, part.dtype, sharding=self.on_one_device())
        with context:
            found = ocp.load(directory + "/a", nest(wanted))
        return np.asarray(flatten(found)[part.path])

    def metadata(self, directory):
        with self.context:
            found = ocp.metadata(directory + "/a").metadata
        return {path: (leaf.shape, leaf.dtype) for path, leaf in flatten(dict(found)).items()}


class OrbaxTuned(Orbax):
    def __init__(self, workload):
        self.options = {
            "array.saving.use_compression": workload.compresses,
            "array.saving.enable_post_merge_validation": False,
            "array.saving.enable_write_sharding_file": False,
            "array.saving.array_metadata_store": None,
            "array.saving.storage_options.chunk_byte_size": 32 << 20,
            "memory.deepcopy_host_arrays": False,
        }
        super().__init__(workload)
