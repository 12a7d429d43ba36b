"""Dtypes: how elements lie on disk, and the types of NumPy and ml_dtypes that they have (specification 1.4)."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

import ml_dtypes
import numpy as np

from .model import Array

LOW_BITS = {"bool": 1, "int2": 2, "uint2": 2, "int4": 4, "uint4": 4, "float4_e2m1fn": 4}
FLOAT8 = "e3m4 e4m3 e4m3b11fnuz e4m3fn e4m3fnuz e5m2 e5m2fnuz e8m0fnu"
WIDTHS = {
    **dict.fromkeys(LOW_BITS, 1),
    **{kind + str(bits): bits // 8 for kind in ("int", "uint") for bits in (8, 16, 32, 64)},
    **{f"float8_{name}": 1 for name in FLOAT8.split()},
    "float16": 2,
    "bfloat16": 2,
    "float32": 4,
    "float64": 8,
    "complex64": 8,
    "complex128": 16,
}


@lru_cache(None)
def raw_type(width: int) -> np.dtype[Any]:
    """Returns the type of an element as bits."""
    return np.dtype(f"V{width}" if width > 8 else f"<u{width}")


@lru_cache(None)
def numpy_type(name: str) -> np.dtype[Any]:
    """Returns the type that arrays of a dtype have in memory."""
    if name == "bool":
        return np.dtype(np.bool_)
    kind: np.dtype[Any] = np.dtype(getattr(np, name, None) or getattr(ml_dtypes, name))
    return kind if sys.byteorder == "little" else kind.newbyteorder("<")


def has_bad_element(raw: Array, dtype: str) -> bool:
    """Whether an element has bits that its dtype does not have (MOD-12)."""
    return dtype in LOW_BITS and raw.size > 0 and int(raw.max()) >> LOW_BITS[dtype] != 0


def finish(raw: Array, dtype: str) -> Array:
    """Returns elements as stored with the type that they have in memory; only narrow integers are copied."""
    if dtype in ("int2", "int4"):
        shift = 8 - LOW_BITS[dtype]
        return ((raw << shift).view(np.int8) >> shift).astype(numpy_type(dtype))
    if dtype in ("uint2", "uint4"):
        return raw.astype(numpy_type(dtype))
    return raw.view(numpy_type(dtype))
