"""Makes the example documents and checkpoints beside this file, by the text of the specification alone.

Independent of the reference implementation. Needs h5py, hdf5plugin, numpy, xxhash, zstandard:

    python3 make.py        # writes root/ tree/ steps/ checkpoints/ here, replacing them

The values are written out below; everything else (offsets, sizes, digests) is computed.
The bytes of the HDF5 files depend on the version of the HDF5 library, those of the chunks on libzstd.
"""

import itertools, json, math, shutil, struct
from pathlib import Path

import h5py, hdf5plugin, numpy as np, xxhash, zstandard  # noqa: F401 (hdf5plugin registers filter 32015)
from h5py import h5a, h5d, h5f, h5g, h5p, h5s, h5t

HERE = Path(__file__).resolve().parent
WRITER = "coppice-examples 1"
ZEROS = "0" * 16


# --- Documents (chapter 3) ---------------------------------------------------------------------------------


class Number(float):
    """A number with its own text."""

    def __new__(cls, text):
        self = super().__new__(cls, text)
        self.text = text
        return self

    def __repr__(self):
        return self.text


def canonical(value):
    """MET-4 to MET-7: the canonical bytes of a document."""

    def text(v):
        if isinstance(v, Number):
            return v.text
        if isinstance(v, dict):
            names = sorted(v, key=lambda n: n.encode())
            return "{" + ",".join(text(n) + ":" + text(v[n]) for n in names) + "}"
        if isinstance(v, (list, tuple)):
            return "[" + ",".join(map(text, v)) + "]"
        return json.dumps(v, ensure_ascii=False, allow_nan=False)

    return (text(value) + "\n").encode()


def digest(data):
    return xxhash.xxh3_64_hexdigest(data)


def sealed(document):
    """A document with its own digest (MET-12)."""
    document["digest"] = ZEROS
    document["digest"] = digest(canonical(document))
    return document


# --- HDF5 (chapter 4) --------------------------------------------------------------------------------------


def bfloat16():
    t = h5t.IEEE_F32LE.copy()
    t.set_fields(15, 7, 8, 0, 7)
    t.set_precision(16)
    t.set_size(2)
    t.set_ebias(127)
    return t


def boolean():
    t = h5t.enum_create(h5t.STD_I8LE)
    t.enum_insert(b"FALSE", 0)
    t.enum_insert(b"TRUE", 1)
    return t


WIDTH = dict(bool=1, int4=1, uint8=1, float16=2, bfloat16=2, int32=4, uint32=4, float32=4, float64=8, int64=8)
WIDTH["float8_e4m3fn"] = 1
NATIVE = dict(bool=boolean, uint8=h5t.STD_U8LE.copy, float16=h5t.IEEE_F16LE.copy, bfloat16=bfloat16)
NATIVE |= dict(int32=h5t.STD_I32LE.copy, uint32=h5t.STD_U32LE.copy, int64=h5t.STD_I64LE.copy)
NATIVE |= dict(float32=h5t.IEEE_F32LE.copy, float64=h5t.IEEE_F64LE.copy)


def hdf5_type(dtype):
    return NATIVE.get(dtype, h5t.STD_U8LE.copy)()


def set_text(location, name, text):
    t = h5t.C_S1.copy()
    t.set_size(len(text.encode()))
    t.set_strpad(h5t.STR_NULLPAD)
    t.set_cset(h5t.CSET_UTF8)
    a = h5a.create(location, name.encode(), t, h5s.create(h5s.SCALAR))
    a.write(np.array(text.encode(), dtype=f"S{len(text.encode())}"), mtype=t)


def space(shape):
    return h5s.create_simple(tuple(shape)) if len(shape) else h5s.create(h5s.SCALAR)


