"""safetensors: one file, or one for each shard."""
import glob

import numpy as np
import safetensors.numpy
from safetensors import safe_open

from peers.base import SynchronousPeer, by_path, without_bfloat16


class Safetensors(SynchronousPeer):
    def prepare(self, arrays):
        return without_bfloat16(arrays)

    def save(self, directory, tree):
        if self.workload.shard is None:
            safetensors.numpy.save_file(tree, directory + "/a.safetensors")
            return
        for path, box in self.shards(directory, self.workload.part.shape[0]):
            safetensors.numpy.save_file({"x": np.ascontiguousarray(tree["x"][box])}, path)

    def shards(self, directory, row_count):
        """The files of the shards that hold the first rows, and where each belongs."""
        height, width = self.workload.shard
        for row in range(0, row_count, height):
            for column in range(0, self.workload.part.shape[1], width):
                box = (slice(row, row + height), slice(column, column + width))
                yield "%s/%d_%d.safetensors" % (directory, row, column), box

    def load(self, directory):
        if self.workload.shard is not None:
            return {("x",): self.load_rows(directory, self.workload.part.shape[0])}
        return by_path(safetensors.numpy.load_file(directory + "/a.safetensors"))

    def load_rows(self, directory, count):
        array = np.empty((count, self.workload.part.shape[1]), np.float32)
        for path, box in self.shards(directory, count):
            place = array[box]
            with safe_open(path, "np") as file:
                whole = place.shape == self.workload.shard
                place[...] = file.get_tensor("x") if whole else file.get_slice("x")[0:len(place), :]
        return array

    def load_part(self, directory):
        if self.workload.shard is not None:
            return self.load_rows(directory, self.workload.part_rows)
        with safe_open(directory + "/a.safetensors", "np") as file:
            return file.get_tensor("/".join(self.workload.part.path))

    def metadata(self, directory):
        found = {}
        for path in glob.glob(directory + "/*.safetensors"):
            with safe_open(path, "np") as file:
                for name in file.keys():
                    part = file.get_slice(name)
                    found[name] = (part.get_shape(), part.get_dtype())
        return found
