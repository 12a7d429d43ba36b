#!/usr/bin/env python3
"""Runs libFuzzer on all parsers.

    fuzz.py PROGRAM DIRECTORY [--seconds S] [--runs N] [--jobs J] [--target NAME...] [--list]

PROGRAM is `CoppiceFuzz`. Each target begins with the small files of the fixtures that are of its format, and with what
it found before in DIRECTORY/corpus, and runs S seconds or N times, J targets at once. An input that ends the
program, takes 20 seconds or too much memory is kept in DIRECTORY/findings, and the exit status is 1: mend the parser, and
move the input to Tests/FailCases. The last line has the executions of each target. DIRECTORY/counts.json adds those
of all runs, which --list prints.
"""
import argparse, concurrent.futures, glob, io, json, os, re, shutil, subprocess, sys, zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FIXTURES = os.path.join(ROOT, "fixtures", "foreign")
# Small inputs, of which many are tried in a second; where a target has few, its smallest ones. What was found stays.
LARGEST = 4 << 10
FEW = 4
# Weighing inputs by how rare their features are (entropic) takes a sixth of the time.
OPTIONS = ["-timeout=20", "-rss_limit_mb=2048", "-malloc_limit_mb=512", "-detect_leaks=0", "-print_final_stats=1",
           "-use_value_profile=0", "-reload=0", "-entropic=0"]
# A short quarantine: fresh pages for every input would take longer than the parsers.
SANITIZER = "detect_leaks=0:malloc_context_size=2:allocator_may_return_null=1:quarantine_size_mb=8"


def pack(directory):
    """The files of a directory as one input: each after a line with its name."""
    parts = []
    for parent, folders, files in os.walk(directory):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(parent, name)
            if os.path.isfile(path) and not os.path.islink(path):
                parts.append(b"@@@ " + os.path.relpath(path, directory).encode() + b"\n" + read(path))
    return b"\n".join(parts)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def cases(*layouts):
    """The inputs of cases of a layout: files and directories."""
    for path in sorted(glob.glob(FIXTURES + "/*/*/case.json")):
        with open(path) as file:
            case = json.load(file)
        if case["layout"] in layouts:
            for name in sorted(os.listdir(os.path.dirname(path) + "/input")):
                yield os.path.join(os.path.dirname(path), "input", name)


def files(*layouts):
    for path in cases(*layouts):
        if os.path.isfile(path):
            yield read(path)
        else:
            yield from (read(os.path.join(parent, name)) for parent, _, names in os.walk(path) for name in names)


def directories(*layouts):
    yield from (pack(path) for path in cases(*layouts) if os.path.isdir(path))


def inner_directories(marks, *layouts):
    """The directories that hold one of some files."""
    for path in cases(*layouts):
        for parent, _, names in os.walk(path):
            if any(mark in names for mark in marks):
                yield pack(parent)


def pickles(*layouts):
    for content in files(*layouts):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from (archive.read(name) for name in archive.namelist() if name.endswith("data.pkl"))
        except (zipfile.BadZipFile, ValueError):
            pass


def documents():
    for pattern in ["/fixtures/foreign/*/*/input/**/*", "/spec/1.0/examples/**/*.json"]:
        for path in sorted(glob.glob(ROOT + pattern, recursive=True)):
            if os.path.isfile(path) and os.path.getsize(path) <= 2048 and read(path)[:1] in (b"{", b"["):
                yield read(path)


def stored(name):
    """Seeds of our own, where the fixtures have none, and what was found before."""
    for pattern in [HERE + "/Seeds/%s/*", ROOT + "/Tests/FailCases/%s/*"]:
        yield from (read(path) for path in sorted(glob.glob(pattern % name)))


ORBAX = ["orbax-v0-direct", "orbax-v0-manager", "orbax-v1-composite", "orbax-legacy-aggregate", "orbax-v1-sequence",
         "orbax-v0-direct-array", "orbax-v0-composite", "orbax-v0-direct-json"]
SEEDS = {
    "json": documents,
    "msgpack": lambda: files("flax-msgpack", "orbax-legacy-aggregate"),
    "safetensors": lambda: files("safetensors"),
    "safetensors-set": lambda: directories("safetensors-sharded"),
    "gguf": lambda: files("gguf"),
    "npy": lambda: files("npy"),
    "npz": lambda: files("npz"),
    "zip": lambda: files("torch-zip"),
    "pickle": lambda: pickles("torch-zip"),
    "legacy": lambda: files("torch-legacy"),
    "dcp": lambda: directories("torch-dcp"),
    "zarr": lambda: inner_directories([".zarray", "zarr.json"], "zarr-group", *ORBAX),
    "zarr-group": lambda: directories("zarr-group"),
    "zarr-zip": lambda: (file for file in files("zarr-group") if file[:2] == b"PK"),
    "ocdbt": lambda: inner_directories(["manifest.ocdbt"], *ORBAX),
    "orbax": lambda: directories(*ORBAX),
    "hdf5-index": lambda: (file for file in files("hdf5") if b"OHDR" in file),
}
# Where the tokens are those of another target.
DICTIONARIES = {"legacy": "pickle", "dcp": "pickle", "zarr-group": "zarr", "zarr-zip": "zip", "hdf5-outline": "json"}


