"""Other ways to store arrays, by name. Each module is imported when its peer runs, and only then."""
import importlib

# name: module, class
PEERS = {
    "safetensors": ("safetensors_file", "Safetensors"),
    "h5py": ("hdf5", "HDF5"),
    "h5py zstd": ("hdf5", "HDF5Zstd"),
    "h5py blosc": ("hdf5", "HDF5Blosc"),
    "pickle": ("python_files", "Pickle"),
    "npz": ("python_files", "Npz"),
    "flax msgpack": ("python_files", "FlaxMsgpack"),
    "zarr": ("zarr_group", "Zarr"),
    "tensorstore": ("tensorstore_zarr3", "TensorStore"),
    "orbax": ("orbax_v1", "Orbax"),
    "orbax tuned": ("orbax_v1", "OrbaxTuned"),
}
PLAIN = ["safetensors", "h5py", "pickle", "npz", "flax msgpack", "zarr", "tensorstore", "orbax", "orbax tuned"]
OF_WORKLOAD = {
    "W1": PLAIN,
    "W2": PLAIN,
    "W3": PLAIN,
    "W4": ["safetensors", "h5py zstd", "h5py blosc", "zarr", "tensorstore", "orbax", "orbax tuned"],
    "W5": ["safetensors", "h5py", "zarr", "tensorstore", "orbax", "orbax tuned"],
}
# These take seconds to a minute for an operation on 20,000 arrays.
SLOW = {"W2": ["zarr", "tensorstore", "orbax", "orbax tuned"]}
NOTES = {
    "safetensors": "numpy's interface; bfloat16 as uint16; W5: a file for each shard; never compressed",
    "h5py": "a contiguous dataset for each array; bfloat16 as uint16; W5: one dataset",
    "h5py zstd": "chunks of 4 MiB, zstd level 1 (hdf5plugin)",
    "h5py blosc": "chunks of 4 MiB, blosc with byte shuffle and zstd level 1 (hdf5plugin)",
    "pickle": "protocol 5; loads everything or nothing",
    "npz": "numpy.savez; bfloat16 as uint16",
    "flax msgpack": "loads everything or nothing",
    "zarr": "version 3; chunks of 16 MiB, not compressed; W4: chunks of 4 MiB, zstd level 1",
    "tensorstore": "zarr3; chunks of 16 MiB, not compressed; W4: chunks of 4 MiB, zstd level 1",
    "orbax": "v1, as it comes, on jax arrays; W5 is loaded onto 8 devices of the CPU, as (2, 4)",
    "orbax tuned": "not compressed (W4: compressed), chunks of 32 MiB, no copy of host arrays, no validation after "
                   "the merge, no files of metadata and shardings",
}


def load(name):
    module, kind = PEERS[name]
    return getattr(importlib.import_module("peers." + module), kind)
