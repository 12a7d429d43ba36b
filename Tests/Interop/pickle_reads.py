#!/usr/bin/env python3
"""Python's zipfile and pickle read the files of PyTorch that the tool writes, and find the truth's values.

usage: pickle_reads.py COPPICE DIRECTORY...

This is what can be known without PyTorch, which torch_reads.py asks: checksums and alignment, the instructions and names
that its loader of weights allows, sizes and strides, and elements.
"""
import collections
import io
import pickle
import pickletools
import struct
import sys
import zipfile

import ml_dtypes
import numpy as np

import truth

# The instructions of torch/_weights_only_unpickler.py.
INSTRUCTIONS = set(
    "NEWOBJ REDUCE BUILD APPEND APPENDS SETITEM SETITEMS MARK TUPLE TUPLE1 TUPLE2 TUPLE3 NONE NEWFALSE NEWTRUE "
    "EMPTY_TUPLE EMPTY_LIST EMPTY_DICT EMPTY_SET BINPERSID BININT BININT1 BININT2 BINFLOAT BINGET LONG_BINGET BINPUT "
    "LONG_BINPUT BINUNICODE SHORT_BINSTRING LONG1 GLOBAL PROTO STOP".split())
STORAGES = dict(
    DoubleStorage="float64", FloatStorage="float32", HalfStorage="float16", BFloat16Storage="bfloat16",
    LongStorage="int64", IntStorage="int32", ShortStorage="int16", CharStorage="int8", ByteStorage="uint8",
    BoolStorage="bool", ComplexFloatStorage="complex64", ComplexDoubleStorage="complex128")
# What an array becomes whose type PyTorch lacks.
NEAREST = {"int2": "int8", "int4": "int8"}
NEAREST.update((name, "uint8") for name in (
    "uint2", "uint4", "float4_e2m1fn", "float8_e3m4", "float8_e4m3", "float8_e4m3b11fnuz"))


def tensor(storage, offset, size, stride, requires_grad, hooks, dtype=None):
    kind, data = storage
    dtype = np.dtype(kind if dtype is None else dtype)
    assert (kind == "bytes") == (dtype.name not in STORAGES.values()), "%s in %s" % (dtype, kind)
    assert requires_grad is False and hooks == {} and len(size) == len(stride)
    count = int(np.prod(size, dtype=object))
    array = np.frombuffer(data, dtype, count, offset * dtype.itemsize).reshape(size)
    expected, distance = [], 1
    for extent in reversed(size):
        expected.insert(0, distance)
        distance *= max(extent, 1)
    assert list(stride) == expected, "strides %s of %s" % (stride, size)
    return array


class Unpickler(pickle.Unpickler):
    def __init__(self, file, read):
        super().__init__(file)
        self.read, self.keys = read, []

    def find_class(self, module, name):
        if module == "torch._utils" and name in ("_rebuild_tensor_v2", "_rebuild_tensor_v3"):
            return tensor
        if (module, name) in (("collections", "OrderedDict"), ("_codecs", "encode"), ("builtins", "complex")):
            return super().find_class(module, name)
        if module == "torch":
            return STORAGES[name] if name in STORAGES else getattr(ml_dtypes, name, name)
        assert (module, name) == ("torch.storage", "UntypedStorage"), (module, name)
        return "bytes"

    def persistent_load(self, name):
        word, kind, key, device, count = name
        assert (word, device) == ("storage", "cpu")
        if key not in self.keys:
            assert key == str(len(self.keys)), "keys count up"
            self.keys.append(key)
        data = self.read("data/" + key)
        width = 1 if kind == "bytes" else np.dtype(getattr(ml_dtypes, kind, kind)).itemsize
        assert len(data) == count * width
        return kind, data


def load(path):
    """The object in a file, whose every byte is looked at."""
    with zipfile.ZipFile(path) as archive, open(path, "rb") as file:
        assert archive.testzip() is None
        names = [member.filename for member in archive.infolist()]
        for member in archive.infolist():
            assert member.compress_type == zipfile.ZIP_STORED
            file.seek(member.header_offset + 26)
            start = member.header_offset + 30 + sum(struct.unpack("<HH", file.read(4)))
            assert start % 64 == 0, "%s isn't aligned" % member.filename
        folder = names[0].split("/")[0] + "/"
        assert names[0] == folder + "data.pkl" and archive.read(folder + "version") == b"3\n"
        assert archive.read(folder + "byteorder") == b"little"
        text = archive.read(folder + "data.pkl")
        unknown = {code.name for code, _, _ in pickletools.genops(text)} - INSTRUCTIONS
        assert not unknown, unknown
        unpickler = Unpickler(io.BytesIO(text), lambda name: archive.read(folder + name))
        value = unpickler.load()
        count = collections.Counter(name[:len(folder) + 5] for name in names)
        assert count[folder + "data/"] == len(unpickler.keys), "a storage that no tensor names"
        return value


def texts(value):
    """The same with keys as texts."""
    if isinstance(value, dict):
        return {str(key): texts(child) for key, child in value.items()}
    return type(value)(map(texts, value)) if isinstance(value, (list, tuple)) else value


def allow_nearest(node):
    """Allows the types that arrays become where PyTorch lacks theirs."""
    value = node[truth.kind_of(node)]
    if isinstance(value, dict) and value.get("dtype") in NEAREST:
        value["acceptDtype"] = [NEAREST[value["dtype"]]]
    fields = value.get("fields", value.items()) if isinstance(value, dict) else enumerate(value) \
        if isinstance(value, list) else []
    for _, child in fields:
        if isinstance(child, dict):
            allow_nearest(child)


def check(tool, case):
    def read(target, node, is_model_only):
        allow_nearest(node)
        item = {"tree": node, "isModelOnly": is_model_only}
        return truth.compare(node, truth.without_extras(item, texts(load(target))))

    return truth.converted(tool, case, "m.pt", read, [])


if __name__ == "__main__":
    truth.main("pickle", check, sys.argv)
