"""Boxes whose bytes lie in a data file as they are (specification 4.2)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .blocks import Leaf, Place
from .dtypes import raw_type
from .files import STREAM
from .forms import Shape
from .memory import SHARE, Task, bytes_of
from .model import Array

if TYPE_CHECKING:
    from .tree import Tree


class Uncoded:
    """A box whose bytes lie in a data file as they are, in one block or in pieces that follow each other."""

    def __init__(self, tree: Tree, leaf: Leaf, place: Place, verify: bool) -> None:
        """Finds the blocks of the box."""
        blocks = tree.blocks(place.file)
        self.file, self.path, self.verify = tree.data_file(place.file), leaf.path, verify
        self.shape, self.width = place.box.shape, leaf.form.width
        self.size = math.prod(self.shape) * self.width
        self.piece = leaf.form.piece or self.size
        self.offset = blocks.offsets[place.first]
        self.digests = blocks.digests[place.first : place.first + place.cells]
        self.checked: set[int] = set()

    def into(self, view: memoryview, start: int) -> None:
        """Fills a view with the bytes of the box from `start` on, all of whose blocks are checked."""
        if not self.verify:
            return self.file.read_into(view, self.offset + start)
        end = start + len(view)
        for i in range(start // self.piece, -(-end // self.piece)):
            begin, stop = i * self.piece, min((i + 1) * self.piece, self.size)
            if start <= begin and stop <= end:
                part = view[begin - start : stop - start]
                self.file.read_checked(part, self.offset + begin, self.digests[i], self.path)
                continue
            if i not in self.checked:
                self.file.check(self.offset + begin, stop - begin, self.digests[i], self.path)
                self.checked.add(i)
            first, last = max(start, begin), min(end, stop)
            self.file.read_into(view[first - start : last - start], self.offset + first)

    def shares(self, target: Array) -> list[Task]:
        """Returns the tasks that fill a contiguous array with the whole box."""
        view, step = bytes_of(target), max(SHARE // self.piece, 1) * self.piece
        if not self.verify:
            step = SHARE

        def share(start: int) -> Task:
            return lambda: self.into(view[start : start + step], start)

        return [share(start) for start in range(0, self.size, step)]

    def copy(self, base: int, shape: Shape, low: Shape, high: Shape, target: Array) -> None:
        """Fills an array with a region of a part of the box, which has a shape and begins at `base`.

        What is read for a moment has at most 4 MiB, and no block is read that has none of the wanted elements.
        """
        if target.flags.c_contiguous and (not shape or (low[1:] == (0,) * len(low[1:]) and high[1:] == shape[1:])):
            row = math.prod(shape[1:]) * self.width
            return self.into(bytes_of(target), base + (low[0] * row if shape else 0))
        row = math.prod(shape[1:]) * self.width
        first = self.distance(shape[1:], low[1:])
        last = self.distance(shape[1:], tuple(n - 1 for n in high[1:])) + self.width
        sparse = row > 2**16 and (last - first) * 8 < row
        if len(shape) > 1 and (sparse or row > STREAM or (self.verify and row > self.piece)):
            for i in range(low[0], high[0]):
                self.copy(base + i * row, shape[1:], low[1:], high[1:], target[i - low[0]])
            return
        key = (slice(None), *(slice(a, b) for a, b in zip(low[1:], high[1:], strict=True)))
        rows = max(STREAM // row, 1)
        buffer = np.empty(min(rows, high[0] - low[0]) * row, np.uint8)
        for i in range(low[0], high[0], rows):
            count = min(rows, high[0] - i)
            part = buffer.data[first : (count - 1) * row + last]
            self.into(part, base + i * row + first)
            whole = buffer[: count * row].view(raw_type(self.width)).reshape(count, *shape[1:])
            target[i - low[0] : i - low[0] + count] = whole[key]

    def distance(self, shape: Shape, index: Shape) -> int:
        """Returns where an element lies in the bytes of a shape."""
        place = 0
        for extent, i in zip(shape, index, strict=True):
            place = place * extent + i
        return place * self.width
