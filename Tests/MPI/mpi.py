#!/usr/bin/env python3
"""Groups of processes under mpirun: all operations, and the faults of ranks.

    mpi.py openmpi|mpich FOLDER

FOLDER has CoppiceClientMPI and coppice, built with the trait MPI for this library. All operations run on 1, 4 and
64 ranks. The documents' example is saved and loaded by several numbers of ranks, and read by h5py (stored.py).
Then a rank exits, is killed, stops, throws or comes late while the others wait for it: mpirun ends in time, the error
names the rank, and no process remains. The same, and a disk that is full, at the moments of a save (savefaults.py), and of
saving, loading and deleting the steps of a run (runfaults.py). The programs of the article run on 1, 2 and 4 ranks.
Each fault is shown twice: with the launcher's default, which ends all processes when one dies, and with its option to
let the others go on.
"""
import os, re, shutil, signal, subprocess, sys, tempfile, threading, time, uuid

import conversions, runfaults, savefaults, stored

LIMIT = 3
# Other ranks wait an eighth and two seconds longer than rank 0, and at an error five seconds for rank 0 to end.
PATIENCE = LIMIT + LIMIT / 8 + 2
# For starting and ending on a busy machine.
LEEWAY = 20


class Fault(Exception):
    pass


class Launcher:
    def __init__(self, mpi):
        self.mpi = mpi
        # Debian has both beside each other; elsewhere mpirun is the one that is installed.
        self.program = shutil.which("mpirun." + mpi) or shutil.which("mpirun")
        if not self.program:
            sys.exit("mpi.py: there is no mpirun of %s" % mpi)

    def words(self, count, survives=False):
        if self.mpi == "openmpi":
            root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
            return [self.program, *root, "--oversubscribe", *(["--enable-recovery"] if survives else []),
                    "-n", str(count)]
        return [self.program, *(["-disable-auto-cleanup"] if survives else []), "-n", str(count)]

    def faulty(self, count, survives, kind, words):
        """The words for a program in which a rank fails."""
        if self.mpi == "mpich" and survives and kind == "kill":
            # MPICH's launcher ends those beside a process that a signal killed, and tells the others by SIGUSR1. With a
            # shell in between, this is a death on another machine.
            words = ["sh", "-c", 'trap "" USR1; "$@"', "sh", *words]
        return [*self.words(count, survives), *words]


class Run:
    """A command, and whatever processes it starts: they are known by a mark in their environment."""

    def __init__(self, words):
        self.mark = "COPPICE_MPI_TEST=" + uuid.uuid4().hex
        name, value = self.mark.split("=")
        self.start = time.monotonic()
        self.process = subprocess.Popen(words, env=dict(os.environ, **{name: value}), stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, start_new_session=True)
        self.lines = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append((time.monotonic() - self.start, line.decode(errors="replace").rstrip()))

    @property
    def text(self):
        return "\n".join(line for _, line in self.lines)

    def processes(self):
        """The processes that are left: number, state and program."""
        found = []
        for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
            try:
                if name.isdigit() and self.mark.encode() in open("/proc/%s/environ" % name, "rb").read():
                    state = open("/proc/%s/stat" % name).read().rsplit(")", 1)[1].split()[0]
                    if state != "Z":
                        found.append((int(name), state, os.readlink("/proc/%s/exe" % name)))
            except OSError:
                pass
        return found

    def wait(self, seconds):
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Fault("did not end within %.0f s" % seconds)
        self.reader.join(5)
        return time.monotonic() - self.start

    def until(self, condition, seconds):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise Fault("did not happen within %.0f s" % seconds)
            time.sleep(0.05)

    def continueStopped(self, others, seconds):
        """Continues the stopped rank when the others have their errors and have ended."""
        self.until(lambda: all("rank %d: " % number in self.text for number in others), seconds)
        left = lambda: [found for found in self.processes() if found[2].endswith("/CoppiceClientMPI")]
        self.until(lambda: all(state == "T" for _, state, _ in left()), LEEWAY)
        for pid, _, _ in left():
            os.kill(pid, signal.SIGCONT)

    def end(self):
        """Ends what is left of this run, so that a failed test leaves nothing behind."""
        for pid, _, _ in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        self.process.wait(10)


