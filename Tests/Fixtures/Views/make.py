#!/usr/bin/env python3
"""Writes views.json: what NumPy makes of arrays that are transposed and reshaped, for each width of elements.

usage: make.py > views.json     (numpy and ml_dtypes)
"""
import itertools
import json

import ml_dtypes
import numpy as np

DTYPES = ["bool", "int4", "uint2", "float4_e2m1fn", "int8", "float8_e4m3fn", "int16", "bfloat16", "float32", "int64", "complex64",
          "complex128"]


def array(name, shape):
    dtype = np.dtype(getattr(ml_dtypes, name, None) or name)
    count = int(np.prod(shape))
    raw = (np.arange(count * dtype.itemsize) * 37 + 11).astype(np.uint8)
    raw &= {"bool": 1, "uint2": 3, "int4": 15, "float4_e2m1fn": 15}.get(name, 255)
    return raw.view(dtype).reshape(shape)


def case(name, a, change, numbers, b):
    return {"dtype": name, "shape": a.shape, change: numbers, "becomes": b.shape, "bytes": a.tobytes().hex(), "result": b.tobytes().hex()}


def cases():
    for name in DTYPES:
        a = array(name, (2, 3, 4))
        for axes in [None, (2, 0, 1)]:
            yield case(name, a, "transpose", axes, np.transpose(a, axes))
        yield case(name, a, "reshape", (4, -1), a.reshape(4, -1))
    a = array("uint8", (2, 3, 4))
    for axes in itertools.permutations(range(3)):
        yield case("uint8", a, "transpose", axes, np.transpose(a, axes))
    for shape, axes in [((), None), ((5,), None), ((0, 3), None), ((1, 4, 1, 2), (3, 2, 1, 0)), ((2, 2, 2, 2), (1, 3, 0, 2))]:
        a = array("int16", shape)
        yield case("int16", a, "transpose", axes, np.transpose(a, axes))
    for shape, new in [((), (1, 1)), ((1,), ()), ((0, 3), (3, 0)), ((6,), (2, -1)), ((2, 3, 4), (24,)), ((4, 6), (2, 2, -1, 3))]:
        a = array("int16", shape)
        yield case("int16", a, "reshape", new, a.reshape(new))


print("[" + ",\n".join(json.dumps(c) for c in cases()) + "]")
