"""What is saved and loaded: named arrays whose bytes all lie in one data file in memory.

The layout is that of Workload.swift: each array begins at a multiple of 64 bytes, in the same order.
"""
import dataclasses
import math
import os

import ml_dtypes
import numpy as np

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
FLOAT32 = np.dtype(np.float32)
NAMES = ["W1", "W2", "W3", "W4", "W5"]
TITLES = {
    "W1": "8 float32 arrays of 128 MiB (1 GiB)",
    "W2": "20,000 float32 arrays of (16, 16)",
    "W3": "a transformer of 24 layers: bfloat16 parameters, float32 moments of Adam (876 arrays, 2.1 GB)",
    "W4": "4 float32 arrays of 128 MiB that hold widened bfloat16 values, compressed (512 MiB)",
    "W5": "one float32 array (16384, 8192) saved as 8 shards of (4096, 4096) (512 MiB)",
}


@dataclasses.dataclass
class Leaf:
    path: tuple
    shape: tuple
    dtype: np.dtype
    offset: int

    @property
    def nbytes(self):
        return math.prod(self.shape) * self.dtype.itemsize


class Workload:
    def __init__(self, name):
        self.name = name
        self.leaves = []
        self.file_bytes = 0
        for path, shape, dtype in SPECS[name]():
            leaf = Leaf(path, shape, dtype, self.file_bytes)
            self.leaves.append(leaf)
            self.file_bytes += (leaf.nbytes + 63) & ~63
        self.nbytes = sum(leaf.nbytes for leaf in self.leaves)
        self.part = next(leaf for leaf in self.leaves if leaf.path == PARTS[name])
        self.part_rows = 2048 if name == "W5" else self.part.shape[0]
        self.part_nbytes = self.part.nbytes // self.part.shape[0] * self.part_rows
        self.shard = (4096, 4096) if name == "W5" else None
        self.compresses = name == "W4"

    @property
    def data_file(self):
        return "/dev/shm/peerbench_%s.bin" % self.name

    def make_data(self):
        """Makes the data file, the same on every machine; says whether it had to."""
        path = self.data_file
        if os.path.exists(path) and os.path.getsize(path) == self.file_bytes:
            return False
        random = np.random.default_rng(1234 + ord(self.name[-1]))
        with open(path + ".part", "wb") as file:
            for leaf in self.leaves:
                file.seek(leaf.offset)
                self._write_leaf(file, leaf, random)
            file.truncate(self.file_bytes)
        os.rename(path + ".part", path)
        return True

    def _write_leaf(self, file, leaf, random):
        left = math.prod(leaf.shape)
        while left > 0:
            count = min(left, 1 << 24)
            values = random.standard_normal(count, dtype=np.float32) * np.float32(0.02)
            if "nu" in leaf.path:
                values *= values
            if self.compresses:
                values = values.astype(BFLOAT16)
            file.write(values.astype(leaf.dtype).tobytes())
            left -= count

    def arrays(self):
        """The arrays by path, in memory of this process."""
        memory = np.full(self.file_bytes, 7, np.uint8)
        if self.name != "tiny":
            with open(self.data_file, "rb") as file:
                if file.readinto(memoryview(memory)) != self.file_bytes:
                    raise OSError("%s is too short" % self.data_file)
        return {
            leaf.path: memory[leaf.offset:leaf.offset + leaf.nbytes].view(leaf.dtype).reshape(leaf.shape)
            for leaf in self.leaves
        }


def nest(flat):
    """A tree of dictionaries of what is known by path."""
    root = {}
    for path, value in flat.items():
        node = root
        for key in path[:-1]:
            node = node.setdefault(key, {})
        node[path[-1]] = value
    return root


def flatten(tree, above=()):
    flat = {}
    for key, value in tree.items():
        path = above + (key,)
        flat.update(flatten(value, path) if isinstance(value, dict) else {path: value})
    return flat


def tiny():
    for index in range(4):
        yield ("a", "b", "w%d" % index), (16, 16), FLOAT32


def large():
    for index in range(8):
        yield ("params", "block_%d" % (index // 2), "w%d" % (index % 2)), (4096, 8192), FLOAT32


def many():
    for index in range(20_000):
        path = ("layer_%02d" % (index // 1000), "expert_%02d" % (index // 20 % 50), "p_%02d" % (index % 20))
        yield path, (16, 16), FLOAT32


def transformer():
    width = 768
    parameters = [
        (("wte",), (50257, width)), (("wpe",), (1024, width)),
        (("ln_f", "scale"), (width,)), (("ln_f", "bias"), (width,)),
    ]
    for index in range(24):
        layer = "h_%02d" % index
        parameters += [
            ((layer, "ln_1", "scale"), (width,)), ((layer, "ln_1", "bias"), (width,)),
            ((layer, "attn", "c_attn", "kernel"), (width, 3 * width)),
            ((layer, "attn", "c_attn", "bias"), (3 * width,)),
            ((layer, "attn", "c_proj", "kernel"), (width, width)),
            ((layer, "attn", "c_proj", "bias"), (width,)),
            ((layer, "ln_2", "scale"), (width,)), ((layer, "ln_2", "bias"), (width,)),
            ((layer, "mlp", "c_fc", "kernel"), (width, 4 * width)),
            ((layer, "mlp", "c_fc", "bias"), (4 * width,)),
            ((layer, "mlp", "c_proj", "kernel"), (4 * width, width)),
            ((layer, "mlp", "c_proj", "bias"), (width,)),
        ]
    for path, shape in parameters:
        yield ("params",) + path, shape, BFLOAT16
    for moment in ("mu", "nu"):
        for path, shape in parameters:
            yield ("opt_state", moment) + path, shape, FLOAT32


def compressible():
    for index in range(4):
        yield ("params", "w%d" % index), (4096, 8192), FLOAT32


def sharded():
    yield ("x",), (16384, 8192), FLOAT32


SPECS = {"tiny": tiny, "W1": large, "W2": many, "W3": transformer, "W4": compressible, "W5": sharded}
# The array that is loaded alone; of W5 some rows.
PARTS = {
    "tiny": ("a", "b", "w1"), "W1": ("params", "block_1", "w0"), "W2": ("layer_07", "expert_11", "p_03"),
    "W3": ("params", "h_11", "mlp", "c_fc", "kernel"), "W4": ("params", "w2"), "W5": ("x",),
}
