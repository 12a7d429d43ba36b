"""Files below an opened directory, which no name and no link can leave (specification chapter 2)."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

import xxhash

from .errors import CoppiceError, need

STREAM = 2**22


def digest(data: bytes | memoryview) -> str:
    """Returns the digest of bytes: XXH3-64 (MET-13)."""
    return xxhash.xxh3_64_hexdigest(data)


class Directory:
    """An open directory; all files are found from it, without leaving it (DIR-16, DIR-17)."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Opens the directory."""
        self.fd = -1
        self.path = os.fspath(path)
        self.fd = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)

    def __enter__(self) -> Directory:
        """Returns the directory, which the `with` statement closes."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the directory."""
        self.close()

    def __del__(self) -> None:
        """Closes the directory that nobody closed."""
        self.close()

    def close(self) -> None:
        """Closes the directory; the second time nothing happens."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def resolve(self, path: str) -> tuple[str, os.stat_result | None]:
        """Returns a path with symbolic links resolved, and the result of lstat; None where nothing is."""
        if self.fd < 0:
            raise ValueError("the checkpoint is closed")
        todo, done, hops = list(reversed(path.split("/"))), list[str](), 0
        while todo:
            part = todo.pop()
            if part in ("", "."):
                continue
            if part == "..":
                need(done, "file.symlink", path, "leads out of the checkpoint")
                done.pop()
                continue
            here = "/".join([*done, part])
            try:
                mode = os.lstat(here, dir_fd=self.fd).st_mode
            except FileNotFoundError:
                return here, None
            except NotADirectoryError:
                raise CoppiceError("file.kind", path, "a file in the place of a directory") from None
            if not stat.S_ISLNK(mode):
                done.append(part)
                continue
            hops += 1
            target = os.readlink(here, dir_fd=self.fd)
            need(hops <= 40 and not target.startswith("/"), "file.symlink", path)
            todo += reversed(target.split("/"))
        real = "/".join(done) or "."
        return real, os.lstat(real, dir_fd=self.fd)

    def is_there(self, path: str) -> bool:
        """Whether there is anything at a path."""
        return self.resolve(path)[1] is not None

    def has_directory(self, path: str) -> bool:
        """Whether there is a directory at a path, where nothing else may be."""
        _, info = self.resolve(path)
        need(info is None or stat.S_ISDIR(info.st_mode), "file.kind", path, "not a directory")
        return info is not None

    def descriptor(self, path: str, missing: str = "directory.file-missing") -> int:
        """Opens a regular file for reading (DIR-15); `missing` is the code for one that isn't there."""
        real, info = self.resolve(path)
        need(info is not None, missing, path)
        need(info is not None and stat.S_ISREG(info.st_mode), "file.kind", path, "not a regular file")
        return os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW, dir_fd=self.fd)

    def open(self, path: str, missing: str = "directory.file-missing") -> BinaryIO:
        """Opens a regular file as a stream of bytes."""
        return os.fdopen(self.descriptor(path, missing), "rb")

    def size(self, path: str) -> int:
        """Returns the number of bytes of a file."""
        with self.open(path) as file:
            return os.fstat(file.fileno()).st_size

    def read(self, path: str, offset: int, size: int) -> bytes:
        """Returns so many bytes of a file, or fewer where it ends."""
        with self.open(path) as file:
            file.seek(offset)
            return file.read(size)


class DataFile:
    """An open file of blocks, from which several threads may read."""

    def __init__(self, directory: Directory, path: str) -> None:
        """Opens the file at a path below a directory."""
        self.fd = -1
        self.path = path
        self.fd = directory.descriptor(path)

    def __del__(self) -> None:
        """Closes the file."""
        if self.fd >= 0:
            os.close(self.fd)

    def read_into(self, view: memoryview, offset: int) -> None:
        """Fills a view of bytes with those from an offset on."""
        while len(view):
            count = self._read(view, offset)
            need(count > 0, "arrays.truncated", self.path)
            view, offset = view[count:], offset + count

    def _read(self, view: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self.fd, [view], offset)
        data = os.pread(self.fd, len(view), offset)
        view[: len(data)] = data
        return len(data)

    def check(self, offset: int, size: int, expected: str, leaf: str) -> None:
        """Checks the digest of a block without keeping its bytes (ARR-20)."""
        hasher, buffer = xxhash.xxh3_64(), memoryview(bytearray(min(size, STREAM)))
        for start in range(offset, offset + size, STREAM):
            part = buffer[: min(STREAM, offset + size - start)]
            self.read_into(part, start)
            hasher.update(part)
        self.need_digest(hasher.hexdigest(), offset, expected, leaf)

    def read_checked(self, view: memoryview, offset: int, expected: str, leaf: str) -> None:
        """Fills a view with the bytes of a block, and checks its digest while they are in the processor's cache."""
        if len(view) <= STREAM:
            self.read_into(view, offset)
            return self.need_digest(digest(view), offset, expected, leaf)
        hasher = xxhash.xxh3_64()
        for start in range(0, len(view), STREAM):
            part = view[start : start + STREAM]
            self.read_into(part, offset + start)
            hasher.update(part)
        self.need_digest(hasher.hexdigest(), offset, expected, leaf)

    def need_digest(self, found: str, offset: int, expected: str, leaf: str) -> None:
        """Raises the error of a block of a leaf that has another digest than recorded."""
        if found != expected:
            raise CoppiceError("arrays.digest-mismatch", f"{self.path}@{offset}", leaf)


def is_there(path: str | os.PathLike[str], name: str) -> bool:
    """Whether something has a name in a directory (DIR-16).

    A link to nothing is nothing; one that leads out of the directory is something.
    """
    with Directory(path) as directory:
        try:
            return directory.is_there(name)
        except CoppiceError as error:
            return error.code == "file.symlink"


def leads_out(path: str | os.PathLike[str], name: str) -> bool:
    """Whether a link leads out of the directory that it lies in, or to nothing."""
    with Directory(path) as directory:
        try:
            return not directory.is_there(name)
        except CoppiceError:
            return True
