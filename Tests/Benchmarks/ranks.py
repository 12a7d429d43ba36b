#!/usr/bin/env python3
"""Measures Coppice by the ranks that mpirun starts, beside Orbax and PyTorch's distributed checkpoints.

    ranks.py PROGRAM [--parts peers,replicated,coordination,many] [--rounds 5] [--json OUT] [--markdown OUT]

PROGRAM is CoppiceRanksBenchmark, built with the trait MPI for Open MPI. Programs run in turns. The parts:

- peers: 1 GiB, divided over 4 ranks, saved durably and loaded by the same ranks; Coppice by 1 rank too, and what the
  disk can do.
- replicated: 1 GiB (512 and 256 MiB for 8 and 16 ranks) that 2 to 16 ranks load whole, read by each or broadcast.
- coordination: a small state, by 1 and by 4 ranks, not synced.
- many: the same by 64 ranks, more than there are processors; once with a rank that comes a second late.
"""
import argparse
import collections
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys

import machine
import report

HERE = os.path.dirname(os.path.abspath(__file__))
GIB = 1 << 30
SMALL = 8 << 20
PEERS = ["orbax", "orbax tuned", "dcp"]
PARTS = ["peers", "replicated", "coordination", "many"]
LOADS = ["each", "broadcast", "automatic"]


def ours(options, ranks, nbytes, operations):
    root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
    program = shutil.which("mpirun.openmpi") or "mpirun"
    return [[program, *root, "--oversubscribe", "-n", str(ranks), options.program, options.dir, str(nbytes),
             ",".join(operations)]]


def peer(options, name, ranks, nbytes):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return [[sys.executable, "-W", "ignore", HERE + "/ranks_peer.py", name, str(rank), str(ranks), str(port),
             options.dir, str(nbytes)] for rank in range(ranks)]


def lines(commands):
    """The rows that the processes print together: of each operation the longest time and the most memory."""
    started = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for words in commands]
    found = collections.OrderedDict()
    for process in started:
        output, complaints = process.communicate()
        if process.returncode:
            raise SystemExit("failed: %s\n%s\n%s" % (" ".join(process.args), output, complaints[-2000:]))
        for line in output.splitlines():
            if not line.startswith("{"):
                continue
            row = json.loads(line)
            known = found.setdefault(row["op"], row)
            for member in ("seconds", "slowest_rank", "extra_rss_mb"):
                known[member] = max(known[member], row[member])
    return list(found.values())


def commands(options, part):
    """What runs in a round of a part, by name."""
    if part == "peers":
        found = {"coppice": lambda: ours(options, 4, GIB, ["raw", "save", "load"]),
                 "coppice, 1 rank": lambda: ours(options, 1, GIB, ["raw", "save", "load"])}
        for name in PEERS:
            found[name] = lambda name=name: peer(options, name, 4, GIB)
        return found
    if part == "replicated":
        operations = ["save", *LOADS, *(load + "_cold" for load in LOADS)]
        return {"%d ranks" % ranks: lambda ranks=ranks: ours(options, ranks, min(GIB, 4 * GIB // ranks), operations)
                for ranks in (2, 4, 8, 16)}
    if part == "coordination":
        return {"%d ranks" % ranks: lambda ranks=ranks: ours(options, ranks, SMALL, ["save_buffered"] * 2)
                for ranks in (1, 4)}
    return {"64 ranks": lambda: ours(options, 64, SMALL, ["save_buffered", "save", "save_late", "load"])}


class Figures:
    def __init__(self, rows):
        self.rows = rows

    def cells(self, member, **wanted):
        return [row[member] for row in self.rows if all(row[key] == value for key, value in wanted.items())]

    def middle(self, **wanted):
        found = self.cells("seconds", **wanted)
        return report.middle(found) if found else ""

    def memory(self, **wanted):
        found = self.cells("extra_rss_mb", **wanted)
        return "%.0f MiB" % max(statistics.median(found), 0) if found else ""

    def factor(self, name, operation):
        mine = self.cells("seconds", name="coppice", op=operation)
        found = self.cells("seconds", name=name, op=operation)
        return " " + report.factor(statistics.median(found) / statistics.median(mine)) if mine and found else ""


def peers_table(figures):
    names = list(dict.fromkeys(row["name"] for row in figures.rows))
    names.sort(key=lambda name: (not name.startswith("coppice"), name))
    rows = [["raw write" + name.removeprefix("coppice"), figures.middle(name=name, op="raw"), "", "", ""]
            for name in names if name.startswith("coppice")]
    for name in names:
        row = [name]
        for operation in ("save", "load"):
            row.append(figures.middle(name=name, op=operation) + figures.factor(name, operation))
        rows.append(row + [figures.memory(name=name, op=operation) for operation in ("save", "load")])
    return report.table(["1 GiB", "durable save", "load", "memory of a rank: save", "load"], rows)


def replicated_table(figures):
    rows = []
    for ranks in sorted({row["ranks"] for row in figures.rows}):
        count = figures.cells("bytes", ranks=ranks)[0] >> 20
        rows.append([str(ranks), "%d MiB" % count] + [figures.middle(ranks=ranks, op=load + cold) for cold in ("", "_cold")
                                    for load in LOADS]
                    + [figures.memory(ranks=ranks, op=load) for load in ("each", "broadcast")])
    return report.table(["ranks", "arrays", *LOADS, *("cold, " + load for load in LOADS), "memory: each", "broadcast"], rows)


def operations_table(figures):
    rows = []
    for ranks, operation in dict.fromkeys((row["ranks"], row["op"]) for row in figures.rows):
        wanted = {"ranks": ranks, "op": operation}
        slowest = statistics.median(figures.cells("slowest_rank", **wanted))
        rows.append(["%d" % ranks, operation.replace("_", " "), figures.middle(**wanted), report.text(slowest),
                     figures.memory(**wanted)])
    return report.table(["ranks", "8 MiB", "until all are done", "the slowest rank", "memory of a rank"], rows)


TABLES = {"peers": peers_table, "replicated": replicated_table, "coordination": operations_table,
          "many": operations_table}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dir", default=".build/bench/ranks")
    parser.add_argument("--json", metavar="OUT")
    parser.add_argument("--markdown", metavar="OUT")
    options = parser.parse_args()
    options.program, options.dir = os.path.abspath(options.program), os.path.abspath(options.dir)
    os.makedirs(options.dir, exist_ok=True)
    description = machine.description(options.dir)  # before the ranks make the machine busy
    texts, rows = [], []
    for part in options.parts.split(","):
        found = []
        for number in range(options.rounds):
            turns = list(commands(options, part).items())
            random.Random(number).shuffle(turns)
            for name, command in turns:
                print("%s, round %d of %d: %s" % (part, number + 1, options.rounds, name), file=sys.stderr)
                found += [dict(row, part=part, name=name, round=number) for row in lines(command())]
                if options.json:
                    with open(options.json, "w") as file:
                        json.dump(rows + found, file, indent=0)
        rows += found
        texts.append("### %s\n\n%s" % (part, TABLES[part](Figures(found))))
    text = "\n".join(["- " + line for line in description] + ["", *texts])
    print(text)
    if options.markdown:
        with open(options.markdown, "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
