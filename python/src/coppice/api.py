"""Functions that programs call."""

from __future__ import annotations

import os
from typing import Any

from . import runs
from .checkpoint import Checkpoint
from .errors import CoppiceError, NotFound
from .files import Directory, is_there

Path = str | os.PathLike[str]


def open(path: Path, *, step: int | None = None, verify: bool = True) -> Checkpoint:
    """Opens a checkpoint, or a step of a run (the latest, where `step` is None).

    Only documents are read; the digests of blocks are checked when arrays are read, unless `verify` is false.
    """
    place = checkpoint_path(path, step)
    if not is_there(place, "coppice.json") and is_version_0(place):
        raise CoppiceError("versioning.not-coppice", place, "version 0 is only loaded as a whole: use coppice.load")
    directory = Directory(place)
    try:
        return Checkpoint(directory, verify)
    except BaseException:
        directory.close()
        raise


def load(
    path: Path,
    name: str | tuple[str, ...] | None = None,
    at: str = "",
    *,
    step: int | None = None,
    verify: bool = True,
) -> Any:
    """Loads a checkpoint, or a step of a run (the latest, where `step` is None).

    Without a name the result is a dict of all checkpointables; with one it is this checkpointable (a tuple of names
    leads through composites), and with `at` the node of its tree at the text of a path, such as `params/w`.
    `verify=False` leaves out the digests of blocks.
    """
    place = checkpoint_path(path, step)
    if not is_there(place, "coppice.json") and is_version_0(place):
        return load_version_0(place, name, at)
    with open(place, verify=verify) as checkpoint:
        if name is None:
            return checkpoint.load_all()
        entry, inside = checkpoint.entry([name] if isinstance(name, str) else name)
        return checkpoint.load(entry, inside, at)


def metadata(path: Path, *, step: int | None = None) -> dict[str, Any]:
    """Returns version, writer, step, metrics, custom metadata, times and the kinds of the checkpointables.

    No tree is read. What the checkpoint does not have is left out.
    """
    with open(path, step=step) as checkpoint:
        names = ("version", "writer", "step", "metrics", "custom", "times")
        found = {name: checkpoint.root[name] for name in names if name in checkpoint.root}
        return {**found, "checkpointables": checkpoint.kinds}


def steps(run: Path) -> dict[int, str]:
    """Returns the paths of the steps of a run by number, in order; damaged steps are among them."""
    found, _ = runs.steps_of(run)
    if not found:
        from . import version0

        return version0.steps(os.fspath(run))
    return found


def latest(run: Path) -> int | None:
    """Returns the number of the latest step whose root document can be read (DIR-39); None where there is none."""
    found, faulty = runs.steps_of(run)
    if not found:
        return max(steps(run), default=None)
    return max(set(found) - faulty, default=None)


def checkpoint_path(path: Path, step: int | None) -> str:
    """Returns the path of the checkpoint at a path, or of a step of the run there."""
    place = os.fspath(path)
    if is_there(place, "coppice.json"):
        if step is not None:
            raise NotFound(f"step {step}: {place} is a checkpoint, not a run", [])
        return place
    os.close(os.open(place, os.O_RDONLY | os.O_DIRECTORY))  # which says what is wrong with the path
    found = steps(place)
    if not found:
        if step is not None:
            raise NotFound(f"step {step}", [])
        return place
    number = latest(place) if step is None else step
    if number is None:
        raise CoppiceError("directory.no-root-document", place, "no step is intact; name one")
    if number not in found:
        raise NotFound(f"step {number}", found)
    return found[number]


def is_version_0(place: str) -> bool:
    """Whether a directory without root document is a checkpoint of version 0."""
    from . import version0

    return version0.is_checkpoint(place)


def load_version_0(place: str, name: str | tuple[str, ...] | None, at: str) -> Any:
    """Loads a checkpoint of version 0, or a part of it; a direct one has no names."""
    from . import version0
    from .nodes import find

    value = version0.load(place)
    if name is not None:
        names = (name,) if isinstance(name, str) else name
        if len(names) != 1 or not isinstance(value, dict) or names[0] not in value:
            raise NotFound(f"checkpointable {name!r}", value if isinstance(value, dict) else [])
        value = value[names[0]]
    return find(value, at)
