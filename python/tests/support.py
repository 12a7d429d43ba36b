"""What several tests need: the fixtures, the tool that makes large checkpoints, and copies to damage."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FIXTURES = os.path.join(ROOT, "fixtures")
TOOL = os.environ.get("COPPICE", os.path.join(ROOT, ".build/debug/coppice"))
sys.path += [os.path.join(ROOT, "python/conformance"), os.path.join(ROOT, "Tests/Corpus")]

import canonical_dump  # noqa: E402
import compare  # noqa: E402

__all__ = ["Folder", "canonical_dump", "case", "cases", "compare", "convert", "has_tool"]
has_tool = unittest.skipUnless(os.path.exists(TOOL), "the tool is not built")


def case(name):
    """Returns the checkpoint of a case."""
    return os.path.join(FIXTURES, name, "checkpoint")


def cases(outcomes):
    """Iterates over ids, checkpoints and truths of the cases of version 1.0 that load."""
    with open(os.path.join(FIXTURES, "manifest.json")) as file:
        listed = json.load(file)["cases"]
    for one in listed:
        name = one["id"]
        if name.startswith(tuple(f"1.0/{outcome}/" for outcome in outcomes)):
            with open(os.path.join(FIXTURES, name, "expected.json")) as file:
                yield name, case(name), json.load(file)


def convert(*arguments):
    """Makes a checkpoint with the tool, which shares no code with this package."""
    subprocess.run([TOOL, "convert", "--not-durable", *arguments], check=True, capture_output=True)


class Folder(unittest.TestCase):
    """Tests that write into a folder of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="coppice-python-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def copy(self, source, name="copy"):
        """Returns the path of a copy that may be damaged."""
        target = os.path.join(self.folder, name)
        shutil.copytree(source, target, symlinks=True)
        return target

    def flip(self, path, offset):
        """Changes a bit of a file."""
        with open(path, "r+b") as file:
            file.seek(offset)
            byte = file.read(1)[0]
            file.seek(offset)
            file.write(bytes([byte ^ 0x10]))
