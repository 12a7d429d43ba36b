#!/usr/bin/env python3
"""Makes the seeds of the target `hdf5-index` with h5py: a dataset under each index of chunks that HDF5 has since 1.10,
filtered and not, and types and attributes of newer versions."""
import os, sys

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
# The shape, the largest extents, and the chunk.
INDEXES = {
    "single": ((4, 3), (4, 3), (4, 3)),
    "fixed-array": ((8, 6), (8, 6), (4, 3)),
    "extensible-array": ((9, 4), (None, 4), (1, 4)),
    "tree": ((4, 4), (None, None), (2, 2)),
}


def main():
    target = HERE + "/hdf5-index"
    os.makedirs(target, exist_ok=True)
    for name, (shape, maximums, chunk) in INDEXES.items():
        for filtered in (False, True):
            path = "%s/%s%s" % (target, name, "-filtered" if filtered else "")
            with h5py.File(path, "w", libver="latest", fs_strategy="none") as file:
                data = file.create_dataset("x", shape, "i1", maxshape=maximums, chunks=chunk, fletcher32=filtered)
                data[...] = np.arange(np.prod(shape)).reshape(shape)
                data.attrs["kind"] = np.zeros((), [("a", "f4"), ("b", "S3", (2,))])
            print(os.path.basename(path), os.path.getsize(path))


main()
