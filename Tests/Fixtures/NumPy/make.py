#!/usr/bin/env python3
"""Makes the files beside this script with NumPy, and expected.json with what they hold.

usage: make.py    (with numpy and ml_dtypes; written with 2.4.6 and 0.6.0)

Each array of expected.json has its type, its shape and, in hexadecimal digits, its little-endian bytes in C
order, computed from the values before they are saved; arrays of texts have the texts.
"""
import json
import os

import ml_dtypes
import numpy as np
from numpy.lib import format as npy

HERE = os.path.dirname(os.path.abspath(__file__))
RANDOM = np.random.default_rng(7)
TRUTH = {}


def random(dtype, *shape):
    kind = np.dtype(dtype)
    if kind == bool:
        return RANDOM.integers(0, 2, shape).astype(bool)
    return np.frombuffer(RANDOM.bytes(int(np.prod(shape)) * kind.itemsize), kind).reshape(shape)


def truth(values):
    values = np.asarray(values)
    if values.dtype.kind in "US":
        texts = [v if values.dtype.kind == "U" else v.hex() for v in values.reshape(-1).tolist()]
        return {"dtype": values.dtype.kind, "shape": list(values.shape), "texts": texts}
    little = values.astype(values.dtype.newbyteorder("<")) if values.dtype.byteorder == ">" else values
    return {"dtype": values.dtype.name, "shape": list(values.shape),
            "hex": np.ascontiguousarray(little).tobytes().hex()}


def save(name, values, version=None):
    with open(os.path.join(HERE, name), "wb") as file:
        npy.write_array(file, values, version=version)
    TRUTH[name] = {"": truth(values)}


def archive(name, arrays, how):
    how(os.path.join(HERE, name), **arrays)
    TRUTH[name] = {key: truth(values) for key, values in arrays.items()}


save("c.npy", random("<f4", 3, 4))
save("fortran.npy", np.asfortranarray(random("<i2", 3, 4, 5)))
save("fortran-row.npy", np.asfortranarray(random("<f8", 1, 6)))
save("big.npy", random(">f8", 4, 3))
save("big-complex.npy", random(">c8", 5))
save("big-fortran.npy", np.asfortranarray(random(">u4", 4, 3)))
save("scalar.npy", np.array(2.5))
save("empty.npy", random("<f4", 0, 7))
save("version-2.npy", random("|i1", 9), (2, 0))
save("version-3.npy", random("<u8", 2, 2), (3, 0))
save("texts.npy", np.array([["a", "é☃"], ["", "\U0001F600x"]]))
save("texts-fortran.npy", np.asfortranarray(np.array([["a", "b", "c"], ["d", "e", "f"]])))
save("texts-big.npy", np.array(["north", "süd"], ">U5"))
save("bytes.npy", np.array([b"ab", b"\x00\xff", b""]))
save("text.npy", np.array("alone"))
save("bfloat16.npy", random(ml_dtypes.bfloat16, 6))
save("float8.npy", random(ml_dtypes.float8_e5m2, 6))

everything = {"types/" + t: random(t, 2, 3) for t in (
    "?", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")}
everything = {key.replace("<", "").replace("|", "").replace("?", "b1"): v for key, v in everything.items()}
everything.update({"fortran": np.asfortranarray(random("<f4", 6, 5)), "big": random(">i4", 3),
                   "scalar": np.array(3), "empty": random("<f4", 0, 2), "texts": np.array(["x", "yz"]),
                   "é☃": random("<f4", 2), "zeros": np.zeros((40, 50))})
archive("stored.npz", everything, np.savez)
archive("deflated.npz", everything, np.savez_compressed)

REFUSED = {
    "object.npy": np.array([None, 1], object),
    "structure.npy": np.zeros(2, [("a", "<f4"), ("b", "<i4")]),
    "date.npy": np.zeros(2, "<M8[s]"),
    "void.npy": np.zeros(2, "V3"),
    "wide.npy": np.zeros(2, np.longdouble),
    "int4.npy": np.zeros(2, ml_dtypes.int4),
}
for name, values in REFUSED.items():
    with open(os.path.join(HERE, name), "wb") as file:
        npy.write_array(file, values, allow_pickle=True)

with open(os.path.join(HERE, "expected.json"), "w", encoding="utf-8") as file:
    json.dump(TRUTH, file, indent=1, ensure_ascii=False)
    file.write("\n")
