"""A rank that fails while a group saves in place of an earlier checkpoint, which stays whole.

Kinds of failures × ranks × moments of the save. After each: what lies at the target is whole, mpirun and all processes
have ended in time, the errors of the others name the rank, and nothing unfinished remains after the next save.
"""
import concurrent.futures, os, re, shutil, subprocess, tempfile

import stored

LIMIT = 2
COUNT = 4
# Each moment after `array` is the first message of a part, when the rank's own work for it is done.
MOMENTS = ("before", "array", "take", "describe", "plan", "write", "files", "check", "whole", "commit")
# A full disk shows when the array is written. `space` is a small file system for all ranks.
FULL = {"limit": "io.failed", "space": "io.no-space"}
# The same, found when rank 0 writes its documents.
FILLED = dict(FULL, fill="io.no-space")


class Broken(Exception):
    pass


def validate(tool, path):
    found = subprocess.run([tool, "validate", "--level", "data", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if found.returncode:
        raise Broken("it isn't valid: " + found.stdout.decode())


def names(count, rank, text):
    """Whether a text names a rank, alone or among others."""
    for numbers in re.findall(r"ranks? ([0-9, and]+?) of %d" % count, text):
        if str(rank) in re.findall(r"\d+", numbers):
            return True
    return False


class SaveFault:
    action = "save-fault"

    def __init__(self, tests, kind, rank, moment, survives):
        self.tests, self.kind, self.rank, self.moment, self.survives = tests, kind, rank, moment, survives
        self.name = "%s of rank %d in a save: %s%s" % (
            kind, rank, moment, ", the others go on" if survives else "")

    def base(self):
        """What is there before."""
        return self.tests.base

    def test(self):
        self.place = tempfile.mkdtemp()
        self.is_small = self.kind in ("space", "fill")
        if self.is_small:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "coppice-test", self.place], check=True)
        self.path = os.path.join(self.place, "c")
        shutil.copytree(self.base(), self.path)
        words = [self.tests.client, self.action, self.path, self.kind, str(self.rank), self.moment, str(LIMIT)]
        return self.tests.run(self.tests.launcher.faulty(COUNT, self.survives, self.kind, words)), self.check

    def check(self, run):
        try:
            seconds = self.outcome(run)
            self.files()
            return seconds
        except Broken as broken:
            raise self.tests.Fault(str(broken))
        finally:
            if self.is_small:
                subprocess.run(["umount", "-l", self.place])
            shutil.rmtree(self.place, ignore_errors=True)

    def outcome(self, run):
        others = [number for number in range(COUNT) if number != self.rank]
        patience = LIMIT + LIMIT / 8 + 2
        if self.kind == "stop" and self.survives:
            run.continueStopped(others, 2 * patience + 20)
        seconds = run.wait(4 * LIMIT + patience + 30)
        dies = self.kind in ("exit", "kill")
        # With recovery, Open MPI's launcher succeeds whatever becomes of the ranks.
        if run.process.returncode == 0 and not self.survives:
            raise Broken("mpirun succeeded")
        # Where the launcher ends all processes at once there may be no message.
        if dies and not self.survives:
            return seconds
        said = dict((int(number), text) for number, text in re.findall(r"^rank (\d+): (.*)$", run.text, re.M))
        if self.survives and not set(others) <= set(said):
            raise Broken("of the ranks that went on, only %s have an error" % sorted(said))
        for number in set(others) & set(said):
            if not names(COUNT, self.rank, said[number]):
                raise Broken("the error of rank %d doesn't name rank %d" % (number, self.rank))
            if self.kind in FILLED and FILLED[self.kind] not in said[number]:
                raise Broken("the code is not %s" % FULL[self.kind])
        for number, text in re.findall(r"^rank (\d+) ended after ([0-9.]+) seconds$", run.text, re.M):
            if int(number) != self.rank and float(text) > patience + 3:
                raise Broken("rank %s waited for %s s" % (number, text))
        return seconds

    def files(self):
        """What was there is there, and the next save leaves nothing else."""
        filler = os.path.join(self.place, "filler")
        if os.path.exists(filler):
            os.unlink(filler)
        number = 100 if self.rank == 0 and self.moment == "commit" else 0
        self.tree(number)
        # Rank 0 deletes what isn't committed, unless it is what died, or is ended.
        if self.survives and (self.rank != 0 or self.kind not in ("exit", "kill")):
            if os.listdir(self.place) != ["c"]:
                raise Broken("unfinished: %s" % os.listdir(self.place))
        again = subprocess.run([self.tests.client, "save", self.path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if again.returncode:
            raise Broken("the next save: " + again.stdout.decode())
        self.tree(0)
        if os.listdir(self.place) != ["c"]:
            raise Broken("left after the next save: %s" % os.listdir(self.place))

    def tree(self, number):
        validate(self.tests.tool, self.path)
        tree = stored.read(os.path.join(self.path, "state"))
        dtype, rows = stored.EXAMPLE["w"]
        if tree != dict(stored.EXAMPLE, w=(dtype, [[x + number for x in row] for row in rows])):
            raise Broken("h5py reads %s" % tree)


def cases(tests):
    for survives in (False, True):
        for kind in ("kill", "stop", "throw", "exit"):
            for rank in (0, 2):
                for moment in MOMENTS if survives else ("before", "array"):
                    # Rank 0 alone plans and commits, looks whether the others are there when all files are written, and
                    # receives what the others send it of these.
                    if moment not in (("describe", "files") if rank == 0 else ("plan", "whole", "commit")):
                        yield SaveFault(tests, kind, rank, moment, survives)
        for kind in FULL if os.geteuid() == 0 and os.path.isdir("/proc") else ["limit"]:
            for rank in (0, 2):
                yield SaveFault(tests, kind, rank, "before", survives)
        if os.geteuid() == 0 and os.path.isdir("/proc"):
            # The documents of rank 0 don't fit any more, when all arrays are written.
            yield SaveFault(tests, "fill", 0, "check", survives)


def all(tests):
    place = tempfile.mkdtemp()
    tests.base = os.path.join(place, "c")
    subprocess.run([*tests.launcher.words(COUNT), tests.client, "save", tests.base], check=True)
    # Ranks that wait for another one leave the processors to others.
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda case: tests.case(case.name, case.test), list(cases(tests))))
    shutil.rmtree(place)
