"""Blocks of a data file: where they lie, and whether they are those that the leaves need (specification 4.2)."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from .errors import need
from .forms import Box, LeafForm
from .jsontext import Json
from .members import Versioned, all_hexes, hexes, integers, member_names
from .model import Array


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
        self.counts: Counter[int] = Counter()
        self.known: dict[int, tuple[dict[int, int], list[tuple[int, int]]]] = {}
        self.leaves: list[Leaf] = []
        for form, path in zip(forms, paths, strict=True):
            if form.at_files is None:
                # Compared before boxes are made, since a few numbers can describe very many (ARR-11).
                need(form.count + self.counts[0] <= blocks or form.storage == "none", "arrays.block-count", form.at)
            totals, _ = self.inside(form)
            self.leaves.append(Leaf(form, path, {file: self.counts[file] for file in totals}))
            for file, count in totals.items():
                self.counts[file] += count

    def inside(self, form: LeafForm) -> tuple[dict[int, int], list[tuple[int, int]]]:
        """Returns the blocks of a form in each data file, and of each box the file and the blocks before it there."""
        if id(form) not in self.known:
            totals: dict[int, int] = {}
            firsts = []
            for cells, file in zip(form.cells, form.at_files or [0] * form.count, strict=True):
                firsts.append((file, totals.get(file, 0)))
                totals[file] = totals.get(file, 0) + cells
            self.known[id(form)] = totals, firsts
        return self.known[id(form)]

    def places(self, leaf: Leaf) -> list[Place]:
        """Returns the places of all boxes of a leaf."""
        _, firsts = self.inside(leaf.form)
        boxes = zip(leaf.form.boxes, leaf.form.cells, firsts, strict=True)
        return [Place(box, cells, file, leaf.starts[file] + first) for box, cells, (file, first) in boxes]


class Blocks:
    """The blocks of a data file, checked to level *structure*."""

    def __init__(self, columns: Columns, number: int, layout: Layout, file_size: int) -> None:
        """Checks the columns of the data file of a number against the leaves."""
        at, count = columns.at, layout.counts[number]
        same = len(columns.offsets) == len(columns.sizes) == len(columns.digests) == count
        need(same, "arrays.block-count", at)  # ARR-11
        self.offsets, self.sizes, self.digests = columns.offsets, columns.sizes, columns.digests
        offsets, sizes = np.array(columns.offsets, np.int64), np.array(columns.sizes, np.int64)
        low, high, follows, packed = self.expected(number, layout)
        fits = (low <= sizes) & (sizes <= high)
        need(fits.all(), "arrays.block-size", at)  # ARR-12, ARR-15
        need((offsets + sizes <= file_size).all(), "arrays.block-outside", at)  # ARR-18
        need((offsets[packed] % 64 == 0).all(), "arrays.block-alignment", at)  # ARR-8
        joined = offsets[1:] == offsets[:-1] + sizes[:-1]
        need((joined | ~follows[1:]).all(), "arrays.block-split", at)  # ARR-45
        order = np.lexsort((sizes, offsets))
        begins, ends = offsets[order], (offsets + sizes)[order]
        need((ends[:-1] <= begins[1:]).all(), "arrays.block-overlap", at)  # ARR-19

    def expected(self, number: int, layout: Layout) -> tuple[Array, Array, Array, Array]:
        """Returns of each block the least and the greatest size, whether it follows the one before, and is packed."""
        low, high, follows, packed = list[int](), list[int](), list[bool](), list[bool]()
        for leaf in layout.leaves:
            form = leaf.form
            if number not in leaf.starts or form.storage == "none":
                continue
            files = form.at_files
            for i, (box, cells) in enumerate(zip(form.boxes, form.cells, strict=True)):
                if files is not None and files[i] != number:
                    continue
                if form.chunk is not None:
                    low += [1] * cells
                    high += [int(np.prod(form.chunk_of(box.shape), dtype=np.int64)) * form.width] * cells
                    follows += [False] * cells
                else:
                    starts = form.pieces(box.shape)
                    sizes = [starts.step] * (cells - 1) + [starts.stop - starts[-1]]
                    low += sizes
                    high += sizes
                    follows += [False] + [True] * (cells - 1)
                packed += [form.storage == "packed"] * cells
        return np.array(low, np.int64), np.array(high, np.int64), np.array(follows, bool), np.array(packed, bool)
