#!/usr/bin/env python3
"""Makes the files beside this script with h5py.

usage: make.py
"""
import os
import struct

import h5py

HERE = os.path.dirname(os.path.abspath(__file__))

# An attribute of two texts, the second of which claims 1 GiB.
path = os.path.join(HERE, "claimed-text.h5")
with h5py.File(path, "w") as file:
    file.attrs.create("names", ["abc", "defgh"], dtype=h5py.string_dtype())
    file.attrs.create("other", ["xyz"], dtype=h5py.string_dtype())
with open(path, "r+b") as file:
    data = file.read()
    # Each text is a length, the address of its heap, and an index there: both lie in one heap.
    place = next(i for i in range(16, len(data) - 12)
                 if data[i - 16:i - 12] == struct.pack("<I", 3) and data[i:i + 4] == struct.pack("<I", 5)
                 and data[i - 12:i - 4] == data[i + 4:i + 12])
    file.seek(place)
    file.write(struct.pack("<I", 1 << 30))
