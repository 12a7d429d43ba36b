"""Memory, page cache and disk as a timed operation should find them, and what the machine is."""
import gc
import importlib.metadata
import mmap
import os
import platform
import threading
import time

import numpy as np


def warm(count):
    """Touches memory and frees it again.

    On virtual machines free memory may not be backed, and the first touch would cost more than what is measured.
    Pages of 4 KiB come first, which take the small free blocks, then huge ones.
    """
    count &= ~((4 << 20) - 1)
    for advice in (mmap.MADV_NOHUGEPAGE, mmap.MADV_HUGEPAGE):
        memory = mmap.mmap(-1, count, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        memory.madvise(advice)
        pages = np.frombuffer(memory, np.uint8)[::4096]
        threads = [threading.Thread(target=half.fill, args=(1,)) for half in np.array_split(pages, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        del pages, threads, thread
        gc.collect()  # else the mapping can't be closed
        memory.close()


def need(nbytes):
    """The memory that is touched before an operation on so many bytes, as the Swift program has it."""
    return min(7 << 30, nbytes * 11 // 5 + (256 << 20))


def resident(key):
    """A line of the process's status in MiB: VmRSS is the memory of now, VmHWM the highest."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(key))


def reset_peak():
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def files(directory):
    return [os.path.join(root, name) for root, _, names in os.walk(directory) for name in names]


def size(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(file) for file in files(path))


def sync_tree(path):
    """Makes files durable, and the directories that name them."""
    paths = [path] if os.path.isfile(path) else files(path) + [root for root, _, _ in os.walk(path)]
    for each in paths:
        handle = os.open(each, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def rest():
    """Lets the disk come to rest, as the Swift program does: virtual ones give much at once and less for a while after."""
    os.sync()
    time.sleep(2)


def drop(directory):
    """Puts files out of the page cache."""
    os.sync()
    for file in files(directory):
        handle = os.open(file, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def available():
    """The bytes of memory that can be had."""
    with open("/proc/meminfo") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable"))


def file_system(path):
    """The type of the file system that holds a path."""
    best, kind = "", "unknown"
    with open("/proc/mounts") as file:
        for line in file:
            _, place, found = line.split()[:3]
            inside = (os.path.realpath(path) + "/").startswith(place.rstrip("/") + "/")
            if inside and len(place) > len(best):
                best, kind = place, found
    return kind


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def description(directory):
    """What figures depend on: lines of text."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    lines = [
        "%s, %d cores, %.0f GiB of memory" % (processor(), os.cpu_count(), memory),
        "%s %s, %s, %s" % (platform.system(), platform.release(), " ".join(platform.libc_ver()),
                           file_system(directory)),
        "Python %s, %s" % (platform.python_version(), ", ".join(versions())),
    ]
    load = os.getloadavg()[0]
    if load > 0.5:
        lines.append("**The machine was busy (load %.1f): don't trust the seconds.**" % load)
    return lines


def versions():
    names = ["numpy", "h5py", "hdf5plugin", "safetensors", "zarr", "tensorstore", "jax", "orbax-checkpoint", "flax", "torch",
             "gguf"]
    found = []
    for name in names:
        try:
            found.append("%s %s" % (name, importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            pass
    return found
