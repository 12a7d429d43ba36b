"""Writes the stores beside this script with TensorStore, zarr-python and zstandard.

    pip install tensorstore==0.1.86 zarr==3.1.6 zstandard==0.25.0 numpy ml_dtypes
    python make_stores.py
"""

import json
import os
import struct
import sys

import ml_dtypes
import numcodecs
import numpy as np
import zarr
import zstandard

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Fixtures"))
from stores import ROOT, files, little_endian, make, record, values, write  # noqa: E402

# ---- zarr 2 -----------------------------------------------------------------------------------

def zarr2(name, array, chunks, dtype=None, region=None, missing="error", expected=None, **metadata):
    metadata = {"compressor": None, "filters": None, "fill_value": None, **metadata,
                "shape": list(array.shape), "chunks": list(chunks)}
    if dtype:
        metadata["dtype"] = dtype
    else:
        metadata["dtype"] = array.dtype.str
    write({"driver": "zarr", "kvstore": files("zarr2", name), "metadata": metadata}, array, region)
    expected = array if expected is None else expected
    record("zarr2", "files", name, expected, missing=missing)


def make_zarr2():
    zarr2("raw", values("float32", (7, 5)), (7, 5))
    zarr2("raw-uneven", values("int16", (7, 5)), (3, 2))
    zarr2("raw-rows", values("uint8", (9, 11)), (2, 11))
    zarr2("zstd-uneven", values("float64", (6, 7, 5)), (4, 3, 2), compressor={"id": "zstd", "level": 1})
    zarr2("gzip-big-endian", values(">f4", (10, 4)), (4, 3), compressor={"id": "gzip", "level": 6})
    zarr2("zlib-big-endian", values(">c16", (5,)), (2,), compressor={"id": "zlib", "level": 6})
    zarr2("big-endian-raw", values(">u2", (3, 4)), (3, 4))
    zarr2("fortran", values("int32", (6, 5)), (4, 5), order="F", compressor={"id": "zstd", "level": 1})
    zarr2("fortran-raw-3d", values("int64", (3, 4, 5)), (2, 4, 3), order="F")
    zarr2("fortran-vector", values("int64", (1, 9)), (1, 9), order="F")
    zarr2("slashes", values("int8", (4, 4)), (2, 2), dimension_separator="/")
    zarr2("scalar", values("float64", ()), ())
    zarr2("bfloat16", values(ml_dtypes.bfloat16, (9,)), (4,), dtype="bfloat16")
    zarr2("ones", values("float32", (1, 1, 6, 1)), (1, 1, 4, 1), compressor={"id": "zstd", "level": 3})
    whole = values("float32", (6, 4))
    partly = np.full((6, 4), np.nan, "float32")
    partly[:2] = whole[:2]
    zarr2("missing-nan", whole, (2, 4), region=np.s_[:2], missing="fill", expected=partly,
          fill_value="NaN")
    whole = values("int32", (5, 5))
    partly = np.full((5, 5), -9, "int32")
    partly[:3, 3:] = whole[:3, 3:]
    zarr2("missing-number", whole, (3, 3), region=np.s_[:3, 3:], missing="fill", expected=partly,
          fill_value=-9, compressor={"id": "zstd", "level": 1})
    whole = values("complex64", (4,))
    partly = np.full((4,), 1.5 - 2j, "complex64")
    partly[2:] = whole[2:]
    zarr2("missing-complex", whole, (2,), region=np.s_[2:], missing="fill", expected=partly,
          fill_value=[1.5, -2.0])
    empty = np.zeros((3, 0, 2), "float32")
    group = zarr.open_group(os.path.join(ROOT, "zarr2"), mode="a", zarr_format=2)
    group.create_array("empty", shape=(3, 0, 2), chunks=(3, 1, 2), dtype="float32",
                       compressors=None)
    record("zarr2", "files", "empty", empty)
    # zarr-python's own spelling of compressors.
    by_zarr = values("float32", (8, 3))
    group.create_array("zarr-python", data=by_zarr, chunks=(3, 3), order="F",
                       compressors=numcodecs.GZip(level=1))
    record("zarr2", "files", "zarr-python", by_zarr)
    group.create_array("blosc", data=by_zarr, chunks=(8, 3))
    record("zarr2", "files", "blosc", by_zarr)


