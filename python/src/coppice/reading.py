"""Reading of arrays from their blocks (specification 4.5 and 5.4)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from .blocks import Leaf, places_in
from .chunked import Chunked
from .dtypes import finish, has_bad_element, numpy_type, raw_type
from .errors import need
from .files import digest
from .forms import Shape
from .memory import GROUP, SMALL, Task, allocate, run
from .model import Array
from .uncoded import Uncoded

if TYPE_CHECKING:
    from .tree import Tree


def region_tasks(tree: Tree, leaf: Leaf, offset: Shape, target: Array, verify: bool) -> list[Task]:
    """Returns the tasks that fill an array with the box that begins at an offset (SHD-12)."""
    tasks: list[Task] = []
    for place in places_in(leaf, offset, target.shape):
        start, shape = place.box
        inside = [(max(a, b), min(a + n, b + m)) for a, n, b, m in zip(offset, target.shape, start, shape, strict=True)]
        low = tuple(a - b for (a, _), b in zip(inside, start, strict=True))
        high = tuple(c - b for (_, c), b in zip(inside, start, strict=True))
        index: Any = (*(slice(a - b, c - b) for (a, c), b in zip(inside, offset, strict=True)), ...)
        part = target[index]
        if leaf.form.chunk is not None:
            tasks += Chunked(tree, leaf, place, verify).shares(low, high, part)
            continue
        box = Uncoded(tree, leaf, place, verify)
        if part.flags.c_contiguous and high == shape and not any(low):
            tasks += box.shares(part)
        else:
            tasks.append(copying(box, low, high, part))
    return tasks


def copying(box: Uncoded, low: Shape, high: Shape, target: Array) -> Task:
    """Returns the task that copies a region of a box."""
    return lambda: box.copy(0, box.shape, low, high, target)


def finished(raw: Array, leaf: Leaf) -> Array:
    """Returns elements as stored in their dtype (MOD-12)."""
    need(not has_bad_element(raw, leaf.form.dtype), "arrays.bad-element", leaf.path or leaf.form.at)
    return finish(raw, leaf.form.dtype)


def read_box(tree: Tree, leaf: Leaf, offset: Shape, shape: Shape, verify: bool) -> Array:
    """Returns a box of the array of a leaf."""
    raw = allocate(shape, raw_type(leaf.form.width), leaf.path)
    if raw.size:
        run(region_tasks(tree, leaf, offset, raw, verify), raw.nbytes)
    return finished(raw, leaf)


def read_arrays(tree: Tree, leaves: Iterable[Leaf], verify: bool) -> list[Array]:
    """Returns the arrays of leaves; small ones that are neighbours in a file are read together."""
    wanted = list(leaves)
    result: list[Array] = [np.empty(0)] * len(wanted)
    tasks: list[Task] = []
    small: dict[int, list[tuple[int, int]]] = {}
    offsets: dict[int, list[int]] = {}
    large: list[tuple[int, Array]] = []
    total = 0
    for i, leaf in enumerate(wanted):
        form = leaf.form
        total += form.nbytes
        if form.nbytes <= SMALL and form.is_one_block:
            ((file, first),) = leaf.starts.items()
            if file not in small:
                small[file], offsets[file] = [], tree.blocks(file).offsets
            small[file].append((offsets[file][first], i))
            continue
        raw = allocate(form.shape, raw_type(form.width), leaf.path)
        large.append((i, raw))
        if raw.size:
            tasks += region_tasks(tree, leaf, (0,) * raw.ndim, raw, verify)
    for file, places in small.items():
        tasks += small_tasks(tree, wanted, file, sorted(places), verify, result)
    run(tasks, total)
    for i, raw in large:
        result[i] = finished(raw, wanted[i])
    return result


def small_tasks(
    tree: Tree, leaves: list[Leaf], number: int, places: list[tuple[int, int]], verify: bool, result: list[Array]
) -> list[Task]:
    """Returns the tasks that read leaves of one block each, given by offset and index, by groups of about 1 MiB."""
    blocks, file = tree.blocks(number), tree.data_file(number)
    groups: list[list[tuple[int, int]]] = []
    begin = end = 0
    for offset, i in places:
        if not groups or offset > end + 2**12 or offset - begin > GROUP:
            groups.append([])
            begin = offset
        groups[-1].append((offset, i))
        end = offset + leaves[i].form.nbytes

    def read(group: list[tuple[int, int]]) -> None:
        start, stop = group[0][0], group[-1][0] + leaves[group[-1][1]].form.nbytes
        buffer = np.empty(stop - start, np.uint8)
        view = buffer.data
        file.read_into(view, start)
        for offset, i in group:
            leaf = leaves[i]
            form, low = leaf.form, offset - start
            high = low + form.nbytes
            if verify:
                file.need_digest(digest(view[low:high]), offset, blocks.digests[leaf.starts[number]], leaf.path)
            own = buffer[low:high].copy().view(raw_type(form.width)).reshape(form.shape)
            result[i] = finished(own, leaf)

    def share(group: list[tuple[int, int]]) -> Task:
        return lambda: read(group)

    return [share(group) for group in groups]


def mapped(tree: Tree, leaf: Leaf, verify: bool) -> Array:
    """Returns the array of a leaf as a read-only view of its file."""
    form = leaf.form
    places = tree.layout.places(leaf)
    plain = form.chunk is None and len(places) == 1 and form.dtype not in ("int2", "int4", "uint2", "uint4")
    if not plain:
        raise ValueError(f"{leaf.path} can't be mapped, since it is not stored as it is in memory; read it")
    if form.storage == "none":
        return np.empty(form.shape, numpy_type(form.dtype))
    box = Uncoded(tree, leaf, places[0], verify)
    if verify:
        for start, expected in zip(range(0, box.size, box.piece), box.digests, strict=True):
            box.file.check(box.offset + start, min(box.piece, box.size - start), expected, leaf.path)
    with os.fdopen(os.dup(box.file.fd), "rb") as file:
        view = np.memmap(file, raw_type(form.width), "r", box.offset, form.shape)
    return view.view(numpy_type(form.dtype))
