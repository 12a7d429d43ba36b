"""The command `coppice-py`: shows checkpoints and runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from . import __version__, api, runs
from .checkpoint import Checkpoint, Files
from .errors import CoppiceError, NotFound, printable
from .files import Directory, is_there
from .lazy import LazyArray
from .model import Record
from .texts import component

SHOWN = 12


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns 0, 1 for damage, or 2 where the command could not tell."""
    parser = argparse.ArgumentParser(prog="coppice-py", description="Shows checkpoints of Coppice; reads no arrays.")
    parser.add_argument("--version", action="version", version=f"coppice-py {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="info|ls")
    info_parser = commands.add_parser("info", help="show what a checkpoint or run is, on one screen")
    list_parser = commands.add_parser("ls", help="list all arrays and values of a checkpoint")
    for one in (info_parser, list_parser):
        one.add_argument("path", metavar="PATH", help="a checkpoint or run")
        one.add_argument("--step", type=int, help="the step of a run, if not the latest")
    options = parser.parse_args(arguments)
    try:
        show(options.command, options.path, options.step)
    except CoppiceError as error:
        return fail(error, 2 if error.code.startswith("limit.") else 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except (OSError, NotFound) as error:
        return fail(error, 2)
    return 0


def fail(error: Exception, status: int) -> int:
    """Prints an error on one line, and returns a status."""
    sys.stdout.flush()
    print(printable(f"coppice-py: {error}"), file=sys.stderr)
    return status


def show(command: str, path: str, step: int | None) -> None:
    """Prints what a command asks for."""
    is_checkpoint = is_there(path, "coppice.json")
    if not is_checkpoint and step is None and command == "info":
        found, faulty = runs.steps_of(path)
        if found:
            return show_run(path, found, faulty)
    place = api.checkpoint_path(path, step)
    if not is_there(place, "coppice.json") and api.is_version_0(place):
        return show_lines(command, "version 0", api.load(place))
    with Checkpoint(Directory(place)) as checkpoint:
        if command == "info":
            show_head(place, checkpoint)
        faults = []
        for name in checkpoint.kinds:  # a fault of one hides no other (VAL-11)
            try:
                show_lines(command, "", {name: checkpoint[name]})
            except NotFound:
                put(f"{short_name(name):12} is missing")
            except CoppiceError as error:
                put(f"{short_name(name):12} is damaged")
                faults.append(error)
        if faults:
            raise faults[0]


def show_run(path: str, found: dict[int, str], faulty: set[int]) -> None:
    """Prints the steps of a run; raises the fault of the first step that has one."""
    put(f"run          {path}")
    numbers = list(found)
    shown = numbers if len(numbers) <= SHOWN else [*numbers[:3], *numbers[3 - SHOWN :]]
    steps = ", ".join(f"{number}{' (damaged)' if number in faulty else ''}" for number in shown)
    put(f"steps        {len(found)}: {steps}" + (" …" if len(shown) < len(numbers) else ""))
    put(f"latest       {max(set(found) - faulty, default=None)}")
    for number in sorted(faulty):
        with Directory(found[number]) as directory:
            Checkpoint(directory)


def show_head(place: str, checkpoint: Checkpoint) -> None:
    """Prints the metadata of a checkpoint."""
    put(f"checkpoint   {place}")
    put(f"version      {checkpoint.version}, by {checkpoint.writer}")
    if checkpoint.step is not None:
        put(f"step         {checkpoint.step}")
    for name, pairs in (("metrics", checkpoint.metrics), ("custom", checkpoint.custom), ("times", checkpoint.times)):
        if pairs:
            put(f"{name:12} " + ", ".join(f"{key}: {short(value)}" for key, value in list(pairs.items())[:SHOWN]))


def show_lines(command: str, title: str, values: Any) -> None:
    """Prints checkpointables: a line for each, or one for each of their leaves."""
    if title:
        put(title)
    if command == "ls":
        for path, value in leaves(values, ""):
            put(f"{path or '.'}  {short(value)}")
        return
    pairs = values.items() if isinstance(values, Mapping) else [("(tree)", values)]
    for name, value in pairs:
        put(f"{short_name(str(name)):12} {summary(value)}")


def summary(value: Any) -> str:
    """Returns what a checkpointable is, in a few words."""
    if isinstance(value, Files):
        return f"files: {len(value)}, {sum(map(value.size, value)):,} bytes"
    arrays = [leaf for _, leaf in leaves(value, "") if hasattr(leaf, "nbytes")]
    if not arrays:
        return short(value)
    largest = max(arrays, key=lambda leaf: leaf.nbytes)
    total = sum(leaf.nbytes for leaf in arrays)
    count = "1 array" if len(arrays) == 1 else f"{len(arrays):,} arrays"
    return f"{count}, {total:,} bytes; the largest is {short(largest)}"


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Iterates over everything below a value that is no container, with its path."""
    pairs: Any = None
    if isinstance(value, Files):
        pairs = ((name, f"{value.size(name):,} bytes") for name in value)
    elif isinstance(value, Mapping):
        pairs = ((component(key), item) for key, item in value.items())
    elif isinstance(value, Record):
        pairs = ((component(key), item) for key, item in value.fields.items())
    elif isinstance(value, (list, tuple)):
        pairs = ((str(i), item) for i, item in enumerate(value))
    empty = True
    for key, item in pairs or ():
        empty = False
        yield from leaves(item, f"{path}/{key}" if path else key)
    if empty:
        yield path, value


def short(value: Any) -> str:
    """Returns a value in at most 60 characters."""
    if isinstance(value, LazyArray):
        return f"{value.dtype_name}{list(value.shape)} {value.storage}"
    if hasattr(value, "dtype"):
        return f"{value.dtype}{list(value.shape)}"
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def short_name(name: str) -> str:
    """Returns a name in at most 60 characters."""
    return name if len(name) <= 60 else name[:59] + "…"


def put(line: str) -> None:
    """Prints a line, with control characters escaped (SEC-20)."""
    print(printable(line))


if __name__ == "__main__":
    sys.exit(main())
