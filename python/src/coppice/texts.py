"""Values, names and paths as text (specification 1.5, 2.2 and 3.4)."""

from __future__ import annotations

import base64
import math
import re
import struct

from .errors import need
from .jsontext import Json, whole
from .members import INTEGER, MAX, integers, typed

FLOAT = re.compile(r"-?(?:inf|[0-9]+\.[0-9]+|[0-9](?:\.[0-9]+)?e[+-][0-9]{2,3})\Z")
NAN = re.compile(r"nan(?::([0-9a-f]{16}))?\Z")
TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.[0-9]{9}Z\Z")
PLAIN = re.compile(r"[^\x00-\x1f\x7f%/.][^\x00-\x1f\x7f%/]*\Z")


def float_text(value: float) -> str:
    """Returns the text of a float (MET-16)."""
    (bits,) = struct.unpack("<Q", struct.pack("<d", value))
    if value != value:
        return "nan" if bits == 0x7FF8 << 48 else f"nan:{bits:016x}"
    return repr(float(value))


def parse_float(text: Json, at: str) -> float:
    """Returns the float of a text, which must be its one spelling."""
    typed(text, str, at)
    match = NAN.match(text)
    if match:
        (value,) = struct.unpack("<d", struct.pack("<Q", int(match[1] or "7ff8000000000000", 16)))
    else:
        need(FLOAT.match(text), "model.bad-value", at, text[:40])
        value = float(text)
    need(float_text(value) == text, "model.bad-value", at, text[:40])
    return float(value)


def parse_int(text: Json, at: str) -> int:
    """Returns the integer of a text (MET-15)."""
    need(INTEGER.match(typed(text, str, at)), "model.bad-value", at, text[:40])
    return whole(text)


def parse_bytes(text: Json, at: str) -> bytes:
    """Returns the bytes of a text in base 64 (MET-17)."""
    try:
        data = base64.b64decode(typed(text, str, at).encode("ascii"), validate=True)
    except ValueError:
        data = None
    need(data is not None and base64.b64encode(data).decode() == text, "model.bad-value", at, "base 64")
    return data or b""


def parse_time(text: Json, at: str) -> None:
    """Checks a time (MET-18)."""
    match = TIME.match(typed(text, str, at))
    if not match:
        return need(False, "metadata.bad-time", at)
    year, month, day, hour, minute, second = map(int, match.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    in_day = hour <= 23 and minute <= 59 and second <= 59
    fits = 1678 <= year <= 2261 and 1 <= month <= 12 and 1 <= day <= days[month - 1] and in_day
    need(fits, "metadata.bad-time", at)


def check_shape(value: Json, at: str) -> tuple[int, ...]:
    """Returns a shape within the limits (MOD-9)."""
    shape = integers(value, at)
    need(len(shape) <= 32 and math.prod(n for n in shape if n) <= MAX, "arrays.bad-shape", at)
    return tuple(shape)


def component(key: str | int) -> str:
    """Returns the text of a string key or field name, or of an integer key (MOD-16)."""
    if isinstance(key, int):
        return f"%#{key}"
    if PLAIN.match(key):
        return key
    text = "".join(f"%{ord(c):02X}" if ord(c) < 0x20 or c in "\x7f%/" else c for c in key)
    return "%empty" if key == "" else "%2E" + text[1:] if text[0] == "." else text


def directory_name(name: str) -> str:
    """Returns the directory of a checkpointable (DIR-3)."""
    return "".join(
        chr(byte) if re.match(rb"[A-Za-z0-9._-]", bytes([byte])) and (byte != 0x2E or i > 0) else f"%{byte:02X}"
        for i, byte in enumerate(name.encode())
    )


def folded(name: str) -> bytes:
    """Returns the form of a name that no two names may share (DIR-6)."""
    return name.encode().lower()  # of bytes: A to Z alone
