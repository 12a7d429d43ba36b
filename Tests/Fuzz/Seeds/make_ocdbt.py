#!/usr/bin/env python3
"""Makes the seeds of the target `ocdbt` with TensorStore (0.1.86): databases that are not compressed, unlike those of
Orbax, so that changes reach the manifest and the nodes."""
import os, sys, tempfile

import tensorstore as ts

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import fuzz

KINDS = {
    "one-node": (3, {"max_decoded_node_bytes": 8 << 20, "max_inline_value_bytes": 100}),
    "values-in-files": (4, {"max_decoded_node_bytes": 8 << 20, "max_inline_value_bytes": 0}),
    "two-levels": (40, {"max_decoded_node_bytes": 250, "max_inline_value_bytes": 8}),
}

for name, (count, config) in KINDS.items():
    with tempfile.TemporaryDirectory() as directory:
        store = ts.KvStore.open({
            "driver": "ocdbt", "base": "file://%s/" % directory,
            "config": dict(config, compression=None, version_tree_arity_log2=1)}).result()
        for version in range(3 if name == "one-node" else 1):
            with ts.Transaction() as transaction:
                view = store.with_transaction(transaction)
                view["a/zarr.json"] = b"{}" * (version + 1)
                for number in range(count):
                    view["layers.%d/c/0" % number] = bytes(range(number % 30))
        packed = fuzz.pack(directory)
        with open("%s/ocdbt/%s" % (HERE, name), "wb") as file:
            file.write(packed)
        print(name, len(packed))
