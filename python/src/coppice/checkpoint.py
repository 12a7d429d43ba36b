"""Checkpoints of version 1: the root document, and checkpointables by name (specification chapter 2, 3.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .documents import Document, apply_nonfinite
from .entries import check_entries
from .errors import CoppiceError, NotFound, need
from .files import Directory, digest
from .jsontext import Json
from .members import integer, member_names, typed
from .memory import collection_paused
from .texts import directory_name, parse_time
from .tree import Tree

FEATURES = frozenset(
    ("chunked", "composite", "json-nonfinite", "multi-file", "packed", "pieces", "sharded", "shuffle", "zstd")
)
RESERVED = ("coppice.json", "metrics", "AUTO", "_CHECKPOINT_DELETION")  # DIR-5


class Checkpoint(Mapping[str, Any]):
    """An open checkpoint: a mapping of the names of its checkpointables to what they hold.

    A tree is a `dict`, `list` or whatever its root is, whose arrays are `LazyArray`s. A JSON value is read when it is
    asked for. Files are a mapping of paths to bytes, and a composite is a mapping of names.
    """

    def __init__(self, directory: Directory, verify: bool = True) -> None:
        """Reads the root document in a directory; `verify` says whether the digests of blocks are checked."""
        self.directory, self.verify = directory, verify
        self.warnings: list[tuple[str, str]] = []
        self.data_files: set[str] = set()
        self.document = Document(directory, "coppice.json", None, format="coppice", warnings=self.warnings)
        self.root: Json = self.document.value
        self.features: set[str] = set()
        self.trees: dict[str, Tree] = {}
        self._check_root()

    def _check_root(self) -> None:
        root, at, document = self.root, "coppice.json#", self.document
        if "required_features" in root:
            check_required(root["required_features"], at)
        required = ["format", "version", "required_features", "checkpointables", "writer", "digest"]
        member_names(root, required, ["step", "metrics", "custom", "nonfinite", "times"], at, document)
        typed(root["writer"], str, at + "/writer")
        if "step" in root:
            integer(root["step"], at + "/step")
        for name in ("metrics", "custom"):
            typed(root.get(name, {}), dict, f"{at}/{name}")
        if "times" in root:
            times = member_names(root["times"], [], ["init", "commit"], at + "/times", document)
            need(times, "metadata.bad-time", at + "/times", "empty")
            for name in ("init", "commit"):
                if name in times:
                    parse_time(times[name], f"{at}/times/{name}")
        apply_nonfinite(document, ("metrics", "custom"))
        for name in typed(root["checkpointables"], dict, at + "/checkpointables"):
            need(name not in RESERVED, "directory.reserved-name", at, name)
        check_entries(root["checkpointables"], at + "/checkpointables", 0, document, self.features, ["coppice.json"])
        self.check_features(self.features)

    def check_features(self, used: set[str]) -> None:
        """Checks that features that are used are listed (VER-6)."""
        unlisted = sorted(used - set(self.root["required_features"]))
        need(not unlisted, "versioning.undeclared-feature", "coppice.json", ", ".join(unlisted))

    # Metadata

    @property
    def version(self) -> str:
        """The version of the format."""
        return str(self.root["version"])

    @property
    def writer(self) -> str:
        """The program that wrote the checkpoint."""
        return str(self.root["writer"])

    @property
    def step(self) -> int | None:
        """The step; None where the checkpoint has none."""
        return int(self.root["step"]) if "step" in self.root else None

    @property
    def metrics(self) -> dict[str, Any]:
        """The metrics."""
        return dict(self.root.get("metrics", {}))

    @property
    def custom(self) -> dict[str, Any]:
        """The metadata of the user."""
        return dict(self.root.get("custom", {}))

    @property
    def times(self) -> dict[str, str]:
        """The times `init` and `commit`, where they are recorded."""
        return dict(self.root.get("times", {}))

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each checkpointable: `tree`, `json`, `files` or `composite`."""
        return {name: str(entry["kind"]) for name, entry in self.root["checkpointables"].items()}

    # The mapping

    def __getitem__(self, name: str) -> Any:
        """Returns a checkpointable, whose arrays and files are not read yet."""
        return self.lazy(*self.entry([name]))

    def __iter__(self) -> Iterator[str]:
        """Iterates over the names of the checkpointables whose directories are there."""
        entries = self.root["checkpointables"]
        return (name for name in entries if self.directory.has_directory(directory_name(name)))

    def __len__(self) -> int:
        """Returns the number of checkpointables whose directories are there."""
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        """Returns the path and the kinds."""
        return f"<Checkpoint {self.directory.path!r} {self.kinds}>"

    def __enter__(self) -> Checkpoint:
        """Returns the checkpoint, which the `with` statement closes."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the checkpoint."""
        self.close()

    def close(self) -> None:
        """Closes the checkpoint; arrays that were not read can't be read any more."""
        for tree in self.trees.values():
            tree.opened.clear()
        self.directory.close()

    # What checkpointables hold

    def entry(self, names: list[str] | tuple[str, ...]) -> tuple[Json, str]:
        """Returns the entry of a checkpointable, whose name follows those of composites, and its directory (DIR-12)."""
        entries: Json = self.root["checkpointables"]
        entry, place, inside = None, "", ""
        for name in names:
            inside = place + directory_name(name)
            if name not in entries or not self.directory.has_directory(inside):
                there = [other for other in entries if self.directory.is_there(place + directory_name(other))]
                raise NotFound(f"checkpointable {name!r}", there)
            entry, place = entries[name], inside + "/"
            entries = entry.get("items", {})
        return entry, inside

    def tree(self, entry: Json, place: str) -> Tree:
        """Returns the tree of an entry, opened once."""
        if place not in self.trees:
            self.trees[place] = Tree(self, entry, place)
        return self.trees[place]

    def json(self, entry: Json, place: str) -> Json:
        """Returns the value of an entry of kind `json`."""
        document = Document(self.directory, place + "/data.json", entry["document"], nonfinite=True)
        self.features |= {"json-nonfinite"} if document.nonfinite else set()
        self.check_features(self.features)
        return document.value

    def lazy(self, entry: Json, place: str, path: str = "") -> Any:
        """Returns what an entry holds, or the part of a tree at a path; arrays and files are not read yet."""
        if entry["kind"] == "tree":
            with collection_paused():
                return self.tree(entry, place).lazy(path, self.verify)
        self._need_no_path(place, path)
        if entry["kind"] == "json":
            return self.json(entry, place)
        return (Files if entry["kind"] == "files" else Composite)(self, entry, place)

    def load(self, entry: Json, place: str, path: str = "") -> Any:
        """Returns what an entry holds, or the part of a tree at a path, with all arrays and files."""
        if entry["kind"] == "tree":
            with collection_paused():
                return self.tree(entry, place).load(path, self.verify)
        self._need_no_path(place, path)
        if entry["kind"] == "json":
            return self.json(entry, place)
        if entry["kind"] == "files":
            return dict(Files(self, entry, place))
        return {name: self.load(item, inside) for name, item, inside in self.present(entry["items"], place + "/")}

    def load_all(self) -> dict[str, Any]:
        """Returns everything by the names of the checkpointables."""
        present = self.present(self.root["checkpointables"], "")
        return {name: self.load(entry, inside) for name, entry, inside in present}

    def present(self, entries: Json, place: str) -> Iterator[tuple[str, Json, str]]:
        """Iterates over the entries whose directories are there, and warns of the others (DIR-12)."""
        for name, entry in entries.items():
            inside = place + directory_name(name)
            try:
                missing = not self.directory.is_there(inside)
            except CoppiceError:  # a fault of this checkpointable (VAL-11), as its reader finds
                missing = False
            if missing:
                self.warn_of_missing(inside)
            else:
                yield name, entry, inside

    def warn_of_missing(self, place: str) -> None:
        """Notes that the directory of a checkpointable is missing."""
        self.warnings.append(("directory.missing-checkpointable", place))

    def file(self, path: str, entry: Json) -> bytes:
        """Returns the content of a file of an entry of kind `files` (MET-23)."""
        self.check_file_size(path, entry)
        data = self.directory.read(path, 0, int(entry["size"]))
        need(digest(data) == entry["digest"], "metadata.digest-mismatch", path)
        return data

    def check_file_size(self, path: str, entry: Json) -> None:
        """Checks that a file of an entry of kind `files` is there with its size."""
        need(self.directory.size(path) == entry["size"], "metadata.size-mismatch", path)

    @staticmethod
    def _need_no_path(place: str, path: str) -> None:
        if path:
            raise NotFound(f"path {path!r} in {place}, which is no tree", [])


