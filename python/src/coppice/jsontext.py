"""Strict JSON: documents in, canonical text out (specification 3.1 and 3.2)."""

from __future__ import annotations

import json
import math
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeAlias

import numpy as np

from .errors import CoppiceError, need

Json: TypeAlias = Any
NONFINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
# The last quote is optional, so that a string without end costs linear time.
STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.S)
OTHERS = bytes(set(range(256)) - set(b'"[]{}'))
_RECURSION = threading.RLock()


class Int(int):
    """An integer of a JSON document; `text` is its spelling in the file."""

    text: str


class Float(float):
    """Any other number of a JSON document; `text` is its spelling in the file (MET-3)."""

    text: str


def whole(text: str) -> int:
    """Returns int(text) for any number of digits in reasonable time."""
    if text[0] == "-":
        return -whole(text[1:])
    half = len(text) // 2
    return int(text) if len(text) <= 4000 else whole(text[:half]) * 10 ** (len(text) - half) + whole(text[half:])


def _int(text: str) -> Int:
    value = Int(whole(text))
    value.text = text
    return value


def _float(text: str) -> Float:
    value = Float(text)
    value.text = text
    return value


class _Unusual(Exception):
    """What the quick parser leaves to the careful one."""


def _leave(_: str) -> NoReturn:
    raise _Unusual


_QUICK = json.JSONDecoder(parse_float=_leave, parse_constant=_leave)
_QUICK_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)


def decoded(data: bytes, at: str, depth: int) -> tuple[str, int]:
    """Returns the text of a document, which is UTF-8, and how deep it nests."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CoppiceError("json.encoding", at, str(error)) from None
    need(not text.startswith("\ufeff"), "json.encoding", at, "byte order mark")
    deepest = nesting(data)
    need(deepest <= depth, "json.depth", at)  # MET-11
    return text, deepest


def nesting(data: bytes) -> int:
    """Returns how deep arrays and objects nest in a text, which may be no JSON."""
    marks = data.translate(None, OTHERS).replace(b'""', b"") if b"\\" not in data else b'"'
    if b'"' in marks:  # there are escapes, or brackets in strings
        marks = STRINGS.sub(b"", data).translate(None, OTHERS)
    brackets = np.frombuffer(marks, np.uint8) | 0x20  # as those of objects
    steps = (brackets == ord("{")).astype(np.int8) - (brackets == ord("}")).astype(np.int8)
    return int(np.cumsum(steps, dtype=np.int32).max(initial=0))


def parse_plain(data: bytes, at: str, depth: int) -> Json:
    """Returns the value of a canonical document whose numbers are all integers, with plain `int`s; else None.

    The C parser and encoder of Python do this. A text that is the encoding of its own value is canonical, and has no
    name twice and no spelling such as `-0`.
    """
    text, deepest = decoded(data, at, depth)
    try:
        with deep_recursion(deepest):
            value = _QUICK.decode(text)
            return value if _QUICK_ENCODER.encode(value) == text[:-1] and text[-1:] == "\n" else None
    except (_Unusual, ValueError, RecursionError):
        return None


def parse(data: bytes, at: str, depth: int, nonfinite: bool) -> tuple[Json, bool, bool]:
    """Returns the value of a document, whether it is canonical, and whether it has NaN or infinities."""
    found: list[str] = []

    def members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        need(len({name for name, _ in pairs}) == len(pairs), "json.duplicate-name", at)  # MET-2
        return dict(pairs)

    def constant(word: str) -> Float:
        need(nonfinite, "json.syntax", at, word)  # MET-10
        found.append(word)
        value = Float(NONFINITE[word])
        value.text = word
        return value

    text, deepest = decoded(data, at, depth)
    try:
        with deep_recursion(deepest):
            value = json.loads(
                text, object_pairs_hook=members, parse_constant=constant, parse_int=_int, parse_float=_float
            )
            try:
                same = data == canonical(value)
            except UnicodeEncodeError:
                raise CoppiceError("json.encoding", at, "half a surrogate pair") from None
    except ValueError as error:
        raise CoppiceError("json.syntax", at, str(error)) from None
    return value, same, bool(found)


@contextmanager
def deep_recursion(levels: int) -> Iterator[None]:
    """Lets functions call each other as deep as a document with so many levels needs."""
    if levels <= 100:
        yield
        return
    with _RECURSION:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, 6000))
        try:
            yield
        finally:
            sys.setrecursionlimit(limit)


def write(value: Json, order: bool = True) -> str:
    """Returns the text of a value in canonical form, or with members in the order that they have."""
    parts: list[str] = []
    _write(value, order, parts.append)
    return "".join(parts)


def _write(value: Json, order: bool, put: Callable[[str], None]) -> None:
    # Without generators, whose nesting Python limits by itself.
    if isinstance(value, dict):
        before = "{"
        for name in sorted(value, key=str.encode) if order else value:
            put(before + json.dumps(name, ensure_ascii=False) + ":")
            _write(value[name], order, put)
            before = ","
        put("}" if value else "{}")
    elif isinstance(value, list):
        before = "["
        for item in value:
            put(before)
            _write(item, order, put)
            before = ","
        put("]" if value else "[]")
    else:
        put(value.text if isinstance(value, (Int, Float)) else json.dumps(value, ensure_ascii=False))


def canonical(value: Json) -> bytes:
    """Returns the bytes of a document in canonical form (MET-4 to MET-6)."""
    return (write(value) + "\n").encode("utf-8")
