#!/usr/bin/env python3
"""Texts of arrays by NumPy, for ArrayTextTests: .venv/bin/python Tests/CoppiceModelTests/Texts/generate.py

Writes texts.tsv beside itself. A line has the dtype, the shape, the options, the bytes in hexadecimal, and what
numpy.array2string prints, with | for the end of a line. Made by NumPy 2.4.6 and ml_dtypes 0.6.0.
"""
import os
import ml_dtypes
import numpy as np

random = np.random.default_rng(20261130)
cases = []


def add(array, **options):
    array = np.ascontiguousarray(array) if np.ndim(array) else np.asarray(array)
    text = np.array2string(array, **options)
    cases.append("\t".join([array.dtype.name, ",".join(map(str, array.shape)),
                            ",".join(f"{name}={value}" for name, value in options.items()), array.tobytes().hex(),
                            text.replace("\n", "|")]))


def floats(dtype):
    """Arrays of all magnitudes of a type, and with special numbers."""
    info = ml_dtypes.finfo(dtype) if dtype not in (np.float16, np.float32, np.float64) else np.finfo(dtype)
    for shape in [(), (1,), (7,), (30,), (3, 4), (2, 3, 4), (5, 1), (1, 9)]:
        add((random.standard_normal(shape) * 10.0 ** random.integers(-3, 4)).astype(dtype))
    for low, high in [(-6, 0), (0, 3), (0, 5), (-1, 1), (3, 7), (6, 9), (-30, 30), (-4, -3)]:
        for count in (1, 6):
            with np.errstate(all="ignore"):
                add((random.standard_normal(count) * 10.0 ** random.uniform(low, high, count)).astype(dtype))
    specials = [0.0, -0.0, 1.0, -1.5, float(info.max), float(info.smallest_subnormal), float(info.tiny), float("nan"),
                float("inf"), -float("inf")]
    with np.errstate(all="ignore"):
        for choice in [[0], [1], [7], [8], [9], [0, 7], [2, 8], [2, 9], [3, 7, 9], [4], [5], [6], [2, 5], [2, 4],
                       range(10), [0, 2, 3], [7, 7]]:
            add(np.array([specials[i] for i in choice]).astype(dtype))
        # Whole numbers, halves, ties of decimal rounding, neighbours of the bounds.
        add(np.arange(-5, 6).astype(dtype))
        add((np.arange(12) / 8).astype(dtype))
        add(np.array([0.0001, 0.00011, 0.1]).astype(dtype))
        add(np.array([1e-4]).astype(dtype))
        add(np.array([9.9e-5]).astype(dtype))
        add(np.array([999.0, 1.0]).astype(dtype))
        add(np.array([1000.0, 1.0]).astype(dtype))
        add(np.array([1001.0, 1.0]).astype(dtype))
        add(np.array([999999.0, 1000.0]).astype(dtype))
        add(np.array([1e6, 1e5]).astype(dtype))
        add(np.array([1e8, 1e7]).astype(dtype))
        add(np.array([99999999.0, 1e6]).astype(dtype))
        add(np.array([0.123456785, 0.123456775, 2.5]).astype(dtype))


for dtype in (np.float16, np.float32, np.float64, ml_dtypes.bfloat16):
    floats(dtype)
for name in ["float8_e3m4", "float8_e4m3", "float8_e4m3b11fnuz", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2",
             "float8_e5m2fnuz", "float8_e8m0fnu"]:
    add(np.arange(256, dtype=np.uint8).view(getattr(ml_dtypes, name)))
    add(np.arange(60, 72, dtype=np.uint8).view(getattr(ml_dtypes, name)).reshape(3, 4))
add(np.arange(16, dtype=np.uint8).view(ml_dtypes.float4_e2m1fn))
for name, count in [("int2", 4), ("uint2", 4), ("int4", 16), ("uint4", 16)]:
    values = np.arange(count) - (count // 2 if name[0] == "i" else 0)
    add(values.astype(getattr(ml_dtypes, name)))
for dtype in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64):
    info = np.iinfo(dtype)
    for shape in [(), (5,), (40,), (3, 4), (2, 2, 2, 2)]:
        add(random.integers(info.min, info.max, shape, dtype=dtype, endpoint=True))
    add(np.array([info.min, info.max], dtype=dtype))
    add(np.zeros(3, dtype=dtype))
for shape in [(), (3,), (40,), (2, 3)]:
    add(random.integers(0, 2, shape).astype(bool))
for dtype in (np.complex64, np.complex128):
    for shape in [(), (1,), (6,), (3, 3)]:
        add((random.standard_normal(shape) + 1j * random.standard_normal(shape)).astype(dtype))
    add(np.array([1, 2j, -1 - 0.5j, 0], dtype=dtype))
    add(np.array([1e-6 + 1j, 3 - 1e5j], dtype=dtype))
    add(np.array([complex("nan+infj"), complex(1, -np.inf), 1.25 - 2j], dtype=dtype))
    add(np.array([complex(-0.0, -0.0), complex(0.0, float("nan"))], dtype=dtype))

# Empty arrays, long ones, and the choices.
for shape in [(0,), (3, 0), (0, 3), (2, 0, 4)]:
    add(np.zeros(shape, np.float32))
add(np.arange(1000))
add(np.arange(1001))
add(np.arange(1001, dtype=np.float32) / 7)
add(np.arange(2000, dtype=np.int16).reshape(1000, 2))
add(np.arange(2000, dtype=np.uint16).reshape(2, 1000))
add(np.arange(8 * 9 * 20, dtype=np.float32).reshape(8, 9, 20) / 3)
add(np.arange(7**4, dtype=np.int16).reshape(7, 7, 7, 7))
add(np.arange(1200).astype(ml_dtypes.bfloat16).reshape(30, 40))
add(np.arange(60).reshape(3, 20), threshold=10)
add(np.arange(60).reshape(3, 20), threshold=10, edgeitems=1)
add(np.arange(60) / 7, threshold=10, edgeitems=2)
add((random.standard_normal((12, 12)) * 1e-3).astype(np.float32), threshold=100)
for precision in (0, 1, 2, 3, 5, 12, 17):
    add(random.standard_normal(9), precision=precision)
    add(random.standard_normal(9).astype(np.float32) * 100, precision=precision)
    add(random.standard_normal(5) * 10.0 ** random.integers(-8, 8, 5), precision=precision)
    add(np.array([0.5, 1.5, 2.5, 0.25, 0.75, 0.125, 0.0625]), precision=precision)
for width in (1, 10, 20, 40, 60, 120):
    add(random.standard_normal((2, 9)), max_line_width=width)
    add(np.arange(50), max_line_width=width)
    add(np.arange(2000, dtype=np.int16).reshape(40, 50), max_line_width=width)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "texts.tsv"), "w") as file:
    file.write("\n".join(cases) + "\n")
print(len(cases), "texts")
