"""A rank that fails while a group saves, loads or deletes a step of a run.

Kinds of failures × ranks × moments. The run has the steps 1 and 2, and keeps two; step 3 is saved in the background.
After each failure: all steps are whole, mpirun and all processes have ended in time, the errors of the others name the rank,
and nothing unfinished remains after the next save.
"""
import concurrent.futures, os, shutil, subprocess, tempfile

import savefaults, stored
from savefaults import Broken, COUNT, FULL

KINDS = ("kill", "stop", "throw", "exit")
# The moments of a save at which rank 0, and another one, sends a message, or rank 0 is between all files and the rename.
SAVE = {
    0: ("open c", "ask", "start", "array", "plan", "write", "check", "whole", "commit", "finish", "wait"),
    2: ("before", "ask", "start", "array", "prepare", "describe", "write", "files", "check", "wait"),
}
# Rank 2 is the first to send in the load itself.
LOAD = {0: ("before", "step", "load 2"), 2: ("before", "load 2")}
DELETE = {0: ("before", "delete 1"), 2: ("before",)}


class RunFault(savefaults.SaveFault):
    """A fault in `run-fault`, `load-fault` or `delete-fault`."""

    def __init__(self, tests, action, kind, rank, moment, survives):
        super().__init__(tests, kind, rank, moment, survives)
        self.action = action
        self.name = "%s of rank %d in a run: %s: %s%s" % (
            kind, rank, action.split("-")[0], moment, ", the others go on" if survives else "")

    def base(self):
        return self.tests.base_run

    def steps(self):
        return sorted(int(name) for name in os.listdir(self.path) if name.isdigit())

    def files(self):
        filler = os.path.join(self.place, "filler")
        if os.path.exists(filler):
            os.unlink(filler)
        found = self.steps()
        allowed = [[1, 2]]
        if self.action == "run-fault" and self.moment == "wait":
            allowed = [[2, 3]]
        elif self.action == "run-fault" and self.rank == 0:
            # It may have been committed, and the oldest step deleted.
            if self.moment in ("commit", "finish"):
                allowed = [[1, 2, 3], [2, 3]]
        elif self.action == "delete-fault" and not (self.rank == 0 and self.moment == "before"):
            allowed = [[2]] if self.rank == 0 else [[1, 2], [2]]
        if found not in allowed:
            raise Broken("the steps are %s" % found)
        self.whole()
        again = subprocess.run([self.tests.client, "run", self.path, "4", "4"], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
        if again.returncode:
            raise Broken("the next save: " + again.stdout.decode())
        if self.steps() != [found[-1], 4]:
            raise Broken("the steps are then %s" % self.steps())
        self.whole()
        left = sorted(set(os.listdir(self.path)) - {str(step) for step in self.steps()})
        if left != ["coppice-root.json"] or os.listdir(self.place) != ["c"]:
            raise Broken("left after the next save: %s, %s" % (left, os.listdir(self.place)))

    def whole(self):
        savefaults.validate(self.tests.tool, self.path)
        dtype, rows = stored.EXAMPLE["w"]
        for step in self.steps():
            tree = stored.read(os.path.join(self.path, str(step), "state"))
            if tree != dict(stored.EXAMPLE, w=(dtype, [[x + 100 * step for x in row] for row in rows])):
                raise Broken("h5py reads step %d as %s" % (step, tree))


def cases(tests):
    for kind in KINDS:
        for action, moments in ("run-fault", SAVE), ("load-fault", LOAD), ("delete-fault", DELETE):
            for rank in (0, 2):
                for moment in moments[rank]:
                    yield RunFault(tests, action, kind, rank, moment, True)
        for rank, moment in (0, "plan"), (2, "write"):
            yield RunFault(tests, "run-fault", kind, rank, moment, False)
    full = FULL if os.geteuid() == 0 and os.path.isdir("/proc") else ["limit"]
    for survives in (False, True):
        for kind in full:
            for rank in (0, 2):
                yield RunFault(tests, "run-fault", kind, rank, "before", survives)
        # The documents of rank 0 don't fit any more, when all arrays are written.
        if "space" in full:
            yield RunFault(tests, "run-fault", "fill", 0, "check", survives)


def all(tests):
    place = tempfile.mkdtemp()
    tests.base_run = os.path.join(place, "c")
    subprocess.run([*tests.launcher.words(COUNT), tests.client, "run", tests.base_run, "1", "2"], check=True)
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda case: tests.case(case.name, case.test), list(cases(tests))))
    shutil.rmtree(place)
