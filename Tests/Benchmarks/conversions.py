"""Times the tool's conversions beside a copy of the same bytes and beside the obvious Python script."""
import os
import shutil
import subprocess
import sys
import time

import compare
import machine
from workloads import Workload

HERE = os.path.dirname(os.path.abspath(__file__))
WORKLOADS = ["W1", "W3"]
# name: source, result
CONVERSIONS = {
    "orbax to coppice": ("orbax", "coppice"),
    "safetensors to coppice": ("model.safetensors", "coppice"),
    "coppice to safetensors": ("coppice", "model.safetensors"),
}


def script(*words):
    return [sys.executable, "-W", "ignore", HERE + "/convert_script.py", *words]


def timed(command, result, nbytes):
    """Seconds until the result is durable, seconds until the process ends, and the process's memory in MiB."""
    os.sync()
    machine.warm(machine.need(nbytes))
    machine.reset_peak()  # else a child is said to have had this process's memory
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    returned = time.perf_counter() - start
    if status != 0:
        last = (message.decode("utf-8", "replace").strip().splitlines() or ["no message"])[-1]
        compare.complain("%s: %s" % (" ".join(compare.name_of(word) for word in command), last))
        return None
    machine.sync_tree(result)
    return {"seconds": time.perf_counter() - start, "returned": returned, "extra_rss_mb": usage.ru_maxrss / 1024}


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def make_sources(tool, workload, home):
    subprocess.run(script("make", workload, home), check=True)
    command = [tool, "convert", home + "/model.safetensors", home + "/coppice"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def turns(tool, home):
    """Commands, the name of the conversion and who does it."""
    out = home + "/out"
    for name, (source, result) in CONVERSIONS.items():
        source = home + "/" + source
        target = out + "/" + result
        yield name, "coppice", source, target, [tool, "convert", source, target]
        yield name, "copy", source, target, ["cp", "-r", source, target]
        kind = name.replace(" to ", "-").replace("coppice", "hdf5")
        yield name, "python", source, out + "/script", script(kind, source, out + "/script")


def run(options, keep):
    tool = os.path.abspath(options.convert)
    for workload in [name for name in options.workload if name in WORKLOADS]:
        home = os.path.join(options.dir, "conversions")
        remove(home)
        os.makedirs(home)
        is_new = Workload(workload).make_data()
        try:
            print("%s: making checkpoints to convert" % workload, file=sys.stderr)
            make_sources(tool, workload, home)
            convert(options, tool, workload, home, keep)
        finally:
            remove(home)
            if is_new and not options.keep_data:
                os.remove(Workload(workload).data_file)


def convert(options, tool, workload, home, keep):
    nbytes = Workload(workload).nbytes
    for number in range(options.rounds):
        jobs = list(turns(tool, home))
        first = number % len(jobs)
        for name, who, source, target, command in jobs[first:] + jobs[:first]:
            print("%s, round %d of %d: %s, %s" % (workload, number + 1, options.rounds, name, who), file=sys.stderr)
            remove(home + "/out")
            os.makedirs(home + "/out")
            row = timed(command, target, nbytes)
            if row is None:
                continue
            if who == "coppice" and number == 0:
                check_same(tool, source, target)
            keep([dict(row, peer=who, workload=workload, op="convert", conversion=name, bytes=nbytes,
                       bytes_on_disk=machine.size(target), round=number)])
    remove(home + "/out")


def check_same(tool, source, target):
    done = subprocess.run([tool, "diff", source, target], capture_output=True, text=True)
    if done.returncode != 0:
        compare.complain("the result differs: " + (done.stderr or done.stdout).strip()[:300])
