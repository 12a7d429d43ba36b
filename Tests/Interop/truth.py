"""Compares what a library loaded with a case's truth (fixtures/foreign/README.md says what one is)."""
import glob
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import numpy as np


def items(case):
    """The parts of a case by name; the name of the only part without one is None."""
    with open(os.path.join(case, "expected.json")) as file:
        expected = json.load(file)
    if any(expected.get(key) for key in ("error", "errorOptional", "mayRefuse")):
        return expected, {}
    parts = dict(expected.get("checkpointables") or {})
    if expected.get("root"):
        parts[None] = expected["root"]
    if expected.get("layout", "").startswith("keras"):
        for item in parts.values():
            item["isModelOnly"] = True
    return expected, parts


def without_extras(item, value):
    """What was loaded without what the truth of a Keras file leaves out: an optimizer's weights, groups without any."""
    if not item.get("isModelOnly") or not isinstance(value, dict):
        return value

    def pruned(node, value, is_root):
        if not isinstance(value, dict):
            return value
        known = node.get("dict", {})
        return {key: pruned(known.get(key, {}), child, False) for key, child in value.items()
                if key in known or not (is_empty(child) or (is_root and key in OPTIMIZER))}

    def is_empty(value):
        return isinstance(value, dict) and all(map(is_empty, value.values()))

    return pruned(item["tree"], value, True)


CONTAINERS = ("dict", "namedtuple", "list", "tuple", "emptyDict", "emptyList", "emptyTuple")


# What a truth of a Keras file leaves out.
OPTIMIZER = ("optimizer", "optimizer_weights")


def text_digest(elements):
    """The digest of an array of texts: the elements in C order, joined by NULs."""
    parts = [text if isinstance(text, bytes) else str(text).encode() for text in elements]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def converted(tool, case, name, read, refusals, options=()):
    """The problems that `read` finds in a case converted to a file of that name; None for cases without a tree.

    `read` is called with the file, the truth's tree, and whether that is the model's weights alone, as it is for
    Keras: its files hold an optimizer's as well, and groups without any.
    """
    expected, parts = items(case)
    item = parts.get("state") or parts.get(None)
    if not item or item["kind"] != "tree":
        return None
    with tempfile.TemporaryDirectory() as scratch:
        target = os.path.join(scratch, name)
        source = os.path.join(case, expected["path"])
        done = subprocess.run([tool, "convert", "--json", *options, source, target], capture_output=True, text=True)
        if done.returncode:
            return None if any(code in done.stderr for code in refusals) else [done.stderr.strip()]
        return read(target, item["tree"], bool(item.get("isModelOnly")))


def main(library, check, arguments):
    """Checks the cases below directories, and exits with 1 when one fails or there is none."""
    tool, directories = arguments[1], arguments[2:]
    passed = failed = 0
    for directory in directories:
        for path in sorted(glob.glob(os.path.join(directory, "**", "expected.json"), recursive=True)):
            problems = check(tool, os.path.dirname(path))
            if problems:
                failed += 1
                print("%s: %s" % (os.path.dirname(path), problems[:3]))
            elif problems is not None:
                passed += 1
    print("%s: %d passed, %d failed" % (library, passed, failed))
    sys.exit(1 if failed or not passed else 0)


def kind_of(node):
    return [name for name in node if name not in ("was", "acceptDtype")][0]


def digest(array):
    array = np.asarray(array)
    if array.dtype.name in ("int4", "int2"):
        data = array.astype(np.int8).tobytes()
    elif array.dtype.name in ("uint4", "uint2"):
        data = array.astype(np.uint8).tobytes()
    elif array.dtype.name == "float4_e2m1fn":
        data = bytes(byte & 15 for byte in array.tobytes())
    else:
        data = np.ascontiguousarray(array).tobytes()
    return hashlib.sha256(data).hexdigest()


def nested_texts(value, is_text):
    """The elements of an array of texts that was written as containers of its elements, and its shape."""
    if isinstance(value, dict):
        value = [value[str(index)] for index in range(len(value))]
    if not isinstance(value, (list, tuple)):
        return [value if is_text or isinstance(value, bytes) else np.asarray(value, np.uint8).tobytes()], []
    children = [nested_texts(child, is_text) for child in value]
    return [text for texts, _ in children for text in texts], [len(children)] + (children[0][1] if children else [])


def compare(node, value, path="", state_dict=False):
    """The differences. state_dict: lists and tuples have become dictionaries, as Flax does."""
    kind = kind_of(node)
    truth = node[kind]
    if kind == "array" and truth["dtype"] in ("unicode", "bytes"):
        texts, shape = nested_texts(value, truth["dtype"] == "unicode")
        if shape != truth["shape"]:
            return ["%s: texts of shape %s, not %s" % (path, shape, truth["shape"])]
        return [] if text_digest(texts) == truth["sha256"] else ["%s: texts differ" % path]
    if kind == "array":
        if "key<" in str(getattr(value, "dtype", "")):
            if "prngImpl" not in truth:
                return ["%s: a random key" % path]
            import jax
            value = jax.random.key_data(value)
        array = np.asarray(value)
        if array.dtype.name not in [truth["dtype"]] + truth.get("acceptDtype", []):
            return ["%s: type %s, not %s" % (path, array.dtype, truth["dtype"])]
        if list(array.shape) != truth["shape"]:
            return ["%s: shape %s, not %s" % (path, array.shape, truth["shape"])]
        return [] if digest(array) == truth["sha256"] else ["%s: elements differ" % path]
    if kind in ("dict", "namedtuple"):
        fields = truth.items() if kind == "dict" else truth["fields"]
        children = dict(fields)
        if not hasattr(value, "keys"):
            if not hasattr(value, "_asdict"):
                return ["%s: %s, not a dictionary" % (path, type(value).__name__)]
            value = value._asdict()
        if set(map(str, value)) != set(children):
            return ["%s: keys %s, not %s" % (path, sorted(map(str, value)), sorted(children))]
        return [line for key, child in children.items()
                for line in compare(child, value[key], path + "/" + key, state_dict)]
    if kind in ("list", "tuple"):
        if state_dict:
            value = [value[str(index)] for index in range(len(value))] if isinstance(value, dict) else value
        if not isinstance(value, (list, tuple)) or len(value) != len(truth):
            return ["%s: %s, not a sequence of %d" % (path, type(value).__name__, len(truth))]
        return [line for index, child in enumerate(truth)
                for line in compare(child, value[index], "%s/%d" % (path, index), state_dict)]
    if kind == "scalar":
        if truth["type"] == "complex":
            real, imaginary = map(float, truth["value"].split(","))
            same = repr(complex(value)) == repr(complex(real, imaginary))
        elif truth["type"] == "bool":
            same = isinstance(value, (bool, np.bool_)) and str(bool(value)).lower() == truth["value"]
        else:
            same = str(value.item() if hasattr(value, "item") else value) == truth["value"]
        return [] if same else ["%s: %r, not %s" % (path, value, truth["value"])]
    if kind == "string":
        return [] if value == truth else ["%s: %r, not %r" % (path, value, truth)]
    if kind == "bytes":
        return [] if bytes(np.asarray(value, np.uint8) if not isinstance(value, bytes) else value).hex() == truth \
            else ["%s: other bytes" % path]
    if kind == "none":
        return [] if value is None else ["%s: %r, not None" % (path, value)]
    empty = {"emptyDict": (dict,), "emptyList": (list,), "emptyTuple": (tuple, list)}[kind]
    if state_dict:
        empty = (dict,) + empty
    return [] if isinstance(value, empty) and not value else ["%s: %r, not empty" % (path, value)]
