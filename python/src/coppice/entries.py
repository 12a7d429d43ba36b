"""Entries of checkpointables in the root document (specification 2.2, 2.3 and 3.5)."""

from __future__ import annotations

from .documents import Document
from .errors import need
from .jsontext import Json
from .members import hexes, integer, member_names, typed
from .texts import directory_name, folded

MEMBER = {"tree": "document", "json": "document", "files": "files", "composite": "items"}


def check_entries(entries: Json, at: str, depth: int, document: Document, features: set[str], taken: list[str]) -> None:
    """Checks the entries of a checkpoint or composite; `taken` are names that none of them may have."""
    seen = {folded(name) for name in taken}
    for name, entry in typed(entries, dict, at).items():
        check_entry(entry, f"{at}/{name}", name, depth, document, features)
        need(folded(name) not in seen, "directory.name-collision", at, name[:40])  # DIR-6
        seen.add(folded(name))


def check_entry(entry: Json, at: str, name: str, depth: int, document: Document, features: set[str]) -> None:
    """Checks an entry, and adds the features that it uses (MET-21)."""
    need(len(directory_name(name)) <= 255, "directory.name-too-long", at)  # DIR-4
    need(name != "", "directory.reserved-name", at)
    typed(entry, dict, at)
    need("kind" in entry, "json.missing-member", at, "kind")
    kind = typed(entry["kind"], str, at)
    need(kind in MEMBER, "metadata.unknown-kind", at, kind[:40])
    member = MEMBER[kind]
    member_names(entry, ["kind", member], [], at, document)
    if member == "document":
        place = member_names(entry["document"], ["size", "digest"], [], at + "/document", document)
        integer(place["size"], at + "/document/size")
        hexes(place["digest"], at + "/document/digest")
    elif kind == "files":
        check_files(entry["files"], at, document)
    else:
        features.add("composite")
        need(depth < 8, "metadata.too-deep", at)  # MOD-20
        check_entries(entry["items"], at + "/items", depth + 1, document, features, [])


def check_files(files: Json, at: str, document: Document) -> None:
    """Checks the files of an entry of kind `files` (MET-23, DIR-10, DIR-11)."""
    paths: list[list[bytes]] = []
    for i, file in enumerate(typed(files, list, at + "/files")):
        here = f"{at}/files/{i}"
        member_names(file, ["path", "size", "digest"], [], here, document)
        parts = typed(file["path"], str, here).encode().split(b"/")
        integer(file["size"], here + "/size")
        hexes(file["digest"], here + "/digest")
        plain = all(0 < len(part) <= 255 and part not in (b".", b"..") and 0 not in part for part in parts)
        need(plain and len(b"/".join(parts)) <= 4096, "directory.bad-path", here)
        need(not paths or b"/".join(paths[-1]) < b"/".join(parts), "directory.bad-path", here, "order")
        paths.append(parts)
    known = {b"/".join(parts) for parts in paths}
    for parts in paths:
        below = any(b"/".join(parts[:i]) in known for i in range(1, len(parts)))
        need(not below, "directory.bad-path", at, "a file below a file")
