"""Reads a tree of Coppice's format with json and h5py alone, as chapters 4 and 5 of the specification say."""
import itertools, json, math, os

import h5py, numpy as np

# The documents' example, as NumPy has it.
EXAMPLE = {"w": ("float32", np.arange(16).reshape(8, 2).tolist()), "b": ("int32", [1, 2, 3]), "step": 7}


def data_files(folder):
    return sorted(name for name in os.listdir(folder) if name.endswith(".h5"))


def read(folder):
    """The members of a tree that is one dict: of an array, its type and numbers."""
    with open(os.path.join(folder, "tree.json")) as file:
        document = json.load(file)
    members = {}
    for key, node in document["tree"]["dict"]:
        if "leaf" in node:
            members[key] = array(folder, document, key, node["leaf"])
        else:
            members[key] = int(node["int"])
    return members


def array(folder, document, key, ordinal):
    leaf = document["leaves"][ordinal]
    whole = np.full(leaf["shape"], -1, leaf["dtype"])
    cuts = leaf.get("shards", {}).get("grid", leaf["shape"])
    sides = []
    for cut, extent in zip(cuts, leaf["shape"]):
        starts = [0, *cut] if isinstance(cut, list) else list(range(0, extent, cut))
        sides.append([slice(a, b) for a, b in zip(starts, [*starts[1:], extent])])
    boxes = list(itertools.product(*sides))
    files = document["placements"][leaf["placement"]] if "placement" in leaf else [0] * len(boxes)
    for i, (box, number) in enumerate(zip(boxes, files, strict=True)):
        name = "arrays.%d.h5" % number if number else "arrays.h5"
        with h5py.File(os.path.join(folder, name)) as file:
            if leaf["storage"] == "packed":
                rows = {row[0].decode(): row for row in file["/%packed/index"][()]}
                _, dtype, offset, rank, dims = rows[key]
                shape = [int(n) for n in dims[:rank]]
                pool = file["/%packed/" + dtype.decode()]
                whole[box] = pool[int(offset):int(offset) + math.prod(shape)].reshape(shape)
            elif "shards" in leaf or "placement" in leaf:
                whole[box] = file["/%%shards/%d/%d" % (ordinal, i)][()]
            else:
                whole[box] = file["/" + key][()]
    return leaf["dtype"], whole.tolist()
