"""TensorStore with the driver zarr3: a directory for each array, everything in flight at once."""
import os

import tensorstore as ts

from peers.base import Peer, rows_of


class TensorStore(Peer):
    syncs = True

    def context(self):
        # Without a cache, as loads are to be of files.
        return ts.Context({"file_io_concurrency": {"limit": 32}, "cache_pool": {"total_bytes_limit": 0}})

    def spec(self, directory, name):
        return {"driver": "zarr3", "kvstore": {"driver": "file", "path": "%s/a/%s/" % (directory, name)}}

    def description(self, array):
        compresses = self.workload.compresses
        chunk = self.workload.shard or rows_of(array, 4 << 20 if compresses else 16 << 20)
        codecs = [{"name": "bytes", "configuration": {"endian": "little"}}]
        if compresses:
            codecs.append({"name": "zstd", "configuration": {"level": 1}})
        return {
            "shape": list(array.shape), "data_type": array.dtype.name, "codecs": codecs,
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(chunk)}},
        }

    def save(self, directory, tree):
        self.start_saving(directory, tree)()

    def start_saving(self, directory, tree):
        context = self.context()
        opening = [
            ts.open(dict(self.spec(directory, name), metadata=self.description(array)), create=True, open=True,
                    context=context)
            for name, array in tree.items()
        ]
        writing = [
            store.result().write(array, can_reference_source_data_indefinitely=True)
            for store, array in zip(opening, tree.values())
        ]
        return lambda: [write.commit.result() for write in writing]

    def opened(self, directory, names):
        context = self.context()
        return {name: ts.open(self.spec(directory, name), open=True, context=context) for name in names}

    def load(self, directory):
        names = ["/".join(leaf.path) for leaf in self.workload.leaves]
        reading = {name: store.result().read() for name, store in self.opened(directory, names).items()}
        return {tuple(name.split("/")): read.result() for name, read in reading.items()}

    def load_part(self, directory):
        name = "/".join(self.workload.part.path)
        store = self.opened(directory, [name])[name].result()
        return store[:self.workload.part_rows].read().result()

    def metadata(self, directory):
        root = directory + "/a"
        names = [os.path.relpath(place, root) for place, _, files in os.walk(root) if "zarr.json" in files]
        stores = {name: store.result() for name, store in self.opened(directory, names).items()}
        return {name: (store.shape, store.dtype.name) for name, store in stores.items()}
