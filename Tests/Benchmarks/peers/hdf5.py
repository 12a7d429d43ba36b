"""HDF5 through h5py: a dataset for each array."""
import os

import h5py

from peers.base import SynchronousPeer, rows_of, without_bfloat16


class HDF5(SynchronousPeer):
    def prepare(self, arrays):
        return without_bfloat16(arrays)

    def options(self, array):
        return {}

    def save(self, directory, tree):
        with h5py.File(directory + "/a.part", "w") as file:
            for name, array in tree.items():
                file.create_dataset(name, data=array, **self.options(array))
        os.rename(directory + "/a.part", directory + "/a.h5")

    def visit(self, directory, value):
        found = {}

        def visitor(name, item):
            if isinstance(item, h5py.Dataset):
                found[tuple(name.split("/"))] = value(item)

        with h5py.File(directory + "/a.h5") as file:
            file.visititems(visitor)
        return found

    def load(self, directory):
        return self.visit(directory, lambda dataset: dataset[...])

    def load_part(self, directory):
        with h5py.File(directory + "/a.h5") as file:
            return file["/".join(self.workload.part.path)][:self.workload.part_rows]

    def metadata(self, directory):
        return self.visit(directory, lambda dataset: (dataset.shape, dataset.dtype))


class HDF5Compressed(HDF5):
    def __init__(self, workload):
        super().__init__(workload)
        import hdf5plugin
        self.plugin = hdf5plugin

    def options(self, array):
        return {"chunks": rows_of(array, 4 << 20), "compression": self.compression()}


class HDF5Zstd(HDF5Compressed):
    def compression(self):
        return self.plugin.Zstd(clevel=1)


class HDF5Blosc(HDF5Compressed):
    def compression(self):
        return self.plugin.Blosc(cname="zstd", clevel=1, shuffle=self.plugin.Blosc.SHUFFLE)
