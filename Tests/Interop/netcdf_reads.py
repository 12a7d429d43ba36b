#!/usr/bin/env python3
"""The real netCDF reads what the tool writes as HDF5, and finds the truth's arrays.

usage: netcdf_reads.py COPPICE DIRECTORY...

Bools are an enumeration, and complex numbers a compound. Arrays of types that netCDF lacks, such as float16, are left out
here, and so is a tree with None: netCDF opens no file that has a dataset of no elements at all.
"""
import hashlib
import sys
import warnings

import netCDF4
import numpy as np

import truth
from h5py_reads import check_files, name_of

READ = {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64",
        "complex64", "complex128", "unicode"}


def leaves(node, path=()):
    """The leaves of a truth by the names of their groups and of their own."""
    kind = truth.kind_of(node)
    content = node[kind]
    if kind not in truth.CONTAINERS:
        return {path or ("value",): node}
    children = content["fields"] if kind == "namedtuple" else content.items() if kind == "dict" else \
        enumerate(content) if kind in ("list", "tuple") else []
    return {place: leaf for key, child in children for place, leaf in leaves(child, path + (name_of(str(key)),)).items()}


def compare(node, file, path):
    for name in path[:-1]:
        file = file.groups[name]
    variable = file.variables[path[-1]]
    variable.set_auto_maskandscale(False)
    if list(variable.shape) != node["shape"]:
        return ["%s: shape %s, not %s" % ("/".join(path), variable.shape, node["shape"])]
    values = np.asarray(variable[...])
    found = truth.text_digest(values.ravel()) if node["dtype"] == "unicode" else hashlib.sha256(values.tobytes()).hexdigest()
    return [] if found == node["sha256"] else ["%s: elements differ" % "/".join(path)]


def check(tool, case):
    def read(target, tree, _):
        found = leaves(tree)
        arrays = {path: leaf["array"] for path, leaf in found.items() if leaf.get("array", {}).get("dtype") in READ}
        if not arrays or "none" in map(truth.kind_of, found.values()):
            return None
        with netCDF4.Dataset(target) as file:
            return [line for path, node in arrays.items() for line in compare(node, file, path)]

    return check_files(tool, case, read)


if __name__ == "__main__":
    # It says what it leaves out.
    warnings.filterwarnings("ignore", message=".*unsupported datatype")
    truth.main("netCDF4 " + netCDF4.__version__, check, sys.argv)
