"""Reads a Coppice checkpoint's arrays through HDF5 alone, and compares them with the truth."""
import glob
import hashlib
import json
import os

import h5py
import hdf5plugin  # noqa: F401  (reads zstd chunks)
import numpy as np

SIGNED = {"int4": 4, "int2": 2}


def escape(key):
    """The HDF5 link name of a dictionary key."""
    if key == "":
        return "%empty"
    out = b""
    for index, byte in enumerate(key.encode()):
        special = byte < 0x20 or byte in (0x7F, 0x25, 0x2F) or (byte == 0x2E and index == 0)
        out += b"%%%02X" % byte if special else bytes([byte])
    return out.decode()


def raw(values, dtype):
    """The little-endian bytes that the truth digests."""
    if dtype in SIGNED:
        bits = SIGNED[dtype]
        values = (values.astype(np.int16) << (8 - bits)).astype(np.int8) >> (8 - bits)
    return np.ascontiguousarray(values).tobytes()


class Arrays:
    """All leaves of one tree, those packed in any data file included, as (dtype, shape, digest) by path."""

    def __init__(self, path):
        self.file = h5py.File(path, "r", locking=False)
        self.packed = {}
        for further in [self.file] + [h5py.File(name, "r", locking=False) for name in
                                      sorted(glob.glob(os.path.join(os.path.dirname(path), "arrays.*.h5")))]:
            if "%packed/index" in further:
                for row in further["%packed/index"][:]:
                    self.packed[row["path"].decode()] = (further, row)
        # The truth has integer keys as texts; here they are marked.
        names = list(self.packed)
        self.file.visit(names.append)
        self.unmarked = {name.replace("%#", ""): name for name in names if "%#" in name}

    def digest(self, path):
        path = self.unmarked.get(path, path)
        if path in self.packed:
            file, row = self.packed[path]
            dtype = row["dtype"].decode()
            shape = tuple(int(n) for n in row["dims"][: row["rank"]])
            start, count = int(row["offset"]), int(np.prod(shape, dtype=np.int64))
            data = self.read(file["%packed/" + dtype], slice(start, start + count))
            return dtype, shape, data
        if path not in self.file:
            return None
        dataset = self.file[path]
        dtype = dataset.attrs.get("dtype", None)
        dtype = self.name(dataset.id.get_type()) if dtype is None else bytes(dtype).decode()
        return dtype, dataset.shape, self.read(dataset, ...)

    def read(self, dataset, selection):
        """The elements' own bytes: the memory type is the file's, so that HDF5 converts nothing."""
        kind = dataset.id.get_type()
        if kind.get_class() in (h5py.h5t.FLOAT, h5py.h5t.INTEGER) and dataset.size:
            out = np.empty(dataset.shape, dtype="V%d" % kind.get_size())
            dataset.id.read(h5py.h5s.ALL, h5py.h5s.ALL, out, mtype=kind)
            out = out.view("u%d" % kind.get_size()) if kind.get_size() in (1, 2, 4, 8) else out
            return out[selection] if selection is not ... else out
        return dataset[selection]

    @staticmethod
    def name(kind):
        if kind.get_class() == h5py.h5t.FLOAT:
            if kind.get_size() == 2 and kind.get_ebias() == 127:
                return "bfloat16"
            return "float%d" % (8 * kind.get_size())
        return str(kind.dtype)


def walk(node, path, found, arrays):
    kind = [name for name in node if name != "was"][0]
    value = node[kind]
    if kind == "array":
        if value["dtype"] in ("unicode", "bytes") or "sha256" not in value or value.get("acceptDtype"):
            return
        leaf = arrays.digest("/".join(path) or "%leaf")
        if leaf is None:
            found.append("%s: no dataset" % "/".join(path))
            return
        dtype, shape, data = leaf
        if dtype != value["dtype"] or list(shape) != value["shape"]:
            found.append("%s: %s %s" % ("/".join(path), dtype, list(shape)))
        if hashlib.sha256(raw(data, dtype)).hexdigest() != value["sha256"]:
            found.append("%s: values differ" % "/".join(path))
    elif kind == "dict":
        for key, child in value.items():
            walk(child, path + [escape(key)], found, arrays)
    elif kind in ("list", "tuple"):
        for index, child in enumerate(value):
            walk(child, path + [str(index)], found, arrays)
    elif kind == "namedtuple":
        for name, child in value["fields"]:
            walk(child, path + [escape(name)], found, arrays)


def part(item, directory, found):
    if item["kind"] == "tree":
        arrays = Arrays(os.path.join(directory, "arrays.h5"))
        walk(item["tree"], [], found, arrays)
    elif item["kind"] == "composite":
        for name, inner in item["items"].items():
            part(inner, os.path.join(directory, name), found)


def check(expected, checkpoint):
    """The differences, in words."""
    found = []
    for name, step in expected.get("steps", {}).items():
        found += check(step, os.path.join(checkpoint, name))
    parts = dict(expected.get("checkpointables", {}))
    if "root" in expected:
        parts["state"] = expected["root"]
    for name, item in parts.items():
        part(item, os.path.join(checkpoint, name), found)
    return found
