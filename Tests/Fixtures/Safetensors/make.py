"""Makes the files beside it with the real libraries: safetensors 0.8.0, huggingface_hub 2.4.0, numpy 2.4.6.

    python make.py

expected.json is computed from the values, never read back: for each file its tensors with dtype (the name in
NumPy and ml_dtypes), shape, and the elements as hexadecimal bytes, little-endian, in C order. float4_e2m1fn has
one byte for each element there, and two elements in a byte of the file, the first in the low half (the layout of
torch.float4_e2m1fn_x2).
"""

import json
import os

import numpy as np
from huggingface_hub.serialization._base import split_state_dict_into_shards_factory
from safetensors import TensorSpec, serialize_file
from safetensors.numpy import save_file

here = os.path.dirname(os.path.abspath(__file__))
expected = {}

WIDTHS = {
    "bool": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "int64": 8, "uint64": 8,
    "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "complex64": 8, "float8_e4m3fn": 1,
    "float8_e4m3fnuz": 1, "float8_e5m2": 1, "float8_e5m2fnuz": 1, "float8_e8m0fnu": 1,
}


def pattern(name, count):
    """Bytes that differ from type to type."""
    seed = sum(name.encode())
    return bytes((seed + 37 * i) % (2 if name == "bool" else 256) for i in range(count))


def types():
    """Every element type that the library writes, some shapes without elements and without dimensions."""
    specs, truth, keep = {}, {}, []

    def add(name, dtype, given, shape, data, elements):
        buffer = np.frombuffer(bytearray(data), dtype=np.uint8)
        keep.append(buffer)
        specs[name] = TensorSpec(dtype=given, shape=list(shape), data_ptr=buffer.ctypes.data, data_len=len(data))
        truth[name] = {"dtype": dtype, "shape": list(shape), "hex": elements.hex()}

    for dtype, width in WIDTHS.items():
        data = pattern(dtype, 6 * width)
        add(dtype, dtype, dtype, (2, 3), data, data)
    codes = bytes(range(16))
    packed = bytes(codes[2 * i] | codes[2 * i + 1] << 4 for i in range(8))
    add("float4", "float4_e2m1fn", "float4_e2m1fn_x2", (2, 4), packed, codes)
    truth["float4"]["shape"] = [2, 8]  # the constructor takes the shape in bytes
    add("no elements", "float32", "float32", (3, 0, 2), b"", b"")
    add("no dimensions", "int16", "int16", (), b"\x39\x30", b"\x39\x30")
    serialize_file(specs, os.path.join(here, "types.safetensors"), {"made by": "make.py"})
    expected["types.safetensors"] = {"metadata": {"made by": "make.py"}, "tensors": truth}


def names():
    """Names and metadata that need care in JSON."""
    odd = ["", "a\"b\\c", "tab\tnew\nline\x01\x1f\x7f", "caf\u00e9", "cafe\u0301", "\U0001f333/\u2603", "a.b", "A", "a"]
    arrays = {name: np.full((i + 1,), i, dtype=np.int32) for i, name in enumerate(odd)}
    metadata = {"text": "quote \" backslash \\ \b\f\n\r\t \x00 \u00e9 \U0001f333"}
    save_file(arrays, os.path.join(here, "names.safetensors"), metadata)
    truth = {n: {"dtype": "int32", "shape": list(a.shape), "hex": a.tobytes().hex()} for n, a in arrays.items()}
    expected["names.safetensors"] = {"metadata": metadata, "tensors": truth}


def empty():
    save_file({}, os.path.join(here, "empty.safetensors"))
    expected["empty.safetensors"] = {"metadata": None, "tensors": {}}


def shards():
    """A set as huggingface_hub makes it: split by its function, laid out as its save_torch_state_dict does."""
    sizes = [6, 6, 2, 30, 6, 2, 2, 0]
    arrays = {f"layer.{i}.w": np.arange(n, dtype=np.float32) + 100 * i for i, n in enumerate(sizes)}
    split = split_state_dict_into_shards_factory(
        arrays, get_storage_size=lambda a: a.nbytes, filename_pattern="model{suffix}.safetensors", max_shard_size=40)
    folder = os.path.join(here, "set")
    os.makedirs(folder, exist_ok=True)
    for file, keys in split.filename_to_tensors.items():
        save_file({k: arrays[k] for k in keys}, os.path.join(folder, file), {"format": "np"})
    with open(os.path.join(folder, "model.safetensors.index.json"), "w") as f:
        json.dump({"metadata": split.metadata, "weight_map": split.tensor_to_filename}, f, indent=2)
    truth = {n: {"dtype": "float32", "shape": list(a.shape), "hex": a.tobytes().hex()} for n, a in arrays.items()}
    expected["set"] = {"metadata": {"format": "np"}, "tensors": truth, "maximum": 40}


def listed(file):
    """Tensors as a list: some readers of JSON take two spellings of one character for one name."""
    return {**file, "tensors": [{"name": name, **tensor} for name, tensor in file["tensors"].items()]}


types()
names()
empty()
shards()
with open(os.path.join(here, "expected.json"), "w") as f:
    json.dump({name: listed(file) for name, file in expected.items()}, f, indent=1, sort_keys=True)
    f.write("\n")
