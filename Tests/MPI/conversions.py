"""Conversions whose arrays the processes of mpirun divide: results, faults of the source, and ranks that end half-way.

What is converted is read by the reader in Python, and has the digests of what Orbax saved. After a rank is killed or
mpirun is told to end, nothing looks finished, no process remains, and the next conversion leaves nothing else behind.
"""
import hashlib, json, os, shutil, signal, subprocess, sys, tempfile, time

import numpy as np

REPOSITORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
FOREIGN = os.path.join(REPOSITORY, "fixtures/foreign")
sys.path.insert(0, os.path.join(REPOSITORY, "python/src"))
import coppice

SOURCES = ["orbax-0.12/v1-trainstate", "orbax-0.12/v1-sharded-chunked", "orbax-0.2/0.2.3-sharded"]
LARGE_BYTES = 512 << 20
# A level that takes long enough to be under way when a rank is killed.
SLOWLY = ("--to", "coppice", "--compress", "zstd:15")


class Broken(Exception):
    pass


def expected(node, found, path=()):
    """The digest of each array of a case's truth, by the keys that lead to it."""
    if "array" in node:
        found[path] = (node["array"]["dtype"], tuple(node["array"]["shape"]), node["array"]["sha256"])
    for key, inner in node.get("dict", {}).items():
        expected(inner, found, (*path, key))
    for kind in ("list", "tuple"):
        for index, inner in enumerate(node.get(kind, [])):
            expected(inner, found, (*path, str(index)))
    for field, inner in node.get("namedtuple", {}).get("fields", []):
        expected(inner, found, (*path, field))
    return found