class Files(Mapping[str, bytes]):
    """The files of a checkpointable: a mapping of their paths to their bytes, which are read when asked for."""

    def __init__(self, checkpoint: Checkpoint, entry: Json, place: str) -> None:
        """Makes the mapping of an entry of kind `files`."""
        self._checkpoint, self._place = checkpoint, place
        self._files = {str(file["path"]): file for file in entry["files"]}

    def __getitem__(self, path: str) -> bytes:
        """Returns the bytes of a file, checked."""
        if path not in self._files:
            raise NotFound(f"file {path!r}", self._files)
        return self._checkpoint.file(f"{self._place}/{path}", self._files[path])

    def __iter__(self) -> Iterator[str]:
        """Iterates over the paths."""
        return iter(self._files)

    def __len__(self) -> int:
        """Returns the number of files."""
        return len(self._files)

    def size(self, path: str) -> int:
        """Returns the recorded number of bytes of a file."""
        return int(self._files[path]["size"])


class Composite(Mapping[str, Any]):
    """A checkpointable of checkpointables: a mapping of their names to what they hold."""

    def __init__(self, checkpoint: Checkpoint, entry: Json, place: str) -> None:
        """Makes the mapping of an entry of kind `composite`."""
        self._checkpoint, self._items, self._place = checkpoint, entry["items"], place

    def __getitem__(self, name: str) -> Any:
        """Returns a checkpointable, whose arrays and files are not read yet."""
        inside = f"{self._place}/{directory_name(name)}"
        if name not in self._items or not self._checkpoint.directory.has_directory(inside):
            raise NotFound(f"checkpointable {name!r}", self)
        return self._checkpoint.lazy(self._items[name], inside)

    def __iter__(self) -> Iterator[str]:
        """Iterates over the names whose directories are there."""
        place, directory = self._place, self._checkpoint.directory
        return (name for name in self._items if directory.has_directory(f"{place}/{directory_name(name)}"))

    def __len__(self) -> int:
        """Returns the number of checkpointables whose directories are there."""
        return sum(1 for _ in self)


def check_required(features: Json, at: str) -> None:
    """Checks the list of features, before anything that a feature might change (MET-20, VER-4)."""
    for feature in typed(features, list, at + "/required_features"):
        typed(feature, str, at + "/required_features")
    unknown = [feature for feature in features if feature not in FEATURES]
    need(not unknown, "versioning.unknown-feature", at, repr(unknown)[:80])
    order = [feature.encode() for feature in features]
    need(order == sorted(set(order)), "versioning.bad-features", at)
