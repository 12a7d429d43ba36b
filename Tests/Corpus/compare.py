"""Compares an observed dump with the truth of a case: the rules of "equal" for the suite.

Order of dictionary keys doesn't count, nor do the members that only inform (`was`, and inside `array`
all but dtype, shape and digest). `acceptDtype` lists types that a reader may give instead.
"""
INFORMATIVE = {"was"}


def kind_of(node):
    kinds = [name for name in node if name not in INFORMATIVE]
    return kinds[0] if len(kinds) == 1 else None


def nodes(expected, observed, path, found):
    kind = kind_of(expected)
    if kind_of(observed) != kind:
        found.append("%s: expected %s, observed %s" % (path or "/", kind, sorted(observed)))
        return
    want, have = expected[kind], observed[kind]
    if kind == "array":
        arrays(want, have, path, found)
    elif kind == "scalar":
        if (want["type"], want["value"]) != (have.get("type"), have.get("value")):
            found.append("%s: expected %s, observed %s" % (path, want, have))
    elif kind == "dict":
        for key in sorted(set(want) | set(have)):
            if key not in have:
                found.append("%s/%s: missing" % (path, key))
            elif key not in want:
                found.append("%s/%s: unexpected" % (path, key))
            else:
                nodes(want[key], have[key], path + "/" + key, found)
    elif kind in ("list", "tuple"):
        if len(want) != len(have):
            found.append("%s: %d elements, observed %d" % (path, len(want), len(have)))
        for index, (left, right) in enumerate(zip(want, have)):
            nodes(left, right, "%s/%d" % (path, index), found)
    elif kind == "namedtuple":
        if [name for name, _ in want["fields"]] != [name for name, _ in have["fields"]]:
            found.append("%s: fields differ" % path)
        for (name, left), (_, right) in zip(want["fields"], have["fields"]):
            nodes(left, right, path + "/" + name, found)
    elif want != have:
        found.append("%s: expected %r, observed %r" % (path, want, have))


def arrays(want, have, path, found):
    accepted = want.get("acceptDtype") or []
    if have.get("dtype") != want["dtype"] and have.get("dtype") not in accepted:
        found.append("%s: dtype %s, observed %s" % (path, want["dtype"], have.get("dtype")))
    if have.get("shape") != want["shape"]:
        found.append("%s: shape %s, observed %s" % (path, want["shape"], have.get("shape")))
    if "sha256" in want and not accepted and have.get("sha256") != want["sha256"]:
        found.append("%s: elements differ (first %s, observed %s)" % (path, want.get("first"), have.get("first")))
    if "prngImpl" in want and have.get("prngImpl") != want["prngImpl"]:
        found.append("%s: prngImpl %s, observed %s" % (path, want["prngImpl"], have.get("prngImpl")))


def item(want, have, path, found):
    if want["kind"] == "opaque":
        files = have.get("files") or {}
        for name, record in want.get("files", {}).items():
            if files.get(name, {}).get("sha256") != record["sha256"]:
                found.append("%s: file %s %s" % (path, name, "differs" if name in files else "missing"))
        for name in files:
            if name not in want.get("files", {}) and name != "commit_success.txt":
                found.append("%s: unexpected file %s" % (path, name))
    elif want["kind"] != have.get("kind"):
        found.append("%s: kind %s, observed %s" % (path, want["kind"], have.get("kind")))
    elif want["kind"] == "tree":
        nodes(want["tree"], have["tree"], path, found)
    elif want["kind"] == "json":
        if want["value"] != have["value"]:
            found.append("%s: the JSON value differs" % path)
    elif want["kind"] == "composite":
        items(want["items"], have.get("items", {}), path, found)


def items(want, have, path, found):
    for name in sorted(set(want) | set(have)):
        if name not in have:
            found.append("%s:%s missing" % (path, name))
        elif name not in want:
            found.append("%s:%s unexpected" % (path, name))
        else:
            item(want[name], have[name], "%s:%s" % (path, name), found)


def contents(want, have, path, found):
    if "root" in want:
        item(want["root"], have.get("root", {}), path, found)
    if "checkpointables" in want:
        items(want["checkpointables"], have.get("checkpointables", {}), path, found)
    for key in ("metrics", "customMetadata"):
        if key in want and have.get(key) != want[key]:
            found.append("%s%s differs" % (path, key))


OPTIMIZER = ("optimizer", "optimizer_weights")


def is_empty(node):
    return kind_of(node) == "emptyDict" or (kind_of(node) == "dict" and all(map(is_empty, node["dict"].values())))


def prune(want, have):
    """Takes empty groups away that the truth doesn't have."""
    if kind_of(want) == "dict" and kind_of(have) == "dict":
        for key in [key for key, node in have["dict"].items() if key not in want["dict"] and is_empty(node)]:
            del have["dict"][key]
        for key in set(want["dict"]) & set(have["dict"]):
            prune(want["dict"][key], have["dict"][key])


def prune_keras(want, have):
    """The truth of a Keras case has the model's weights only: no optimizer, no groups without weights."""
    tree = have.get("root", {}).get("tree", {})
    if kind_of(tree) == "dict":
        for key in OPTIMIZER:
            if key not in want["root"]["tree"].get("dict", {}):
                tree["dict"].pop(key, None)
        prune(want["root"]["tree"], tree)


def compare(want, have):
    """The differences, in words; none when the two agree."""
    if have.get("error"):
        allowed = want.get("error") or want.get("errorOptional") or want.get("mayRefuse")
        return [] if allowed else ["unexpected error: %s" % have["error"]]
    if want.get("error"):
        return [] if want.get("errorOptional") else ["expected an error: " + want["why"]]
    found = []
    if want.get("layout", "").startswith("keras"):
        prune_keras(want, have)
    contents(want, have, "", found)
    for name, step in want.get("steps", {}).items():
        if name in have.get("steps", {}):
            contents(step, have["steps"][name], "step %s " % name, found)
        else:
            found.append("step %s missing" % name)
    for name in have.get("steps", {}):
        if name not in want.get("steps", {}):
            found.append("unexpected step " + name)
    if "latestStep" in want and have.get("latestStep", want["latestStep"]) != want["latestStep"]:
        found.append("latestStep differs")
    if "rootMetadata" in want and have.get("rootMetadata") != want["rootMetadata"]:
        found.append("rootMetadata differs")
    return found
