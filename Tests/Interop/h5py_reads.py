#!/usr/bin/env python3
"""The real h5py reads what the tool writes as HDF5, and finds the truth's values.

usage: h5py_reads.py COPPICE DIRECTORY...

Containers are groups; numbers are datasets without dimensions; None is a dataset of no elements; types that HDF5
has no words for are opaque bytes whose attribute `dtype` names them.
"""
import hashlib
import sys

import h5py
import ml_dtypes
import numpy as np

import truth

# Types that HDF5 lacks: values in the next wider one.
WIDER = {"int2": "int8", "int4": "int8", "uint2": "uint8", "uint4": "uint8"}


def name_of(key):
    """A key as the name of a link, which can hold no slash, no NUL, and can't be empty or a dot."""
    if key not in ("", ".") and "/" not in key and "\0" not in key:
        return key
    if not key:
        return "%empty"
    text = "".join("%%%02X" % ord(c) if c in "%/" or ord(c) < 32 or ord(c) == 127 else c for c in key)
    return "%2E" + text[1:] if text.startswith(".") else text


def raw(dataset):
    """A dataset's elements in the file's own bytes, and the name of their type."""
    dtype = dataset.dtype
    if dtype.kind == "V" and dtype.names is None:
        return np.asarray(dataset[()]).tobytes(), dataset.attrs["dtype"]
    # h5py gives bfloat16 as float32: each value has one bfloat16, so the way back is exact.
    file_type = dataset.id.get_type()
    if isinstance(file_type, h5py.h5t.TypeFloatID) and file_type.get_size() == 2 and dtype == np.float32:
        buffer = np.empty(dataset.shape, "<u2")
        if dataset.size:
            dataset.id.read(h5py.h5s.ALL, h5py.h5s.ALL, buffer, mtype=file_type)
        return buffer.tobytes(), "bfloat16"
    array = np.asarray(dataset[()])
    return np.ascontiguousarray(array).tobytes(), array.dtype.name


def compare_array(node, dataset, path):
    wanted = WIDER.get(node["dtype"], node["dtype"])
    if not isinstance(dataset, h5py.Dataset):
        return ["%s: no dataset" % path]
    if node["dtype"] in ("unicode", "bytes"):
        is_text = h5py.check_string_dtype(dataset.dtype).length is None
        if is_text != (node["dtype"] == "unicode") or list(dataset.shape) != node["shape"]:
            return ["%s: %s %s" % (path, dataset.dtype, dataset.shape)]
        same = truth.text_digest(np.asarray(dataset[()]).ravel()) == node["sha256"]
        return [] if same else ["%s: texts differ" % path]
    data, found = raw(dataset)
    if found not in [wanted] + node.get("acceptDtype", []):
        return ["%s: type %s, not %s" % (path, found, wanted)]
    if dataset.shape is None or list(dataset.shape) != node["shape"]:
        return ["%s: shape %s, not %s" % (path, dataset.shape, node["shape"])]
    return [] if hashlib.sha256(data).hexdigest() == node["sha256"] else ["%s: elements differ" % path]


def compare_scalar(node, value, path):
    if not isinstance(value, np.generic):
        return ["%s: %r is no number" % (path, value)]
    if node["type"] == "complex":
        real, imaginary = map(float, node["value"].split(","))
        same = repr(complex(value)) == repr(complex(real, imaginary))
    elif node["type"] == "bool":
        same = value.dtype == np.bool_ and str(bool(value)).lower() == node["value"]
    else:
        same = value.dtype.kind in {"int": "iu", "float": "f"}[node["type"]] and str(value.item()) == node["value"]
    return [] if same else ["%s: %r, not %s" % (path, value, node["value"])]


def is_empty(value):
    return isinstance(value, h5py.Group) and all(map(is_empty, value.values()))


def compare(node, value, path, is_keras):
    kind = truth.kind_of(node)
    content = node[kind]
    if kind == "array":
        return compare_array(content, value, path)
    if kind in ("dict", "namedtuple", "list", "tuple", "emptyDict", "emptyList", "emptyTuple"):
        if kind in ("list", "tuple"):
            children = {str(index): child for index, child in enumerate(content)}
        elif kind.startswith("empty"):
            children = {}
        else:
            children = dict(content["fields"] if kind == "namedtuple" else content)
        if not isinstance(value, h5py.Group):
            return ["%s: no group" % path]
        names = {name_of(key): child for key, child in children.items() if not is_left_out(child)}
        found = {name for name in value if name in names or not is_keras
                 or not (is_empty(value[name]) or (not path and name in truth.OPTIMIZER))}
        if found != set(names):
            return ["%s: members %s, not %s" % (path, sorted(found), sorted(names))]
        return [line for name, child in names.items()
                for line in compare(child, value[name], path + "/" + name, is_keras)]
    if not isinstance(value, h5py.Dataset):
        return ["%s: no dataset" % path]
    if kind == "none":
        return [] if value.shape is None else ["%s: %r, not None" % (path, value[()])]
    if kind == "scalar":
        return compare_scalar(content, value[()], path)
    if kind == "string":
        found = value.asstr()[()] if h5py.check_string_dtype(value.dtype) else value[()]
        return [] if found == content else ["%s: %r, not %r" % (path, found, content)]
    # Bytes are as long as they are: a void of their width, or a string without a NUL at the end.
    found = value[()]
    found = found.tobytes() if isinstance(found, (np.ndarray, np.void)) else bytes(found)
    return [] if found.hex() == content else ["%s: %s, not %s" % (path, found.hex(), content)]


def is_left_out(node):
    """Integers beyond 64 bits have no type in HDF5."""
    scalar = node.get("scalar")
    return bool(scalar) and scalar["type"] == "int" and not -1 << 63 <= int(scalar["value"]) < 1 << 64


def check_files(tool, case, read):
    """The problems that a reader finds in a case's file, plain and compressed; None if the tool doesn't write it."""
    problems = []
    for options in (), ("--compress", "gzip"):
        found = truth.converted(tool, case, "m.h5", read, ("hdf5.name-collision",), options)
        if found is None:
            return None
        problems += found
    return problems


def check(tool, case):
    def read(target, tree, is_keras):
        with h5py.File(target) as file:
            is_alone = truth.kind_of(tree) not in truth.CONTAINERS
            return compare(tree, file["value"] if is_alone else file, "", is_keras)
    return check_files(tool, case, read)


if __name__ == "__main__":
    assert ml_dtypes.bfloat16
    truth.main("h5py " + h5py.__version__, check, sys.argv)
