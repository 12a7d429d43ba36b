"""Arrays of JAX, on one device and on several; skipped where JAX is not installed."""

import os
import unittest

os.environ.setdefault("XLA_FLAGS", "--xla_force_host_platform_device_count=8")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
import numpy as np
import support

import coppice

try:
    import jax
    from jax.sharding import Mesh, NamedSharding, PartitionSpec
except ImportError:
    jax = None


@unittest.skipUnless(jax, "JAX is not installed")
class JaxTests(unittest.TestCase):
    def test_loaded_and_lazy_trees_become_arrays_of_jax(self):
        path = support.case("1.0/valid/writer/plain")
        (name,) = coppice.metadata(path)["checkpointables"]
        loaded = coppice.load(path, name)
        with coppice.open(path) as checkpoint:
            for tree in (coppice.to_jax(loaded), coppice.to_jax(checkpoint[name])):
                pairs = list(zip(jax.tree.leaves(tree), jax.tree.leaves(loaded), strict=True))
                self.assertTrue(any(isinstance(left, jax.Array) for left, _ in pairs))
                for left, right in pairs:
                    self.assertEqual(isinstance(left, jax.Array), isinstance(right, np.ndarray))
                    np.testing.assert_array_equal(np.asarray(left), np.asarray(right, np.asarray(left).dtype))

    def test_each_device_reads_its_shard(self):
        path = support.case("1.0/valid/sharding/shards-many")
        mesh = Mesh(np.array(jax.devices()).reshape(4, 2), ("x", "y"))
        sharding = NamedSharding(mesh, PartitionSpec("x", None))
        whole = coppice.load(path, "state", "w")
        with coppice.open(path) as checkpoint:
            leaf = checkpoint["state"]["w"]
            array = coppice.to_jax({"w": leaf}, sharding)["w"]
        self.assertEqual(array.sharding, sharding)
        self.assertEqual({shard.data.shape for shard in array.addressable_shards}, {(2, 8)})
        np.testing.assert_array_equal(np.asarray(array), whole)

    def test_a_function_chooses(self):
        device = jax.devices()[3]
        tree = {"a": np.arange(4, dtype=np.float32), "n": 3}
        placed = coppice.to_jax(tree, lambda leaf: device if leaf.ndim == 1 else None)
        self.assertEqual((placed["a"].devices(), placed["n"]), ({device}, 3))

    def test_key_arrays_are_typed_again(self):
        with coppice.open(support.case("1.0/valid/writer/random-key")) as checkpoint:
            tree = coppice.to_jax(checkpoint["state"])
        keys = [leaf for leaf in jax.tree.leaves(tree) if isinstance(leaf, jax.Array)]
        self.assertTrue(any(jax.dtypes.issubdtype(key.dtype, jax.dtypes.prng_key) for key in keys))
