"""Blocks of a data file: where they lie, and whether they are those that the leaves need (specification 4.2)."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from .errors import need
from .forms import Box, LeafForm, Shape
from .jsontext import Json
from .members import Versioned, all_hexes, hexes, integers, member_names
from .model import Array

PIECE, NEXT_PIECE, PACKED, CHUNK = range(4)


class Columns(NamedTuple):
    """The columns of the blocks of a data file as its document has them, and the place of the document."""

    structure_digest: str
    offsets: list[int]
    sizes: list[int]
    digests: list[str]
    at: str


def read_columns(value: Json, at: str, document: Versioned) -> Columns:
    """Returns structure digest and columns of blocks, from an element of `files` or from an index (ARR-9)."""
    structure, here = hexes(value["structure_digest"], at + "/structure_digest"), at + "/blocks"
    columns = member_names(value["blocks"], ["offset", "size", "digest"], [], here, document)
    offsets, sizes = integers(columns["offset"], here), integers(columns["size"], here)
    return Columns(structure, offsets, sizes, all_hexes(columns["digest"], here), here)


class Leaf(NamedTuple):
    """A leaf: its form, the text of its path, and the number of its first block in each data file that it has."""

    form: LeafForm
    path: str
    starts: dict[int, int]


class Place(NamedTuple):
    """The place of a box: its data file, and its first block there."""

    box: Box
    cells: int
    file: int
    first: int


class Layout:
    """The order of blocks in data files, which follows from the leaves (ARR-10)."""

    def __init__(self, forms: list[LeafForm], paths: list[str], blocks: int) -> None:
        """Counts the blocks of all leaves; `blocks` is the number that `arrays.h5` has."""
        self.counts: dict[int, int] = {0: 0}
        self.leaves: list[Leaf] = []
        counts = self.counts
        for form, path in zip(forms, paths, strict=True):
            if form.at_files is None and form.is_sharded:
                # Compared before boxes are made, since a few numbers can describe very many (ARR-11).
                need(form.count + counts[0] <= blocks, "arrays.block-count", form.at)
            starts = {}
            for file, count in form.totals.items():
                starts[file] = start = counts.get(file, 0)
                counts[file] = start + count
            self.leaves.append(Leaf(form, path, starts))

    def places(self, leaf: Leaf) -> list[Place]:
        """Returns the places of all boxes of a leaf."""
        boxes = zip(leaf.form.boxes, leaf.form.cells, leaf.form.firsts, strict=True)
        return [Place(box, cells, file, leaf.starts[file] + first) for box, cells, (file, first) in boxes]


def places_in(leaf: Leaf, offset: Shape, shape: Shape) -> Iterator[Place]:
    """Iterates over the places of the boxes of a leaf that share elements with a region, which has some."""
    form = leaf.form
    sides = list(zip(form.sides, offset, shape, strict=True))
    for cell in product(*(range(bisect_right(side, a) - 1, bisect_left(side, a + n)) for side, a, n in sides)):
        index = 0
        for i, side in zip(cell, form.sides, strict=True):
            index = index * (len(side) - 1) + i
        pairs = [(side[i], side[i + 1]) for i, side in zip(cell, form.sides, strict=True)]
        box = Box(tuple(a for a, _ in pairs), tuple(b - a for a, b in pairs))
        file, first = form.firsts[index]
        yield Place(box, form.cells[index], file, leaf.starts[file] + first)


class Blocks:
    """The blocks of a data file, checked to level *structure*."""

    def __init__(self, columns: Columns, number: int, layout: Layout, file_size: int) -> None:
        """Checks the columns of the data file of a number against the leaves."""
        at, count = columns.at, layout.counts.get(number, 0)
        same = len(columns.offsets) == len(columns.sizes) == len(columns.digests) == count
        need(same, "arrays.block-count", at)  # ARR-11
        self.offsets, self.sizes, self.digests = columns.offsets, columns.sizes, columns.digests
        offsets, sizes = np.array(columns.offsets, np.int64), np.array(columns.sizes, np.int64)
        most, kinds = self.expected(number, layout)
        fits = np.where(kinds == CHUNK, (sizes >= 1) & (sizes <= most), sizes == most)
        need((offsets[kinds == PACKED] % 64 == 0).all(), "arrays.block-alignment", at)  # ARR-8
        need(fits.all(), "arrays.block-size", at)  # ARR-12, ARR-15
        joined = offsets[1:] == offsets[:-1] + sizes[:-1]
        need((joined | (kinds[1:] != NEXT_PIECE)).all(), "arrays.block-split", at)  # ARR-45
        need((offsets + sizes <= file_size).all(), "arrays.block-outside", at)  # ARR-18
        order = np.lexsort((sizes, offsets))
        begins, ends = offsets[order], (offsets + sizes)[order]
        need((ends[:-1] <= begins[1:]).all(), "arrays.block-overlap", at)  # ARR-19

    def expected(self, number: int, layout: Layout) -> tuple[Array, Array]:
        """Returns the greatest size and the kind of each block."""
        sizes, kinds = list[int](), list[int]()
        for form, _, starts in layout.leaves:
            if number not in starts:
                continue
            if form.is_one_block:
                sizes.append(form.nbytes)
                kinds.append(PACKED if form.storage == "packed" else PIECE)
                continue
            for box, cells, (file, _) in zip(form.boxes, form.cells, form.firsts, strict=True):
                if file != number or not cells:
                    continue
                if form.chunk is not None:
                    sizes += [math.prod(form.chunk_of(box.shape)) * form.width] * cells
                    kinds += [CHUNK] * cells
                else:
                    begins = form.pieces(box.shape)
                    sizes += [begins.step] * (cells - 1) + [begins.stop - begins[-1]]
                    kinds += [PIECE] + [NEXT_PIECE] * (cells - 1)
        return np.array(sizes, np.int64), np.array(kinds, np.int8)
