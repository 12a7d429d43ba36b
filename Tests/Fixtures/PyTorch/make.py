#!/usr/bin/env python3
"""Makes the files beside this script: what torch.save would write, in every protocol of pickles but the first.

usage: make.py    (with numpy and ml_dtypes)

torch itself writes protocol 2 unless it is asked for another. Its classes and functions have stand-ins here:
only their names get into a pickle. Files that the real torch wrote are in fixtures/foreign/pytorch.
expected.json has what is in the files; of an array its type, its shape and its bytes in C order.
"""
import collections
import io
import json
import os
import pickle
import struct
import sys
import types
import zipfile

import ml_dtypes
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
RANDOM = np.random.default_rng(11)


def module(name):
    sys.modules[name] = types.ModuleType(name)
    return sys.modules[name]


def stand_in(where, name, made=None):
    """A function or a class of torch of which only the name counts."""
    made = made or (lambda *arguments: None)
    made.__module__, made.__qualname__, made.__name__ = where.__name__, name, name
    setattr(where, name, made)
    return made


torch, utils, tensor_module = module("torch"), module("torch._utils"), module("torch._tensor")
storage_module, parameter_module = module("torch.storage"), module("torch.nn.parameter")
rebuild_v2 = stand_in(utils, "_rebuild_tensor_v2")
rebuild_v3 = stand_in(utils, "_rebuild_tensor_v3")
rebuild_parameter = stand_in(utils, "_rebuild_parameter")
rebuild_from_type = stand_in(tensor_module, "_rebuild_from_type_v2")
parameter_class = stand_in(parameter_module, "Parameter", type("Parameter", (), {}))
size = stand_in(torch, "Size")
device = stand_in(torch, "device")
untyped = stand_in(storage_module, "UntypedStorage", type("UntypedStorage", (), {}))
STORAGES = {"float32": "FloatStorage", "float64": "DoubleStorage", "int64": "LongStorage", "bool": "BoolStorage",
            "bfloat16": "BFloat16Storage", "complex64": "ComplexFloatStorage", "int16": "ShortStorage"}
STORAGE_CLASSES = {dtype: stand_in(torch, name, type(name, (), {})) for dtype, name in STORAGES.items()}


class Type:
    """An element type, which a pickle names as a member of torch."""

    def __init__(self, name):
        self.name = name
        setattr(torch, name, self)

    def __reduce__(self):
        return self.name


Type.__module__ = "torch"
FLOAT8, UINT32, FLOAT16 = Type("float8_e4m3fn"), Type("uint32"), Type("float16")


class Storage:
    def __init__(self, values, kind=None):
        self.values = values
        self.kind = kind or STORAGE_CLASSES[values.dtype.name]
        self.count = values.nbytes if self.kind is untyped else values.size
        self.view = None


class Call:
    """An object that a pickle rebuilds by calling a function."""

    def __init__(self, function, *arguments, state=None):
        self.reduced = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self):
        return self.reduced


def strides(shape):
    return tuple(int(np.prod(shape[index + 1:])) for index in range(len(shape)))


def tensor(storage, shape, offset=0, steps=None, dtype=None, **marks):
    steps = strides(shape) if steps is None else steps
    hooks = collections.OrderedDict()
    if dtype is not None:
        return Call(rebuild_v3, storage, offset, shape, steps, False, hooks, dtype)
    extra = (marks,) if marks else ()
    return Call(rebuild_v2, storage, offset, shape, steps, False, hooks, *extra)


class Saver:
    def __init__(self, protocol, legacy):
        self.protocol, self.legacy, self.storages = protocol, legacy, []

    def key(self, storage):
        if storage not in self.storages:
            self.storages.append(storage)
        return str(self.storages.index(storage) + (94000 if self.legacy else 0))

    def pickle(self, value):
        file = io.BytesIO()
        pickler = pickle.Pickler(file, self.protocol)
        pickler.persistent_id = self.persistent_id
        pickler.dump(value)
        return file.getvalue()

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        found = ("storage", value.kind, self.key(value), "cpu", value.count)
        return found + (value.view,) if self.legacy else found


