#!/usr/bin/env python3
"""Damaged HDF5 files: libhdf5 may crash or hang on them, `coppice` may not.

    hdf5_fuzz.py TOOL WORKER [--rounds N] [--seconds S] [--seed K] [--jobs J] [--hangs] [--keep DIRECTORY] [FILE...]

TOOL is `coppice`; WORKER is `coppice-hdf5-worker` beside it. Copies of the small HDF5 files of the fixtures (or of
FILE...) are damaged, the same for the same seed, and described by WORKER with little time and memory. Whatever
ends a worker by a signal or a limit is then given to TOOL, which must say so in one line and exit with 1 or 2;
so are the files that did so before, in Tests/FailCases/HDF5. What does not end takes TOOL a minute of processor
time: it is tried with --hangs, one for each original. --keep saves what ended workers, one file for each way.

Ends after N copies or S seconds, whichever comes first. Memory is bounded by the worker's own limits (2 GiB of
address space each), time by 5 seconds of processor time each.
"""
import argparse, concurrent.futures, glob, hashlib, os, random, resource, signal, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "..", "fixtures", "foreign")
INTERESTING = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 254, 255]
# As WorkerArguments has them: links, depth, chunks, texts, values and bytes of an outline, then memory, seconds of
# processor time, seconds, bytes of the answer.
LIMITS = "4194304,128,4194304,67108864,65536,268435456,2147483648,5,10,536870912"
SIGNATURES = [b"OHDR", b"OCHK", b"TREE", b"HEAP", b"SNOD", b"GCOL", b"FRHP", b"FHDB", b"FHIB", b"BTHD", b"BTLF",
              b"BTIN", b"FSHD", b"FSSE", b"EAHD", b"FAHD"]


def damaged(original, random_):
    data = bytearray(original)
    places = [at for mark in SIGNATURES for at in find_all(original, mark)]

    def position():
        # Behind a signature, where structure lies, more often than anywhere.
        if places and random_.random() < 0.6:
            return min(random_.choice(places) + random_.randrange(0, 96), len(data) - 1)
        return random_.randrange(len(data) if random_.random() < 0.5 else min(len(data), 2048))

    for _ in range(random_.choice([1, 1, 1, 2, 3, 5, 8])):
        kind = random_.randrange(7)
        at = position()
        if kind == 0:
            data[at] ^= 1 << random_.randrange(8)
        elif kind == 1:
            data[at] = random_.choice(INTERESTING)
        elif kind == 2:
            data[at] = random_.randrange(256)
        elif kind == 3:
            width = random_.choice([2, 4, 8])
            value = random_.choice([0, 1, (1 << 8 * width) - 1, 1 << (8 * width - 1), random_.randrange(len(data))])
            data[at:at + width] = value.to_bytes(width, "little")[:len(data) - at]
        elif kind == 4 and places:
            # An address that leads to another structure, or back.
            value = random_.choice(places)
            at &= ~7
            data[at:at + 8] = value.to_bytes(8, "little")[:len(data) - at]
        elif kind == 5:
            length = random_.randrange(4, 64)
            start = random_.randrange(max(len(data) - length, 1))
            data[at:at + length] = original[start:start + min(length, len(data) - at)]
        else:
            end = min(len(data), at + random_.randrange(1, 64))
            data[at:end] = bytes([random_.choice([0, 255])]) * (end - at)
    return bytes(data)


def find_all(data, mark):
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def limit():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def describe(worker, path):
    """How the worker ended: a signal's number, "hang", or None when it answered."""
    try:
        done = subprocess.run([worker, LIMITS, path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=20, preexec_fn=limit)
    except subprocess.TimeoutExpired:
        return "hang", b""
    if done.returncode == -signal.SIGXCPU:
        return "hang", b""
    return (-done.returncode if done.returncode < 0 else None), done.stderr


def problem(tool, path, is_hang=False):
    """What is wrong with how the tool takes a file; None when nothing is."""
    for command in (["info"],) if is_hang else (["info"], ["dump", "--json"]):
        done = subprocess.run([tool, *command, path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=180)
        lines = done.stderr.decode(errors="replace").splitlines()
        if done.returncode not in (1, 2):
            return "%s: exit status %d: %s" % (command[0], done.returncode, lines[:3])
        if len(lines) != 1 or not lines[0].endswith("]"):
            return "%s: not one line of an error: %s" % (command[0], lines[:3])
    return None


def small_files():
    paths = glob.glob(os.path.join(FIXTURES, "hdf5", "*", "input", "*.h5"))
    paths += glob.glob(os.path.join(FIXTURES, "keras", "*", "input", "*.h5"))
    paths += glob.glob(os.path.join(FIXTURES, "matlab", "*", "input", "*.mat"))
    paths += glob.glob(os.path.join(FIXTURES, "netcdf", "*", "input", "*.nc"))
    return [path for path in sorted(paths) if os.path.getsize(path) <= 64 << 10]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("worker")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--hangs", action="store_true")
    parser.add_argument("--keep")
    options = parser.parse_intermixed_args()
    tool, worker = os.path.abspath(options.tool), os.path.abspath(options.worker)
    originals = [(os.path.basename(os.path.dirname(os.path.dirname(path))), open(path, "rb").read())
                 for path in options.files or small_files()]
    deadline = time.monotonic() + options.seconds
    failures, ways, counts = [], {}, {}
    replayed = sorted(glob.glob(os.path.join(HERE, "..", "FailCases", "HDF5", "*.h5")))
    for path in replayed:
        is_hang = os.path.basename(path).startswith("hang-")
        fault = problem(tool, path, is_hang) if options.hangs or not is_hang else None
        if fault:
            failures.append("%s: %s" % (os.path.basename(path), fault))
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:

        def attempt(number):
            if time.monotonic() > deadline:
                return None
            random_ = random.Random(options.seed * 1000003 + number)
            name, original = random_.choice(originals)
            data = damaged(original, random_)
            path = os.path.join(scratch, "%d.h5" % number)
            with open(path, "wb") as file:
                file.write(data)
            how, said = describe(worker, path)
            if how is None:
                os.remove(path)
            return number, name, path, how, said

        done = 0
        for result in pool.map(attempt, range(options.rounds)):
            if result is None:
                continue
            done += 1
            number, name, path, how, said = result
            counts[how] = counts.get(how, 0) + 1
            if how is None:
                continue
            # A trap in Swift code is our fault, not libhdf5's.
            if how in (signal.SIGILL, signal.SIGTRAP):
                failures.append("copy %d of %s: a trap in our worker: %s" % (number, name, said[:300]))
            way = (name, how)
            if how != "hang" or (options.hangs and way not in ways):
                fault = problem(tool, path, how == "hang")
                if fault:
                    failures.append("copy %d of %s: %s" % (number, name, fault))
            if options.keep and ways.get(way, 0) < 3:
                os.makedirs(options.keep, exist_ok=True)
                data = open(path, "rb").read()
                kept = "%s-%s-%s.h5" % (name, how, hashlib.sha256(data).hexdigest()[:8])
                with open(os.path.join(options.keep, kept), "wb") as file:
                    file.write(data)
            ways[way] = ways.get(way, 0) + 1
            os.remove(path)
    for failure in failures:
        print(failure)
    ended = ", ".join("%s: %d" % ("hang" if how == "hang" else signal.Signals(how).name, count)
                      for how, count in sorted(counts.items(), key=str) if how is not None)
    print("%d known files and %d damaged ones; workers ended by %s; %d failures"
          % (len(replayed), done, ended or "nothing", len(failures)))
    sys.exit(1 if failures or not done else 0)


if __name__ == "__main__":
    main()