def make_seeds(target, directory):
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    found = sorted(set(SEEDS.get(target, lambda: ())()), key=lambda seed: (len(seed), seed))
    seeds = [seed for number, seed in enumerate(found) if number < FEW or len(seed) <= LARGEST]
    seeds += sorted(set(stored(target)) - set(seeds))
    for number, seed in enumerate(seeds):
        with open("%s/%04d" % (directory, number), "wb") as file:
            file.write(seed)
    return max([LARGEST] + [len(seed) for seed in seeds])


def run(target, options):
    seeds, corpus, findings = ["%s/%s/%s" % (options.directory, kind, target)
                               for kind in ("seeds", "corpus", "findings")]
    longest = make_seeds(target, seeds)
    for directory in (corpus, findings):
        os.makedirs(directory, exist_ok=True)
    before = set(os.listdir(findings))
    command = [options.program, target, corpus, seeds, "-artifact_prefix=%s/" % findings, "-max_len=%d" % longest]
    command += OPTIONS
    if options.runs:
        command.append("-runs=%d" % options.runs)
    if options.seconds:
        command.append("-max_total_time=%d" % options.seconds)
    dictionary = HERE + "/Dictionaries/%s.dict" % DICTIONARIES.get(target, target)
    if os.path.exists(dictionary):
        command.append("-dict=" + dictionary)
    # The handler of Swift's runtime waits for the process that it looks at.
    environment = dict(os.environ, SWIFT_BACKTRACE="enable=no", ASAN_OPTIONS=SANITIZER)
    log = options.directory + "/%s.log" % target
    with open(log, "wb") as output:
        status = subprocess.run(command, stdout=output, stderr=output, env=environment).returncode
    text = read(log).decode("utf-8", "replace")
    counts = re.findall(r"stat::number_of_executed_units: *(\d+)", text) or re.findall(r"(?m)^#(\d+)", text)
    found = sorted(set(os.listdir(findings)) - before)
    wrong = re.findall(r"(?m)^.*(?:wrong: |SUMMARY: |Fatal error).*$", text)
    return {"target": target, "executions": int(counts[-1]) if counts else 0, "status": status, "log": log,
            "found": ["%s/%s" % (findings, name) for name in found], "wrong": wrong[:3]}


def count(options, results):
    path = options.directory + "/counts.json"
    counts = json.loads(read(path)) if os.path.exists(path) else {}
    for result in results:
        counts[result["target"]] = counts.get(result["target"], 0) + result["executions"]
    with open(path, "w") as file:
        json.dump(counts, file, indent=1, sort_keys=True)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("directory")
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--target", action="append")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    options.directory = os.path.abspath(options.directory)
    options.program = os.path.abspath(options.program)
    os.makedirs(options.directory, exist_ok=True)
    if options.list:
        for target, number in count(options, []).items():
            print("%s %d" % (target, number))
        return 0
    targets = options.target or subprocess.run([options.program], capture_output=True, text=True).stdout.split()
    missing = [target for target in targets if target not in SEEDS and not os.path.isdir(HERE + "/Seeds/" + target)]
    if missing or not targets:
        sys.exit("no seeds for: " + ", ".join(missing))
    if not options.seconds and not options.runs:
        options.seconds = 60
    results = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        jobs = [pool.submit(run, target, options) for target in targets]
        for job in concurrent.futures.as_completed(jobs):
            result = job.result()
            results.append(result)
            count(options, [result])
            print("%-16s %9d executions%s" % (
                result["target"], result["executions"], "" if not result["status"] else
                ": exit %d, see %s" % (result["status"], result["log"])), flush=True)
            for line in result["wrong"] + result["found"]:
                print("    " + line, flush=True)
    results.sort(key=lambda result: targets.index(result["target"]))
    failed = [result["target"] for result in results if result["status"]]
    print("fuzz: %s%s" % (", ".join("%s %d" % (result["target"], result["executions"]) for result in results),
                          "; failed: " + ", ".join(failed) if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
