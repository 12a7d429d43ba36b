"""Arrays that are read when they are asked for."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .blocks import Leaf
from .dtypes import numpy_type
from .forms import Shape
from .jsontext import Json
from .model import Array
from .reading import mapped, read_arrays, read_box

if TYPE_CHECKING:
    from .tree import Tree


class LazyArray:
    """An array of an open checkpoint, which is read when it is asked for.

    `leaf[0:3]` reads no more blocks than those that have elements of the slice, and `np.asarray(leaf)` reads all.
    """

    def __init__(self, tree: Tree, leaf: Leaf, verify: bool) -> None:
        """Makes the array of a leaf."""
        self._tree, self._leaf, self.verify = tree, leaf, verify

    @property
    def shape(self) -> Shape:
        """The extents."""
        return self._leaf.form.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype, of NumPy or ml_dtypes."""
        return numpy_type(self._leaf.form.dtype)

    @property
    def dtype_name(self) -> str:
        """The dtype's name in the checkpoint."""
        return self._leaf.form.dtype

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """The number of bytes of the elements."""
        return self._leaf.form.nbytes

    @property
    def path(self) -> str:
        """The text of the path in the tree."""
        return self._leaf.path

    @property
    def prng(self) -> str | None:
        """The PRNG implementation of a JAX key array, such as `threefry2x32`."""
        return self._leaf.form.prng

    @property
    def sharding(self) -> Json:
        """The sharding that the array had in the program that saved it; None where it had none."""
        number = self._leaf.form.sharding
        return None if number is None else self._tree.shardings[number]

    @property
    def storage(self) -> str:
        """The storage: `contiguous`, `packed`, `chunked` or `none`."""
        return self._leaf.form.storage

    def read(self, offset: Shape | None = None, shape: Shape | None = None, *, verify: bool | None = None) -> Array:
        """Returns the array, or the box of it that has an offset and a shape.

        `verify` says whether digests are checked, other than the checkpoint was opened with.
        """
        verify = self.verify if verify is None else verify
        if offset is None and shape is None:
            return read_arrays(self._tree, [self._leaf], verify)[0]
        start = tuple(map(operator.index, (0,) * self.ndim if offset is None else offset))
        extents = self.shape if shape is None else tuple(map(operator.index, shape))
        sides = list(zip(start, extents, self.shape, strict=False))
        if not len(start) == len(extents) == self.ndim or any(a < 0 or n < 0 or a + n > m for a, n, m in sides):
            raise IndexError(f"{self.path} of shape {self.shape} has no box at {start} of shape {extents}")
        return read_box(self._tree, self._leaf, start, extents, verify)

    def memmap(self, *, verify: bool | None = None) -> Array:
        """Returns a read-only view of the file, where the array is uncompressed and not sharded.

        Digests are checked first, which reads all bytes; with `verify=False` none are read until they are used. The
        program ends with a signal if another one shortens the file under the view.
        """
        return mapped(self._tree, self._leaf, self.verify if verify is None else verify)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Returns the array, for NumPy."""
        if copy is False:
            raise ValueError("an array of a checkpoint can't be used without a copy; see `memmap`")
        array = self.read()
        return array if dtype is None else array.astype(dtype, copy=False)

    def __getitem__(self, key: Any) -> Any:
        """Returns a part; slices and integers read no more than they need, other indices the whole array."""
        box = box_of(self.shape, key)
        if box is None:
            return self.read()[key]
        offset, shape, inside = box
        return self.read(offset, shape)[inside]

    def __len__(self) -> int:
        """Returns the first extent."""
        if not self.shape:
            raise TypeError("len() of an array without dimensions")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        """Iterates over the first dimension, after all was read."""
        return iter(self.read())

    def __repr__(self) -> str:
        """Returns dtype, shape and path."""
        return f"<LazyArray {self.dtype_name}{list(self.shape)} {self.path!r}>"


def box_of(shape: Shape, key: Any) -> tuple[Shape, Shape, tuple[Any, ...]] | None:
    """Returns offset and shape of the box that an index needs, and the index in it; None where that is no help."""
    keys = list(key) if isinstance(key, tuple) else [key]
    if sum(one is Ellipsis for one in keys) > 1:
        return None
    if not any(one is Ellipsis for one in keys):
        keys.append(Ellipsis)
    middle = next(i for i, one in enumerate(keys) if one is Ellipsis)
    rest = len(shape) - len(keys) + 1
    if rest < 0:
        return None
    keys[middle : middle + 1] = [slice(None)] * rest
    offset, extents = list[int](), list[int]()
    inside: list[Any] = []
    for one, extent in zip(keys, shape, strict=True):
        if isinstance(one, slice):
            indices = range(*one.indices(extent))
            offset.append(min(indices[0], indices[-1]) if indices else 0)
            extents.append(abs(indices[-1] - indices[0]) + 1 if indices else 0)
            inside.append(slice(None, None, indices.step if indices else None))
        elif hasattr(one, "__index__") and not isinstance(one, (bool, np.bool_)) and not getattr(one, "ndim", 0):
            index = operator.index(one)
            if not -extent <= index < extent:
                raise IndexError(f"index {index} is out of bounds for an extent of {extent}")
            offset.append(index % extent)
            extents.append(1)
            inside.append(0)
        else:
            return None
    return tuple(offset), tuple(extents), tuple(inside) if inside else (...,)
