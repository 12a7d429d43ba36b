"""Checkpoints of version 0: directories of `arrays.h5` and `metadata.json` (specification 0)."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from typing import Any

from ..checkpoint import RESERVED
from ..errors import CoppiceError, need
from ..files import Directory
from ..jsontext import Json
from ..members import MAX, integer, member_names, typed
from ..texts import directory_name, folded
from .arrays import MISMATCH, Arrays, mark
from .metadata import Document0, Node, Value, described, finish, insert

NUMBER = re.compile(r"(0|[1-9][0-9]*)\Z", re.A)
Warnings = list[tuple[str, str]]
Opened = tuple[Json, dict[str | None, str], dict[str | None, Any]]


def is_file(directory: Directory, path: str) -> bool:
    """Whether there is a regular file at a path."""
    _, info = directory.resolve(path)
    return info is not None and stat.S_ISREG(info.st_mode)


def is_directory(directory: Directory, path: str) -> bool:
    """Whether there is a directory at a path; a link that leads outside is none (V0-11)."""
    try:
        _, info = directory.resolve(path)
    except CoppiceError:
        return False
    return info is not None and stat.S_ISDIR(info.st_mode)


def is_tree(directory: Directory, place: str) -> bool:
    """Whether a tree lies in a place (V0-2)."""
    return is_file(directory, place + "arrays.h5") and not is_file(directory, place + "tree.json")


def items(directory: Directory) -> Iterator[str]:
    """Iterates over the names of subdirectories that are items (V0-5)."""
    for name in sorted(os.listdir(directory.path), key=os.fsencode):
        if not name.startswith(".") and not NUMBER.match(name) and is_directory(directory, name):
            yield name


def kind_of(directory: Directory, name: str) -> str:
    """Returns the kind of an item."""
    place = name + "/"
    if is_tree(directory, place):
        return "tree"
    if is_file(directory, place + "data.json"):
        return "json"
    need(not is_file(directory, place + "metadata.json"), "directory.file-missing", place + "arrays.h5")
    return "files"


def trees(directory: Directory) -> list[str]:
    """Returns the places of the trees of a checkpoint of version 0; none where it is something else."""
    if is_file(directory, "coppice.json"):
        return []
    below = (f"{name}/" for name in items(directory))
    places = [""] if is_tree(directory, "") else [place for place in below if is_tree(directory, place)]
    marks = [mark(os.path.join(directory.path, place, "arrays.h5")) for place in places]
    return places if any(found is not False for found in marks) else []


def load_tree(directory: Directory, place: str, warnings: Warnings) -> Any:
    """Loads a tree."""
    loaded: dict[str, Any]
    if is_file(directory, place + "metadata.json"):
        root, arrays = described(directory, place)
        file = Arrays(directory.path, place)
        differing = sorted(set(arrays) ^ set(file.datasets))
        need(not differing, MISMATCH, file.at, ", ".join(differing)[:80])  # V0-17
        loaded = {path: file.load(path, wanted) for path, wanted in arrays.items()}
    else:
        file = Arrays(directory.path, place)
        warnings.append(("versioning.inferred", file.at))  # V0-24
        loaded = {path: file.load(path) for path in file.datasets}
        root = inferred(file)
    file.check_places()
    return fill(finish(root, file.at), loaded, ())


def inferred(file: Arrays) -> Node:
    """Returns the tree that the groups and datasets of a file make."""
    root = Node()
    for path, names in file.groups.items():
        group = Node()
        numbered = names and set(names) == {str(i) for i in range(len(names))}
        group.kind = "list" if numbered else "dict"  # V0-22
        if path:
            insert(root, tuple(path.split("/")), group, file.at)
        else:
            root.kind = group.kind
    for path in file.datasets:
        insert(root, tuple(path.split("/")), None, file.at)
    return root


def fill(node: Any, loaded: dict[str, Any], path: tuple[str, ...]) -> Any:
    """Returns the tree with its arrays and values."""
    if isinstance(node, dict):
        return {key: fill(item, loaded, (*path, key)) for key, item in node.items()}
    if isinstance(node, (list, tuple)):
        return type(node)(fill(item, loaded, (*path, str(i))) for i, item in enumerate(node))
    return node.value if isinstance(node, Value) else loaded["/".join(path)]


def open_checkpoint(directory: Directory, warnings: Warnings) -> Opened:
    """Returns the members of a checkpoint, and kinds and values by name; the name is None for a direct one."""
    members = own_members(directory)
    if trees(directory) == [""]:
        return members, {None: "tree"}, {None: load_tree(directory, "", warnings)}
    kinds: dict[str | None, str] = {}
    values: dict[str | None, Any] = {}
    seen = {folded("coppice.json")}
    names = list(items(directory))
    for name in names:  # V0-9
        need(name not in RESERVED, "directory.reserved-name", name)
        need(folded(name) not in seen, "directory.name-collision", name)
        need(len(directory_name(name)) <= 255, "directory.name-too-long", name)
        seen.add(folded(name))
        kinds[name] = kind_of(directory, name)
    for name in names:
        if kinds[name] == "tree":
            values[name] = load_tree(directory, name + "/", warnings)
        elif kinds[name] == "json":
            values[name] = Document0(directory, name + "/data.json").value
        else:
            values[name] = dict(files_below(directory, name))
    return members, kinds, values


def own_members(directory: Directory) -> Json:
    """Returns the members of `checkpoint.json`, where that is there."""
    if not is_file(directory, "checkpoint.json"):
        return {}
    document = Document0(directory, "checkpoint.json")
    at = "checkpoint.json#"
    members = member_names(document.value, [], ["step", "custom"], at, document)
    if "step" in members:
        integer(members["step"], at + "/step")
    typed(members.get("custom", {}), dict, at + "/custom")
    return members


def files_below(directory: Directory, name: str) -> Iterator[tuple[str, bytes]]:
    """Iterates over the files of an item, with their paths and bytes."""
    top = os.path.join(directory.path, name)
    for folder, _, names in os.walk(top):
        for file in names:
            path = os.path.relpath(os.path.join(folder, file), top)
            if is_file(directory, f"{name}/{path}"):
                with directory.open(f"{name}/{path}") as data:
                    yield path, data.read()


def is_checkpoint(path: str) -> bool:
    """Whether a directory is a checkpoint of version 0."""
    with Directory(path) as directory:
        return bool(trees(directory))


def load(path: str, warnings: Warnings | None = None) -> Any:
    """Loads all checkpointables by name; of a direct checkpoint its tree."""
    with Directory(path) as directory:
        need(trees(directory), "directory.no-root-document", path)
        _, _, values = open_checkpoint(directory, [] if warnings is None else warnings)
        return values.get(None, values)


def steps(path: str) -> dict[int, str]:
    """Returns the checkpoints of a run by number (V0-6)."""
    with Directory(path) as directory:
        if is_checkpoint(path) or is_file(directory, "coppice-root.json"):
            return {}
        names = [name for name in os.listdir(path) if NUMBER.match(name) and int(name) <= MAX]
        places = {int(name): os.path.join(path, name) for name in names if is_directory(directory, name)}
    return {number: places[number] for number in sorted(places) if is_checkpoint(places[number])}