def make_frames():
    """Chunks that no writer above makes: frames without sizes, several frames, skippable frames."""
    array = values("float32", (4, 512))
    data = little_endian(array)
    sized = zstandard.ZstdCompressor(level=3, write_checksum=True)
    unsized = zstandard.ZstdCompressor(level=3, write_content_size=False)
    skippable = struct.pack("<II", 0x184D2A50, 5) + b"hello"
    variants = {
        "unsized": unsized.compress(data),
        "two-frames": sized.compress(data[:1000]) + unsized.compress(data[1000:]),
        "skippable": skippable + sized.compress(data) + skippable,
        "empty-frame": sized.compress(b"") + sized.compress(data),
    }
    for name, chunk in variants.items():
        path = os.path.join(ROOT, "frames", name)
        os.makedirs(path)
        with open(os.path.join(path, ".zarray"), "w") as f:
            json.dump({"zarr_format": 2, "shape": [4, 512], "chunks": [4, 512], "dtype": "<f4",
                       "compressor": {"id": "zstd", "level": 3}, "filters": None, "order": "C",
                       "fill_value": None}, f)
        with open(os.path.join(path, "0.0"), "wb") as f:
            f.write(chunk)
        record("frames", "files", name, array)


# ---- zarr 3 -----------------------------------------------------------------------------------

def codec(name, **configuration):
    return {"name": name, "configuration": configuration} if configuration else {"name": name}


LITTLE = codec("bytes", endian="little")
BIG = codec("bytes", endian="big")
ZSTD = codec("zstd", level=3, checksum=False)


def zarr3(name, array, chunks, codecs, region=None, missing="error", expected=None, data=None,
          dtype=None, **metadata):
    metadata = {"chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(chunks)}},
                "codecs": codecs, "shape": list(array.shape), "data_type": dtype or array.dtype.name,
                **metadata}
    write({"driver": "zarr3", "kvstore": files("zarr3", name), "metadata": metadata}, array, region)
    record("zarr3", "files", name, array if expected is None else expected, missing=missing,
           dtype=dtype, data=data)


def shards(inner, codecs, index=(LITTLE, codec("crc32c")), location="end"):
    return codec("sharding_indexed", chunk_shape=list(inner), codecs=list(codecs),
                 index_codecs=list(index), index_location=location)


