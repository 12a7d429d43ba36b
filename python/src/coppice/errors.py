"""Errors: faults of checkpoints, with the codes of the specification, and what a caller asked for in vain."""

from __future__ import annotations

from collections.abc import Iterable

SENTENCES = {
    "json.encoding": "the document is not UTF-8",
    "json.syntax": "the document is not JSON",
    "json.duplicate-name": "an object has two members of one name",
    "json.depth": "arrays and objects nest too deep",
    "json.not-canonical": "the document is not in canonical form",
    "json.type": "a value has the wrong JSON type",
    "json.missing-member": "a required member is missing",
    "json.unknown-member": "a member is unknown in this version",
    "json.number-range": "an integer is out of range",
    "directory.no-root-document": "there is no checkpoint here, and no run",
    "directory.file-missing": "a file is missing",
    "directory.reserved-name": "the name of a checkpointable is empty or reserved",
    "directory.name-too-long": "the name of a checkpointable is too long",
    "directory.name-collision": "two names differ only in the case of letters",
    "directory.bad-path": "a path is not plain and relative, or not in order",
    "directory.duplicate-step": "two steps have the same number",
    "file.kind": "something else is in the place of a file or directory",
    "file.symlink": "a symbolic link leads out of the checkpoint or in a circle",
    "file.too-large": "the document is larger than 1 GiB",
    "metadata.size-mismatch": "the file has another size than recorded",
    "metadata.digest-mismatch": "the file has another digest than recorded",
    "metadata.unknown-kind": "the kind of a checkpointable is unknown",
    "metadata.too-deep": "composites nest too deep",
    "metadata.bad-time": "a time is not written as it must be",
    "metadata.bad-nonfinite": "a member of `nonfinite` does not point to a null",
    "model.bad-node": "a node of the tree is not of a known kind",
    "model.duplicate-key": "a dict or record has two equal keys",
    "model.bad-value": "a value is not in its one spelling",
    "model.text-too-large": "the text arrays of the tree are too large",
    "model.leaf-order": "the leaves are not numbered in order",
    "model.too-deep": "containers nest too deep",
    "model.too-many-leaves": "the tree has too many leaves",
    "model.key-too-long": "a key or field name is too long",
    "arrays.unknown-dtype": "a leaf has an unknown dtype",
    "arrays.bad-shape": "a shape has too many dimensions or is too large",
    "arrays.bad-prng": "a PRNG implementation is empty, or its array is not uint32",
    "arrays.bad-storage": "a storage is unknown or does not fit its leaf",
    "arrays.bad-chunk": "chunks do not fit their leaf, or filters are unknown",
    "arrays.bad-piece-size": "the size of pieces is 0 or no multiple of 16",
    "arrays.block-count": "a data file has another number of blocks than its leaves",
    "arrays.block-size": "a block has an impossible size",
    "arrays.block-outside": "a block does not lie inside its file",
    "arrays.block-overlap": "two blocks share bytes",
    "arrays.block-alignment": "a packed block is not aligned to 64 bytes",
    "arrays.block-split": "the pieces of an array do not follow each other",
    "arrays.truncated": "the file is shorter than recorded",
    "arrays.stale-index": "the file is not the one that its index describes",
    "arrays.digest-mismatch": "a block has another digest than recorded",
    "arrays.bad-encoding": "a chunk is not one plain Zstandard frame of its size",
    "arrays.bad-element": "an element has bits that its dtype does not have",
    "arrays.hdf5-mismatch": "the HDF5 file is not as described",
    "sharding.bad-sharding": "a sharding or mesh contradicts itself or its leaf",
    "sharding.bad-shards": "the grid of shards does not fit its leaf",
    "sharding.bad-placement": "a placement does not fit its leaf or the data files",
    "versioning.not-coppice": "this is not a document of Coppice",
    "versioning.future-major": "the version is from the future; use a later version of this package",
    "versioning.candidate": "a draft of version 1.0 wrote this; save it again",
    "versioning.bad-features": "the features are not in order",
    "versioning.unknown-feature": "a feature is unknown; use a later version of this package",
    "versioning.undeclared-feature": "a feature is used but not listed",
    "limit.memory": "there is not enough memory",
}


class CoppiceError(Exception):
    """A fault of a checkpoint.

    `code` is that of chapter 7 of the specification, `at` the document, member, file or array at fault.
    """

    def __init__(self, code: str, at: str, why: str = "") -> None:
        """Makes the error; `why` adds to the sentence that belongs to the code."""
        sentence = SENTENCES.get(code, "the checkpoint is damaged")
        super().__init__(printable(f"{at}: {sentence}{why and f' ({why})'} [{code}]"))
        self.code, self.at, self.why = code, at, why

    def __reduce__(self) -> tuple[type[CoppiceError], tuple[str, str, str]]:
        """Lets the error pass between processes."""
        return CoppiceError, (self.code, self.at, self.why)


class NotFound(KeyError):
    """A checkpointable, node or step that the checkpoint does not have; `names` lists those that are there."""

    def __init__(self, what: str, names: Iterable[object]) -> None:
        """Makes the error for `what`, a noun with its name."""
        self.names = list(names)
        shown = ", ".join(map(repr, self.names[:20])) + (", …" if len(self.names) > 20 else "")
        super().__init__(f"there is no {what}; there are: {shown or 'none'}")

    def __str__(self) -> str:
        """Returns the message, without the quotes of `KeyError`."""
        return printable(str(self.args[0]))


def printable(text: str) -> str:
    """Returns a text on one line, with control and invisible characters escaped."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def need(condition: object, code: str, at: str, why: str = "") -> None:
    """Raises the error of a code unless a condition holds."""
    if not condition:
        raise CoppiceError(code, at, why)
