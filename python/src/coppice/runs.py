"""Runs: directories of steps (specification 2.6 and 3.6)."""

from __future__ import annotations

import os
import re

from .checkpoint import Checkpoint
from .documents import Document, apply_nonfinite
from .errors import CoppiceError, need
from .files import Directory, is_there, leads_out
from .jsontext import Json, whole
from .members import MAX, member_names, typed

PLAIN = re.compile(r"(0|[1-9][0-9]*)\Z", re.A)
NUMBERED = re.compile(r"(?:^|_)([0-9]+)\Z", re.A)
Path = str | os.PathLike[str]


def steps_of(path: Path, warnings: list[tuple[str, str]] | None = None) -> tuple[dict[int, str], set[int]]:
    """Returns the paths of the steps of a run by number, and the numbers of those that are known to be faulty."""
    top = os.fspath(path)
    found, faulty, incomplete = dict[int, str](), set[int](), list[str]()
    for name in sorted(os.listdir(top)):
        place = os.path.join(top, name)
        if name.startswith(".") or (os.path.islink(place) and leads_out(top, name)):  # DIR-25, DIR-40
            continue
        if not is_there(top, name + "/coppice.json"):
            if NUMBERED.search(name) and has_documents(place):
                incomplete.append(name)
            continue
        number, damaged = step_number(place, name)
        if number is None:
            if warnings is not None:
                warnings.append(("directory.step-mismatch", name))
            continue
        add_step(found, number, place, name)
        faulty |= {number} if damaged else set()
    if found or is_there(top, "coppice-root.json"):  # DIR-38
        for name in incomplete:
            match = NUMBERED.search(name)
            number = whole(match[1]) if match else MAX + 1
            add_step(found, number, os.path.join(top, name), name)
            faulty.add(number)
    return dict(sorted(found.items())), faulty


def add_step(found: dict[int, str], number: int, place: str, name: str) -> None:
    """Adds a step, whose number no other may have (DIR-34)."""
    need(number not in found, "directory.duplicate-step", name)
    found[number] = place


def step_number(place: str, name: str) -> tuple[int | None, bool]:
    """Returns the number of a step, None for a checkpoint that is no step (DIR-32); and whether it is damaged."""
    try:
        with Directory(place) as directory:
            step = Checkpoint(directory).step
        damaged = False
    except CoppiceError:
        step, damaged = None, True  # DIR-37
    plain, match = PLAIN.match(name), NUMBERED.search(name)
    number = whole(match[1]) if match else MAX + 1
    if number > MAX or (step != number if step is not None else not plain and not damaged):
        return None, damaged
    return number, damaged


def has_documents(path: str) -> bool:
    """Whether directories of checkpointables lie in a directory (DIR-38)."""
    if not os.path.isdir(path):
        return False
    names = os.listdir(path)
    return any(os.path.lexists(os.path.join(path, name, one)) for name in names for one in ("tree.json", "data.json"))


def steps_document(path: Path, warnings: list[tuple[str, str]] | None = None) -> Json:
    """Returns the metadata of a run; None where it has no document of its own."""
    with Directory(path) as directory:
        name, required = "coppice-root.json", ["format", "version", "metadata", "digest"]
        if not directory.is_there(name):
            return None
        document = Document(directory, name, None, format="coppice.root", warnings=warnings)
        member_names(document.value, required, ["nonfinite"], name + "#", document)
        typed(document.value["metadata"], dict, name + "#/metadata")
        apply_nonfinite(document, ("metadata",))
        return document.value["metadata"]