class Tests:
    Fault, run = Fault, Run

    def __init__(self, mpi, folder):
        self.launcher = Launcher(mpi)
        self.client = os.path.join(folder, "CoppiceClientMPI")
        self.tool = os.path.join(folder, "coppice")
        self.failures = 0

    def case(self, name, test):
        run = None
        try:
            run, check = test()
            seconds = check(run)
            left = run.processes()
            if left:
                time.sleep(1)  # A process that is ending.
                left = run.processes()
            if left:
                raise Fault("processes remain: %s" % left)
            print("%s: %s: %.1f s" % (self.launcher.mpi, name, seconds), flush=True)
        except Fault as fault:
            self.failures += 1
            print("%s: %s: FAILED: %s\n%s" % (self.launcher.mpi, name, fault, run and run.text), flush=True)
        finally:
            if run:
                run.end()

    def exercise(self, count):
        def check(run):
            seconds = run.wait(240)
            if run.process.returncode or "everything" not in run.text:
                raise Fault("status %s" % run.process.returncode)
            for _, line in run.lines:
                print("  " + line, flush=True)
            return seconds
        words = self.launcher.words(count) if count > 1 else []
        return Run([*words, self.client, "exercise"]), check

    def fault(self, kind, rank, survives):
        count = 4
        words = [self.client, "fault", kind, str(rank), str(LIMIT)]
        run = Run(self.launcher.faulty(count, survives, kind, words))

        def check(run):
            # A stopped process ends when it is continued, if the launcher doesn't end it.
            if kind == "stop" and survives:
                run.continueStopped([number for number in range(count) if number != rank], PATIENCE + LEEWAY)
            seconds = run.wait(4 * LIMIT + PATIENCE + LEEWAY)
            if run.process.returncode == 0 and not survives:
                raise Fault("mpirun succeeded")
            # Where the launcher ends all processes at once there may be no message.
            if not survives and kind in ("exit", "kill"):
                return seconds
            said = re.findall(r"^rank (\d+): (.*)$", run.text, re.M)
            if not said:
                raise Fault("no rank has an error")
            survivors = {number for number in range(count) if number != rank or kind in ("throw",)}
            if survives and not survivors <= {int(number) for number, _ in said}:
                raise Fault("of the ranks that went on, only %s have an error" % [number for number, _ in said])
            for number, message in said:
                # A stopped rank that the launcher continues, to end it, sees the others come to an end.
                if kind == "stop" and int(number) == rank and not survives:
                    continue
                named = "rank %d of %d" % (rank, count)
                if named not in message:
                    raise Fault("the error of rank %s doesn't name %s" % (number, named))
                if kind == "throw" and "io.no-space" not in message:
                    raise Fault("the code is lost")
            for number, text in re.findall(r"^rank (\d+) ended after ([0-9.]+) seconds$", run.text, re.M):
                if int(number) != rank and float(text) > PATIENCE + 2:
                    raise Fault("rank %s waited for %s s" % (number, text))
            return seconds
        return run, check

    def example(self, savers):
        """The documents' example, saved by a number of ranks, and loaded by all numbers."""
        place = tempfile.mkdtemp()
        path = os.path.join(place, "c")

        def check(run):
            try:
                seconds = run.wait(60)
                if run.process.returncode:
                    raise Fault("status %s" % run.process.returncode)
                tree = stored.read(os.path.join(path, "state"))
                if tree != stored.EXAMPLE:
                    raise Fault("h5py reads %s" % tree)
                if len(stored.data_files(os.path.join(path, "state"))) != savers or os.listdir(place) != ["c"]:
                    raise Fault("files: %s, %s" % (os.listdir(place), os.listdir(os.path.join(path, "state"))))
                savefaults.validate(self.tool, path)
                for loaders in (1, 2, 3, 4, 8):
                    words = self.launcher.words(loaders) if loaders > 1 else []
                    load = Run([*words, self.client, "load", path])
                    load.wait(60)
                    if load.process.returncode or load.text.count("has its boxes") != loaders:
                        raise Fault("%d ranks load: %s" % (loaders, load.text))
                    if load.processes():
                        raise Fault("processes remain of loading")
                return seconds
            except savefaults.Broken as broken:
                raise Fault(str(broken))
            finally:
                shutil.rmtree(place, ignore_errors=True)
        return Run([*(self.launcher.words(savers) if savers > 1 else []), self.client, "save", path]), check

    def bytes(self, count):
        """Each rank reads its boxes and the documents, and no more."""
        place = tempfile.mkdtemp()

        def check(run):
            seconds = run.wait(60)
            shutil.rmtree(place, ignore_errors=True)
            if run.process.returncode or run.text.count("has read its bytes") != count:
                raise Fault("status %s" % run.process.returncode)
            return seconds
        return Run([*self.launcher.words(count), self.client, "bytes", os.path.join(place, "c")]), check

    def article(self, count):
        """The programs of the article on many processes: they check what they load, and this what lies on disk."""
        place = tempfile.mkdtemp()

        def check(run):
            try:
                seconds = run.wait(120)
                if run.process.returncode:
                    raise Fault("status %s" % run.process.returncode)
                path = os.path.join(place, "run")
                if sorted(os.listdir(path)) != ["5", "6", "coppice-root.json"]:
                    raise Fault("the run has %s" % os.listdir(path))
                rows = [[60 + row * count // 8] * 2 for row in range(8)]
                tree = stored.read(os.path.join(path, "6", "state"))
                if tree != {"w": ("float32", rows)}:
                    raise Fault("h5py reads %s" % tree)
                for name in ("checkpoint", "run"):
                    savefaults.validate(self.tool, os.path.join(place, name))
                return seconds
            except savefaults.Broken as broken:
                raise Fault(str(broken))
            finally:
                shutil.rmtree(place, ignore_errors=True)
        return Run([*(self.launcher.words(count) if count > 1 else []), self.client, "article", place]), check

    def otherLauncher(self):
        other = Launcher("mpich" if self.launcher.mpi == "openmpi" else "openmpi")

        def check(run):
            seconds = run.wait(60)
            if run.process.returncode == 0:
                raise Fault("the tool ran")
            return seconds
        demo = os.path.join(os.path.dirname(__file__), "../../fixtures/foreign/orbax-0.12/v1-trainstate/input/ckpt")
        return Run([*other.words(2), self.tool, "info", demo]), check

    def all(self):
        for count in (1, 4, 64):
            self.case("%d ranks" % count, lambda: self.exercise(count))
        for count in (1, 2, 4, 8):
            self.case("the example, saved by %d" % count, lambda: self.example(count))
        self.case("the bytes that 4 ranks read", lambda: self.bytes(4))
        for count in (1, 2, 4):
            self.case("the article, %d ranks" % count, lambda: self.article(count))
        savefaults.all(self)
        runfaults.all(self)
        for survives in (False, True):
            for kind in ("exit", "kill", "stop", "throw", "late"):
                for rank in (2, 0):
                    name = "%s of rank %d%s" % (kind, rank, ", the others go on" if survives else "")
                    self.case(name, lambda: self.fault(kind, rank, survives))
        conversions.all(self)
        if shutil.which("mpirun.openmpi") and shutil.which("mpirun.mpich"):
            self.case("the other launcher", self.otherLauncher)
        return self.failures


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("openmpi", "mpich"):
        sys.exit(__doc__)
    failures = Tests(*sys.argv[1:]).all()
    sys.exit("mpi.py: %d cases failed" % failures if failures else 0)
