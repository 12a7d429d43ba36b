"""Every case of version 1.0 that loads, by `open`: arrays, boxes of them and maps are those of the truth."""

import os
import random
import unittest

import numpy as np
import support
from support import canonical_dump, compare

import coppice
from coppice.nodes import map_leaves


def leaves(value):
    """Returns the lazy arrays below a value, whatever holds them."""
    if isinstance(value, coppice.Composite):
        return [leaf for item in value.values() for leaf in leaves(item)]
    found = []
    map_leaves(value, found.append, coppice.LazyArray)
    return found


def same(left, right):
    """Whether arrays have the same dtype, shape and bits."""
    return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()


class CaseTests(unittest.TestCase):
    def checkpoints(self):
        """Iterates over open checkpoints, which may be steps, with their truths."""
        for name, path, truth in support.cases(["valid", "tolerated"]):
            if "steps" in truth:
                for number, place in coppice.steps(path).items():
                    with coppice.open(place) as checkpoint:
                        yield f"{name}/{number}", checkpoint, truth["steps"][str(number)]
            else:
                with coppice.open(path) as checkpoint:
                    yield name, checkpoint, truth

    def test_lazy_arrays_are_those_of_the_truth(self):
        count = 0
        for case, checkpoint, truth in self.checkpoints():
            for name, value in checkpoint.items():
                if checkpoint.kinds[name] != "tree":
                    continue
                loaded = map_leaves(
                    value, lambda leaf: canonical_dump.Loaded(leaf, np.asarray(leaf)), coppice.LazyArray
                )
                found = []
                compare.nodes(truth["checkpointables"][name]["tree"], canonical_dump.node(loaded), name, found)
                self.assertEqual(found, [], case)
                count += 1
        self.assertGreater(count, 150)

    def test_boxes_are_parts_of_the_array(self):
        choose, count = random.Random(7), 0
        for case, checkpoint, _ in self.checkpoints():
            for leaf in (leaf for value in checkpoint.values() for leaf in leaves(value)):
                whole = leaf.read()
                self.assertEqual((leaf.shape, leaf.dtype), (whole.shape, whole.dtype))
                self.assertTrue(same(leaf.read(verify=False), whole))
                for _ in range(6):
                    key = tuple(self.index(choose, extent) for extent in leaf.shape[: choose.randint(0, leaf.ndim)])
                    key += (...,) if choose.random() < 0.3 else ()
                    self.assertTrue(same(np.asarray(leaf[key]), np.asarray(whole[key])), (case, leaf, key))
                    count += 1
        self.assertGreater(count, 1500)

    @staticmethod
    def index(choose, extent):
        if extent and choose.random() < 0.3:
            return choose.randrange(-extent, extent)
        bounds = [choose.choice([None, choose.randint(-extent - 1, extent + 1)]) for _ in range(2)]
        return slice(*bounds, choose.choice([None, 1, 2, 3, -1, -2]))

    def test_maps_are_the_arrays(self):
        mapped, refused = 0, 0
        for case, checkpoint, _ in self.checkpoints():
            for leaf in (leaf for value in checkpoint.values() for leaf in leaves(value)):
                try:
                    view = leaf.memmap()
                except ValueError:
                    refused += 1
                    self.assertGreater(leaf.size, 0, case)
                    continue
                mapped += 1
                self.assertTrue(same(view, leaf.read()), case)
                self.assertFalse(view.size and view.flags.writeable)
        self.assertGreater(mapped, 300)
        self.assertGreater(refused, 20)

    def test_loading_gives_what_opening_gives(self):
        path = support.case("1.0/valid/versioning/every-feature")
        with coppice.open(path) as checkpoint:
            for name, value in coppice.load(path).items():
                lazy = leaves(checkpoint[name])
                arrays = []
                map_leaves(value, arrays.append, np.ndarray)
                if checkpoint.kinds[name] == "tree":
                    self.assertEqual(len(lazy), sum(type(array) is np.ndarray for array in arrays))
                elif checkpoint.kinds[name] == "files":
                    self.assertEqual(dict(checkpoint[name]), value)

    def test_leaves_say_what_was_saved_with_them(self):
        with coppice.open(support.case("1.0/valid/model/prng")) as checkpoint:
            found = {leaf.prng for value in checkpoint.values() for leaf in leaves(value)}
        self.assertIn("threefry2x32", found)
        with coppice.open(support.case("1.0/valid/sharding/shardings")) as checkpoint:
            shardings = [leaf.sharding for value in checkpoint.values() for leaf in leaves(value)]
        self.assertTrue(any(sharding and "mesh" in sharding for sharding in shardings))

    def test_metadata(self):
        found = coppice.metadata(support.case("1.0/valid/metadata/everything"))
        with coppice.open(support.case("1.0/valid/metadata/everything")) as checkpoint:
            self.assertEqual(found["step"], checkpoint.step)
            self.assertEqual(found["checkpointables"], checkpoint.kinds)
            self.assertEqual(found["metrics"], checkpoint.metrics)


class Version0Tests(unittest.TestCase):
    def test_all_cases_load(self):
        top = os.path.join(support.FIXTURES, "0", "valid")
        count = 0
        for folder, folders, _ in os.walk(top):
            if "checkpoint" not in folders:
                continue
            folders.clear()
            path = os.path.join(folder, "checkpoint")
            value = coppice.load(path)
            self.assertIsNotNone(value)
            count += 1
        self.assertGreater(count, 5)

    def test_opening_says_what_to_do(self):
        for folder, folders, _ in os.walk(os.path.join(support.FIXTURES, "0", "valid", "arrays")):
            if "checkpoint" in folders:
                with self.assertRaisesRegex(coppice.CoppiceError, "use coppice.load"):
                    coppice.open(os.path.join(folder, "checkpoint"))
                return
        self.fail("no case")


if __name__ == "__main__":
    unittest.main()
