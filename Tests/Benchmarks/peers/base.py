"""What a peer does. One object serves one workload; paths are tuples of keys."""
import numpy as np

from workloads import BFLOAT16


class Peer:
    # Whether a save is durable when it returns.
    syncs = False
    has_async = has_partial = has_metadata = True

    def __init__(self, workload):
        self.workload = workload

    def prepare(self, arrays):
        """What is saved, made from the arrays before the clock starts."""
        return {"/".join(path): array for path, array in arrays.items()}

    def save(self, directory, tree):
        raise NotImplementedError

    def start_saving(self, directory, tree):
        """Begins an asynchronous save and returns a function that waits for its end."""
        raise NotImplementedError

    def load(self, directory):
        """All arrays by path."""
        raise NotImplementedError

    def load_part(self, directory):
        """The workload's part: one array, or its first rows."""
        raise NotImplementedError

    def metadata(self, directory):
        """Shapes and dtypes by name."""
        raise NotImplementedError


class SynchronousPeer(Peer):
    has_async = False


def without_bfloat16(arrays):
    """Arrays by joined path, for libraries that don't know bfloat16."""
    return {
        "/".join(path): array.view(np.uint16) if array.dtype == BFLOAT16 else array
        for path, array in arrays.items()
    }


def by_path(named):
    return {tuple(name.split("/")): array for name, array in named.items()}


def rows_of(array, nbytes):
    """The shape of the chunk of whole rows that has so many bytes at most."""
    if array.nbytes <= nbytes or array.ndim == 0:
        return array.shape
    row = array.nbytes // array.shape[0]
    return (max(1, nbytes // row),) + array.shape[1:]