def loaded(value, found, path=()):
    """The same of what the reader in Python loads."""
    if isinstance(value, coppice.LazyArray):
        data = np.ascontiguousarray(value.read()).tobytes()
        found[path] = (value.dtype_name, value.shape, hashlib.sha256(data).hexdigest())
    elif isinstance(value, coppice.Record):
        for name, inner in value.fields.items():
            loaded(inner, found, (*path, name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            loaded(inner, found, (*path, str(key)))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            loaded(inner, found, (*path, str(index)))
    return found


class Conversions:
    def __init__(self, tests):
        self.tests = tests

    def words(self, ranks, *arguments, survives=False):
        launch = self.tests.launcher.words(ranks, survives) if ranks > 1 else []
        return [*launch, self.tests.tool, "convert", *arguments]

    def tool(self, *arguments):
        found = subprocess.run([self.tests.tool, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if found.returncode:
            raise Broken("%s: %s" % (" ".join(arguments), found.stdout.decode()))

    def case(self, name, words, check, place):
        def test():
            def checked(run):
                try:
                    return check(run)
                except Broken as broken:
                    raise self.tests.Fault(str(broken))
                finally:
                    shutil.rmtree(place, ignore_errors=True)
            return self.tests.run(words), checked
        self.tests.case(name, test)

    def result(self, source, ranks):
        place = tempfile.mkdtemp()
        case = os.path.join(FOREIGN, source)
        with open(os.path.join(case, "expected.json")) as file:
            truth = json.load(file)
        original, target, back = os.path.join(case, truth["path"]), *(os.path.join(place, n) for n in "ab")

        def check(run):
            seconds = run.wait(120)
            if run.process.returncode:
                raise Broken("status %s" % run.process.returncode)
            json.loads("\n".join(line for line in run.text.split("\n") if not line.startswith("coppice: note")))
            self.tool("validate", "--level", "data", target)
            self.tool("diff", original, target)
            items = truth.get("checkpointables") or {"": truth["root"]}
            for name, item in items.items():
                wanted = expected(item["tree"], {}) if item["kind"] == "tree" else {}
                with coppice.open(target) as checkpoint:
                    if wanted and wanted != loaded(checkpoint[name or "state"], {}):
                        raise Broken("the reader in Python loads something else")
            for layout in ("ocdbt", "directories"):
                again = self.tests.run(self.words(ranks, "--to", "orbax", "--layout", layout, target, back + layout))
                again.wait(120)
                if again.process.returncode:
                    raise Broken("to orbax: %s" % again.text)
                self.tool("diff", target, back + layout)
            if sorted(os.listdir(place)) != ["a", "bdirectories", "bocdbt"]:
                raise Broken("left behind: %s" % os.listdir(place))
            return seconds
        self.case("%s converted by %d" % (source, ranks), self.words(ranks, "--json", original, target), check, place)

    def refused(self, name, ranks, status, lines, *arguments):
        """A conversion that fails on all ranks, and says so once."""
        place = tempfile.mkdtemp()

        def check(run):
            seconds = run.wait(60)
            said = [line for line in run.text.split("\n") if line.startswith("coppice:")]
            if run.process.returncode != status:
                raise Broken("status %s" % run.process.returncode)
            if len(said) != len(lines) or any(word not in line for word, line in zip(lines, said)):
                raise Broken("it says: %s" % said)
            if os.listdir(place):
                raise Broken("left behind: %s" % os.listdir(place))
            return seconds
        words = self.words(ranks, *arguments, os.path.join(place, "out"))
        self.case("%s by %d" % (name, ranks), words, check, place)

    def alone(self, ranks):
        """A format of one file, which one process writes, with a note."""
        place = tempfile.mkdtemp()
        source = os.path.join(FOREIGN, "safetensors/numpy/input/m.safetensors")
        target = os.path.join(place, "out.npz")

        def check(run):
            seconds = run.wait(60)
            if run.process.returncode or run.text.count("[division]") != 1:
                raise Broken("status %s: %s" % (run.process.returncode, run.text))
            self.tool("diff", source, target)
            return seconds
        self.case("one file by %d" % ranks, self.words(ranks, source, target), check, place)

    def ended(self, how, survives):
        """A rank that is killed, or an mpirun that is told to end, while all write."""
        place = tempfile.mkdtemp()
        target = os.path.join(place, "out")
        words = self.words(4, *SLOWLY, self.large, target, survives=survives)
        if self.tests.launcher.mpi == "mpich" and survives:
            words = self.tests.launcher.faulty(4, True, "kill", [self.tests.tool, "convert", *SLOWLY, self.large,
                                                                target])

        def written():
            return any(file.startswith("arrays.") for _, _, files in os.walk(place) for file in files)

        def check(run):
            run.until(written, 60)
            if how == "kill":
                os.kill(self.process(run, 2), signal.SIGKILL)
            else:
                os.kill(run.process.pid, getattr(signal, how))
            seconds = run.wait(60)
            if run.process.returncode == 0 and not survives:
                raise Broken("mpirun succeeded")
            if survives and "rank 2 of 4" not in run.text:
                raise Broken("the lost rank isn't named")
            if os.path.exists(target):
                raise Broken("there is a result")
            if any(not name.startswith(".out.coppice-tmp-") for name in os.listdir(place)):
                raise Broken("left behind: %s" % os.listdir(place))
            for _ in range(300):
                if not run.processes():
                    break
                time.sleep(0.1)
            self.tool("convert", "--to", "coppice", self.large, target)
            if os.listdir(place) != ["out"]:
                raise Broken("left after the next conversion: %s" % os.listdir(place))
            return seconds
        self.case("%s half-way through a conversion%s" % (how, ", the others go on" if survives else ""), words, check,
                  place)

    def process(self, run, rank):
        """The process of a rank."""
        marks = [("%s=%d" % (name, rank)).encode() for name in ("OMPI_COMM_WORLD_RANK", "PMI_RANK")]
        for pid, _, program in run.processes():
            with open("/proc/%d/environ" % pid, "rb") as file:
                if program.endswith("/coppice") and set(marks) & set(file.read().split(b"\0")):
                    return pid
        raise Broken("there is no process of rank %d" % rank)

    def all(self):
        for source in SOURCES:
            for ranks in (1, 2, 3, 4):
                self.result(source, ranks)
        self.refused("damage", 3, 1, ["compression.truncated", "nothing was written"],
                     os.path.join(FOREIGN, "damaged/orbax-files-truncated-chunk/input/ckpt"))
        self.refused("no source", 2, 2, ["io.not-found"], os.path.join(FOREIGN, "none"))
        self.refused("an unknown option", 2, 2, ["no cast mode"], "--cast-mode", "nothing",
                     os.path.join(FOREIGN, SOURCES[0], "input/ckpt"))
        self.alone(3)
        folder = tempfile.mkdtemp()
        self.large = os.path.join(folder, "large.npz")
        values = np.arange(LARGE_BYTES // 8 // 4, dtype=np.int64)
        np.savez(self.large, **{name: values + index for index, name in enumerate("abcd")})
        self.ended("kill", False)
        self.ended("kill", True)
        self.ended("SIGTERM", False)
        self.ended("SIGINT", False)
        shutil.rmtree(folder)


def all(tests):
    Conversions(tests).all()
