"""The HDF5 file of a tree of version 0, `arrays.h5` (specification 0, 2.2 and 2.3)."""

from __future__ import annotations

import os
from typing import Any

import h5py
import numpy as np
from h5py import h5a, h5d, h5f, h5g, h5i, h5l, h5o, h5s, h5t

from ..dtypes import finish, raw_type
from ..errors import CoppiceError, need
from ..model import Array
from .metadata import DTYPES, NARROW, Described, split

MISMATCH = "arrays.hdf5-mismatch"
FLOATS = {"float16": h5t.IEEE_F16LE, "float32": h5t.IEEE_F32LE, "float64": h5t.IEEE_F64LE}
TYPES = {
    **{f"int{bits}": getattr(h5t, f"STD_I{bits}LE") for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": getattr(h5t, f"STD_U{bits}LE") for bits in (8, 16, 32, 64)},
    **FLOATS,
}


def mark(path: str) -> bool | None:
    """Whether a file has the mark of version 0; None where it is no HDF5 file (V0-7)."""
    try:
        root = h5g.open(h5f.open(os.fsencode(path), h5f.ACC_RDONLY), b"/")
    except Exception:
        return None
    try:
        attribute = h5a.open(root, b"coppice_version")
        value = np.zeros((), np.int64)
        points = attribute.get_space().get_simple_extent_npoints()
        if attribute.get_type().get_class() != h5t.INTEGER or points != 1:
            return False
        attribute.read(value)
        return bool(value == 0)
    except Exception:
        return False


def type_name(kind: Any) -> str | None:
    """Returns the dtype that a datatype has under its own name; None where there is none."""
    if kind.get_class() == h5t.ENUM:
        members = sorted((kind.get_member_name(i), kind.get_member_value(i)) for i in range(kind.get_nmembers()))
        is_bool = members == [(b"FALSE", 0), (b"TRUE", 1)] and kind.get_super().equal(h5t.STD_I8LE)
        return "bool" if is_bool else None
    if kind.get_class() == h5t.COMPOUND:
        return complex_name(kind)
    return next((name for name, other in TYPES.items() if kind.equal(other)), None)


def complex_name(kind: Any) -> str | None:
    """Returns the complex dtype of a compound datatype; None where it is another."""
    if [kind.get_member_name(i) for i in range(kind.get_nmembers())] != [b"r", b"i"]:
        return None
    half = kind.get_member_type(0)
    width = half.get_size()
    places = [kind.get_member_offset(0), kind.get_member_offset(1), kind.get_size()]
    if places != [0, width, 2 * width] or not half.equal(kind.get_member_type(1)):
        return None
    return "complex64" if half.equal(h5t.IEEE_F32LE) else "complex128" if half.equal(h5t.IEEE_F64LE) else None


class Arrays:
    """The datasets of one file by path; groups by path with the names in them."""

    def __init__(self, top: str, place: str) -> None:
        """Opens the file of a tree in a place of the directory `top`, and finds what is in it."""
        self.at = place + "arrays.h5"
        self.datasets: dict[str, Any] = {}
        self.groups: dict[str, list[str]] = {}
        self.places: list[tuple[int, int]] = []
        self.path = os.path.join(top, place, "arrays.h5")
        self.size = os.path.getsize(self.path)
        self.seen: set[Any] = set()
        try:
            self.file = h5f.open(os.fsencode(self.path), h5f.ACC_RDONLY)
        except Exception as error:
            raise CoppiceError(MISMATCH, self.at, str(error)) from None
        need(mark(self.path), "versioning.not-coppice", self.at)
        try:
            self.walk(h5g.open(self.file, b"/"), ())
        except CoppiceError:
            raise
        except Exception as error:
            raise CoppiceError(MISMATCH, self.at, str(error)) from None

    def walk(self, group: Any, above: tuple[str, ...]) -> None:
        """Finds the objects below a group."""
        self.once(group)
        names: list[bytes] = []
        group.links.iterate(lambda name: names.append(name))
        self.groups["/".join(above)] = keys = []
        for name in sorted(names):
            need(group.links.get_info(name).type == h5l.TYPE_HARD, MISMATCH, self.at, f"a link: {name!r}")
            key = name.decode()
            path = above + tuple(split(key, self.at))
            need(len(path) <= 128, "model.too-deep", self.at)
            keys.append(key)
            inner = h5o.open(group, name)
            if h5i.get_type(inner) == h5i.GROUP:
                self.walk(inner, path)
            else:
                need(h5i.get_type(inner) == h5i.DATASET, MISMATCH, self.at, "neither group nor dataset")
                self.once(inner)
                need(len(self.datasets) < 2**22, "model.too-many-leaves", self.at)
                self.datasets["/".join(path)] = inner

    def once(self, thing: Any) -> None:
        """Checks that no other link leads to an object (V0-17)."""
        info = h5o.get_info(thing)
        need(info.addr not in self.seen, MISMATCH, self.at, "an object with two links")
        self.seen.add(info.addr)

    def stated(self, dataset: Any) -> str | None:
        """Returns the attribute `dtype` of a dataset (V0-19)."""
        if not h5a.exists(dataset, b"dtype"):
            return None
        attribute = h5a.open(dataset, b"dtype")
        is_scalar = attribute.get_space().get_simple_extent_type() == h5s.SCALAR
        is_text = attribute.get_type().get_class() == h5t.STRING
        need(is_text and is_scalar, MISMATCH, self.at, "the attribute dtype")
        value = h5py.Dataset(dataset).attrs["dtype"]
        return value.decode() if isinstance(value, bytes) else str(value)

    def load(self, path: str, wanted: Described | None = None) -> Array:
        """Returns the array at a path, as metadata describe it; without them, as HDF5 does."""
        dataset, here = self.datasets[path], f"{self.at} ({path})"
        try:
            name, shape = self.form(dataset, here, wanted)
            width, points = dataset.get_type().get_size(), dataset.get_space().get_simple_extent_npoints()
            data = self.elements(dataset, here, points * width)
        except CoppiceError:
            raise
        except Exception as error:
            raise CoppiceError(MISMATCH, here, str(error)) from None
        need(name != "bool" or not data.strip(b"\0\1"), "arrays.bad-element", here)  # V0-21
        return finish(np.frombuffer(bytearray(data), raw_type(width)).reshape(shape), name)

    def form(self, dataset: Any, here: str, wanted: Described | None) -> tuple[str, tuple[int, ...]]:
        """Returns dtype and shape of a dataset, which must be those of its description."""
        space, own, stated = dataset.get_space(), type_name(dataset.get_type()), self.stated(dataset)
        is_null = space.get_simple_extent_type() == h5s.NULL
        shape = () if is_null else tuple(space.get_simple_extent_dims())
        if wanted is None:
            need(not is_null and len(shape) <= 32, "arrays.bad-shape", here)
            name = stated or own or ""
            need(name in DTYPES, "arrays.unknown-dtype", here, name)
            need(own == NARROW.get(name, name), MISMATCH, here, "datatype")
            return name, shape
        name = wanted.dtype
        need(own is not None, "arrays.unknown-dtype", here)
        need(own == NARROW.get(name, name) and stated in (None, name), MISMATCH, here, "datatype")
        need(not is_null and shape == wanted.shape, MISMATCH, here, "shape")
        return name, shape

    def elements(self, dataset: Any, here: str, size: int) -> bytes:
        """Returns the bytes of the elements of a dataset (V0-20)."""
        plist = dataset.get_create_plist()
        layout = plist.get_layout()
        plain = layout in (h5d.CONTIGUOUS, h5d.COMPACT) and plist.get_external_count() == 0
        need(plain, "arrays.bad-storage", here)
        if size == 0:
            return b""
        if layout == h5d.COMPACT:
            kind, shape = dataset.get_type(), dataset.get_space().get_simple_extent_dims()
            data = np.empty(shape, f"V{kind.get_size()}")
            dataset.read(h5s.ALL, h5s.ALL, data, mtype=kind)
            return data.tobytes()
        offset = dataset.get_offset()
        need(offset is not None, "arrays.bad-storage", here, "no elements were written")
        need(offset + size <= self.size, MISMATCH, here, "outside of the file")
        self.places.append((offset, size))
        with open(self.path, "rb") as file:
            file.seek(offset)
            return file.read(size)

    def check_places(self) -> None:
        """Checks that no two datasets share bytes."""
        end = 0
        for offset, size in sorted(self.places):
            need(offset >= end, "arrays.block-overlap", self.at)
            end = offset + size
