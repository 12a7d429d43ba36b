"""Containers and arrays that Python and NumPy do not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


class Record:
    """A container with a type name and named fields, in order: `record.type`, `record["mu"]`, `record.fields`."""

    def __init__(self, type: str, fields: dict[str, Any]) -> None:
        """Makes a record."""
        self.type, self.fields = type, fields

    def __getitem__(self, name: str) -> Any:
        """Returns the value of a field."""
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        """Iterates over the names of the fields."""
        return iter(self.fields)

    def __len__(self) -> int:
        """Returns the number of fields."""
        return len(self.fields)

    def __eq__(self, other: object) -> bool:
        """Whether another record has the same type and fields."""
        return isinstance(other, Record) and (self.type, self.fields) == (other.type, other.fields)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Returns the type and the fields."""
        return f"Record({self.type!r}, {self.fields!r})"


class TextArray(Array):
    """An array of `str` or `bytes` objects; `is_bytes` tells which, even where it is empty."""

    is_bytes = False


def text_array(items: list[Any], shape: tuple[int, ...], is_bytes: bool) -> TextArray:
    """Makes an array of texts in C order."""
    plain = np.empty(len(items), object)
    plain[:] = items
    array = plain.reshape(shape).view(TextArray)
    array.is_bytes = is_bytes
    return array
