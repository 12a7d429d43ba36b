"""Writes the stores beside this script with TensorStore.

    pip install tensorstore==0.1.86 numpy
    python make_stores.py
"""

import hashlib
import os
import struct
import sys

import numpy as np
import tensorstore as ts

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Fixtures"))
from stores import CASES, RNG, ROOT, make, record, values, write  # noqa: E402

# ---- OCDBT ------------------------------------------------------------------------------------

def ocdbt(store, config, commits, arrays, after=None):
    """A database of small keys written in many commits, then arrays."""
    spec = {"driver": "ocdbt", "base": "file://" + os.path.join(ROOT, store) + "/", "config": config}
    kv = ts.KvStore.open(spec).result()
    content = {}
    for commit in commits:
        transaction = ts.Transaction()
        for key, value in commit.items():
            if value is None:
                kv.with_transaction(transaction)[key] = b""
                del kv.with_transaction(transaction)[key]
                content.pop(key, None)
            else:
                kv.with_transaction(transaction)[key] = value
                content[key] = value
        transaction.commit_sync()
    for name, array in arrays.items():
        write({"driver": "zarr3", "kvstore": {**spec, "path": name + "/"}, "dtype": array.dtype.name},
              array)
        record(store, "ocdbt", name, array)
    digest = hashlib.sha256()
    for key in sorted(content):
        digest.update(struct.pack("<QQ", len(key), len(content[key])) + key + content[key])
    CASES.append({"store": store, "kind": "keys", "prefix": "k", "count": len(content),
                  "sha256": digest.hexdigest()})


def many(count, size=12):
    return {b"k/%05d" % (7 * i): bytes(RNG.integers(0, 256, size + i % 5, dtype=np.uint8)) for i in range(count)}


def make_ocdbt():
    small = {"w": values("float32", (5, 3)), "b.c": values("int64", ())}
    ocdbt("ocdbt-numbered", {"manifest_kind": "numbered"},
          [{b"k%d" % i: b"value %d" % i} for i in range(3)], small)
    ocdbt("ocdbt-deep", {"max_decoded_node_bytes": 150, "max_inline_value_bytes": 4,
                         "compression": None},
          [many(60), {b"k/00014": b"changed", b"k/00021": None}], small)
    ocdbt("ocdbt-deep-zstd", {"max_decoded_node_bytes": 400, "max_inline_value_bytes": 16},
          [many(90)], small)
    ocdbt("ocdbt-versions", {"version_tree_arity_log2": 1},
          [{b"k%d" % (i % 4): b"version %d" % i} for i in range(9)], {})
    ocdbt("ocdbt-odd-keys", {"max_decoded_node_bytes": 64, "max_inline_value_bytes": 0},
          [{b"k": b"the prefix itself", b"k\x00": b"zero", b"k\xff": b"not UTF-8", b"k\xff\xff": b"",
            b"ka": b"a", b"ka/" + b"x" * 300: b"long", "ké".encode(): b"accent"}], {})
    spec = {"driver": "ocdbt", "base": "file://" + os.path.join(ROOT, "ocdbt-empty") + "/"}
    kv = ts.KvStore.open(spec).result()
    kv[b"k"] = b"1"
    kv.delete_range(ts.KvStore.KeyRange()).result()
    CASES.append({"store": "ocdbt-empty", "kind": "keys", "prefix": "k", "count": 0,
                  "sha256": hashlib.sha256().hexdigest()})


make({}, make_ocdbt)
