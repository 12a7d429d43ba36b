"""zarr-python, version 3 of the format: a group of arrays, a directory for each."""
import zarr

from peers.base import SynchronousPeer, by_path, rows_of, without_bfloat16


class Zarr(SynchronousPeer):
    def prepare(self, arrays):
        return without_bfloat16(arrays)

    def save(self, directory, tree):
        compresses = self.workload.compresses
        codec = zarr.codecs.ZstdCodec(level=1) if compresses else None
        group = zarr.open_group(directory + "/a.zarr", mode="w")
        for name, array in tree.items():
            chunks = self.workload.shard or rows_of(array, 4 << 20 if compresses else 16 << 20)
            group.create_array(name, data=array, chunks=chunks, compressors=codec)

    def load(self, directory):
        group = zarr.open_group(directory + "/a.zarr", mode="r")
        names = ["/".join(leaf.path) for leaf in self.workload.leaves]
        return by_path({name: group[name][...] for name in names})

    def load_part(self, directory):
        array = zarr.open_array(directory + "/a.zarr/" + "/".join(self.workload.part.path), mode="r")
        return array[:self.workload.part_rows]

    def metadata(self, directory):
        group = zarr.open_group(directory + "/a.zarr", mode="r")
        members = group.members(max_depth=None)
        return {name: (item.shape, item.dtype) for name, item in members if isinstance(item, zarr.Array)}
