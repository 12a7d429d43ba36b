"""Measures Coppice alone on work that grows."""
import sys

import compare
import machine

SIZES = {
    "leaves": [200, 2_000, 20_000, 200_000],
    "bytes": [64 << 20, 640 << 20, 6400 << 20],
    "shards": [1, 16, 256, 4096],
    "depth": [1, 10, 40, 100],
    "steps": [1, 10, 100, 1_000, 10_000],
}
OPERATIONS = {kind: "save,load,partial,metadata" for kind in SIZES} | {"steps": "list"}


def run(options, keep):
    for number in range(options.rounds):
        for kind in options.scale:
            for size in SIZES[kind]:
                if kind == "bytes" and machine.available() < 2.4 * size + (1 << 30):
                    compare.complain("%s=%d: too little memory" % (kind, size))
                    continue
                workload = "%s=%d" % (kind, size)
                print("round %d of %d: %s" % (number + 1, options.rounds, workload), file=sys.stderr)
                command = [options.program, "--workload", workload, "--op", OPERATIONS[kind], "--dir", options.dir,
                           "--runs", "1", "--verify", "1" if number == 0 else "0"]
                keep([dict(row, round=number, workload=workload, scale=kind, size=size)
                      for row in compare.lines(command)])
