"""Makes Markdown of the rows of comparisons, growth and conversions."""
import collections
import statistics

import peers
from workloads import NAMES, TITLES

COLUMNS = [
    ("save", "save"), ("save_durable", "durable save"), ("save_async_blocking", "async: until it returns"),
    ("save_async_total", "async: until it is done"), ("load", "load"), ("load_cold", "cold load"),
    ("partial", "part"), ("metadata", "metadata"),
]
UNVERIFIED = "coppice, digests not checked"
TWO_FILES = "coppice, two data files"
OURS = ("coppice", UNVERIFIED, TWO_FILES)
BEFORE = "coppice, earlier build"
# Which row and operation a limit bounds.
LIMITS = {
    "write": ("write of two files into the page cache", TWO_FILES, "save"),
    "write_durable": ("direct write of one file and fdatasync", "coppice", "save_durable"),
    "read": ("parallel read of a cached file into fresh huge pages", "coppice", "load"),
    "read_cold": ("parallel read of a file that is not cached into fresh huge pages", "coppice", "load_cold"),
    "copy": ("parallel copy from memory into fresh huge pages", "coppice", "load"),
    "zstd_compress": ("byte shuffle and zstd's fastest search in memory, all cores", "coppice", "save"),
    "zstd_expand": ("its reverse into fresh huge pages, all cores", "coppice", "load"),
}
INTRODUCTION = """\
# Benchmark

Seconds are medians; the least is in brackets. A factor (×) is the seconds of a peer over Coppice's: above 1, Coppice is
faster. Programs run in turns, each in a process of its own, on the same data; before each operation memory is touched
so that the first touch is nobody's cost. Imports and a tiny save and load are outside of the clock. Every load is
compared with the data bit for bit in the first round. Before each save and cold load the disk has two seconds of rest.

- *durable save*: the save and fsync of all its files and directories. † marks those whose *save* is durable already.
- *load*: from the page cache into new memory; *cold load*: after the files were dropped from the page cache (the
  host of a virtual machine may still have them).
- *part*: one array, of W5 an eighth of the rows; *metadata*: all names, shapes and dtypes.
- Coppice checks digests as it loads, as it does unless told otherwise; the second row is without. The third is the
  choice `dataFiles = 2`, which lets two threads fill the page cache.
- *memory*: the highest beyond what was in use before the operation, mapped files included.
"""


def text(seconds):
    if seconds >= 100:
        return "%.0f s" % seconds
    return "%.2f s" % seconds if seconds >= 1 else "%.3g ms" % (1000 * seconds)


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def factor(ratio):
    return "×%.2f" % ratio if ratio < 10 else "×%.0f" % ratio


def middle(seconds):
    """The median, and the least where there are several."""
    median = text(statistics.median(seconds))
    return "%s [%s]" % (median, text(min(seconds))) if len(seconds) > 1 else median


class Samples:
    """Rows by peer and operation."""

    def __init__(self, rows):
        self.rows = collections.defaultdict(list)
        for row in rows:
            name, operation = row["peer"], row["op"]
            if operation.endswith("_unverified"):
                name, operation = UNVERIFIED, operation.removesuffix("_unverified")
            if operation.endswith("_two_files"):
                name, operation = TWO_FILES, operation.removesuffix("_two_files")
            self.rows[name, operation].append(row)

    def get(self, peer, operation, member="seconds"):
        return [row[member] for row in self.rows.get((peer, operation), [])]

    def names(self):
        found = {name for name, _ in self.rows}
        return [name for name in [*OURS, BEFORE, *peers.PEERS] if name in found]

    def median(self, peer, operation, member="seconds"):
        values = self.get(peer, operation, member)
        return statistics.median(values) if values else None

    def cell(self, peer, operation):
        seconds = self.get(peer, operation)
        if not seconds:
            return ""
        ours = self.median("coppice", operation)
        cell = middle(seconds)
        is_peer = peer not in OURS and ours
        return cell + " " + factor(statistics.median(seconds) / ours) if is_peer else cell

    def count(self, peer):
        return max(len(rows) for (name, _), rows in self.rows.items() if name == peer)

    def label(self, peer, rounds):
        label = peer + (" †" if any(self.get(peer, "save", "fsyncs")) else "")
        count = self.count(peer)
        return label if count == rounds else "%s (n = %d)" % (label, count)


def best_peer(samples, operation, row="coppice"):
    """The fastest peer of an operation, with its factor over a row of Coppice's."""
    ours = samples.median(row, operation)
    found = [(samples.median(name, operation), name) for name in samples.names()
             if name not in (*OURS, BEFORE)]
    found = [(seconds, name) for seconds, name in found if seconds is not None]
    if not found or not ours:
        return ""
    seconds, name = min(found)
    return "%s %s" % (factor(seconds / ours), name)


def seconds_table(samples):
    columns = [(op, title) for op, title in COLUMNS if any(samples.get(name, op) for name in samples.names())]
    rounds = max(samples.count(name) for name in samples.names())
    rows = [[samples.label(name, rounds)] + [samples.cell(name, op) for op, _ in columns]
            for name in samples.names()]
    return table([""] + [title for _, title in columns], rows)


