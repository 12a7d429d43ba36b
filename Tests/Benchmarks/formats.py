#!/usr/bin/env python3
"""Times the tool's conversions of what other frameworks write, beside `cp` and beside the obvious script.

    formats.py TOOL [--size MIB] [--rounds N] [--conversion NAME,...] [--dir DIRECTORY] [--limits PROGRAM]
               [--json OUT] [--markdown OUT]

TOOL is the program coppice. The sources are made once by the real libraries (format_script.py) and stay in DIRECTORY.
Each conversion is done in turns by the tool, by `cp -r` of its source, and by the script, each in a process of its own,
from the page cache until the result is durable. `--limits PROGRAM` adds how long the disk takes for as many bytes
(limits.c), which no durable copy can beat for long. The first result is compared with its source by the tool, and with the
script's. Linux only.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

import compare
import conversions
import machine
import report

HERE = os.path.dirname(os.path.abspath(__file__))
# source, result
CONVERSIONS = {
    "dcp-safetensors": ("dcp", "model.safetensors"),
    "bin-safetensors": ("bin", "model.safetensors"),
    "gguf-safetensors": ("model.gguf", "model.safetensors"),
    "orbax-pytorch": ("orbax", "model.pt"),
    "orbax-safetensors": ("orbax", "model.safetensors"),
}
# What the tool is to reach: of a copy's speed, of the script's, and in MiB.
OF_COPY, OF_SCRIPT, MEMORY = 0.7, 3, 400


def script(*words):
    return [sys.executable, "-W", "ignore", HERE + "/format_script.py", *words]


def make(source, size, home):
    path = os.path.join(home, source)
    if not os.path.exists(path):
        print("making %s" % source, file=sys.stderr)
        subprocess.run(script("make", source, str(size), path + ".part"), check=True)
        os.rename(path + ".part", path)
    return path


def preload(path):
    """Puts the source into the page cache."""
    for file in [path] if os.path.isfile(path) else machine.files(path):
        with open(file, "rb", buffering=0) as handle:
            while handle.read(1 << 22):
                pass


def disk(limits, data, out):
    """How long the disk takes for the bytes of a file, without the page cache."""
    done = subprocess.run([limits, data, out, "disk"], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        row = json.loads(line)
        if row["op"] == "write_durable":
            return row
    return None


def measure(tool, name, source, home, rounds, limits):
    suffix = CONVERSIONS[name][1]
    nbytes = machine.size(source)
    out = os.path.join(home, "out")
    ours, theirs = out + "/ours-" + suffix, out + "/script-" + suffix
    to = ["--to", "pytorch"] if suffix.endswith(".pt") else []
    jobs = [
        ("coppice", ours, [tool, "convert", source, ours, *to]),
        ("copy", out + "/copy", ["cp", "-r", source, out + "/copy"]),
        ("script", theirs, script(name, source, theirs)),
    ]
    rows = []
    for number in range(rounds):
        first = number % len(jobs)
        for who, target, command in jobs[first:] + jobs[:first]:
            print("%s, round %d of %d: %s" % (name, number + 1, rounds, who), file=sys.stderr)
            # In the first round all results are kept until they have been compared.
            if number > 0 or not os.path.isdir(out):
                conversions.remove(out)
                os.makedirs(out)
            preload(source)
            machine.rest()
            row = conversions.timed(command, target, nbytes)
            if row:
                rows.append(dict(row, conversion=name, peer=who, bytes=nbytes, round=number))
        row = limits and disk(limits, os.path.join(home, "model.gguf"), out)
        if row:
            rows.append(dict(row, conversion=name, peer="disk", round=number))
        if number == 0:
            check(tool, source, ours)
            check(tool, ours, theirs)
            conversions.remove(out)
    conversions.remove(out)
    return rows


def check(tool, source, target):
    if os.path.exists(source) and os.path.exists(target):
        conversions.check_same(tool, source, target)


def median(rows, who, key="seconds"):
    found = [row[key] for row in rows if row["peer"] == who]
    return statistics.median(found) if found else None


def table(rows):
    lines = []
    for name in dict.fromkeys(row["conversion"] for row in rows):
        of_name = [row for row in rows if row["conversion"] == name]
        ours, copy, theirs, limit = [median(of_name, who) for who in ("coppice", "copy", "script", "disk")]
        memory, more = [median(of_name, who, "extra_rss_mb") for who in ("coppice", "script")]
        if ours is None:
            continue
        lines.append([
            name.replace("-", " → "), report.text(ours),
            goal("%.2f" % (copy / ours), copy / ours >= OF_COPY) if copy else "",
            goal(report.factor(theirs / ours), theirs / ours >= OF_SCRIPT) if theirs else "",
            goal("%.0f MiB" % memory, memory < MEMORY), report.text(copy) if copy else "",
            report.text(theirs) if theirs else "", "%.0f MiB" % more if more else "",
            report.text(limit) if limit else ""])
    return report.table(["", "coppice", "of a copy's speed", "beside the script", "memory", "copy", "script",
                         "memory of the script", "the disk alone"], lines)


def goal(text, is_reached):
    return text if is_reached else text + " **!**"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("--size", type=int, default=2048, help="MiB of each source")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--conversion", default=",".join(CONVERSIONS))
    parser.add_argument("--dir", default=".build/bench/formats")
    parser.add_argument("--limits", metavar="PROGRAM")
    parser.add_argument("--json")
    parser.add_argument("--markdown")
    options = parser.parse_args()
    home = os.path.abspath(os.path.join(options.dir, str(options.size)))
    os.makedirs(home, exist_ok=True)
    description = machine.description(home)
    rows = []
    limits = options.limits and os.path.abspath(options.limits)
    if limits:
        make("model.gguf", options.size, home)
    for name in options.conversion.split(","):
        source = make(CONVERSIONS[name][0], options.size, home)
        rows += measure(os.path.abspath(options.tool), name, source, home, options.rounds, limits)
        if options.json:
            with open(options.json, "w") as file:
                json.dump({"machine": description, "rows": rows}, file, indent=0)
    text = "\n".join("- " + line for line in description) + "\n\n%d MiB, medians of %d rounds.\n\n" % (
        options.size, options.rounds) + table(rows)
    if compare.failures:
        text += "\nNot measured:\n\n" + "\n".join("- " + failure for failure in compare.failures) + "\n"
    print(text)
    if options.markdown:
        with open(options.markdown, "w") as file:
            file.write(text)
    return 1 if compare.failures else 0


if __name__ == "__main__":
    sys.exit(main())
