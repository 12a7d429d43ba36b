#!/usr/bin/env python3
"""Saves that are killed, or that the system fails: what was committed stays, and nothing half appears.

    faults.py TOOL [--trainer PROGRAM] [--rounds N] [--stride K]

TOOL is `coppice`. PROGRAM saves steps through the library's Checkpointer: PROGRAM ROOT FIRST LAST.
A save is killed at N random moments; then it is killed at, and fails with an error at, every K-th system
call that changes files (strace injects both; without it only the random kills are done, and it is said).
After each: the place lists, every checkpoint in it validates and is the old or the new one, to the last
bit; nothing else is visible; the next save succeeds and cleans up.
"""
import argparse, json, os, random, re, shutil, signal, subprocess, sys, tempfile, time

CALLS = ["mkdir", "mkdirat", "openat", "write", "pwrite64", "pwritev", "fallocate", "ftruncate", "fsync",
         "fdatasync", "sync_file_range", "flock", "rename", "renameat", "renameat2", "linkat", "unlinkat",
         "getdents64", "fstat", "newfstatat"]
ERRORS = {"mkdir": ["EACCES", "ENOSPC"], "mkdirat": ["EACCES"], "write": ["EIO"], "pwrite64": ["ENOSPC", "EIO"],
          "pwritev": ["ENOSPC"], "fallocate": ["ENOSPC"], "ftruncate": ["EIO"], "fsync": ["EIO", "ENOSPC"],
          "fdatasync": ["EIO"], "flock": ["EIO"], "rename": ["EIO"], "renameat": ["EIO"],
          "renameat2": ["EACCES", "EIO"], "linkat": ["EIO"], "unlinkat": ["EACCES"], "openat": ["EMFILE"]}


def run(words, **more):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, **more)


class Fault(Exception):
    pass


class Saving:
    """One kind of save: how it is begun, and what may be there afterwards."""

    def __init__(self, tool, root):
        self.tool, self.root = tool, root

    def listing(self):
        return sorted(name for name in os.listdir(self.root) if not name.startswith("."))

    def hidden(self):
        return [name for name in os.listdir(self.root) if name.startswith(".")]

    def dump(self, path):
        done = run([self.tool, "dump", "--json", path])
        if done.returncode:
            raise Fault("%s does not load: %s" % (path, done.stderr.decode().strip()))
        return {key: value for key, value in json.loads(done.stdout).items()
                if key not in ("initTimestampNsecs", "commitTimestampNsecs", "path", "initTime", "commitTime")}

    def validate(self, path):
        done = run([self.tool, "validate", "--level", "data", path])
        if done.returncode:
            raise Fault("%s is not valid: %s%s" % (path, done.stdout.decode(), done.stderr.decode()))


class Replacing(Saving):
    """`coppice convert --replace` over a checkpoint that is there."""

    def __init__(self, tool, root, old, new):
        super().__init__(tool, root)
        self.path = os.path.join(root, "ckpt")
        self.sources = old, new
        self.command = [tool, "convert", new, self.path, "--replace", "--compress", "zstd:1"]
        self.reset()
        self.old = self.dump(self.path)
        self.save()
        self.new = self.dump(self.path)

    def reset(self):
        done = run([self.tool, "convert", self.sources[0], self.path, "--replace"])
        if done.returncode:
            raise Fault("the save before does not work: " + done.stderr.decode())

    def save(self):
        done = run(self.command)
        if done.returncode:
            raise Fault("the next save does not work: " + done.stderr.decode())

    def check(self, status):
        if self.listing() != ["ckpt"]:
            raise Fault("visible: %s" % self.listing())
        self.validate(self.path)
        found = self.dump(self.path)
        if found not in (self.old, self.new):
            raise Fault("neither the old nor the new checkpoint is there")
        if status == 0 and found != self.new:
            raise Fault("the save said that it succeeded")
        if status > 0 and self.hidden():
            raise Fault("a save that failed in order left %s" % self.hidden())
        self.save()
        if self.hidden():
            raise Fault("the next save left %s" % self.hidden())
        self.reset()