def memory_table(samples):
    rows = []
    for name in samples.names():
        if not samples.get(name, "save"):
            continue
        size, files = samples.get(name, "save", "bytes_on_disk")[-1], samples.get(name, "save", "files")[-1]
        ratio = samples.get(name, "save", "bytes")[-1] / size
        memory = [samples.median(name, op, "extra_rss_mb") for op in ("save", "load", "partial")]
        rows.append([name, "%.1f MB" % (size / 1e6), "%.2f" % ratio, "%d" % files]
                    + ["" if value is None else "%.0f MiB" % max(value, 0) for value in memory])
    return table(["", "on disk", "data / disk", "files", "memory of save", "of load", "of part"], rows)


def limits_table(samples):
    rows = []
    for limit, (title, row, operation) in LIMITS.items():
        seconds, ours = samples.get("limit", limit), samples.median(row, operation)
        if seconds:
            median = statistics.median(seconds)
            bounded = "%s: %s" % (dict(COLUMNS)[operation], text(ours)) if ours else ""
            if ours and row != "coppice":
                bounded += " (%s)" % row.removeprefix("coppice, ")
            rows.append([title, middle(seconds), bounded, "%.2f" % (ours / median) if ours else ""])
    return table(["limit of the machine", "seconds", "Coppice", "Coppice / limit"], rows) if rows else ""


def comparison(rows):
    by_workload = {name: Samples([row for row in rows if row["workload"] == name and "scale" not in row])
                   for name in NAMES if any(row["workload"] == name for row in rows)}
    parts = ["## The fastest peer of each operation\n"]
    summary = [[name] + [best_peer(samples, op) for op, _ in COLUMNS] + [best_peer(samples, "save", TWO_FILES)]
               for name, samples in by_workload.items()]
    parts.append(table(["", *[title for _, title in COLUMNS], "save, two data files"], summary))
    for name, samples in by_workload.items():
        parts.append("## %s: %s\n" % (name, TITLES[name]))
        if samples.names():
            parts += [seconds_table(samples), memory_table(samples)]
        parts.append(limits_table(samples))
    used = {row["peer"] for row in rows}
    parts.append("## How the peers are used\n")
    parts.append("\n".join("- %s: %s" % (name, peers.NOTES[name]) for name in peers.PEERS if name in used) + "\n")
    return parts


def growth(rows):
    """A table for each kind of work; worse than linear is what grows faster than the work does."""
    parts = ["## Growth\n", "Coppice alone. In parentheses the factor between rows; **!** marks one that is more than "
             "1.5 times the factor of the size and more than 20 ms: worse than linear.\n"]
    for kind in dict.fromkeys(row["scale"] for row in rows):
        of_kind = [row for row in rows if row["scale"] == kind]
        operations = list(dict.fromkeys(row["op"] for row in of_kind))
        before, lines = {}, []
        for size in sorted({row["size"] for row in of_kind}):
            line = ["{:,}".format(size)]
            for operation in operations:
                seconds = [row["seconds"] for row in of_kind if row["size"] == size and row["op"] == operation]
                median = statistics.median(seconds) if seconds else None
                line.append(grown(before.get(operation), size, median))
                if median is not None:
                    before[operation] = (size, median)
            lines.append(line)
        parts.append(table([kind] + [operation.replace("_", " ") for operation in operations], lines))
    return parts


def grown(before, size, seconds):
    if seconds is None:
        return ""
    if before is None:
        return text(seconds)
    step, times = size / before[0], seconds / before[1]
    is_worse = times > 1.5 * step and seconds - before[1] > 0.02
    return "%s (%.2f)%s" % (text(seconds), times, " **!**" if is_worse else "")


def conversions(rows):
    parts = ["## Conversions\n", "From the start of the process until the result is durable. *copy* is `cp -r` of the "
             "source; *python* is the script that one would write: it loads with the library that wrote the "
             "checkpoint and writes with h5py, or loads with h5py and writes with safetensors.\n"]
    lines = []
    for key in dict.fromkeys((row["workload"], row["conversion"]) for row in rows):
        of_key = [row for row in rows if (row["workload"], row["conversion"]) == key]
        by_who = {who: [row for row in of_key if row["peer"] == who] for who in ("coppice", "copy", "python")}
        ours = statistics.median(row["seconds"] for row in by_who["coppice"]) if by_who["coppice"] else None
        for who, found in by_who.items():
            if not found:
                continue
            seconds = [row["seconds"] for row in found]
            median = statistics.median(seconds)
            ratio = factor(median / ours) if ours and who != "coppice" else ""
            memory = statistics.median(row["extra_rss_mb"] for row in found)
            lines.append([key[0], key[1], who, middle(seconds), ratio,
                          "%.0f MiB" % memory])
    parts.append(table(["", "conversion", "by", "seconds", "", "memory of the process"], lines))
    return parts


def markdown(description, rows, failures):
    parts = [INTRODUCTION, "\n".join("- " + line for line in description) + "\n"]
    compared = [row for row in rows if "scale" not in row and "conversion" not in row]
    grew = [row for row in rows if "scale" in row]
    converted = [row for row in rows if "conversion" in row]
    for found, section in ((compared, comparison), (grew, growth), (converted, conversions)):
        if found:
            parts += section(found)
    if failures:
        parts.append("## Not measured\n\n" + "\n".join("- " + failure for failure in failures) + "\n")
    return "\n".join(part for part in parts if part)
