"""Arrays of JAX from those of a checkpoint; JAX is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .lazy import LazyArray
from .model import TextArray
from .nodes import map_leaves


def to_jax(tree: Any, sharding: Any = None) -> Any:
    """Returns a tree with arrays of JAX in the place of `LazyArray`s and NumPy arrays; all else stays as it is.

    `sharding` is a device or `jax.sharding.Sharding` for all arrays, or a function that returns one (or None) for an
    array of the tree; None is JAX's default device. Of a `LazyArray` each shard is read on its own, once for all
    devices of this process that hold it. A key array of a `LazyArray` becomes a typed key array again.
    """
    return map_leaves(tree, lambda leaf: array_of_jax(leaf, sharding), (LazyArray, np.ndarray))


def array_of_jax(leaf: Any, sharding: Any) -> Any:
    """Returns the array of JAX for a leaf."""
    import jax

    if isinstance(leaf, TextArray):
        return leaf
    if callable(sharding) and not isinstance(sharding, (jax.Device, jax.sharding.Sharding)):
        sharding = sharding(leaf)
    if isinstance(sharding, jax.sharding.Sharding):
        array = jax.make_array_from_callback(tuple(leaf.shape), sharding, once_each(leaf))
    else:
        array = jax.device_put(np.asarray(leaf), sharding)
    prng = leaf.prng if isinstance(leaf, LazyArray) else None
    return array if prng is None else jax.random.wrap_key_data(array, impl=prng)


def once_each(leaf: Any) -> Callable[[Any], Any]:
    """Returns a function of an index that reads each box once, however many devices hold it."""
    known: dict[tuple[tuple[int, int, int], ...], Any] = {}

    def read(index: tuple[slice, ...]) -> Any:
        key = tuple(side.indices(extent) for side, extent in zip(index, leaf.shape, strict=True))
        if key not in known:
            known[key] = np.asarray(leaf[index])
        return known[key]

    return read