def save(name, value, protocol=2, order="little", method=zipfile.ZIP_STORED):
    saver = Saver(protocol, False)
    content = saver.pickle(value)
    with zipfile.ZipFile(os.path.join(HERE, name), "w", method) as archive:
        def add(member, data):
            info = zipfile.ZipInfo("model/" + member, (1980, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, data)

        add("data.pkl", content)
        add("byteorder", order)
        add("version", "3\n")
        for index, storage in enumerate(saver.storages):
            values = storage.values
            add("data/%d" % index, values.byteswap().tobytes() if order == "big" else values.tobytes())


def save_legacy(name, value, little=True):
    saver = Saver(2, True)
    system = {"protocol_version": 1001, "little_endian": little,
              "type_sizes": {"short": 2, "int": 4, "long": 4}}
    with open(os.path.join(HERE, name), "wb") as file:
        for each in (0x1950a86a20f9469cfc6c, 1001, system):
            file.write(saver.pickle(each))
        file.write(saver.pickle(value))
        keys = [saver.key(storage) for storage in saver.storages]
        file.write(saver.pickle(keys))
        for storage in saver.storages:
            file.write(struct.pack("<q", storage.count) + storage.values.tobytes())


def random(dtype, *shape):
    kind = np.dtype(dtype)
    return np.frombuffer(RANDOM.bytes(int(np.prod(shape)) * kind.itemsize), kind).reshape(shape)


def truth(values):
    return {"dtype": values.dtype.name, "shape": list(values.shape),
            "hex": np.ascontiguousarray(values).tobytes().hex()}


base = random("<f4", 6, 8)
shared = Storage(base)
half, flags = random(ml_dtypes.bfloat16, 3), np.array([True, False, True])
eights, words = random(ml_dtypes.float8_e4m3fn, 2, 2), random("<u4", 5)
pairs = random("<c8", 2, 3)
hooks = collections.OrderedDict()
state = collections.OrderedDict()
state["base"] = tensor(shared, (6, 8))
state["transposed"] = tensor(shared, (8, 6), 0, (1, 8))
state["slice"] = tensor(shared, (3, 2), 10, (8, 2))
state["expanded"] = tensor(shared, (4, 8), 8, (0, 1))
state["only"] = tensor(shared, (1, 3), 5, (999, 1))
state["element"] = tensor(shared, (), 47, ())
state["none"] = tensor(Storage(random("<f4", 0)), (0, 3))
state["half"] = tensor(Storage(half), (3,))
state["flags"] = tensor(Storage(flags), (3,))
state["pairs"] = Call(rebuild_parameter, tensor(Storage(pairs), (2, 3)), True, hooks)
state["eights"] = tensor(Storage(eights, untyped), (2, 2), dtype=FLOAT8)
state["words"] = Call(rebuild_from_type, rebuild_v3, parameter_class, (
    Storage(words, untyped), 1, (4,), (1,), False, hooks, UINT32), {})
expected = {
    "base": truth(base), "transposed": truth(base.T), "slice": truth(base.reshape(-1)[[[10, 12], [18, 20], [26, 28]]]),
    "expanded": truth(np.broadcast_to(base[1], (4, 8))), "only": truth(base.reshape(-1)[5:8].reshape(1, 3)),
    "element": truth(base.reshape(-1)[47]), "none": truth(random("<f4", 0, 3)), "half": truth(half),
    "flags": truth(flags), "pairs": truth(pairs), "eights": truth(eights), "words": truth(words[1:]),
}
repeated = ["twice", (1, 2)]
values = {
    "int": 7, "negative": -5, "byte": 200, "short": 60000, "word": -2**31, "long": 2**62, "large": 2**200,
    "negative large": -2**200, "edge": -2**63, "beyond": 2**63, "float": 0.1, "true": True, "false": False,
    "nothing": None, "text": "héllo ☃", "bytes": b"\x00\xff", "complex": complex(1.5, -2),
    "list": [1, [2, []]], "tuple": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)), "dict": {1: "one", "1": "text"},
    "default": collections.defaultdict(list, {"a": 1}), "size": Call(size, (2, 3)),
    "again": [repeated, repeated], "many": list(range(1100)), "long text": "x" * 300,
}
state["values"] = values

# Protocol 0 can't refer to storages.
for protocol in range(1, 6):
    save("protocol-%d.pt" % protocol, state, protocol)
save("deflated.pt", state, method=zipfile.ZIP_DEFLATED)
save("big-endian.pt", {key: state[key] for key in ("base", "transposed", "half", "pairs")}, order="big")
save("changed.pt", {"set": {3}, "device": Call(device, "cuda", 1), "dtype": FLOAT16, "frozen": frozenset([4])})
save("conjugated.pt", tensor(Storage(pairs), (2, 3), conj=True))
save("list.pt", [tensor(shared, (6, 8)), 1])

old = Storage(base)
view = Storage(base)
view.view = ("1", 8, 40)
saver_state = {"base": tensor(old, (6, 8)), "transposed": tensor(old, (8, 6), 0, (1, 8)), "half": state["half"]}
save_legacy("legacy.pt", saver_state)
save_legacy("legacy-view.pt", {"row": tensor(view, (8,), 8)})
save_legacy("legacy-big-endian.pt", saver_state, little=False)
expected["row"] = truth(base[2])

with open(os.path.join(HERE, "expected.json"), "w", encoding="utf-8") as file:
    json.dump(expected, file, indent=1)
    file.write("\n")
