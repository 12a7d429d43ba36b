#!/usr/bin/env python3
"""Measures Coppice beside other ways to store arrays, in turns, and prints Markdown of medians and factors.

    bench.py BENCHMARK                              the five workloads, all peers
    bench.py BENCHMARK --workload W1,W2 --peers safetensors,h5py --rounds 1
    bench.py BENCHMARK --workload W2,W5 --before OTHER --peers none    beside an earlier build
    bench.py BENCHMARK --scale [leaves,bytes,...]   Coppice alone on work that grows tenfold
    bench.py BENCHMARK --convert TOOL               conversions; TOOL is the program coppice
    bench.py BENCHMARK --compare --scale --convert TOOL --json OUT --markdown OUT

BENCHMARK is the program CoppiceBenchmark. `--limits PROGRAM` adds what the machine can do (limits.c). Of peers that
need a minute for an operation there is one round, with `--slow` as many as of the others. Linux only: the data lies
in /dev/shm, which needs as much memory as the workload, 2.1 GB at most; files that it made are removed again.
"""
import argparse
import json
import os
import subprocess
import sys

import compare
import conversions
import machine
import peers
import report
import scale
from workloads import NAMES


def names_of(known):
    """A parser of lists of names with commas between them."""
    def parse(words):
        found = words.split(",")
        for name in found:
            if name not in known:
                raise argparse.ArgumentTypeError("%s is none of %s" % (name, ", ".join(known)))
        return found
    return parse


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", metavar="BENCHMARK")
    parser.add_argument("--workload", type=names_of(NAMES), default=NAMES)
    parser.add_argument("--peers", type=names_of([*peers.PEERS, "none"]), help="only these")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow", action="store_true", help="measure slow peers in every round")
    parser.add_argument("--compare", action="store_true", help="the comparison as well as what else is asked for")
    parser.add_argument("--scale", nargs="?", type=names_of(list(scale.SIZES)), const=list(scale.SIZES))
    parser.add_argument("--convert", metavar="TOOL")
    parser.add_argument("--before", metavar="OTHER", help="BENCHMARK of an earlier commit, as a peer")
    parser.add_argument("--limits", metavar="PROGRAM")
    parser.add_argument("--dir", default=".build/bench/data", help="where checkpoints are written")
    parser.add_argument("--keep-data", action="store_true", help="leave the data in /dev/shm")
    parser.add_argument("--json", metavar="OUT", help="keep the rows of all samples")
    parser.add_argument("--markdown", metavar="OUT", help="write the tables here, too")
    options = parser.parse_args()
    for name in ("program", "before", "dir", "convert", "limits", "json", "markdown"):
        value = getattr(options, name)
        setattr(options, name, os.path.abspath(value) if value else value)
    return options


def revision():
    """Which Coppice this is."""
    here = os.path.dirname(os.path.abspath(__file__))
    done = subprocess.run(["git", "-C", here, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return ["Coppice " + done.stdout.strip()] if done.returncode == 0 else []


def main():
    options = arguments()
    os.makedirs(options.dir, exist_ok=True)
    description = revision() + machine.description(options.dir)
    rows = []

    def keep(found):
        rows.extend(found)
        if options.json:  # after each process, so that nothing is lost
            with open(options.json, "w") as file:
                json.dump({"machine": description, "rows": rows}, file, indent=0)

    if options.compare or not (options.scale or options.convert):
        compare.run(options, keep)
    if options.scale:
        scale.run(options, keep)
    if options.convert:
        conversions.run(options, keep)
    text = report.markdown(description, rows, compare.failures)
    print(text)
    if options.markdown:
        with open(options.markdown, "w") as file:
            file.write(text)
    # Growth of what the program doesn't know yet is no failure.
    return 1 if any("steps=" not in failure for failure in compare.failures) else 0


if __name__ == "__main__":
    sys.exit(main())
