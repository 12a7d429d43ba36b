#!/usr/bin/env python3
"""Checks the tool against checkpoints of real libraries whose content is known.

usage: check.py COPPICE DIRECTORY... [--filter GLOB] [--jobs N] [--skip-layout NAME] [--through FORMAT]

Each DIRECTORY holds cases: <case>/expected.json (the truth, computed from the values by a generator,
never by this project) and the input that it names. For each case
  1. `coppice dump --json INPUT` must agree with the truth;
  2. the dump of `coppice convert INPUT OUTPUT` must agree as well, and OUTPUT must validate;
  3. the values that h5py finds in OUTPUT's arrays.h5 must have the truth's digests;
  4. the dump with --dequantize must agree with `dequantized`, where the truth has it;
  5. for each --through FORMAT that says all of it, so that `convert --strict` writes it, the dump of
     OUTPUT in that format must agree as well;
and a damaged case must give exit status 1 or 2, a line with a code for each fault on standard error, and nothing written.

What no array can be is a fault in the dump, and `convert` must refuse it, a line for each; with
--skip-unsupported what remains is converted. Where the truth has `unsupported`, {path: what}, the faults must
be at these paths, and its `root` is what remains: elements of lists and tuples are none then.
`alternatives` are other right roots, and `optionalKeys` are keys of the root that may be there or not.

Where a case has a case.json (those under fixtures/foreign do), its `outcome` decides: a case that is
`refused` must fail with the code of `error`, and one that is `valid` or `tolerated` must not fail, even
where the truth would leave it open; each code of `warnings` must be among the warnings of `convert`.
The last line is "N passed, N failed".
"""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare  # noqa: E402
import h5values  # noqa: E402

TIMEOUT = 60
CODE = re.compile(r"\[([a-z0-9]+\.[a-z0-9-]+)\]$")
ADVICE = "coppice: nothing was written; "
WARNING = "coppice: warning:"


def run(*command):
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def declaration(case):
    """What the case says of itself; nothing for a case without case.json."""
    path = os.path.join(case, "case.json")
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        return json.load(file)


def refusal(status, error, where, declared):
    """What is wrong with how the tool refused."""
    lines = [line for line in error.splitlines() if not line.startswith(WARNING)]
    if status not in (1, 2):
        return ["%s: exit status %d" % (where, status)]
    # A line for each fault, then perhaps one that says what to do.
    faults = [line for line in lines if not line.startswith(ADVICE)]
    codes = [CODE.search(line) for line in faults]
    if not codes or None in codes or not 0 <= len(lines) - len(faults) <= 1:
        return ["%s: not a line with a code for each fault: %r" % (where, lines[:3])]
    code = codes[0]
    outcome = declared.get("outcome", "refused")
    if outcome != "refused":
        return ["%s: refused, but the case is %s: %s" % (where, outcome, lines[0])]
    wanted = declared.get("error", {}).get("code", code[1])
    if code[1] != wanted:
        return ["%s: the code must be %s: %s" % (where, wanted, lines[0])]
    return []


def unsaid(error, declared):
    """The warnings that the case asks for and that were not given."""
    given = [CODE.search(line) for line in error.splitlines() if line.startswith(WARNING)]
    given = [code[1] for code in given if code]
    return ["convert: no warning %s" % code for code in declared.get("warnings", []) if code not in given]


def children(node):
    """The kind of a container and its children by key or index; None for what is no container."""
    kind = compare.kind_of(node)
    if kind == "dict":
        return kind, list(node[kind].items())
    if kind == "namedtuple":
        return kind, [tuple(field) for field in node[kind]["fields"]]
    return (kind, list(enumerate(node[kind]))) if kind in ("list", "tuple") else None


