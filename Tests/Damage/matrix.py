#!/usr/bin/env python3
"""Every file of every checkpointable removed, emptied, cut in half, and changed by one byte, in turn.

    matrix.py PATH-TO-COPPICE [--filter GLOB] [--all] [--verbose]

Whatever is broken, every other checkpointable and step must be listed, dumped and converted with the right values; the
fault must be named; converting the whole is refused and leaves nothing; --salvage keeps everything else, and of the
damaged tree what the independent reader in Python loads leaf by leaf. The truth is computed from the values that were
written (checkpoints of this format are made by the independent writer of the fixtures) or is that of the fixtures of
Orbax. Formats without digests can't tell a changed byte of data: where nothing is named, nothing else may be wrong.
"""
import argparse, concurrent.futures, fnmatch, json, os, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
for folder in ("Tests/Corpus", "fixtures/make", "python/src"):
    sys.path.insert(0, os.path.join(ROOT, folder))
import compare, coppice
from cases import Array, Checkpoint, Composite, Dict, Files, Json, Steps, steps_document
import truth

DAMAGE = {
    "removed": lambda data: None,
    "emptied": lambda data: b"",
    "halved": lambda data: data[:len(data) // 2],
    "changed": lambda data: data[:len(data) // 2] + bytes([data[len(data) // 2] ^ 0x10]) + data[len(data) // 2 + 1:],
}
ORBAX = ["orbax-0.12/v0-composite", "orbax-0.12/v1-checkpointables", "orbax-0.12/v1-training", "orbax-0.11/0.11.33-manager"]
MORE_ORBAX = ["orbax-0.12/v1-json", "orbax-0.12/v0-manager", "orbax-0.12/v0-manager-single"]
# Files that say nothing of a checkpointable's content.
IDLE = {"commit_success.txt", "_sharding"}


def floats(count, start=0):
    import struct
    return [struct.unpack("<I", struct.pack("<f", start + i))[0] for i in range(count)]


def own(state):
    """A checkpoint of this format with every kind of checkpointable; `state` is its first tree."""
    return Checkpoint({
        "state": state, "ema": tree([("w", Array("float32", [3], floats(3)))]),
        "config": Json({"layers": [1, 2], "name": "x"}), "iterator": Files({"position": b"\x01\x02", "shards/0": b"abc"}),
        "group": Composite({"inner": tree([("v", Array("int16", [2], [5, 6]))]), "notes": Json(["a"])}),
    }, step=3, metrics={"loss": 1})


def tree(entries, **more):
    from writer import Tree
    return Tree(Dict(entries), **more)


def sources(everything):
    plain = [("w", Array("float32", [16, 8], floats(128))), ("layers", [Array("float32", [64], floats(64, i)) for i in range(3)]),
             ("count", 7), ("name", "run")]
    packed = [("p%d" % i, Array("float32", [4], floats(4, i), storage="packed")) for i in range(24)] + plain
    sharded = [("w", Array("float32", [16, 8], floats(128), shards=[([0, 0], [8, 8], 1), ([8, 0], [8, 8], 2)])),
               ("x", Array("int32", [8], list(range(8)), shards=[([0], [4], 1), ([4], [4], 1)])), ("n", 1)]
    compressed = [("w", Array("int32", [5, 70], list(range(350)), chunk=[2, 40], filters=["shuffle", "zstd"])),
                  ("x", Array("int32", [64], list(range(64)), chunk=[64], filters=["shuffle", "zstd"]))]
    files = [("a", Array("float32", [64], floats(64), file=1)), ("b", Array("float32", [64], floats(64, 9), file=2)),
             ("c", Array("int8", [3], [1, 2, 3])), ("d", Array("int16", [2], [5, 6], storage="packed", file=1))]
    for name, entries in [("plain", plain), ("packed", packed), ("sharded", sharded), ("compressed", compressed), ("multi-file", files)]:
        checkpoint = own(tree(entries))
        yield "coppice-" + name, checkpoint.build(), truth.checkpoint(checkpoint)
    run = Steps({str(n): Checkpoint({"state": tree([("w", Array("float32", [8], floats(8, n)))]), "notes": Json({"n": n})}, step=n)
                 for n in (1, 2, 3)}, steps_document({"seed": 7}), metadata={"seed": 7})
    yield "coppice-run", run.build(), run.truth()
    foreign = os.path.join(ROOT, "fixtures/foreign")
    for case in ORBAX + (MORE_ORBAX if everything else []):
        expected = json.load(open(os.path.join(foreign, case, "expected.json")))
        top, contents = os.path.join(foreign, case, expected["path"]), {}
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                contents[os.path.relpath(path, top)] = open(path, "rb").read()
        yield case.replace("/", "-"), contents, expected


def owners(expected):
    """The checkpointables by the beginning of their paths: (prefix, step, name, truth)."""
    if "steps" in expected:
        for number, step in expected["steps"].items():
            for name, item in step.get("checkpointables", {}).items():
                yield "%s/%s/" % (step.get("dir", number), name), number, name, item
    else:
        for name, item in expected["checkpointables"].items():
            yield name + "/", None, name, item


def write(files, target):
    for path, data in files.items():
        os.makedirs(os.path.dirname(os.path.join(target, path)), exist_ok=True)
        if data is not None:
            with open(os.path.join(target, path), "wb") as file:
                file.write(data)


def has_fault(node):
    if isinstance(node, dict):
        return "fault" in node or any(map(has_fault, node.values()))
    return isinstance(node, list) and any(map(has_fault, node))


def same(want, have):
    found = []
    compare.item(want, have, "", found)
    return found


def kept(want, have, path, found):
    """Every node that was kept must be right; what was left out isn't there, or is none in a sequence."""
    kind = compare.kind_of(want)
    if compare.kind_of(have) == "none" and kind != "none":
        return
    if kind == "dict" and compare.kind_of(have) == "emptyDict":
        return
    if kind == "dict" and compare.kind_of(have) == "dict":
        for key in have["dict"]:
            if key not in want["dict"]:
                found.append("%s/%s: was never there" % (path, key))
            else:
                kept(want["dict"][key], have["dict"][key], path + "/" + key, found)
    elif kind in ("list", "tuple") and compare.kind_of(have) == kind and len(want[kind]) == len(have[kind]):
        for index, pair in enumerate(zip(want[kind], have[kind])):
            kept(*pair, "%s/%d" % (path, index), found)
    elif kind == "namedtuple" and compare.kind_of(have) == kind:
        fields = dict(want[kind]["fields"])
        for name, node in have[kind]["fields"]:
            kept(fields[name], node, path + "/" + name, found)
    else:
        compare.nodes(want, have, path, found)


def leaves(node, path=""):
    kind = compare.kind_of(node)
    if kind == "array":
        yield path, node["array"]["sha256"]
    elif kind == "dict":
        for key, child in node["dict"].items():
            yield from leaves(child, path + "/" + key)
    elif kind in ("list", "tuple"):
        for index, child in enumerate(node[kind]):
            yield from leaves(child, "%s/%d" % (path, index))
    elif kind == "namedtuple":
        for name, child in node[kind]["fields"]:
            yield from leaves(child, path + "/" + name)


class Case:
    def __init__(self, tool, source, files, expected, path, kind, turn):
        self.tool, self.source, self.expected, self.path, self.kind, self.turn = tool, source, expected, path, kind, turn
        self.files = dict(files, **{path: DAMAGE[kind](files[path])})
        self.name = "%s: %s %s" % (source, path, kind)
        self.problems = []

    def check(self, condition, *words):
        if not condition:
            self.problems.append(" ".join(map(str, words)))
        return condition

    def run_tool(self, *arguments):
        done = subprocess.run([self.tool, *arguments], capture_output=True, text=True, timeout=120)
        self.check(done.returncode in (0, 1, 2), "status", done.returncode, "of", arguments)
        return done

    def dump(self, *arguments):
        done = self.run_tool("dump", "--json", *arguments)
        try:
            return done, json.loads(done.stdout)
        except ValueError:
            return done, {}

    def run(self):
        with tempfile.TemporaryDirectory(prefix="damage-") as folder:
            self.folder = folder
            self.top = os.path.join(folder, "checkpoint")
            write(self.files, self.top)
            parts = list(owners(self.expected))
            self.mine = [part for part in parts if self.path.startswith(part[0])][0]
            self.others = [part for part in parts if part is not self.mine]
            self.examine()
        return self

    def node(self, dump, part):
        _, step, name, _ = part
        where = dump.get("steps", {}).get(step, {}) if step is not None else dump
        return where.get("checkpointables", {}).get(name)

    def examine(self):
        done, dump = self.dump(self.top)
        for part in self.others:
            node = self.node(dump, part)
            if self.check(node is not None, "dump: no", part[:3]):
                self.check(not same(part[3], node), "dump: others differ:", part[:3], same(part[3], node)[:2])
        mine = self.node(dump, self.mine)
        step = dump.get("steps", {}).get(self.mine[1], {}) if self.mine[1] else {}
        faulty = has_fault(mine) or has_fault(step)
        harmless = mine is not None and not faulty and not same(self.mine[3], mine)
        idle = os.path.basename(self.path) in IDLE
        if self.source.startswith("coppice") and self.kind != "changed":
            self.check(faulty, "dump: the fault isn't shown")
        if not faulty and not harmless and not idle:
            # Only a format without digests can take other values for right, or not miss a file that says little.
            self.check(not self.source.startswith("coppice"), "dump: other values without a fault")
        if faulty:
            self.check(done.returncode == 1, "dump: status", done.returncode)
            self.check(self.mine[2] in done.stderr or self.path in done.stderr, "dump: the fault isn't named:", done.stderr[:300])
        self.list()
        self.convert_other()
        self.convert_whole(faulty)
        self.salvage(faulty, harmless)

    def list(self):
        done = self.run_tool("ls", self.top)
        for part in self.others:
            word = part[1] if part[1] is not None else part[2]
            self.check(any(line.split("/")[0].split()[0] == word for line in done.stdout.splitlines() if line.strip()),
                       "ls: no", word, "in", done.stdout[:200], done.stderr[:200])

    def convert_other(self):
        part = self.others[self.turn % len(self.others)]
        target = os.path.join(self.folder, "other")
        step = ["--step", part[1]] if part[1] is not None else []
        done = self.run_tool("convert", "--not-durable", self.top + ":" + part[2], target, *step)
        if self.check(done.returncode == 0, "convert other:", part[:3], done.stderr[:300]):
            _, dump = self.dump(target)
            node = dump.get("checkpointables", {}).get(part[2])
            self.check(node and not same(part[3], node), "convert other: differs", part[:3])

    def convert_whole(self, faulty):
        target = os.path.join(self.folder, "whole")
        done = self.run_tool("convert", "--not-durable", self.top, target)
        if faulty:
            self.check(done.returncode == 1, "convert: status", done.returncode, done.stderr[:200])
            self.check(not os.path.exists(target), "convert: something was written")
            self.check(self.mine[2] in done.stderr or self.path in done.stderr, "convert: not named:", done.stderr[:300])
        else:
            self.check(done.returncode == 0, "convert: status", done.returncode, done.stderr[:200])

    def salvage(self, faulty, harmless):
        target = os.path.join(self.folder, "salvaged")
        done = self.run_tool("convert", "--not-durable", "--salvage", self.top, target)
        if not self.check(done.returncode == 0, "salvage:", done.stderr[:300]):
            return
        _, dump = self.dump(target)
        is_run = self.mine[1] is not None
        for part in self.others:
            node = self.node(dump, part)
            if is_run and faulty and part[1] == self.mine[1]:
                self.check(node is None, "salvage: a faulty step was kept")
            elif self.check(node is not None, "salvage: no", part[:3], done.stderr[:300]):
                self.check(not same(part[3], node), "salvage: differs", part[:3])
        mine = self.node(dump, self.mine)
        if is_run or not faulty:
            return
        whole = mine is not None and not same(self.mine[3], mine)
        self.check(whole or self.mine[2] in done.stderr, "salvage: what is left out isn't said:", done.stderr[:300])
        if self.mine[3]["kind"] != "tree":
            return
        if os.path.basename(self.path) == "_METADATA":
            want = {digest for _, digest in leaves(self.mine[3]["tree"])}
            have = {digest for _, digest in leaves(mine["tree"])} if mine else set()
            self.check(want <= have, "salvage: arrays are lost that their names tell", done.stderr[:300])
            return
        found = []
        if mine is not None:
            kept(self.mine[3]["tree"], mine["tree"], "", found)
        self.check(not found, "salvage: wrong:", found[:3])
        if self.source.startswith("coppice"):
            have = dict(leaves(mine["tree"])) if mine is not None else {}
            for path, _ in leaves(self.mine[3]["tree"]):
                if path not in have:
                    self.check(not self.reader_loads(path), "salvage: lost", path, done.stderr[:300])

    def reader_loads(self, path):
        """Whether the independent reader loads a leaf and finds its digests right."""
        try:
            coppice.load(self.top, self.mine[2], path.lstrip("/"))
            return True
        except (coppice.CoppiceError, OSError):
            return False


def cases(tool, pattern, everything, every):
    turn = 0
    for source, files, expected in sources(everything):
        prefixes = [part[0] for part in owners(expected)]
        for path in sorted(files):
            if not any(path.startswith(prefix) for prefix in prefixes):
                continue
            for kind in DAMAGE:
                if not files[path] or not fnmatch.fnmatch("%s/%s/%s" % (source, path, kind), pattern):
                    continue
                turn += 1
                if turn % every == 0:
                    yield Case(tool, source, files, expected, path, kind, turn)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--filter", default="*")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--all", action="store_true", help="more checkpoints of Orbax")
    parser.add_argument("--every", type=int, default=1, help="only each n-th case")
    options = parser.parse_args()
    total, failed = 0, 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for case in pool.map(Case.run, cases(os.path.abspath(options.tool), options.filter, options.all, options.every)):
            total += 1
            failed += bool(case.problems)
            if options.verbose or case.problems:
                print(case.name, "" if case.problems else "ok")
            for problem in case.problems:
                print("    " + problem)
    print("%d cases of damage, %d failed" % (total, failed))
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
