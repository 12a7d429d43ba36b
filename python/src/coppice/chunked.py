"""Boxes in chunks, each encoded on its own (specification 4.3)."""

from __future__ import annotations

import math
import threading
from itertools import islice, product
from typing import TYPE_CHECKING

import numpy as np
import zstandard

from .blocks import Blocks, Leaf, Place
from .dtypes import raw_type
from .errors import CoppiceError, need
from .files import DataFile
from .forms import Shape, grid
from .memory import GROUP, Task, allocate, bytes_of
from .model import Array

if TYPE_CHECKING:
    from .tree import Tree

_local = threading.local()


def decode(leaf: Leaf, chunk: Shape, data: memoryview, at: str) -> Array:
    """Returns the elements of a chunk as stored (ARR-15 to ARR-17)."""
    form, size = leaf.form, math.prod(chunk) * leaf.form.width
    if len(data) == size:
        return np.frombuffer(data, raw_type(form.width)).reshape(chunk)
    code = "arrays.bad-encoding"
    try:
        frame = zstandard.get_frame_parameters(data)
        plain_frame = bytes(data[:4]) == b"\x28\xb5\x2f\xfd" and frame.content_size == size and frame.dict_id == 0
        need(plain_frame and frame.window_size <= 2**23, code, at)
        if not hasattr(_local, "decoder"):
            _local.decoder = zstandard.ZstdDecompressor()
        plain = _local.decoder.decompress(data, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise CoppiceError(code, at, str(error)) from None
    except MemoryError:
        raise CoppiceError("limit.memory", at, f"a chunk of {size} bytes") from None
    need(len(plain) == size, code, at)
    elements = np.frombuffer(plain, np.uint8)
    if "shuffle" in form.filters and form.width > 1:
        elements = np.ascontiguousarray(elements.reshape(form.width, -1).T).reshape(-1)
    return elements.view(raw_type(form.width)).reshape(chunk)


class Chunked:
    """A box in chunks."""

    def __init__(self, tree: Tree, leaf: Leaf, place: Place, verify: bool) -> None:
        """Finds the blocks of the box."""
        self.blocks: Blocks = tree.blocks(place.file)
        self.file: DataFile = tree.data_file(place.file)
        self.leaf, self.place, self.verify = leaf, place, verify
        self.chunk = leaf.form.chunk_of(place.box.shape)
        self.grid = grid(place.box.shape, self.chunk)

    def shares(self, low: Shape, high: Shape, target: Array) -> list[Task]:
        """Returns the tasks that fill an array with a region of the box, each with chunks of about 1 MiB."""
        ranges = [range(a // n, -(-b // n)) for a, b, n in zip(low, high, self.chunk, strict=True)]
        cells = product(*ranges)
        each = max(GROUP // (math.prod(self.chunk) * self.leaf.form.width), 1)
        count = math.prod(map(len, ranges))

        def share(own: list[Shape]) -> Task:
            def copy_cells() -> None:
                for cell in own:
                    self.cell(cell, low, high, target)

            return copy_cells

        return [share(list(islice(cells, each))) for _ in range(0, count, each)]

    def cell(self, cell: Shape, low: Shape, high: Shape, target: Array) -> None:
        """Copies the elements of a chunk that lie in the region."""
        index = 0
        for extent, i in zip(self.grid, cell, strict=True):
            index = index * extent + i
        plain = self.read(self.place.first + index)
        corner = [i * n for i, n in zip(cell, self.chunk, strict=True)]
        self.check_padding(plain, corner)
        source, into = [], []
        for a, n, start, stop in zip(corner, self.chunk, low, high, strict=True):
            first, last = max(a, start), min(a + n, stop)
            source.append(slice(first - a, last - a))
            into.append(slice(first - start, last - start))
        target[tuple(into)] = plain[tuple(source)]

    def read(self, block: int) -> Array:
        """Returns a chunk of the box by the number of its block."""
        offset, size = self.blocks.offsets[block], self.blocks.sizes[block]
        data = bytes_of(allocate((size,), np.dtype(np.uint8), self.leaf.path))
        if self.verify:
            self.file.read_checked(data, offset, self.blocks.digests[block], self.leaf.path)
        else:
            self.file.read_into(data, offset)
        return decode(self.leaf, self.chunk, data, f"{self.file.path}@{offset}")

    def check_padding(self, plain: Array, corner: list[int]) -> None:
        """Checks that the bytes of a chunk outside of its box are zero (ARR-14)."""
        sides = zip(corner, self.chunk, self.place.box.shape, strict=True)
        kept = tuple(slice(0, min(n, extent - a)) for a, n, extent in sides)
        if all(side.stop == n for side, n in zip(kept, self.chunk, strict=True)):
            return
        outside = np.ones(self.chunk, bool)
        outside[kept] = False
        need(not any(plain[outside].tobytes()), "arrays.bad-encoding", self.file.path, f"padding of {self.leaf.path}")
