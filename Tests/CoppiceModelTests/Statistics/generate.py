#!/usr/bin/env python3
"""Statistics of arrays by NumPy, for ArrayStatisticsTests: .venv/bin/python Tests/CoppiceModelTests/Statistics/generate.py

Writes values.tsv beside itself. Element i of an array is ((i * 2654435761 + 12345) mod 2**32 / 2**32 - 0.5) * scale +
shift, rounded to the dtype; every 1009th is a NaN, every 2003rd an infinity, every 3001st a minus infinity and every
97th a zero, where the array has specials. Mean, deviation and norm are taken of exact sums. Made by NumPy 2.4.6.
"""
import os
from fractions import Fraction

import ml_dtypes
import numpy as np


def numbers(count, scale, shift):
    code = (np.arange(count, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(12345)) % np.uint64(2**32)
    return (code.astype(np.float64) / 2.0**32 - 0.5) * scale + shift


def array(name, shape, scale, shift, specials):
    count = int(np.prod(shape))
    values = numbers(count, scale, shift)
    if specials:
        values[::97] = 0
        values[::1009], values[::2003], values[::3001] = np.nan, np.inf, -np.inf
    with np.errstate(all="ignore"):
        if name == "bool":
            return (values > 0).reshape(shape)
        if name == "uint64":
            return (np.arange(count, dtype=np.uint64) * np.uint64(2654435761) * np.uint64(2**31 + 11)).reshape(shape)
        if name == "int64":
            return (np.arange(count, dtype=np.int64) * np.int64(2654435761) * np.int64(2**31 + 11)).reshape(shape)
        if name.startswith("complex"):
            pairs = np.empty(count, np.complex128)
            pairs.real, pairs.imag = values, values[::-1]
            return pairs.astype(name).reshape(shape)
        dtype = getattr(ml_dtypes, name) if name not in np.sctypeDict else name
        return values.astype(dtype).reshape(shape)


def root(fraction):
    """The square root, correctly rounded or nearly so."""
    return float(fraction) ** 0.5


lines = []
for name, shape, scale, shift, specials in [
    ("float32", (1000, 700), 2.0, 0.0, False), ("float32", (999, 1001), 1e-3, 100.0, True),
    ("float64", (300000,), 1e6, 1e9, False), ("float64", (77, 4099), 3.0, -0.5, True),
    ("float16", (512, 777), 8.0, 0.0, True), ("bfloat16", (33, 9001), 2.0, 1.0, True),
    ("float8_e4m3fn", (100, 50), 16.0, 0.0, False), ("float4_e2m1fn", (40, 30), 8.0, 0.0, False),
    ("int8", (300, 1000), 250.0, 0.0, False), ("uint8", (5000,), 250.0, 126.0, False),
    ("int32", (270000,), 4e9, 0.0, False), ("uint16", (3, 5, 7), 60000.0, 30001.0, False),
    ("int64", (266000,), 0, 0, False), ("uint64", (4097,), 0, 0, False), ("int4", (50, 60), 15.0, 0.0, False),
    ("bool", (64, 1000), 1.0, 0.1, False), ("complex64", (200, 300), 2.0, 0.0, True),
    ("complex128", (5000,), 2.0, 0.0, False), ("float32", (), 2.0, 0.0, False), ("float32", (0, 3), 2.0, 0.0, False),
    ("float32", (1,), 2.0, 0.0, True),
]:
    values = array(name, shape, scale, shift, specials)
    with np.errstate(all="ignore"):
        wide = np.abs(values.astype(np.complex128)) if name.startswith("complex") else values
        if name.startswith("complex"):
            wide[np.isnan(values.real) | np.isnan(values.imag)] = np.nan
        is_integer = name in ("int64", "uint64")
        wide = wide if is_integer else wide.astype(np.float64)
        finite = wide[np.isfinite(wide)] if not is_integer else wide.ravel()
    count = finite.size
    exact = [Fraction(int(x)) if is_integer else Fraction(float(x)) for x in finite.ravel()]
    total, squares = sum(exact), sum(x * x for x in exact)
    row = [name, ",".join(map(str, shape)), repr(float(scale)), repr(float(shift)), str(int(specials)),
           str(values.size), str(count), str(int((finite == 0).sum()))]
    row += [str(int(np.isnan(wide).sum())), str(int(np.isposinf(wide).sum())), str(int(np.isneginf(wide).sum()))]
    if count:
        mean = total / count
        row += [str(finite.min()), str(finite.max()), repr(float(mean)), repr(root(squares / count - mean * mean)),
                repr(root(squares))]
        histogram = np.histogram(finite.astype(np.float64), bins=32)[0]
        row.append(",".join(map(str, histogram)))
        if len(shape):
            # The means of the finite elements of the four corners of a thumbnail of 4 x 4.
            matrix = wide.astype(np.float64).reshape(-1, shape[-1])
            rows, columns = min(4, matrix.shape[0]), min(4, matrix.shape[1])
            of_row = np.arange(matrix.shape[0]) * rows // matrix.shape[0]
            of_column = np.arange(matrix.shape[1]) * columns // matrix.shape[1]
            means = []
            for r in range(rows):
                for c in range(columns):
                    cell = matrix[of_row == r][:, of_column == c]
                    cell = cell[np.isfinite(cell)]
                    means.append(repr(float(cell.mean())) if cell.size else "nan")
            row.append(",".join(means))
    lines.append("\t".join(row))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "values.tsv"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "arrays")
