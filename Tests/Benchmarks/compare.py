"""Runs Coppice, its peers and the raw limits in turns on the same data, each in a process of its own."""
import json
import os
import random
import subprocess
import sys

import peers
import report
from workloads import Workload

HERE = os.path.dirname(os.path.abspath(__file__))
# What the peers do, and in a process of its own what they have no choice in.
OURS = "async,save,load,load_cold,partial,metadata"
CHOICES = "save_two_files,load_unverified,load_cold_unverified,partial_unverified"

# What could not be measured, for the report.
failures = []


def lines(command):
    """The JSON lines that a command prints; what it complains about is passed on."""
    done = subprocess.run(command, capture_output=True, text=True)
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        complain("%s: %s" % (" ".join(name_of(word) for word in command), last))
    return rows


def name_of(word):
    """Without the directories of this machine."""
    return os.path.basename(word) if word.startswith("/") else word


def complain(message):
    print("failed: " + message, file=sys.stderr)
    if message not in failures:
        failures.append(message)


def commands(workload, options, number):
    """What runs in a round, by name."""
    is_first = number == 0
    ours = [options.program, "--workload", workload, "--dir", options.dir, "--runs", "1",
            "--verify", "1" if is_first else "0"]
    found = {"coppice": ours + ["--op", OURS], "coppice, choices": ours + ["--op", CHOICES]}
    if options.before:
        found[report.BEFORE] = [options.before, *found["coppice"][1:]]
    for name in peers.OF_WORKLOAD[workload]:
        if options.peers and name not in options.peers:
            continue
        if name in peers.SLOW.get(workload, []) and not (is_first or options.slow):
            continue
        command = [sys.executable, "-W", "ignore", HERE + "/run_peer.py", name, workload, options.dir]
        found[name] = command + (["--verify"] if is_first else [])
    if options.limits:
        found["limit"] = [options.limits, Workload(workload).data_file, options.dir]
        if Workload(workload).compresses:
            found["limit"].append("zstd")
    return found


def run(options, keep):
    """Calls `keep` with the rows of each process."""
    for workload in options.workload:
        is_new = Workload(workload).make_data()
        try:
            for number in range(options.rounds):
                turns = list(commands(workload, options, number).items())
                # Each round in an order of its own: the memory and the disk are as the one before left them.
                random.Random(number).shuffle(turns)
                for name, command in turns:
                    print("%s, round %d of %d: %s" % (workload, number + 1, options.rounds, name), file=sys.stderr)
                    changed = {"peer": name} if name == report.BEFORE else {}
                    keep([dict(row, round=number, workload=workload, **changed) for row in lines(command)])
        finally:
            if is_new and not options.keep_data:
                os.remove(Workload(workload).data_file)
