"""What Python programs write without a library of checkpoints: pickle, NumPy's npz, Flax's msgpack."""
import os
import pickle
import zipfile

import numpy as np

from peers.base import SynchronousPeer, without_bfloat16
from workloads import flatten, nest


class Pickle(SynchronousPeer):
    has_partial = has_metadata = False

    def prepare(self, arrays):
        return nest(arrays)

    def save(self, directory, tree):
        with open(directory + "/a.part", "wb") as file:
            pickle.dump(tree, file, protocol=5)
        os.rename(directory + "/a.part", directory + "/a.pickle")

    def load(self, directory):
        with open(directory + "/a.pickle", "rb") as file:
            return flatten(pickle.load(file))


class FlaxMsgpack(SynchronousPeer):
    has_partial = has_metadata = False

    def __init__(self, workload):
        super().__init__(workload)
        from flax import serialization
        self.serialization = serialization

    def prepare(self, arrays):
        return nest(arrays)

    def save(self, directory, tree):
        with open(directory + "/a.part", "wb") as file:
            file.write(self.serialization.msgpack_serialize(tree))
        os.rename(directory + "/a.part", directory + "/a.msgpack")

    def load(self, directory):
        with open(directory + "/a.msgpack", "rb") as file:
            return flatten(self.serialization.msgpack_restore(file.read()))


class Npz(SynchronousPeer):
    def prepare(self, arrays):
        return without_bfloat16(arrays)

    def save(self, directory, tree):
        np.savez(directory + "/a.npz", **tree)

    def load(self, directory):
        with np.load(directory + "/a.npz") as file:
            return {tuple(name.split("/")): file[name] for name in file.files}

    def load_part(self, directory):
        with np.load(directory + "/a.npz") as file:
            return file["/".join(self.workload.part.path)]

    def metadata(self, directory):
        found = {}
        with zipfile.ZipFile(directory + "/a.npz") as archive:
            for name in archive.namelist():
                with archive.open(name) as file:
                    version = np.lib.format.read_magic(file)
                    one = version == (1, 0)
                    header = np.lib.format.read_array_header_1_0 if one else np.lib.format.read_array_header_2_0
                    shape, _, dtype = header(file)
                    found[name] = (shape, dtype)
        return found
