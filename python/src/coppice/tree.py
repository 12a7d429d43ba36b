"""Trees: the document, checked to level *structure*, and the arrays (specification 3.7, chapters 4 and 5)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from .blocks import Blocks, Columns, Layout, read_columns
from .documents import Document
from .errors import CoppiceError, need
from .files import DataFile, Directory
from .forms import LeafForm
from .jsontext import Json
from .lazy import LazyArray
from .members import hexes, integer, member_names, typed
from .nodes import Nodes, Ordinal, find, map_leaves
from .reading import read_arrays
from .shardings import read_placements, read_shardings

T = TypeVar("T")
OPEN_FILES = 64


class Owner(Protocol):
    """A checkpoint, as its trees see it."""

    directory: Directory
    warnings: list[tuple[str, str]]
    features: set[str]
    data_files: set[str]

    def check_features(self, used: set[str]) -> None:
        """Checks that features that are used are listed."""


class Tree:
    """A tree of a checkpoint, whose document is read and checked.

    A data file and its index are opened and checked when something is read from them (VAL-6). With `structure` false
    the document is checked to level *document* alone, and no array can be read.
    """

    def __init__(self, checkpoint: Owner, entry: Json, place: str, structure: bool = True) -> None:
        """Reads the document in a directory."""
        self.checkpoint, self.place, self.path = checkpoint, place, place + "/tree.json"
        self.document = document = Document(
            checkpoint.directory, self.path, entry["document"], 640, format="coppice.tree", warnings=checkpoint.warnings
        )
        self.value, at = document.value, self.path + "#"
        need("blocks" not in self.value or document.minor, "versioning.candidate", at)  # VER-9
        required = ["format", "version", "tree", "leaves", "files"]
        optional = ["piece_size", "meshes", "shardings", "placements", "global_views"]
        member_names(self.value, required, optional, at, document)
        need(self.value.get("global_views", False) is False, "json.type", at + "/global_views")  # ARR-49
        self.piece = self.read_piece_size(at)
        listed = typed(self.value["leaves"], list, at + "/leaves")
        need(len(listed) <= 2**22, "model.too-many-leaves", at)  # MOD-19
        self.nodes = Nodes(document, len(listed), at)
        self.forms = self.read_forms(listed, at, structure)
        distinct = list({id(form): form for form in self.forms}.values())
        self.shardings = read_shardings(document, distinct, at)
        self.known: dict[tuple[str, int], Any] = {}
        self.read_files(at)
        read_placements(document, distinct, len(self.files), at, structure)
        self.check_features(distinct)
        self.sized: set[int] = set()
        self.opened: OrderedDict[int, DataFile] = OrderedDict()
        if structure:
            self.check_box_count(at)
            self.layout = Layout(self.forms, self.nodes.paths, len(self.described(0).offsets))
            self.blocks(0)

    def read_piece_size(self, at: str) -> int | None:
        """Returns the size of pieces, where boxes are cut (ARR-44)."""
        if "piece_size" not in self.value:
            return None
        piece = integer(self.value["piece_size"], at + "/piece_size")
        need(piece > 0 and piece % 16 == 0, "arrays.bad-piece-size", at + "/piece_size")
        return piece

    def read_forms(self, listed: list[Json], at: str, structure: bool) -> list[LeafForm]:
        """Returns the forms of all leaves; equal elements of `leaves` are read once."""
        known: dict[str, LeafForm] = {}
        forms = []
        for i, value in enumerate(listed):
            # Numbers of documents that are not plain have spellings that `repr` does not show.
            key = repr(value) if self.document.plain else str(i)
            form = known.get(key)
            if form is None:
                form = known[key] = LeafForm(value, f"{at}/leaves/{i}", self.document, self.piece, structure)
            forms.append(form)
        return forms

    def read_files(self, at: str) -> None:
        """Reads the member `files` (ARR-47)."""
        self.files: list[Json] = typed(self.value["files"], list, at + "/files")
        need(self.files, "json.type", at + "/files", "no files")
        self.names = [f"{self.place}/arrays{f'.{i}' if i else ''}.h5" for i in range(len(self.files))]
        self.index_names = [f"{self.place}/arrays.{i}.json" for i in range(len(self.files))]
        self.checkpoint.data_files.update(self.names, self.index_names[1:])
        for i, file in enumerate(self.files):
            here = f"{at}/files/{i}"
            required = ["size", "index"] if i else ["size", "structure_digest", "blocks"]
            member_names(file, required, [], here, self.document)
            integer(file["size"], here + "/size")
            if i:
                index = member_names(file["index"], ["size", "digest"], [], here + "/index", self.document)
                integer(index["size"], here + "/index/size")
                hexes(index["digest"], here + "/index/digest")
        self.described(0)

    def check_features(self, forms: list[LeafForm]) -> None:
        """Checks that what the tree uses is listed (VER-6)."""
        used = {"multi-file"} if len(self.files) > 1 else set()
        used |= {"pieces"} if self.piece else set()
        for form in forms:
            used |= {form.storage} & {"chunked", "packed"} | set(form.filters)
            used |= {"sharded"} if form.is_sharded else set()
        self.checkpoint.features |= used
        self.checkpoint.check_features(used)

    def check_box_count(self, at: str) -> None:
        """Checks that the documents have room for the blocks of very many boxes, before any box is made (ARR-11)."""
        count = sum(form.count for form in self.forms if form.at_files is not None)
        if count > 2**22:
            directory = self.checkpoint.directory
            sizes = [directory.size(name) for name in self.index_names[1:] if directory.is_there(name)]
            # A block has a digest of 19 bytes, and an offset and a size of at least two.
            need(count * 23 <= sum(sizes) + len(self.document.data), "arrays.block-count", at)

    def once(self, kind: str, number: int, make: Callable[[int], T]) -> T:
        """Returns the result of `make` for a data file, or raises the fault that it finds; each is found once."""
        if (kind, number) not in self.known:
            try:
                self.known[kind, number] = make(number)
            except CoppiceError as error:
                self.known[kind, number] = error
        result: T = self.known[kind, number]
        if isinstance(result, CoppiceError):
            raise result.with_traceback(None)
        return result

    def described(self, number: int) -> Columns:
        """Returns the columns of the blocks of a data file, for which its index is read (SHD-12)."""
        return self.once("index", number, self.read_index)

    def read_index(self, number: int) -> Columns:
        """Reads the columns of the blocks of a data file (MET-37)."""
        if number == 0:
            return read_columns(self.files[0], self.path + "#/files/0", self.document)
        path, entry, checkpoint = self.index_names[number], self.files[number]["index"], self.checkpoint
        document = Document(checkpoint.directory, path, entry, format="coppice.index", warnings=checkpoint.warnings)
        member_names(document.value, ["format", "version", "structure_digest", "blocks"], [], path + "#", document)
        return read_columns(document.value, path + "#", document)

    def blocks(self, number: int) -> Blocks:
        """Returns the blocks of a data file, checked to level *structure*."""
        return self.once("blocks", number, self.read_blocks)

    def read_blocks(self, number: int) -> Blocks:
        """Checks the blocks of a data file."""
        return Blocks(self.described(number), number, self.layout, int(self.files[number]["size"]))

    def check_size(self, number: int) -> str:
        """Checks that a data file is there with its size (ARR-22), and returns its path."""
        name, expected = self.names[number], self.files[number]["size"]
        if number not in self.sized:
            size = self.checkpoint.directory.size(name)
            need(size >= expected, "arrays.truncated", name)
            need(size <= expected, "arrays.stale-index", name)
            self.sized.add(number)
        return name

    def data_file(self, number: int) -> DataFile:
        """Returns a data file, opened; the last ones that were used stay open."""
        file = self.opened.get(number)
        if file is None:
            file = self.opened[number] = DataFile(self.checkpoint.directory, self.check_size(number))
            while len(self.opened) > OPEN_FILES:
                self.opened.popitem(last=False)
        return file

    def check_all_files(self) -> None:
        """Checks all data files to level *structure*."""
        for number in range(len(self.files)):
            self.blocks(number)
        for number in range(len(self.files)):
            self.check_size(number)

    def lazy(self, path: str = "", verify: bool = True) -> Any:
        """Returns the node at a path with all below it, where a `LazyArray` stands for each leaf."""
        leaves = self.layout.leaves
        return map_leaves(find(self.nodes.root, path), lambda ordinal: LazyArray(self, leaves[ordinal], verify))

    def load(self, path: str = "", verify: bool = True) -> Any:
        """Returns the node at a path with all below it, and with its arrays."""
        node = find(self.nodes.root, path)
        if not path:
            self.check_all_files()
        wanted: list[Ordinal] = []
        map_leaves(node, wanted.append)
        arrays = dict(zip(wanted, read_arrays(self, [self.layout.leaves[i] for i in wanted], verify), strict=True))
        return map_leaves(node, arrays.__getitem__)
