#!/usr/bin/env python3
"""Measures Coppice beside other ways to store arrays, interleaved, and prints a table of medians and ratios.

bench.py BENCHMARK [--dir DIR] [--rounds 5] [--workload W1] [--scale]

BENCHMARK is the program CoppiceBenchmark. Peers that are not installed are left out. A ratio above 1 says how
many times longer the peer takes. `--scale` measures Coppice alone on work that grows tenfold.
"""
import argparse, json, os, shutil, statistics, subprocess, sys, time

SPECS = {
    'W1': [(('params', 'block_%d' % (i // 2), 'w%d' % (i % 2)), (4096, 8192)) for i in range(8)],
    'W2': [(('layer_%02d' % i, 'expert_%02d' % j, 'p_%02d' % k), (16, 16))
           for i in range(20) for j in range(50) for k in range(20)],
}
SCALES = {
    'leaves': [200, 2000, 20000, 200000], 'bytes': [64 << 20, 640 << 20, 4 << 30],
    'shards': [1, 16, 256, 4096], 'depth': [1, 10, 40],
}


def data_file(workload, np):
    """Makes the data file of a workload, the same for all; arrays begin at multiples of 64 bytes."""
    path = '/dev/shm/peerbench_%s.bin' % workload
    sizes = [4 * shape[0] * shape[1] for _, shape in SPECS[workload]]
    starts = [sum((n + 63) & ~63 for n in sizes[:i]) for i in range(len(sizes))] if len(sizes) < 100 else \
        [i * 1024 for i in range(len(sizes))]
    if not os.path.exists(path):
        random = np.random.default_rng(1)
        with open(path, 'wb') as file:
            for n in sizes:
                file.write((random.standard_normal(n // 4, dtype=np.float32) * 0.02).tobytes())
    data = np.fromfile(path, np.uint8)
    return {'/'.join(p): data[a:a + n].view(np.float32).reshape(s)
            for (p, s), a, n in zip(SPECS[workload], starts, sizes)}


def sync_all(directory):
    for root, _, names in os.walk(directory):
        for name in names + ['.']:
            handle = os.open(os.path.join(root, name), os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)


def peers():
    """Pairs of functions by name: save(directory, arrays) and load(directory)."""
    found = {}
    try:
        import safetensors.numpy as st
        found['safetensors'] = (lambda d, x: st.save_file(x, d + '/a.safetensors'),
                                lambda d: {k: v.copy() for k, v in st.load_file(d + '/a.safetensors').items()})
    except ImportError:
        pass
    try:
        import h5py

        def save(d, x):
            with h5py.File(d + '/a.h5', 'w') as file:
                for key, value in x.items():
                    file.create_dataset(key, data=value)

        def load(d):
            out = {}
            with h5py.File(d + '/a.h5') as file:
                file.visititems(lambda n, o: out.__setitem__(n, o[...]) if isinstance(o, h5py.Dataset) else None)
            return out
        found['h5py'] = (save, load)
    except ImportError:
        pass
    try:
        from flax import serialization

        def save_msgpack(d, x):
            with open(d + '/a.msgpack', 'wb') as file:
                file.write(serialization.msgpack_serialize(x))

        def load_msgpack(d):
            with open(d + '/a.msgpack', 'rb') as file:
                return serialization.msgpack_restore(file.read())
        found['flax msgpack'] = (save_msgpack, load_msgpack)
    except ImportError:
        pass
    try:
        from orbax.checkpoint import v1 as ocp
        found['orbax'] = (lambda d, x: ocp.save(d + '/ck', x), lambda d: ocp.load(d + '/ck'))
    except ImportError:
        pass
    return found


def timed(samples, op, name, body):
    start = time.perf_counter()
    result = body()
    samples.setdefault(op, {}).setdefault(name, []).append(time.perf_counter() - start)
    return result


def ours(program, workload, ops, directory, samples):
    out = subprocess.run([program, '--workload', workload, '--op', ops, '--dir', directory, '--runs', '1'],
                         check=True, capture_output=True, text=True).stdout
    for line in map(json.loads, out.splitlines()):
        samples.setdefault(line['op'], {}).setdefault('coppice', []).append(line['seconds'])


def compare(options):
    import numpy as np
    others, samples = peers(), {}
    for workload in options.workload.split(','):
        arrays = data_file(workload, np)
        if workload == 'W2':
            others.pop('orbax', None)  # minutes a save
        samples.clear()
        for _ in range(options.rounds):
            ours(options.program, workload, 'save,load,metadata', options.dir, samples)
            for name, (save, load) in others.items():
                directory = os.path.join(options.dir, 'peer')
                shutil.rmtree(directory, ignore_errors=True)
                os.makedirs(directory)
                start = time.perf_counter()
                timed(samples, 'save', name, lambda: save(directory, arrays))
                sync_all(directory)
                samples.setdefault('save_durable', {}).setdefault(name, []).append(time.perf_counter() - start)
                timed(samples, 'load', name, lambda: load(directory))
                shutil.rmtree(directory)
        for op, by_name in samples.items():
            base = statistics.median(by_name['coppice']) if 'coppice' in by_name else None
            for name, seconds in sorted(by_name.items()):
                median = statistics.median(seconds)
                ratio = '' if not base or name == 'coppice' else '%.2f' % (median / base)
                print('| %s | %s | %s | %.1f ms | %s |' % (workload, op, name, 1000 * median, ratio))


def scale(options):
    for kind, sizes in SCALES.items():
        for size in sizes:
            samples = {}
            ours(options.program, '%s=%d' % (kind, size), 'save,load,metadata', options.dir, samples)
            cells = ['%.1f ms' % (1000 * samples[op]['coppice'][0])
                     for op in ('save', 'save_durable', 'load', 'metadata')]
            print('| %s | %d | %s |' % (kind, size, ' | '.join(cells)))


parser = argparse.ArgumentParser()
parser.add_argument('program')
parser.add_argument('--dir', default='/tmp/coppice-bench/data')
parser.add_argument('--rounds', type=int, default=5)
parser.add_argument('--workload', default='W1,W2')
parser.add_argument('--scale', action='store_true')
options = parser.parse_args()
options.program = os.path.abspath(options.program)
os.makedirs(options.dir, exist_ok=True)
scale(options) if options.scale else compare(options)
