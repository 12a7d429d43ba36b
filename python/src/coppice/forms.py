"""Forms of leaves: everything that an element of `leaves` says (specification 4.1, 4.3 and 5.2)."""

from __future__ import annotations

import math
from functools import cached_property
from itertools import pairwise, product
from typing import NamedTuple

from .documents import Document
from .dtypes import WIDTHS
from .errors import CoppiceError, need
from .jsontext import Json
from .members import integer, integers, member_names, typed
from .texts import check_shape

Shape = tuple[int, ...]
MEMBERS = {"dtype": str, "storage": str, "chunks": dict, "shards": dict, "prng": str}


class Box(NamedTuple):
    """A region of an array, which is stored as one."""

    offset: Shape
    shape: Shape


def grid(box: Shape, chunk: Shape) -> Shape:
    """Returns the number of cells in each dimension (ARR-13)."""
    return tuple(-(-extent // part) for extent, part in zip(box, chunk, strict=True))


class LeafForm:
    """The form of a leaf, checked. Leaves whose elements of `leaves` are equal share one."""

    def __init__(self, value: Json, at: str, document: Document, piece_size: int | None, structure: bool) -> None:
        """Reads an element of `leaves`; without `structure` the grid of shards is not judged."""
        optional = ["chunks", "shards", "placement", "sharding", "prng"]
        member_names(value, ["dtype", "shape", "storage"], optional, at, document)
        for name, kind in MEMBERS.items():  # VAL-8
            typed(value.get(name, kind()), kind, f"{at}/{name}")
        self.at = at
        self.sharding = integer(value["sharding"], at + "/sharding") if "sharding" in value else None
        self.placement = integer(value["placement"], at + "/placement") if "placement" in value else None
        self.dtype: str = value["dtype"]
        need(self.dtype in WIDTHS, "arrays.unknown-dtype", at, self.dtype[:40])
        self.width = WIDTHS[self.dtype]
        self.shape = check_shape(value["shape"], at + "/shape")
        self.storage: str = value["storage"]
        self.check_storage(value)
        self.prng: str | None = value.get("prng")
        need(self.prng is None or (self.prng and self.dtype == "uint32"), "arrays.bad-prng", at)  # MOD-14
        self.is_sharded = "shards" in value
        self.sides: list[list[int]] = [[0, extent] for extent in self.shape]
        if self.is_sharded:
            shards = member_names(value["shards"], ["grid"], [], at + "/shards", document)
            try:
                self.read_shards(shards["grid"])
            except CoppiceError as error:
                if structure or error.code != "sharding.bad-shards":
                    raise
        self.chunk: Shape | None = None
        self.filters: list[str] = []
        if self.storage == "chunked":
            self.read_chunks(member_names(value["chunks"], ["shape", "filters"], [], at + "/chunks", document))
        self.piece = piece_size if self.storage == "contiguous" else None
        self.at_files: list[int] | None = None  # the data file of each box, where a placement says it (SHD-17)

    def check_storage(self, value: Json) -> None:
        """Checks that the storage is known and fits (ARR-1, ARR-3, ARR-5, ARR-8)."""
        storage, code = self.storage, "arrays.bad-storage"
        need(storage in ("contiguous", "packed", "chunked", "none"), code, self.at)
        need((storage == "none") == (0 in self.shape), code, self.at)
        need((storage == "chunked") == ("chunks" in value), code, self.at)
        need("shards" not in value or storage in ("contiguous", "chunked"), code, self.at)
        need("placement" not in value or storage != "none", code, self.at)

    def read_shards(self, elements: Json) -> None:
        """Reads the grid of shards, and refuses too many before it makes any."""
        at, code, sides, count = self.at + "/shards/grid", "sharding.bad-shards", [], 1
        need(len(typed(elements, list, at)) == len(self.shape), code, at)  # SHD-13
        for i, (element, extent) in enumerate(zip(elements, self.shape, strict=True)):  # SHD-14
            cuts: list[int] | range
            if isinstance(element, list):
                cuts = integers(element, f"{at}/{i}")
                rising = all(a < b for a, b in zip([0, *cuts], cuts, strict=False))
                need(cuts and cuts[-1] < extent and rising, code, at)
                need(cuts != list(range(cuts[0], extent, cuts[0])), code, at, "a number says the same")
            else:
                cell = integer(element, f"{at}/{i}")
                need(1 <= cell <= extent, code, at)
                cuts = range(cell, extent, cell)
            count *= len(cuts) + 1
            need(count <= 2**20, code, at)  # SHD-15
            sides.append([0, *cuts, extent])
        self.sides = sides

    def read_chunks(self, chunks: Json) -> None:
        """Reads the shape of chunks and their filters."""
        at, code = self.at, "arrays.bad-chunk"
        self.chunk = chunk = tuple(integers(chunks["shape"], at + "/chunks/shape"))
        here = at + "/chunks/filters"
        self.filters = [typed(name, str, here) for name in typed(chunks["filters"], list, here)]
        need(self.filters in (["zstd"], ["shuffle", "zstd"]), code, at)  # ARR-7
        need(len(chunk) == len(self.shape) > 0 and min(chunk) > 0, code, at)
        need(all(part <= extent for part, extent in zip(chunk, self.shape, strict=True)), code, at)  # ARR-6
        need(math.prod(chunk) * self.width < 2**32, code, at)  # ARR-14

    @property
    def count(self) -> int:
        """The number of boxes."""
        return math.prod(len(side) - 1 for side in self.sides)

    @cached_property
    def nbytes(self) -> int:
        """The number of bytes of all elements."""
        return math.prod(self.shape) * self.width

    @cached_property
    def is_one_block(self) -> bool:
        """Whether the array is one block, whose bytes are its elements."""
        plain = self.chunk is None and not self.is_sharded and self.storage != "none"
        return plain and (self.piece is None or self.nbytes <= self.piece)

    @cached_property
    def boxes(self) -> list[Box]:
        """The boxes, in C order."""
        if not self.is_sharded:
            return [Box((0,) * len(self.shape), self.shape)]
        pairs = [list(pairwise(side)) for side in self.sides]
        return [Box(tuple(a for a, _ in box), tuple(b - a for a, b in box)) for box in product(*pairs)]

    def chunk_of(self, box: Shape) -> Shape:
        """Returns the shape of the chunks of a box (ARR-46)."""
        return tuple(min(part, extent) for part, extent in zip(self.chunk or (), box, strict=True))

    def pieces(self, box: Shape) -> range:
        """Returns where the blocks of an uncoded box begin in its bytes (ARR-12, ARR-44)."""
        size = math.prod(box) * self.width
        return range(0, size, self.piece or max(size, 1))

    def cells_of(self, box: Shape) -> int:
        """Returns the number of blocks of a box (ARR-11)."""
        if self.storage == "none":
            return 0
        return len(self.pieces(box)) if self.chunk is None else math.prod(grid(box, self.chunk_of(box)))

    @cached_property
    def cells(self) -> list[int]:
        """The number of blocks of each box."""
        if not self.is_sharded:
            return [self.cells_of(self.shape)]
        return [self.cells_of(box.shape) for box in self.boxes]

    @cached_property
    def totals(self) -> dict[int, int]:
        """The number of blocks in each data file that has boxes of the array."""
        if self.at_files is None:
            return {0: sum(self.cells)}
        totals: dict[int, int] = {}
        for cells, file in zip(self.cells, self.at_files, strict=True):
            totals[file] = totals.get(file, 0) + cells
        return totals

    @cached_property
    def firsts(self) -> list[tuple[int, int]]:
        """The data file of each box, and the number of blocks of this array before it there."""
        totals: dict[int, int] = {}
        firsts = []
        for cells, file in zip(self.cells, self.at_files or [0] * self.count, strict=True):
            firsts.append((file, totals.get(file, 0)))
            totals[file] = firsts[-1][1] + cells
        return firsts
