#!/usr/bin/env python3
"""Makes the seeds of the target `hdf5-outline`: what the worker says of the small files of the fixtures, and their bytes.

    make_outlines.py COPPICE-HDF5-WORKER
"""
import glob, json, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import fuzz

# Links, depth, chunks, bytes of texts, of values and of all, memory, seconds of processor and of time, bytes of the
# answer, bytes of sequences.
LIMITS = "1000,64,1000,65536,65536,1000000,1000000000,10,10,1000000,65536"
# What a library wrote lies in the first bytes, where texts and small arrays often are.
MOST_BYTES = 1 << 10
# A family has the smallest of what is sound, even if it is as large as this.
FEW, MOST = 2, 10000


def main():
    target = HERE + "/hdf5-outline"
    os.makedirs(target, exist_ok=True)
    for kind in ("hdf5", "keras", "matlab", "netcdf"):
        found = []
        for path in sorted(glob.glob("%s/%s/*/input/*" % (fuzz.FIXTURES, kind))):
            answer = json.loads(subprocess.run([sys.argv[1], LIMITS, path], capture_output=True).stdout or "{}")
            if "outline" not in answer:
                continue
            outline = json.dumps(answer["outline"], separators=(",", ":"), ensure_ascii=False).encode()
            data = fuzz.read(path)
            packed = b"@@@ outline.json\n" + outline + b"\n@@@ m.h5\n" + data[:MOST_BYTES]
            name = "%s-%s" % (kind, path.split("/")[-3])
            found.append(("-refused-" in name or "damaged" in name, len(packed), name, packed))
        for number, (_, size, name, packed) in enumerate(sorted(found)):
            if size <= (MOST if number < FEW else fuzz.LARGEST):
                with open("%s/%s" % (target, name), "wb") as file:
                    file.write(packed)
                print(name, size)


main()
