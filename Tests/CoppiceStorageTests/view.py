"""Prints what h5py sees in the HDF5 file of a tree: a line for each dataset, its fields parted by tabs.

    view.py arrays.h5      # kind  path  dtype  shape  layout  masks  bytes

`kind` is `at` for a dataset, `packed` for a row of the index of packed leaves; `masks` are the filter masks of the
chunks, `bytes` the elements in C order as HDF5 gives them, without conversion. Path and bytes are hexadecimal.
"""
import math, sys
import h5py
import hdf5plugin  # the filter zstd
import numpy as np
from h5py import h5d, h5g, h5i, h5o, h5s

LAYOUTS = {h5d.CONTIGUOUS: "contiguous", h5d.CHUNKED: "chunked", h5d.VIRTUAL: "virtual", h5d.COMPACT: "compact"}


def elements(dataset):
    kind, shape = dataset.get_type(), dataset.get_space().get_simple_extent_dims()
    data = np.empty(shape, "V%d" % kind.get_size())
    if data.size:
        dataset.read(h5s.ALL, h5s.ALL, data, mtype=kind)
    return data


def masks(dataset):
    if dataset.get_create_plist().get_layout() != h5d.CHUNKED:
        return []
    return [dataset.get_chunk_info(i).filter_mask for i in range(dataset.get_num_chunks())]


def line(kind, path, dtype, data, layout="", masks=()):
    print(kind, path.hex(), dtype, ",".join(map(str, data.shape)), layout, ",".join(map(str, masks)),
          data.tobytes().hex(), sep="\t")


def walk(group, above):
    for name in group:
        inner = h5o.open(group, name)
        if h5i.get_type(inner) == h5i.GROUP:
            walk(inner, above + name + b"/")
        else:
            layout = LAYOUTS[inner.get_create_plist().get_layout()]
            line("at", above + name, h5py.Dataset(inner).dtype.name.replace(" ", ""), elements(inner), layout, masks(inner))


with h5py.File(sys.argv[1]) as file:
    walk(h5g.open(file.id, b"/"), b"")
    for path, dtype, offset, rank, dims in file["/%packed/index"][()] if "/%packed/index" in file else []:
        shape = [int(n) for n in dims[:rank]]
        pool = elements(file["/%packed/" + dtype.decode()].id)
        line("packed", path, dtype.decode(), pool[int(offset):int(offset) + math.prod(shape)].reshape(shape))