class Training(Saving):
    """Steps through the library; three are kept."""

    def __init__(self, tool, root, trainer):
        super().__init__(tool, root)
        self.trainer = trainer
        self.reset()
        self.command = [trainer, root, "4", "6"]

    def reset(self):
        shutil.rmtree(self.root, ignore_errors=True)
        done = run([self.trainer, self.root, "1", "3"])
        if done.returncode:
            raise Fault("the saves before do not work: " + done.stderr.decode())

    def check(self, status):
        names = [name for name in self.listing() if name != "coppice-root.json"]
        numbers = sorted(int(name) for name in names)
        # What is kept is the newest; a kill between a commit and its clean-up leaves one more.
        last = numbers[-1] if numbers else 0
        if last < 3 or numbers != list(range(numbers[0], last + 1)) or not 3 <= len(numbers) <= 4:
            raise Fault("steps %s" % numbers)
        if status == 0 and last != 6:
            raise Fault("the training said that it succeeded, but there are %s" % numbers)
        self.validate(self.root)
        for name in names:
            dump = self.dump(os.path.join(self.root, name))
            if str(dump).find("'%d'" % int(name)) < 0:
                raise Fault("step %s has another's state" % name)
        done = run([self.trainer, self.root, str(last + 1), str(last + 2)])
        if done.returncode:
            raise Fault("training does not go on: " + done.stderr.decode())
        if self.hidden():
            raise Fault("the next saves left %s" % self.hidden())
        self.reset()


def random_kills(saving, rounds, random_):
    began = time.monotonic()
    run(saving.command)
    length = time.monotonic() - began
    saving.reset()
    for _ in range(rounds):
        process = subprocess.Popen(saving.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random_.uniform(0, length * 1.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        saving.check(process.returncode)
    return rounds


def injected(saving, call, what, nth):
    """Runs the save with something injected into the n-th call of each thread; tells whether it happened, and
    whether it was done to libdispatch: that counts its workers in /proc once a second, and ends the process
    where it can't. No save can prevent that, so it counts as a kill."""
    with tempfile.NamedTemporaryFile() as log:
        done = run(["strace", "-f", "-qq", "-o", log.name, "-e", "trace=" + call,
                    "-e", "inject=%s:%s:when=%d" % (call, what, nth)] + saving.command)
        text = open(log.name, errors="replace").read()
    happened = "INJECTED" in text or "+++ killed by SIGKILL" in text
    return happened, re.search(r'"/proc/\d+/stat".*INJECTED', text) is not None, done


def system_calls(saving, stride):
    count = 0
    for call in CALLS:
        for what in ["signal=KILL"] + ["error=" + name for name in ERRORS.get(call, [])]:
            nth = 1
            while True:
                happened, in_dispatch, done = injected(saving, call, what, nth)
                if not happened:
                    if done.returncode:
                        raise Fault("%s fails by itself: %s" % (saving.command, done.stderr.decode()))
                    saving.reset()
                    break
                place = "%s %s at call %d" % (call, what, nth)
                if what == "signal=KILL" or in_dispatch and done.returncode < 0:
                    status = -signal.SIGKILL
                else:
                    # Before the program runs, its runtime may lose the arguments: then help is printed.
                    status = 127 if b"USAGE:" in done.stdout else done.returncode
                    if status not in (0, 1, 2, 127):
                        raise Fault("%s: exit status %d: %s" % (place, status, done.stderr.decode()))
                    lines = done.stderr.decode().strip().splitlines()
                    if status in (1, 2) and len(lines) != 1:
                        raise Fault("%s: not one line: %s" % (place, lines))
                try:
                    saving.check(status)
                except Fault as fault:
                    raise Fault("%s (exit status %d): %s" % (place, status, fault))
                count += 1
                nth += stride
    return count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--trainer")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "fixtures", "foreign", "orbax-0.12")
    traced = shutil.which("strace") and run(["strace", "-o", "/dev/null", "true"]).returncode == 0
    with tempfile.TemporaryDirectory() as directory:
        root = os.path.join(directory, "root")
        os.mkdir(root)
        savings = [Replacing(options.tool, root, os.path.join(here, "v1-checkpointables", "input", "ckpt"),
                             os.path.join(here, "v1-trainstate", "input", "ckpt"))]
        if options.trainer:
            savings.append(Training(options.tool, os.path.join(directory, "run"), os.path.abspath(options.trainer)))
        for saving in savings:
            name = type(saving).__name__.lower()
            saving.reset()
            kills = random_kills(saving, options.rounds, random.Random(options.seed))
            calls = system_calls(saving, options.stride) if traced else 0
            print("%s: %d random kills, %d faults at system calls: all whole%s"
                  % (name, kills, calls, "" if traced else " (no strace: none injected)"), flush=True)


if __name__ == "__main__":
    try:
        main()
    except Fault as fault:
        sys.exit("FAILED: %s" % fault)