def settle(node, path, faults):
    """What remains of a node without what no array can be; None where that is nothing. Notes the faults by path."""
    if node.get("fault", {}).get("kind") == "unsupported":
        faults[path] = node["fault"]["code"]
        return None
    found = children(node)
    if found is None:
        return node
    kind, below = found
    kept = [(key, settle(child, "%s/%s" % (path, key) if path else str(key), faults)) for key, child in below]
    if kept and all(child is None for _, child in kept):
        return None
    if kind in ("list", "tuple"):
        return {kind: [{"none": True} if child is None else child for _, child in kept]}
    kept = [(key, child) for key, child in kept if child is not None]
    return {kind: dict(kept) if kind == "dict" else {"fields": [list(field) for field in kept]}}


def leave_out(contents, faults):
    """Takes what no array can be out of a dump, and notes its faults by path."""
    for part in [contents.get("root"), *contents.get("checkpointables", {}).values()]:
        if (part or {}).get("kind") == "tree":
            part["tree"] = settle(part["tree"], "", faults) or {"emptyDict": True}
    for step in contents.get("steps", {}).values():
        leave_out(step, faults)


def check_skipping(tool, source, expected, listed):
    """What is wrong with the conversion of what remains."""
    with tempfile.TemporaryDirectory(dir="/tmp") as scratch:
        target = os.path.join(scratch, "out.coppice")
        status, _, error = run(tool, "convert", "--not-durable", "--verbose", "--skip-unsupported", source, target)
        if status != 0:
            problems = refusal(status, error, "skipping", {})
            return problems + (["skipping: " + error.strip()] if "unsupported" in expected else [])
        notes = [line for line in error.splitlines() if line.endswith("[unsupported]")]
        problems = [] if len(notes) == len(listed) else ["skipping: %d notes of %s" % (len(notes), sorted(listed))]
        status, text, error = run(tool, "validate", target)
        if status != 0:
            problems.append("validate: " + (text.decode() + error).strip())
        status, text, error = run(tool, "dump", "--json", target)
        if status != 0:
            return problems + ["dump of the result: " + error.strip()]
        if "unsupported" in expected:
            again = same_part(expected, json.loads(text))
            problems += ["skipping: " + line for line in differences(expected, again)]
        return problems


def without_optional(expected, observed):
    """What is observed, without the keys that may be there or not."""
    optional = expected.get("optionalKeys", [])
    root = (observed.get("root") or {}).get("tree", {})
    if not optional or "dict" not in root:
        return observed
    kept = {key: node for key, node in root["dict"].items() if key not in optional}
    return {**observed, "root": {**observed["root"], "tree": {"dict": kept}}}


def differences(expected, observed):
    """What is wrong with what is observed."""
    # Damage that a reader needn't notice leaves what it reads to be right.
    if "root" in expected and "error" not in observed:
        expected = {key: value for key, value in expected.items() if key not in ("error", "errorOptional")}
    return compare.compare(expected, without_optional(expected, observed))


def choose(expected, observed):
    """The truth with that of its alternatives, if any, that is observed."""
    others = [{**expected, "root": root} for root in expected.get("alternatives", [])]
    return next((truth for truth in [expected, *others] if not differences(truth, observed)), expected)


def check_through(tool, name, source, expected, scratch):
    """What is wrong with what a format says that says all of it."""
    target = os.path.join(scratch, "out." + name)
    status, _, error = run(tool, "convert", "--not-durable", "--strict", "--to", name, source, target)
    if status != 0:
        left = [os.path.basename(target)] if os.path.exists(target) else []
        return refusal(status, error, name, {}) + ["%s: failed, but left %s" % (name, file) for file in left]
    status, text, error = run(tool, "dump", "--json", target)
    if status != 0:
        return ["dump of %s: %s" % (name, error.strip())]
    return ["%s: %s" % (name, line) for line in differences(expected, same_part(expected, json.loads(text)))]


def same_part(expected, observed):
    """A part without a name gets the name "state" in a Coppice checkpoint."""
    if "root" in expected and "checkpointables" in observed:
        parts = observed.pop("checkpointables")
        observed["root"] = parts.get("state", {}) if len(parts) == 1 else {"parts": list(parts)}
    for name, step in expected.get("steps", {}).items():
        if name in observed.get("steps", {}):
            same_part(step, observed["steps"][name])
    return observed


