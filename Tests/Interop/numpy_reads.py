#!/usr/bin/env python3
"""The real NumPy reads what the tool writes as npz, and finds the truth's values.

usage: numpy_reads.py COPPICE DIRECTORY...

Names are the keys on the way joined by `/`; numbers and texts are arrays without dimensions; None and empty
containers have no arrays; types that NumPy lacks are their values in a wider type, or their bits.
"""
import hashlib
import sys

import ml_dtypes  # noqa: F401  (names the types that NumPy lacks)
import numpy as np

import truth

# What stands for a type that NumPy lacks.
WIDER = {"int2": "int8", "int4": "int8", "uint2": "uint8", "uint4": "uint8", "bfloat16": "void16"}
PLAIN = {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32",
         "float64", "complex64", "complex128"}


def flat(node, steps, found):
    kind = truth.kind_of(node)
    content = node[kind]
    if kind == "dict":
        children = content.items()
    elif kind == "namedtuple":
        children = content["fields"]
    elif kind in ("list", "tuple"):
        children = ((str(index), child) for index, child in enumerate(content))
    else:
        if kind not in ("none", "emptyDict", "emptyList", "emptyTuple"):
            found["/".join(steps) if steps else "arr_0"] = node
        return
    for key, child in children:
        flat(child, steps + [key], found)


def compare(node, array, path):
    kind = truth.kind_of(node)
    content = node[kind]
    if kind == "array" and content["dtype"] in ("unicode", "bytes"):
        same = array.dtype.kind == {"unicode": "U", "bytes": "S"}[content["dtype"]]
        if not same or list(array.shape) != content["shape"]:
            return ["%s: %s %s" % (path, array.dtype, array.shape)]
        return [] if truth.text_digest(array.ravel()) == content["sha256"] else ["%s: texts differ" % path]
    if kind == "array":
        wanted = content["dtype"] if content["dtype"] in PLAIN else WIDER.get(content["dtype"], "uint8")
        if array.dtype.name != wanted:
            return ["%s: type %s, not %s" % (path, array.dtype.name, wanted)]
        if list(array.shape) != content["shape"]:
            return ["%s: shape %s, not %s" % (path, array.shape, content["shape"])]
        data = np.ascontiguousarray(array).tobytes()
        return [] if hashlib.sha256(data).hexdigest() == content["sha256"] else ["%s: elements differ" % path]
    if array.shape != ():
        return ["%s: shape %s of a single value" % (path, array.shape)]
    value = array[()]
    if kind == "scalar":
        if content["type"] == "complex":
            real, imaginary = map(float, content["value"].split(","))
            same = repr(complex(value)) == repr(complex(real, imaginary))
        elif content["type"] == "bool":
            same = array.dtype == np.bool_ and str(bool(value)).lower() == content["value"]
        else:
            kinds = {"int": "iu", "float": "f"}[content["type"]]
            same = array.dtype.kind in kinds and str(value.item()) == content["value"]
    elif kind == "string":
        same = array.dtype.kind == "U" and str(value) == content
    else:
        same = array.dtype.kind == "S" and bytes(value).hex() == content
    return [] if same else ["%s: %r, not %s" % (path, value, content)]


def is_left_out(node):
    """Integers beyond 64 bits have no type; texts that end in NULs would lose them."""
    scalar = node.get("scalar")
    if scalar and scalar["type"] == "int":
        return not -1 << 63 <= int(scalar["value"]) < 1 << 64
    return node.get("string", "").endswith("\0") or node.get("bytes", "").endswith("00")


def check(tool, case):
    def read(target, tree, is_keras):
        expected = {}
        flat(tree, [], expected)
        expected = {name: node for name, node in expected.items() if not is_left_out(node)}
        with np.load(target, allow_pickle=False) as archive:
            # NumPy gives a name with and without its ending; these are all there are.
            found = {name: archive[name] for name in archive.files
                     if not is_keras or name.split("/")[0] not in truth.OPTIMIZER}
        if set(found) != set(expected):
            return ["arrays %s, not %s" % (sorted(set(found) - set(expected)), sorted(set(expected) - set(found)))]
        return [line for name, node in expected.items() for line in compare(node, found[name], name)]
    return truth.converted(tool, case, "m.npz", read, refusals=("npz.name-collision", "zip.name"))


if __name__ == "__main__":
    truth.main("numpy " + np.__version__, check, sys.argv)
