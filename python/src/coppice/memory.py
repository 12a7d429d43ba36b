"""Memory for arrays, and the threads that fill it."""

from __future__ import annotations

import gc
import math
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

from .errors import CoppiceError
from .forms import Shape
from .model import Array

Task = Callable[[], None]
# Arrays of at most SMALL bytes are read together, in groups of about GROUP bytes, and others in shares of SHARE bytes.
SMALL, GROUP, SHARE = 2**18, 2**20, 2**23


def bytes_of(array: Array) -> memoryview:
    """Returns the bytes of an array that is contiguous."""
    return array.reshape(-1).view(np.uint8).data


def allocate(shape: Shape, dtype: np.dtype[Any], path: str) -> Array:
    """Makes an array without content."""
    try:
        return np.empty(shape, dtype)
    except (MemoryError, ValueError):
        raise CoppiceError("limit.memory", path, f"an array of {math.prod(shape) * dtype.itemsize} bytes") from None


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pauses the collection of garbage while very many objects are made, of which none is garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def run(tasks: list[Task], nbytes: int) -> None:
    """Does tasks, in several threads where they read much; raises the first error."""
    workers = min(os.cpu_count() or 1, 8, len(tasks))
    if workers < 2 or nbytes < GROUP:
        for task in tasks:
            task()
        return
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(task) for task in tasks]
        try:
            for future in futures:
                future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