def make_zarr3():
    zarr3("plain", values("float32", (7, 5)), (3, 2), [LITTLE, ZSTD])
    zarr3("raw-whole", values("float64", (3, 5)), (3, 5), [LITTLE])
    zarr3("gzip-big", values("int32", (9, 4)), (4, 4), [BIG, codec("gzip", level=5)])
    zarr3("checksums", values("int16", (9, 40)), (4, 40),
          [LITTLE, codec("crc32c"), ZSTD, codec("crc32c")])
    zarr3("checksum-raw", values("int16", (6,)), (4,), [LITTLE, codec("crc32c")])
    zarr3("transposed", values("int32", (4, 5, 6)), (2, 5, 4),
          [codec("transpose", order=[2, 0, 1]), LITTLE, ZSTD])
    zarr3("transposed-ones", values("int32", (1, 5, 1)), (1, 3, 1),
          [codec("transpose", order=[2, 1, 0]), LITTLE])
    zarr3("keys-v2", values("uint8", (3, 3)), (2, 2), [codec("bytes")],
          chunk_key_encoding=codec("v2", separator="/"))
    zarr3("keys-dots", values("uint8", (3, 3)), (2, 2), [codec("bytes")],
          chunk_key_encoding=codec("default", separator="."))
    zarr3("scalar", values("int64", ()), (), [LITTLE])
    zarr3("scalar-v2", values("int64", ()), (), [LITTLE], chunk_key_encoding=codec("v2"))
    zarr3("bool", values("bool", (13,)), (5,), [codec("bytes"), ZSTD])
    zarr3("bfloat16", values(ml_dtypes.bfloat16, (3, 3)), (2, 2), [LITTLE, ZSTD])
    zarr3("float8", values(ml_dtypes.float8_e4m3fn, (3, 3)), (2, 2), [codec("bytes"), ZSTD])
    int4 = np.array([-8, -1, 0, 7, 3], ml_dtypes.int4)
    zarr3("int4", int4, (5,), [codec("bytes")], data=bytes([8, 15, 0, 7, 3]))
    # Shards.
    zarr3("shard-single", values("float32", (8, 4)), (4, 2), [shards((4, 2), [LITTLE, ZSTD])])
    zarr3("shard-many", values("float32", (11, 7)), (8, 6), [shards((2, 3), [LITTLE, ZSTD])])
    zarr3("shard-start", values("int64", (11, 7)), (4, 4),
          [shards((2, 2), [BIG, codec("gzip", level=1)], location="start")])
    zarr3("shard-index-big", values("int64", (6,)), (4,), [shards((2,), [LITTLE], index=(BIG,))])
    zarr3("shard-transposed", values("int16", (6, 6)), (6, 6),
          [shards((3, 2), [codec("transpose", order=[1, 0]), LITTLE, ZSTD])])
    zarr3("shard-raw-whole", values("float32", (3, 4)), (3, 4), [shards((3, 4), [LITTLE])])
    whole = values("float32", (8, 8))
    partly = np.full((8, 8), -1.25, "float32")
    partly[2:4, 4:8] = whole[2:4, 4:8]
    zarr3("shard-missing", whole, (4, 8), [shards((2, 4), [LITTLE, ZSTD])],
          region=np.s_[2:4, 4:8], missing="fill", expected=partly, fill_value=-1.25)
    whole = values("float16", (4,))
    partly = np.full((4,), np.frombuffer(b"\x01\x7e", "float16")[0], "float16")
    partly[:2] = whole[:2]
    zarr3("missing-hex", whole, (2,), [LITTLE], region=np.s_[:2], missing="fill", expected=partly,
          fill_value="0x7e01")
    whole = values("complex128", (4,))
    partly = np.full((4,), complex(np.inf, -3.0), "complex128")
    partly[:2] = whole[:2]
    zarr3("missing-complex", whole, (2,), [LITTLE], region=np.s_[:2], missing="fill",
          expected=partly, fill_value=["Infinity", -3.0])
    whole = values(ml_dtypes.bfloat16, (4,))
    partly = np.full((4,), 0.1, ml_dtypes.bfloat16)
    partly[:2] = whole[:2]
    zarr3("missing-bfloat16", whole, (2,), [LITTLE], region=np.s_[:2], missing="fill",
          expected=partly, fill_value=0.1)
    group = zarr.open_group(os.path.join(ROOT, "zarr3"), mode="a", zarr_format=3)
    by_zarr = values("float32", (8, 6))
    group.create_array("zarr-python", data=by_zarr, chunks=(2, 3), shards=(4, 6))
    record("zarr3", "files", "zarr-python", by_zarr)
    group.create_array("empty", shape=(0, 4), chunks=(1, 4), dtype="int32")
    record("zarr3", "files", "empty", np.zeros((0, 4), "int32"))


def tidy():
    # A file named `.` something would be left out of some archives; nothing here needs a group.
    for name in ("zarr2/.zgroup", "zarr2/.zattrs", "zarr3/zarr.json"):
        path = os.path.join(ROOT, name)
        if os.path.exists(path):
            os.remove(path)


make({"zarr": zarr.__version__, "zstandard": zstandard.__version__}, make_zarr2, make_frames, make_zarr3, tidy)
