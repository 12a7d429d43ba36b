"""JSON documents: read, checked against their records, and judged by version (specification chapters 3 and 6)."""

from __future__ import annotations

import os
import re

from .errors import need
from .files import Directory, digest
from .jsontext import NONFINITE, Json, canonical, parse, parse_plain
from .members import hexes, typed


class Document:
    """A parsed document, with what was noticed in it."""

    def __init__(
        self,
        directory: Directory,
        path: str,
        entry: Json,
        depth: int = 128,
        nonfinite: bool = False,
        format: str | None = None,
        warnings: list[tuple[str, str]] | None = None,
    ) -> None:
        """Reads the document at a path; `entry` has the size and digest that another document records for it."""
        self.path, self.warnings = path, [] if warnings is None else warnings
        self.minor = 0
        root = path == "coppice.json"
        with directory.open(path, "directory.no-root-document" if root else "directory.file-missing") as file:
            size = os.fstat(file.fileno()).st_size
            need(size <= 2**30, "file.too-large", path)  # MET-11
            if entry is not None:
                need(size == entry["size"], "metadata.size-mismatch", path)  # MET-22
            self.data = file.read(size + 1)
        if entry is not None:
            need(digest(self.data) == entry["digest"], "metadata.digest-mismatch", path)
        same, self.nonfinite = True, False
        # Numbers of trees and indexes are integers; those of other documents keep their text.
        plain = format in ("coppice.tree", "coppice.index")
        self.value: Json = parse_plain(self.data, path, depth) if plain else None
        self.plain = self.value is not None
        if not self.plain:
            self.value, same, self.nonfinite = parse(self.data, path, depth, nonfinite)
        if format is not None:
            self.judge(format)
        need(same, "json.not-canonical", path)  # MET-9
        if format in ("coppice", "coppice.root"):
            self.check_own_digest()

    def judge(self, format: str) -> None:
        """Checks format and version before anything else (VER-1)."""
        value = typed(self.value, dict, self.path)
        need(value.get("format") == format, "versioning.not-coppice", self.path, "format")
        need("version" in value, "json.missing-member", self.path, "version")
        version = value["version"] if isinstance(value["version"], str) else ""
        match = re.match(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\Z", version)
        major, minor = match.groups() if match else ("0", "0")
        need(major != "0", "versioning.not-coppice", self.path, "version")
        need(major == "1", "versioning.future-major", self.path, version[:40])
        self.minor = 0 if minor == "0" else 1

    def check_own_digest(self) -> None:
        """Checks the digest that a document has of itself (MET-12)."""
        need("digest" in self.value, "json.missing-member", self.path, "digest")
        own = hexes(self.value["digest"], self.path)
        zeroed = canonical(dict(self.value, digest="0" * 16))
        need(digest(zeroed) == own, "metadata.digest-mismatch", self.path)


def apply_nonfinite(document: Document, tops: tuple[str, ...]) -> None:
    """Puts the numbers of `nonfinite`, which JSON can't say, in their places (MET-25, MET-26)."""
    table = document.value.get("nonfinite")
    if table is None:
        return need("nonfinite" not in document.value, "json.type", document.path, "nonfinite is null")
    need(typed(table, dict, document.path + "#/nonfinite"), "metadata.bad-nonfinite", document.path, "empty")
    for pointer, word in table.items():
        at = f"{document.path}#/nonfinite/{pointer}"
        need(isinstance(word, str) and word in NONFINITE, "metadata.bad-nonfinite", at)
        parts = pointer.split("/")
        well = parts[0] == "" and len(parts) > 2 and not re.search("~(?![01])", pointer)
        need(well, "metadata.bad-nonfinite", at)
        names = [part.replace("~1", "/").replace("~0", "~") for part in parts[1:]]
        need(names[0] in tops, "metadata.bad-nonfinite", at)
        put_nonfinite(document.value, names, NONFINITE[word], at)


def put_nonfinite(where: Json, names: list[str], number: float, at: str) -> None:
    """Puts a number in the place of the null to which the names of a pointer lead."""
    for i, name in enumerate(names):
        key: str | int = name
        if isinstance(where, list) and re.match(r"(0|[1-9][0-9]{0,17})\Z", name) and int(name) < len(where):
            key = int(name)
        else:
            need(isinstance(where, dict) and name in where, "metadata.bad-nonfinite", at)
        if i == len(names) - 1:
            need(where[key] is None, "metadata.bad-nonfinite", at)
            where[key] = number
        where = where[key]
