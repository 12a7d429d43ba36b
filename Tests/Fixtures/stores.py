"""What the scripts share that write the small stores of a test target beside themselves, with `stores.json`.

`stores.json` holds what each array must read as, computed from the values and never read back:
type, shape and SHA-256 of the little-endian bytes in C order.
"""

import hashlib
import json
import os
import shutil
import sys

import numpy as np
import tensorstore as ts

HERE = os.path.dirname(os.path.abspath(sys.argv[0]))
ROOT = os.path.join(HERE, "stores")
CASES = []
RNG = np.random.default_rng(20)


def values(dtype, shape):
    """Values that exercise all bytes of an element; no element equals a fill value by accident."""
    dtype = np.dtype(dtype)
    count = int(np.prod(shape))
    if dtype == bool:
        return RNG.integers(0, 2, shape).astype(bool)
    if dtype.kind == "c":
        real = RNG.standard_normal((2,) + tuple(shape))
        return (real[0] + 1j * real[1]).astype(dtype)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        native = dtype.newbyteorder("=")
        return RNG.integers(info.min, info.max, shape, dtype=native, endpoint=True).astype(dtype)
    return (np.arange(count).reshape(shape) * 0.375 - 7).astype(dtype)


def little_endian(array):
    return np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False)).tobytes()


def record(store, kind, name, array, dtype=None, missing="error", data=None):
    data = little_endian(array) if data is None else data
    CASES.append({
        "store": store, "kind": kind, "array": name, "missing": missing,
        "dtype": dtype or array.dtype.newbyteorder("=").name, "shape": list(array.shape),
        "sha256": hashlib.sha256(data).hexdigest(),
    })


def files(store, name):
    return {"driver": "file", "path": os.path.join(ROOT, store, name) + "/"}


def write(spec, array, region=None):
    t = ts.open(spec, create=True, dtype=spec.get("dtype"), shape=array.shape).result()
    if region is None:
        t.write(array).result()
    else:
        t[region].write(array[region]).result()


def make(versions, *makers):
    """Writes the stores anew, and what they hold."""
    shutil.rmtree(ROOT, ignore_errors=True)
    os.makedirs(ROOT)
    for maker in makers:
        maker()
    versions = {"tensorstore": getattr(ts, "__version__", "0.1.86"), **versions}
    with open(os.path.join(HERE, "stores.json"), "w") as f:
        json.dump({"versions": versions, "cases": CASES}, f, indent=1)
        f.write("\n")
