"""The scripts that one would write in Python to convert a checkpoint, and the checkpoints to convert.

convert_script.py make WORKLOAD DIRECTORY
convert_script.py orbax-hdf5|safetensors-hdf5|hdf5-safetensors SOURCE RESULT
"""
import os
import sys

os.environ.setdefault("JAX_PLATFORMS", "cpu")


def make(workload, directory):
    import safetensors.numpy

    import workloads
    from peers.orbax_v1 import Orbax
    workload = workloads.Workload(workload)
    arrays = workload.arrays()
    safetensors.numpy.save_file({"/".join(path): array for path, array in arrays.items()},
                                directory + "/model.safetensors")
    peer = Orbax(workload)
    peer.save(directory, peer.prepare(arrays))
    os.rename(directory + "/a", directory + "/orbax")


def write_hdf5(arrays, path):
    import h5py
    import numpy as np
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            array = np.asarray(array)
            # HDF5 has no bfloat16
            file[name] = array.view(np.uint16) if array.dtype.name == "bfloat16" else array


def orbax_to_hdf5(source, result):
    from orbax.checkpoint import v1 as ocp

    from workloads import flatten
    write_hdf5({"/".join(path): array for path, array in flatten(ocp.load(source)).items()}, result)


def safetensors_to_hdf5(source, result):
    import safetensors.numpy
    write_hdf5(safetensors.numpy.load_file(source), result)


def hdf5_to_safetensors(source, result):
    """Of a checkpoint of Coppice: its arrays lie in files that h5py reads."""
    import glob

    import h5py
    import safetensors.numpy
    arrays = {}

    def visitor(name, item):
        if isinstance(item, h5py.Dataset):
            arrays[name] = item[...]

    for path in glob.glob(source + "/**/arrays.h5", recursive=True):
        with h5py.File(path) as file:
            file.visititems(visitor)
    safetensors.numpy.save_file(arrays, result)


KINDS = {
    "make": make, "orbax-hdf5": orbax_to_hdf5, "safetensors-hdf5": safetensors_to_hdf5,
    "hdf5-safetensors": hdf5_to_safetensors,
}

if __name__ == "__main__":
    KINDS[sys.argv[1]](*sys.argv[2:])