class Hdf5File:
    """One HDF5 file of a tree, plain and deterministic."""

    def __init__(self, path):
        self.path = path
        access = h5p.create(h5p.FILE_ACCESS)
        access.set_libver_bounds(h5f.LIBVER_V18, h5f.LIBVER_V110)
        access.set_fclose_degree(h5f.CLOSE_STRONG)
        access.set_alignment(1, 64)
        creation = h5p.create(h5p.FILE_CREATE)
        creation.set_obj_track_times(False)
        self.id = h5f.create(str(path).encode(), h5f.ACC_EXCL, creation, access)
        root = h5g.open(self.id, b"/")
        set_text(root, "format", "coppice")
        set_text(root, "version", "1.0")

    def _properties(self):
        p = h5p.create(h5p.DATASET_CREATE)
        p.set_obj_track_times(False)
        return p

    def group(self, path):
        at = ""
        for part in path.strip("/").split("/")[:-1]:
            at += "/" + part
            if at.encode() not in self.id:
                p = h5p.create(h5p.GROUP_CREATE)
                p.set_obj_track_times(False)
                h5g.create(self.id, at.encode(), gcpl=p)

    def _make(self, path, dtype, shape, properties, kind=None):
        self.group(path)
        d = h5d.create(self.id, path.encode(), kind or hdf5_type(dtype), space(shape), dcpl=properties)
        if kind is None and dtype not in NATIVE:
            set_text(d, "dtype", dtype)
        return d

    def contiguous(self, path, dtype, shape, data, kind=None):
        p = self._properties()
        if data:
            p.set_alloc_time(h5d.ALLOC_TIME_EARLY)
            p.set_fill_time(h5d.FILL_TIME_NEVER)
        d = self._make(path, dtype, shape, p, kind)
        if data:
            t = d.get_type()
            d.write(h5s.ALL, h5s.ALL, np.frombuffer(data, np.uint8).copy(), mtype=t)
        return d, [(d.get_offset(), len(data), digest(data))] if data else []

    def chunked(self, path, dtype, shape, chunk, filters, data):
        """One block a chunk, in C order of the grid."""
        width = WIDTH[dtype]
        chunk = [min(c, s) for c, s in zip(chunk, shape)]  # ARR-46
        p = self._properties()
        p.set_chunk(tuple(chunk))
        if "shuffle" in filters:
            p.set_shuffle()
        p.set_filter(32015, 0, (3,))
        d = self._make(path, dtype, shape, p)
        array = np.frombuffer(data, np.uint8).reshape(*shape, width)
        grid = [-(-s // c) for s, c in zip(shape, chunk)]
        stored = {}
        for cell in np.ndindex(*grid):
            start = [i * c for i, c in zip(cell, chunk)]
            part = array[tuple(slice(s, s + c) for s, c in zip(start, chunk))]
            full = np.zeros((*chunk, width), np.uint8)
            full[tuple(slice(0, n) for n in part.shape[:-1])] = part
            raw = full.tobytes()
            coded = raw
            if "shuffle" in filters:
                coded = full.reshape(-1, width).T.tobytes()
            coded = zstandard.ZstdCompressor(level=3).compress(coded)
            mask = 0
            if len(coded) >= len(raw):
                coded, mask = raw, (1 << len(filters)) - 1
            d.write_direct_chunk(tuple(start), coded, mask)
            stored[cell] = (tuple(start), coded)
        blocks = []
        for cell, (start, coded) in stored.items():
            info = d.get_chunk_info_by_coord(start)
            assert info.size == len(coded)
            blocks.append((info.byte_offset, info.size, digest(coded)))
        return d, blocks

    def virtual(self, path, dtype, shape, sources):
        """`sources`: (offset, shape, file name, dataset name) of each shard."""
        p = self._properties()
        assert dtype not in ("bfloat16", "complex64", "complex128"), "needs a fill value of its own"
        if dtype in ("float16", "float32", "float64"):
            p.set_fill_value(np.array(math.nan, dtype))
        for offset, extent, file, name in sources:
            part = space(extent)
            whole = space(shape)
            if shape:
                whole.select_hyperslab(tuple(offset), tuple(extent))
            p.set_virtual(whole, file.encode(), name.replace("%", "%%").encode(), part)
        return self._make(path, dtype, shape, p)


def escape(component):
    """MOD-16: one component of a path."""
    if isinstance(component, int):
        return str(component)
    if isinstance(component, dict):
        return "%#" + component["int"]
    if component == "":
        return "%empty"
    out = b""
    for i, byte in enumerate(component.encode()):
        hard = byte < 0x20 or byte in b"\x7f%/" or (i == 0 and byte == 0x2E)
        out += b"%%%02X" % byte if hard else bytes([byte])
    return out.decode()


def boxes_of(shape, grid):
    """SHD-13: offset and extents of each shard."""
    cuts = [[0, *(range(g, n, g) if isinstance(g, int) else g), n] for g, n in zip(grid, shape)]
    sides = [list(zip(c, c[1:])) for c in cuts]
    return [([a for a, _ in box], [b - a for a, b in box]) for box in itertools.product(*sides)]


def leaves_of(node, path=()):
    (kind, body), = node.items()
    if kind == "leaf":
        yield path, body
    elif kind == "dict":
        for key, child in body:
            yield from leaves_of(child, (*path, key))
    elif kind in ("list", "tuple"):
        for i, child in enumerate(body):
            yield from leaves_of(child, (*path, i))
    elif kind == "record":
        for name, child in body["fields"]:
            yield from leaves_of(child, (*path, name))


def write_tree(directory, node, leaves, shardings=None, meshes=None, file_count=1, piece_size=None):
    """`leaves`: by ordinal, the leaf's members, with `bytes` (the whole array) and, where it has a placement, `at` (the file of each box)."""
    directory.mkdir(parents=True)
    files = [Hdf5File(directory / ("arrays.h5" if k == 0 else f"arrays.{k}.h5")) for k in range(file_count)]
    paths = {n: "/".join(map(escape, path)) or "%leaf" for path, n in leaves_of(node)}
    assert list(paths) == list(range(len(leaves)))
    described = [{k: v for k, v in leaf.items() if k not in ("bytes", "at")} for leaf in leaves]
    structure = {"format": "coppice.tree", "version": "1.0", "tree": node, "leaves": described}
    if meshes:
        structure["meshes"] = meshes
    if shardings:
        structure["shardings"] = shardings
    if piece_size:
        structure["piece_size"] = piece_size
    placements = []
    for leaf, entry in zip(leaves, described):
        if "at" in leaf:
            if leaf["at"] not in placements:
                placements.append(leaf["at"])
            entry["placement"] = placements.index(leaf["at"])
    if placements:
        structure["placements"] = placements
    blocks = [[] for _ in leaves]

    for k, file in enumerate(files):  # 4.8
        packed = [n for n, leaf in enumerate(leaves) if leaf["storage"] == "packed" and leaf.get("at", [0]) == [k]]
        if not packed:
            continue
        starts, pools = {}, {}
        for n in packed:
            pool = pools.setdefault(leaves[n]["dtype"], bytearray())
            pool.extend(bytes(-len(pool) % 64))
            starts[n] = len(pool)
            pool.extend(leaves[n]["bytes"])
        offsets = {}
        for dtype, pool in pools.items():
            d, (block,) = file.contiguous(f"/%packed/{dtype}", dtype, [len(pool) // WIDTH[dtype]], bytes(pool))
            offsets[dtype] = block[0]
        for n in packed:
            data = leaves[n]["bytes"]
            blocks[n] = [(k, offsets[leaves[n]["dtype"]] + starts[n], len(data), digest(data))]
        rank = max(1, max(len(leaves[n]["shape"]) for n in packed))
        length = max(len(paths[n].encode()) for n in packed)
        row = np.dtype([("path", f"S{length}"), ("dtype", "S32"), ("offset", "<u8"), ("rank", "u1"), ("dims", "<u8", (rank,))])
        index = np.zeros(len(packed), row)
        for i, n in enumerate(packed):
            leaf = leaves[n]
            dims = leaf["shape"] + [0] * (rank - len(leaf["shape"]))
            index[i] = (paths[n].encode(), leaf["dtype"].encode(), starts[n] // WIDTH[leaf["dtype"]], len(leaf["shape"]), dims)
        file.contiguous("/%packed/index", None, [len(packed)], index.tobytes(), kind=h5t.py_create(row))

    for n, leaf in enumerate(leaves):
        if leaf["storage"] == "packed":
            continue
        dtype, shape, data = leaf["dtype"], leaf["shape"], leaf["bytes"]

        def store(k, path, shape, data):
            if leaf["storage"] == "chunked":
                d, found = files[k].chunked(path, dtype, shape, leaf["chunks"]["shape"], leaf["chunks"]["filters"], data)
            else:
                d, found = files[k].contiguous(path, dtype, shape, data)
                if piece_size:
                    found = [(found[0][0] + first, len(piece), digest(piece)) for first in range(0, len(data), piece_size)
                             for piece in [data[first : first + piece_size]]]
            blocks[n].extend((k, *block) for block in found)
            if "prng" in leaf:
                set_text(d, "prng", leaf["prng"])

        if "shards" not in leaf and "at" not in leaf:
            store(0, "/" + paths[n], shape, data)
        else:
            boxes = boxes_of(shape, leaf["shards"]["grid"] if "shards" in leaf else shape)
            array = np.frombuffer(data, np.uint8).reshape(*shape, WIDTH[dtype])
            sources, at = [], leaf.get("at", [0] * len(boxes))
            for i, (offset, extent) in enumerate(boxes):
                part = array[tuple(slice(o, o + e) for o, e in zip(offset, extent))]
                name = f"/%shards/{n}/{i}"
                store(at[i], name, extent, part.tobytes())
                sources.append((offset, extent, "." if at[i] == 0 else f"arrays.{at[i]}.h5", name))
            d = files[0].virtual("/" + paths[n], dtype, shape, sources)
            if "prng" in leaf:
                set_text(d, "prng", leaf["prng"])

    text = canonical(structure)
    files[0].contiguous("/%coppice/tree", "uint8", [len(text)], text)
    for f in files:
        f.id.close()

    structure["files"] = []
    for k, f in enumerate(files):
        data, own = f.path.read_bytes(), [b for leaf_blocks in blocks for b in leaf_blocks if b[0] == k]
        rest, at = bytearray(), 0
        for start, size in sorted((b[1], b[2]) for b in own):
            rest += data[at:start]
            at = start + size
            assert start >= 0 and at <= len(data)
        rest += data[at:]
        columns = {name: [b[i] for b in own] for i, name in enumerate(("offset", "size", "digest"), 1)}
        content = {"structure_digest": digest(bytes(rest)), "blocks": columns}
        if k:
            index = canonical({"format": "coppice.index", "version": "1.0", **content})
            (directory / f"arrays.{k}.json").write_bytes(index)
            content = {"index": {"size": len(index), "digest": digest(index)}}
        structure["files"].append({"size": len(data), **content})
    document = canonical(structure)
    (directory / "tree.json").write_bytes(document)
    return {"kind": "tree", "document": {"size": len(document), "digest": digest(document)}}


def write_json(directory, value):
    directory.mkdir(parents=True)
    document = canonical(value)
    (directory / "data.json").write_bytes(document)
    return {"kind": "json", "document": {"size": len(document), "digest": digest(document)}}


def write_files(directory, files):
    entry = []
    for path in sorted(files, key=str.encode):
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(files[path])
        entry.append({"path": path, "size": len(files[path]), "digest": digest(files[path])})
    return {"kind": "files", "files": entry}


# --- The examples ------------------------------------------------------------------------------------------


def root(checkpointables, features=(), **more):
    return sealed({"format": "coppice", "version": "1.0", "required_features": sorted(features), "writer": WRITER,
                   "checkpointables": checkpointables, **more})


def f32(*values):
    return struct.pack(f"<{len(values)}f", *values)


def i32(*values):
    return struct.pack(f"<{len(values)}i", *values)


def make():
    for name in ("root", "tree", "steps", "checkpoints"):
        shutil.rmtree(HERE / name, ignore_errors=True)
    checkpoints = HERE / "checkpoints"
    scratch = HERE / "scratch"

    # minimal: one array, no containers around it
    at = checkpoints / "minimal"
    entry = write_tree(at / "state", {"leaf": 0},
                       [{"dtype": "float32", "shape": [2, 3], "storage": "contiguous", "bytes": f32(0, 1, 2, 3, 4, 5)}])
    (at / "coppice.json").write_bytes(canonical(root({"state": entry})))

    # pieces: one array that is cut
    at = checkpoints / "pieces"
    entry = write_tree(at / "state", {"leaf": 0},
                       [{"dtype": "float32", "shape": [3, 5], "storage": "contiguous", "bytes": f32(*range(15))}], piece_size=32)
    (at / "coppice.json").write_bytes(canonical(root({"state": entry}, ["pieces"])))

    # tour: every kind of checkpointable, every storage, two files
    at = checkpoints / "tour"
    node = {"dict": [
        ["params", {"dict": [
            ["w", {"leaf": 0}],
            ["b", {"leaf": 1}],
            ["a/b", {"leaf": 2}],
        ]}],
        ["opt", {"tuple": [
            {"record": {"type": "Adam", "fields": [["mu", {"leaf": 3}], ["nu", {"leaf": 4}]]}},
            {"none": True},
        ]}],
        [{"int": "7"}, {"leaf": 5}],
        ["", {"leaf": 6}],
        ["key", {"leaf": 7}],
        ["scale", {"leaf": 8}],
        ["step", {"int": "1000"}],
        ["rate", {"float": "0.001"}],
    ]}
    leaves = [
        {"dtype": "float32", "shape": [2, 3], "storage": "contiguous", "sharding": 0, "bytes": f32(0, 1, 2, 3, 4, 5)},
        {"dtype": "bfloat16", "shape": [3], "storage": "packed", "bytes": struct.pack("<3H", 0x3F80, 0xC000, 0x7FC0)},
        {"dtype": "int32", "shape": [], "storage": "packed", "bytes": i32(-5)},
        {"dtype": "float32", "shape": [4, 6], "storage": "contiguous", "sharding": 1, "at": [0, 1],
         "shards": {"grid": [4, 4]}, "bytes": f32(*range(24))},
        {"dtype": "int32", "shape": [5, 300], "storage": "chunked",
         "chunks": {"shape": [2, 200], "filters": ["shuffle", "zstd"]},
         "bytes": i32(*([7] * 200 + list(range(100)) + [-1] * 1200))},
        {"dtype": "bool", "shape": [2], "storage": "contiguous", "bytes": bytes([1, 0])},
        {"dtype": "float32", "shape": [0, 3], "storage": "none", "bytes": b""},
        {"dtype": "uint32", "shape": [2], "storage": "contiguous", "prng": "threefry2x32", "at": [1],
         "bytes": struct.pack("<2I", 0, 42)},
        {"dtype": "float8_e4m3fn", "shape": [2], "storage": "packed", "bytes": bytes([0x38, 0x7E])},
    ]
    shardings = [{"device": "cpu:0"},
                 {"mesh": 0, "partition": [[], ["model"]]}]
    meshes = [{"axes": [["data", 1], ["model", 2]], "devices": [0, 1]}]
    entries = {
        "state": write_tree(at / "state", node, leaves, shardings, meshes, file_count=2),
        "config": write_json(at / "config", {"name": "tour", "layers": [3, 4], "rate": Number("1.0e-3")}),
        "iterator 1": write_files(at / "iterator%201", {"position": b"\x00\x01\x02", "shards/0.bin": b"", "shards.txt": b"one\n"}),
        "extras": {"kind": "composite", "items": {"notes": write_json(at / "extras" / "notes", ["h\u00e9llo", None, True])}},
    }
    document = root(entries, ["chunked", "composite", "multi-file", "packed", "sharded", "shuffle", "zstd"],
                    step=1000, metrics={"accuracy": Number("0.75"), "loss": None}, nonfinite={"/metrics/loss": "NaN"},
                    custom={"run": "example"},
                    times={"init": "2026-11-21T01:02:03.123456789Z", "commit": "2026-11-21T01:02:04.000000000Z"})
    (at / "coppice.json").write_bytes(canonical(document))

    # documents alone
    (HERE / "root").mkdir(), (HERE / "tree").mkdir(), (HERE / "steps").mkdir()
    (HERE / "root/empty.json").write_bytes(canonical(root({})))
    shutil.copy(checkpoints / "minimal/coppice.json", HERE / "root/minimal.json")
    shutil.copy(checkpoints / "tour/coppice.json", HERE / "root/tour.json")
    shutil.copy(checkpoints / "minimal/state/tree.json", HERE / "tree/minimal.json")
    shutil.copy(checkpoints / "tour/state/tree.json", HERE / "tree/tour.json")
    write_tree(scratch / "values", {"list": [
        {"int": "-12"}, {"int": "170141183460469231731687303715884105727"},
        {"float": "2.5"}, {"float": "-0.0"}, {"float": "1e+16"}, {"float": "nan"}, {"float": "nan:fff8000000000001"}, {"float": "-inf"},
        {"bool": True}, {"complex": ["1.0", "-0.0"]}, {"string": "h\u00e9llo"}, {"bytes": "AAEC/w=="}, {"none": True},
        {"strings": {"shape": [2, 1], "elements": ["a", ""]}}, {"byte_strings": {"shape": [0], "elements": []}},
        {"dict": []}, {"list": []}, {"tuple": []}, {"record": {"type": "Empty", "fields": []}},
    ]}, [])
    shutil.copy(scratch / "values/tree.json", HERE / "tree/values.json")
    write_tree(scratch / "sharded", {"dict": [["w", {"leaf": 0}]]}, [
        {"dtype": "float32", "shape": [4, 5], "storage": "chunked", "at": [1, 2, 1, 2, 1, 2], "sharding": 0,
         "chunks": {"shape": [2, 2], "filters": ["zstd"]},
         "shards": {"grid": [[1], 2]}, "bytes": f32(*[1] * 20)}],
        [{"mesh": 0, "partition": [["x"]]}], [{"axes": [["x", 3]]}], file_count=3)
    shutil.copy(scratch / "sharded/tree.json", HERE / "tree/sharded.json")
    shutil.copy(scratch / "sharded/arrays.1.json", HERE / "tree/sharded.1.json")
    (HERE / "steps/empty.json").write_bytes(canonical(sealed({"format": "coppice.root", "version": "1.0", "metadata": {}})))
    (HERE / "steps/run.json").write_bytes(canonical(sealed(
        {"format": "coppice.root", "version": "1.0", "metadata": {"seed": 7, "best": None}, "nonfinite": {"/metadata/best": "-Infinity"}})))
    shutil.rmtree(scratch)


if __name__ == "__main__":
    make()
