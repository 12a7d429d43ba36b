"""Arrays of some megabytes, which several threads read: pieces, shards, data files, chunks. The truth is NumPy's."""

import os
import threading

import numpy as np
import support

import coppice

VARIANTS = {
    "plain": [],
    "no-pack": ["--no-pack"],
    "zstd": ["--compress", "zstd"],
    "rows": ["--shard", "*=4", "--data-files", "3"],
    "columns": ["--shard", "wide=1x3", "--shard", "cube=2x2x2", "--data-files", "2"],
    "zstd-columns": ["--compress", "zstd", "--shard", "wide=3x2", "--data-files", "2"],
}


@support.has_tool
class LargeTests(support.Folder):
    def setUp(self):
        super().setUp()
        random = np.random.default_rng(1)
        self.truth = {
            "wide": random.integers(0, 1000, (600, 5000), dtype=np.int32),
            "long": random.random(3_000_001),
            "cube": random.integers(0, 9, (40, 50, 700), dtype=np.int16),
            "tall": random.random((300_000, 3)).astype(np.float32),
            **{f"small{i:04}": np.full((2, 3), i, np.float32) for i in range(1200)},
        }
        self.source = os.path.join(self.folder, "source.npz")
        np.savez(self.source, **self.truth)

    def test_all_ways_to_read(self):
        for name, options in VARIANTS.items():
            with self.subTest(name):
                target = os.path.join(self.folder, name)
                support.convert(self.source, target, *options)
                self.check(target)

    def check(self, path):
        keys = [np.s_[3:5], np.s_[-7:], np.s_[::97], np.s_[5], np.s_[1:2, 3:4], np.s_[:, 1:2], np.s_[2:9:3, ::-1]]
        for verify in (True, False):
            state = coppice.load(path, "state", verify=verify)
            self.assertEqual(set(state), set(self.truth))
            for name, array in self.truth.items():
                np.testing.assert_array_equal(state[name], array)
            with coppice.open(path, verify=verify) as checkpoint:
                for name in ("wide", "long", "cube", "tall"):
                    leaf, array = checkpoint["state"][name], self.truth[name]
                    for key in keys:
                        if not isinstance(key, tuple) or len(key) <= array.ndim:
                            np.testing.assert_array_equal(leaf[key], array[key])

    def test_results_are_arrays_of_their_own(self):
        target = os.path.join(self.folder, "c")
        support.convert(self.source, target)
        state = coppice.load(target, "state")
        state["small0001"][...] = 7
        state["long"][:2] = 7
        self.assertEqual(float(state["small0002"][0, 0]), 2)
        self.assertEqual(self.truth["long"][5], state["long"][5])

    def test_a_slice_reads_the_pieces_that_it_needs(self):
        target = os.path.join(self.folder, "c")
        support.convert(self.source, target)
        with coppice.open(target) as checkpoint:
            leaf = checkpoint["state"]["long"]
            places = leaf._tree.layout.places(leaf._leaf)
            offset = leaf._tree.blocks(places[0].file).offsets[places[0].first]
        self.flip(os.path.join(target, "state", "arrays.h5"), offset + 5 * 2**20 + 3)
        with coppice.open(target) as checkpoint:
            leaf = checkpoint["state"]["long"]
            np.testing.assert_array_equal(leaf[:1000], self.truth["long"][:1000])
            np.testing.assert_array_equal(leaf[6 * 2**17 :], self.truth["long"][6 * 2**17 :])
            with self.assertRaises(coppice.CoppiceError) as raised:
                leaf[5 * 2**17 + 100 : 5 * 2**17 + 101]
            self.assertEqual(raised.exception.code, "arrays.digest-mismatch")
            with self.assertRaises(coppice.CoppiceError) as raised:
                np.asarray(leaf)
            self.assertIn("long", str(raised.exception))
            with self.assertRaises(coppice.CoppiceError):
                leaf.memmap()
            self.assertEqual(np.count_nonzero(leaf.memmap(verify=False) != self.truth["long"]), 1)

    def test_several_threads_share_a_checkpoint(self):
        target = os.path.join(self.folder, "c")
        support.convert(self.source, target, "--shard", "wide=8", "--data-files", "5")
        faults = []
        with coppice.open(target) as checkpoint:

            def work(seed):
                random = np.random.default_rng(seed)
                for _ in range(20):
                    name = ("wide", "long", "tall")[random.integers(3)]
                    low = int(random.integers(0, 500))
                    if not np.array_equal(checkpoint["state"][name][low : low + 50], self.truth[name][low : low + 50]):
                        faults.append(name)

            threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(faults, [])
