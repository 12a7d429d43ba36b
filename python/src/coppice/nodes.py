"""Nodes of a tree document: the tree as Python has it, with leaves by their ordinals (specification 3.7)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .documents import Document
from .errors import CoppiceError, NotFound, need
from .jsontext import Json
from .members import integer, member_names, typed
from .model import Record, TextArray, text_array
from .texts import check_shape, component, parse_bytes, parse_float, parse_int

CONTAINERS = ("dict", "list", "tuple", "record")
VALUES = ("int", "float", "bool", "complex", "string", "bytes", "none", "strings", "byte_strings")
KINDS = frozenset((*CONTAINERS, *VALUES, "leaf"))


class Ordinal(int):
    """A leaf in the tree: its number."""


class Nodes:
    """The nodes of a tree document, checked (MET-32 to MET-35): `root`, and the text of the path of each leaf."""

    def __init__(self, document: Document, count: int, at: str) -> None:
        """Reads the member `tree` of a document with so many leaves."""
        self.document, self.count, self.at = document, count, at
        self.paths: list[str] = []
        self.text = 0
        self.root = self.node(document.value["tree"], "", 0)
        need(len(self.paths) == count, "model.leaf-order", at)  # MET-35

    def node(self, node: Json, path: str, depth: int) -> Any:
        """Returns a node and all below it."""
        at = self.at
        need(isinstance(node, dict), "model.bad-node", at, path)
        if len(node) == 1 and type(node.get("leaf")) is int:  # as most nodes are
            return self.leaf(node["leaf"], path)
        names = [name for name in node if name in KINDS]
        need(len(names) == 1 and (len(node) == 1 or self.document.minor), "model.bad-node", at, path)  # VER-7
        if len(node) > 1:
            self.document.warnings.append(("versioning.ignored-member", at))
        kind = names[0]
        value = node[kind]
        if kind == "leaf":
            return self.leaf(integer(value, at), path)
        if kind in CONTAINERS:
            return self.container(kind, value, path and path + "/", depth)
        return self.simple(kind, value)

    def leaf(self, value: int, path: str) -> Ordinal:
        """Returns a leaf, whose number must be the next one (MET-35)."""
        if value != len(self.paths) or value >= self.count:
            integer(value, self.at)
            raise CoppiceError("model.leaf-order", self.at, path)
        self.paths.append(path)
        return Ordinal(value)

    def container(self, kind: str, value: Json, path: str, depth: int) -> Any:
        """Returns a container; `path` begins the paths of what it holds."""
        at, name = self.at, ""
        if kind == "record":
            member_names(value, ["type", "fields"], [], at, self.document)
            name, value = typed(value["type"], str, at), value["fields"]
        typed(value, list, at)
        need(not value or depth < 128, "model.too-deep", at)  # MOD-18
        if kind in ("list", "tuple"):
            items = [self.node(item, f"{path}{i}", depth + 1) for i, item in enumerate(value)]
            return items if kind == "list" else tuple(items)
        found: dict[Any, Any] = {}
        for pair in value:
            need(isinstance(pair, list) and len(pair) == 2, "json.type", at, "not a pair")
            key = self.key(pair[0], kind == "record")
            if key in found:
                raise CoppiceError("model.duplicate-key", at, repr(key)[:40])  # MOD-3, MOD-4
            found[key] = None
            found[key] = self.node(pair[1], path + component(key), depth + 1)
        return Record(name, found) if kind == "record" else found

    def key(self, key: Json, is_field: bool) -> str | int:
        """Returns a key or the name of a field."""
        if isinstance(key, str) and len(key) <= 256:
            return key
        at = self.at
        if isinstance(key, dict) and not is_field:
            need("int" in key and (len(key) == 1 or self.document.minor), "model.bad-node", at)
            if len(key) > 1:
                self.document.warnings.append(("versioning.ignored-member", at))
            number = parse_int(key["int"], at)
            need(-(2**63) <= number < 2**63, "model.bad-value", at)  # MOD-3
            return number
        need(isinstance(key, str), "json.type" if is_field else "model.bad-node", at)
        need(len(key.encode()) <= 1024, "model.key-too-long", at)  # MOD-15
        return str(key)

    def simple(self, kind: str, value: Json) -> Any:
        """Returns a value (specification 1.3)."""
        at = self.at
        if kind in ("strings", "byte_strings"):
            return self.texts(value, kind == "byte_strings")
        if kind == "complex":
            need(len(typed(value, list, at)) == 2, "json.type", at)
            return complex(parse_float(value[0], at), parse_float(value[1], at))
        if kind == "none":
            return need(value is True, "model.bad-value", at)
        parsers: dict[str, Callable[[Json, str], Any]] = {"int": parse_int, "float": parse_float, "bytes": parse_bytes}
        if kind in parsers:
            return parsers[kind](value, at)
        return typed(value, bool if kind == "bool" else str, at)

    def texts(self, value: Json, is_bytes: bool) -> TextArray:
        """Returns an array of strings or byte strings (MET-34)."""
        at = self.at
        member_names(value, ["shape", "elements"], [], at, self.document)
        shape, elements = check_shape(value["shape"], at), typed(value["elements"], list, at)
        need(len(elements) == math.prod(shape), "model.bad-value", at)
        items: list[Any] = [parse_bytes(item, at) if is_bytes else typed(item, str, at) for item in elements]
        self.text += sum(len(item) if is_bytes else len(item.encode()) for item in items)
        need(self.text <= 2**26, "model.text-too-large", at)  # MOD-21
        return text_array(items, shape, is_bytes)


def find(root: Any, path: str) -> Any:
    """Returns the node at the text of a path (MOD-5, MOD-16, MOD-17)."""
    for text in path.split("/") if path else []:
        items: dict[str, Any] = {}
        if isinstance(root, (list, tuple)):
            items = {str(i): item for i, item in enumerate(root)}
        elif isinstance(root, (dict, Record)):
            fields = root.fields if isinstance(root, Record) else root
            items = {component(key): item for key, item in fields.items()}
        if text not in items:
            raise NotFound(f"node {text!r} of the path {path!r}", items)
        root = items[text]
    return root


def map_leaves(node: Any, make: Callable[[Any], Any], is_leaf: type | tuple[type, ...] = Ordinal) -> Any:
    """Returns a node with all below it, where `make` gives what stands for each leaf."""
    if isinstance(node, is_leaf):
        return make(node)
    if isinstance(node, dict):
        return {key: map_leaves(item, make, is_leaf) for key, item in node.items()}
    if isinstance(node, Record):
        return Record(node.type, {name: map_leaves(item, make, is_leaf) for name, item in node.fields.items()})
    if isinstance(node, (list, tuple)):
        items = [map_leaves(item, make, is_leaf) for item in node]
        return items if isinstance(node, list) else tuple(items)
    return node