def check(tool, case, through=()):
    with open(os.path.join(case, "expected.json")) as file:
        expected = json.load(file)
    source = os.path.join(case, expected["path"])
    declared = declaration(case)
    must_fail = expected.get("error") and not expected.get("errorOptional")
    must_fail = must_fail or declared.get("outcome") == "refused"
    problems = []
    try:
        status, text, error = run(tool, "dump", "--json", source)
        observed = json.loads(text) if text.strip() else {"error": error.strip() or "no message"}
        unsupported = {}
        leave_out(observed, unsupported)
        only_unsupported = unsupported and text.count(b'"fault"') == len(unsupported)
        if not only_unsupported and status != 0:
            observed = {"error": error.strip() or "no message"}
        if set(unsupported) != set(expected.get("unsupported", unsupported)):
            problems.append("dump: unsupported are %s" % sorted(unsupported))
        if status != 0:
            problems += refusal(status, error, "dump", declared)
        elif declared.get("outcome") == "refused" and not unsupported:
            problems.append("dump: must be refused")
        expected = choose(expected, observed)
        if not unsupported or "unsupported" in expected:
            problems += ["dump: " + line for line in differences(expected, observed)]
        elif not any(expected.get(member) for member in ("error", "errorOptional", "mayRefuse")):
            problems.append("dump: unsupported are %s" % sorted(unsupported))
        if unsupported and status == 0:
            problems.append("dump: exit status 0, though %s" % sorted(unsupported))
        if unsupported:
            problems += check_skipping(tool, source, expected, unsupported)
        if "dequantized" in expected:
            code, text, error = run(tool, "dump", "--json", "--dequantize", source)
            decoded = json.loads(text) if code == 0 else {"error": error.strip() or "no message"}
            problems += ["dequantized: " + line for line in
                         compare.compare({**expected, "root": expected["dequantized"]}, decoded)]
        with tempfile.TemporaryDirectory(dir="/tmp") as scratch:
            target = os.path.join(scratch, "out.coppice")
            status, _, error = run(tool, "convert", "--not-durable", source, target)
            if status != 0:
                problems += refusal(status, error, "convert", declared)
                if os.listdir(scratch):
                    problems.append("convert: failed, but left %s" % os.listdir(scratch))
                if not must_fail and not unsupported and "error" not in observed:
                    problems.append("convert: " + error.strip())
                return problems
            if must_fail or unsupported:
                problems.append("convert: expected an error: " + expected.get("why", ""))
                return problems
            problems += unsaid(error, declared)
            status, text, error = run(tool, "validate", target)
            if status != 0:
                problems.append("validate: " + (text.decode() + error).strip())
            status, text, error = run(tool, "dump", "--json", target)
            if status != 0:
                return problems + ["dump of the result: " + error.strip()]
            again = same_part(expected, json.loads(text))
            problems += ["converted: " + line for line in differences(expected, again)]
            problems += ["h5py: " + line for line in h5values.check(expected, target)]
            for name in through:
                problems += check_through(tool, name, target, expected, scratch)
    except subprocess.TimeoutExpired as late:
        problems.append("hangs: %s" % " ".join(late.cmd[1:3]))
    return problems


def layout(case):
    with open(os.path.join(case, "expected.json")) as file:
        return json.load(file)["layout"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("directories", nargs="+")
    parser.add_argument("--filter", default="*")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--skip-layout", action="append", default=[])
    parser.add_argument("--through", action="append", default=[])
    options = parser.parse_args()
    cases = []
    for directory in options.directories:
        for root, _, files in sorted(os.walk(directory)):
            if "expected.json" in files and fnmatch.fnmatch(os.path.basename(root), options.filter):
                if layout(root) not in options.skip_layout:
                    cases.append(root)
    if not cases:
        sys.exit("no cases found")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for case, problems in zip(cases, pool.map(lambda c: check(options.tool, c, options.through), cases)):
            if problems:
                failed += 1
                for problem in problems[:4]:
                    print("%s: %s" % (os.path.basename(case), problem[:300]))
    print("%d passed, %d failed" % (len(cases) - failed, failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
