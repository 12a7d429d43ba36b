#!/usr/bin/env python3
"""Makes the archives beside this script with Python's own zipfile, and damaged copies of them.

usage: make.py
"""
import io
import os
import struct
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
CONTENT = bytes(range(256)) * 5


def path(name):
    return os.path.join(HERE, name)


def member(archive, name, content, method, large=False):
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = method
    with archive.open(info, "w", force_zip64=large) as file:
        file.write(content)


def write(name, members, comment=b""):
    with zipfile.ZipFile(path(name), "w") as archive:
        archive.comment = comment
        for each in members:
            member(archive, *each)
    with open(path(name), "rb") as file:
        return bytearray(file.read())


def save(name, content):
    with open(path(name), "wb") as file:
        file.write(content)


stored, deflated = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
write("plain.zip", [("a", CONTENT, stored), ("dir/b", CONTENT * 9, deflated), ("empty", b"", stored),
                    ("folder/", b"", stored), ("é☃", b"x", stored), ("nothing", b"", deflated)])
write("large.zip", [("a", CONTENT, stored, True), ("b", CONTENT, deflated, True)], b"a comment PK\x05\x06 in it")
write("none.zip", [])
write("bzip2.zip", [("a", CONTENT, zipfile.ZIP_BZIP2)])
write("same-name.zip", [("a", b"1", stored), ("a", b"2", stored)])


class Pipe(io.RawIOBase):
    """A target that can't go back: sizes and checksums come behind the members."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


with open(path("streamed.zip"), "wb") as file, zipfile.ZipFile(Pipe(file), "w") as archive:
    member(archive, "a", CONTENT, stored)
    member(archive, "b", CONTENT, deflated)

# Contents that begin at multiples of 64, by a field of padding as torch and zipalign write it.
with zipfile.ZipFile(path("padded.zip"), "w") as archive:
    for name in "ab":
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        padding = -(archive.fp.tell() + 30 + len(name) + 4) % 64
        info.extra = b"FB" + struct.pack("<H", padding) + bytes(padding)
        archive.writestr(info, CONTENT)

# A name in an old character set, and in UTF-8 in a field beside it, as Info-ZIP writes it.
with zipfile.ZipFile(path("unicode-field.zip"), "w") as archive:
    info = zipfile.ZipInfo("X", (1980, 1, 1, 0, 0, 0))
    info.extra = struct.pack("<HHBI", 0x7075, 7, 1, zlib.crc32(b"\x82")) + "é".encode()
    archive.writestr(info, CONTENT)
    archive.writestr(zipfile.ZipInfo("b", (1980, 1, 1, 0, 0, 0)), CONTENT)
with open(path("unicode-field.zip"), "rb") as file:
    data = bytearray(file.read())
data[30] = data[data.index(b"PK\x01\x02") + 46] = 0x82
save("unicode-field.zip", data)

# A member that was added later, over the old directory.
write("appended.zip", [("a", CONTENT, stored)])
with zipfile.ZipFile(path("appended.zip"), "a") as archive:
    member(archive, "b", CONTENT, deflated)

# A flipped byte of a content.
data = write("flipped.zip", [("a", CONTENT, stored), ("b", CONTENT, deflated)])
data[data.index(CONTENT) + 100] ^= 1
save("flipped.zip", data)

# Marked as encrypted, in both headers.
data = write("encrypted.zip", [("a", CONTENT, stored)])
data[6] |= 1
data[data.index(b"PK\x01\x02") + 8] |= 1
save("encrypted.zip", data)

# Two entries of the directory that lead to one member: the second takes the first one's place.
data = write("overlap.zip", [("a", CONTENT, stored), ("b", CONTENT, stored)])
first = data.index(b"PK\x01\x02")
second = data.index(b"PK\x01\x02", first + 4)
data[second + 42:second + 46] = data[first + 42:first + 46]
save("overlap.zip", data)

# A member that claims more than deflate could make of its bytes.
data = write("claim.zip", [("a", bytes(1000), deflated)])
first = data.index(b"PK\x01\x02")
data[first + 24:first + 28] = struct.pack("<I", 1 << 30)
save("claim.zip", data)

# A header that is not where the directory says, and one beyond the end of the file.
for name, offset in (("misplaced.zip", 7), ("outside.zip", 1 << 20)):
    data = write(name, [("a", CONTENT, stored)])
    first = data.index(b"PK\x01\x02")
    data[first + 42:first + 46] = struct.pack("<I", offset)
    save(name, data)

# A directory that claims more members than it has.
data = write("count.zip", [("a", CONTENT, stored)])
end = data.rindex(b"PK\x05\x06")
data[end + 8:end + 12] = struct.pack("<HH", 60000, 60000)
save("count.zip", data)

# Many ends of archives, each of which might be the one.
data = write("ends.zip", [("a", CONTENT, stored)])
end = data.rindex(b"PK\x05\x06")
save("ends.zip", data[:end] + data[end:] * 2000)

data = write("truncated.zip", [("a", CONTENT, stored), ("b", CONTENT, stored)])
save("truncated.zip", data[:-40])
