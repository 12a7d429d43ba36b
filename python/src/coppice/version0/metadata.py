"""The document of a tree of version 0, `metadata.json` (specification 0, 2.1)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ..errors import need
from ..files import Directory
from ..jsontext import NONFINITE, Float, Int, Json, parse
from ..members import member_names, typed
from ..texts import check_shape

NARROW = {"bfloat16": "uint16", "float8_e4m3fn": "uint8", "float8_e5m2": "uint8"}  # V0-18
INTEGERS = [kind + bits for kind in ("int", "uint") for bits in ("8", "16", "32", "64")]
DTYPES = {*INTEGERS, *NARROW, "float16", "float32", "float64", "bool", "complex64", "complex128"}


class Document0:
    """A document of version 0; unknown members are faults."""

    minor = 0

    def __init__(self, directory: Directory, path: str) -> None:
        """Reads the document at a path."""
        self.path = path
        self.warnings: list[tuple[str, str]] = []
        with directory.open(path) as file:
            data = file.read(2**30 + 1)
        need(len(data) <= 2**30, "file.too-large", path)
        self.value, _, _ = parse(data, path, 128, True)  # V0-10


class Node(dict[str, Any]):
    """A container that is being built: its entries by key."""

    kind = "dict"


class Value(SimpleNamespace):
    """A value that is no array."""

    value: Any


class Described(SimpleNamespace):
    """An array as metadata describe it."""

    dtype: str
    shape: tuple[int, ...]


def split(path: str, at: str) -> tuple[str, ...]:
    """Returns the keys of a path."""
    keys = path.split("/") if path else []
    for key in keys:
        need(key not in ("", ".") and "\0" not in key, "model.bad-node", at, path[:60])  # V0-13
        need(len(key.encode()) <= 1024, "model.key-too-long", at)
    need(len(keys) <= 128, "model.too-deep", at)
    return tuple(keys)


def insert(root: Node, keys: tuple[str, ...], value: Any, at: str) -> None:
    """Puts a value, or a container that may be there already, at its place."""
    for i, key in enumerate(keys[:-1]):
        root = root.setdefault(key, Node())
        need(isinstance(root, Node), "model.bad-node", at, "/".join(keys[: i + 1]))  # V0-14
    last = keys[-1]
    if isinstance(value, Node):
        have = root.setdefault(last, value)
        need(isinstance(have, Node), "model.bad-node", at, "/".join(keys))
        have.kind = value.kind
    else:
        need(last not in root, "model.bad-node", at, "/".join(keys))
        root[last] = value


def finish(node: Any, at: str) -> Any:
    """Returns Python's containers in the place of nodes."""
    if not isinstance(node, Node):
        return node
    if node.kind == "dict":
        return {key: finish(node[key], at) for key in sorted(node, key=str.encode)}  # V0-16
    numbered = set(node) == {str(i) for i in range(len(node))}
    need(numbered, "model.bad-node", at, f"elements of a {node.kind}")
    values = [finish(node[str(i)], at) for i in range(len(node))]
    return values if node.kind == "list" else tuple(values)


def value_of(value: Json, at: str) -> Any:
    """Returns a value (V0-15)."""
    need(not isinstance(value, (list, dict)), "model.bad-value", at)
    if isinstance(value, Float):
        need(value.text in NONFINITE or abs(value) != float("inf"), "json.number-range", at)
        return float(value)
    return int(value) if isinstance(value, Int) else value


def described(directory: Directory, place: str) -> tuple[Node, dict[str, Described]]:
    """Returns the tree of metadata.json, with descriptions in the place of arrays, and these by path."""
    document = Document0(directory, place + "metadata.json")
    at = document.path + "#"
    members = member_names(document.value, ["arrays"], ["values", "containers"], at, document)
    root, arrays, seen = Node(), dict[str, Described](), set[tuple[str, ...]]()
    for name in ("arrays", "values", "containers"):
        for path, value in typed(members.get(name, {}), dict, f"{at}/{name}").items():
            here = f"{at}/{name}/{path}"
            keys = split(path, here)
            need(keys not in seen, "model.duplicate-key", here)
            seen.add(keys)
            found: Any
            if name == "arrays":
                member_names(value, ["dtype", "shape"], [], here, document)
                need(typed(value["dtype"], str, here) in DTYPES, "arrays.unknown-dtype", here)
                found = arrays[path] = Described(dtype=value["dtype"], shape=check_shape(value["shape"], here))
            elif name == "values":
                found = Value(value=value_of(value, here))
            else:
                need(typed(value, str, here) in ("dict", "list", "tuple"), "model.bad-node", here)
                found = Node()
                found.kind = value
            if keys:
                insert(root, keys, found, here)
            else:
                need(isinstance(found, Node), "model.bad-node", here, "the root")
                root.kind = found.kind
    need(len(arrays) <= 2**22, "model.too-many-leaves", at)
    return root, arrays
