"""Checks of the members and types of JSON documents."""

from __future__ import annotations

import re
from typing import Protocol

from .errors import need
from .jsontext import Float, Int, Json

MAX = 2**53 - 1
DIGEST = re.compile(r"[0-9a-f]{16}\Z")
DIGESTS = re.compile(r"[0-9a-f]*\Z")
INTEGER = re.compile(r"(?:0|-?[1-9][0-9]*)\Z")


class Versioned(Protocol):
    """A document that knows whether its minor version is later than this reader's, and takes warnings."""

    minor: int
    warnings: list[tuple[str, str]]


def integer(value: Json, at: str, low: int = 0) -> int:
    """Returns a value that must be an integer, `low` or greater (MET-7)."""
    if type(value) is not int:
        need(isinstance(value, (Int, Float)), "json.type", at, "not a number")
        need(INTEGER.match(value.text), "json.type", at, "not an integer")
    need(low <= value <= MAX and value >= -MAX, "json.number-range", at)
    return int(value)


def typed(value: Json, kind: type, at: str) -> Json:
    """Returns a value that must be of a type."""
    fits = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    need(fits, "json.type", at, f"not {kind.__name__}")
    return value


def integers(value: Json, at: str) -> list[int]:
    """Returns an array that must have integers alone, 0 or greater."""
    typed(value, list, at)
    if set(map(type, value)) == {int} and min(value) >= 0 and max(value) <= MAX:
        return list(value)
    return [integer(item, f"{at}/{i}") for i, item in enumerate(value)]


def hexes(value: Json, at: str) -> str:
    """Returns a string that must be a digest (MET-13)."""
    need(DIGEST.match(typed(value, str, at)), "json.type", at, "not a digest")
    return str(value)


def all_hexes(value: Json, at: str) -> list[str]:
    """Returns an array that must have digests alone."""
    typed(value, list, at)
    if set(map(type, value)) == {str} and set(map(len, value)) == {16} and DIGESTS.match("".join(value)):
        return list(value)
    return [hexes(item, at) for item in value]


def member_names(value: Json, required: list[str], optional: list[str], at: str, document: Versioned) -> Json:
    """Returns an object that must have the required members and no unknown ones (VER-7)."""
    typed(value, dict, at)
    for name in required:
        need(name in value, "json.missing-member", at, name)
    for name in set(value).difference(required, optional):
        need(document.minor > 0, "json.unknown-member", at, name)
        document.warnings.append(("versioning.ignored-member", f"{at}/{name}"))
    return value
