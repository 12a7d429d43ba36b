"""Checks that the specification agrees with itself.

    python3 spec/check.py            # needs jsonschema and h5py
    python3 spec/check.py --write    # also puts the example files into the text

Rule ids and error codes are unique, references to rules and links lead somewhere, the schemas are valid, the
examples satisfy them and are canonical, and each example in the text is the file that its caption names.
The documents of all cases that load satisfy the schemas as well, and so do the suite's own documents and the
requests and answers of annex E. The README's table has all chapters, and the change log has all numbers of rules
that are retired.
What the tool prints with --json satisfies the
schemas in tool/, by the golden texts of Tests/CommandTests.
What holds between rules, codes, cases and sources is for Tests/SpecTests.
"""

import json, re, shlex, subprocess, sys
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SPEC = Path(__file__).resolve().parent
FIXTURES = SPEC.parent / "fixtures"
CHAPTERS = {"MOD": "01", "DIR": "02", "MET": "03", "ARR": "04", "SHD": "05", "VER": "06", "VAL": "07"}
ID = r"(?:%s)-\d+" % "|".join(CHAPTERS)
faults = []


def fault(place, text):
    faults.append(f"{place}: {text}")


class Number(float):
    """A number that keeps its own text."""

    def __new__(cls, text):
        self = super().__new__(cls, text)
        self.text = text
        return self


def parse(text):
    return json.loads(text, parse_float=Number, object_pairs_hook=members)


def members(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("duplicate name")
    return dict(pairs)


def scalar(value):
    return value.text if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def canonical(value):
    if isinstance(value, dict):
        return "{" + ",".join(f"{scalar(k)}:{canonical(value[k])}" for k in sorted(value, key=str.encode)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return scalar(value)


def readable(value, indent=""):
    """The value in lines of at most 100 characters where that can be."""
    flat = canonical(value)
    spaced = re.sub(r'("(?:[^"\\]|\\.)*")|([,:])', lambda m: m[1] or m[2] + " ", flat)
    if len(indent) + len(spaced) <= 100 and (isinstance(value, list) or indent) or not isinstance(value, (dict, list)) or not value:
        return spaced
    inner = indent + "  "
    if isinstance(value, dict):
        lines = [f"{inner}{scalar(k)}: {readable(value[k], inner)}" for k in sorted(value, key=str.encode)]
        return "{\n" + ",\n".join(lines) + "\n" + indent + "}"
    return "[\n" + ",\n".join(inner + readable(v, inner) for v in value) + "\n" + indent + "]"


def check_examples(path, write):
    text = path.read_text()
    pattern = re.compile(r"<!-- example: (\S+) -->\n```json\n(.*?)\n```", re.S)

    def compare(match):
        file = path.parent / match[1]
        if not file.is_file():
            fault(path.name, f"no example {match[1]}")
            return match[0]
        source = file.read_text()
        if write:
            return f"<!-- example: {match[1]} -->\n```json\n{readable(parse(source))}\n```"
        try:
            if canonical(parse(match[2])) + "\n" != source:
                fault(path.name, f"the example {match[1]} is not the file")
        except ValueError as error:
            fault(path.name, f"the example {match[1]}: {error}")
        return match[0]

    new = pattern.sub(compare, text)
    if new != text:
        path.write_text(new)
    for line in re.findall(r"(.*)\n```json\n", text):
        if not line.startswith("<!-- example: "):
            fault(path.name, "a json block without a caption")


def check_snippet():
    """The program in chapter 4 prints what the text says."""
    text = (SPEC / "1.0/04-arrays.md").read_text()
    code = re.search(r"<!-- snippet: packed.py -->\n```python\n(.*?)\n```", text, re.S)
    said = re.search(r"\n```\n(params/b bfloat16.*?\n)```", text, re.S)
    file = SPEC / "1.0/examples/checkpoints/tour/state/arrays.h5"
    result = subprocess.run([sys.executable, "-c", code[1], file], capture_output=True, text=True)
    if not said or result.stdout != said[1]:
        fault("04-arrays.md", f"packed.py prints {result.stdout}{result.stderr}")


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def headings(path):
    return {anchor(h) for h in re.findall(r"^#+ (.*)$", path.read_text(), re.M)}


def check_links(path):
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, part = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists():
            fault(path.name, f"dead link {target}")
        elif part and part not in headings(file):
            fault(path.name, f"no heading for {target}")


def check_rules(texts):
    defined = {}
    for path, text in texts.items():
        for id in re.findall(rf"^\*\*({ID})\*\*", text, re.M):
            if id in defined:
                fault(path.name, f"{id} is defined twice")
            if not path.name.startswith(CHAPTERS[id[:3]]):
                fault(path.name, f"{id} stands in the wrong chapter")
            defined[id] = path
        for id, sentence in re.findall(rf"^\*\*({ID})\*\* (.*?)\n\n", text, re.M | re.S):
            ends = re.findall(r"[.:](?=\s|$)", re.sub(r"`[^`]*`|\([^)]*\)|^\d+\. .*$", "", sentence))
            if sum(e == "." for e in ends) > 1:
                fault(path.name, f"{id} is more than one sentence")
    for path, text in texts.items():
        text = re.sub(r"### Retired.*?(?=### )", "", text, flags=re.S)
        for id in set(re.findall(rf"(?<![\w-]){ID}\b", text)) - set(defined):
            fault(path.name, f"no rule {id}")
    return defined


def check_retired(rules, codes):
    """A number without a rule is one that the change log calls retired, and nothing has a retired name."""
    lines = (SPEC / "CHANGELOG.md").read_text().split("### Retired")[1].split("###")[0].split("\n- ")
    retired, old = set(re.findall(ID, lines[1])), set(re.findall(r"`([a-z.-]+)`", lines[2]))
    for chapter in CHAPTERS:
        numbers = {int(id[4:]) for id in rules if id.startswith(chapter)}
        numbers |= {int(id[4:]) for id in retired if id.startswith(chapter)}
        if numbers != set(range(1, len(numbers) + 1)):
            fault("CHANGELOG.md", f"{chapter}: a number is neither a rule's nor retired")
    for name in retired & rules.keys() | old & set(codes):
        fault("CHANGELOG.md", f"{name} is retired and in use")


def check_codes(text, rules):
    section = text.split("## 7.4")[1].split("## 7.5")[0]
    rows = re.findall(r"^\| `([a-z]+\.[a-z0-9-]+)` \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", section, re.M)
    codes = [row[0] for row in rows]
    for code in {c for c in codes if codes.count(c) > 1}:
        fault("07-validation.md", f"the code {code} stands twice in the table")
    used = set()
    for code, outcome, level, _, ids in rows:
        if outcome not in ("malformed", "invalid", "tolerated"):
            fault("07-validation.md", f"{code}: unknown outcome {outcome}")
        if not re.match(r"(document|structure|data)\b", level):
            fault("07-validation.md", f"{code}: unknown level {level}")
        for first, last in re.findall(rf"({ID}) to ({ID})", ids):
            numbers = range(int(first[4:]), int(last[4:]) + 1)
            used |= {f"{first[:3]}-{n}" for n in numbers}
        used |= set(re.findall(ID, ids))
    return codes, sorted(rules.keys() - used, key=lambda id: (id[:3], int(id[4:])))


def check_version(folder, write):
    chapters = {p: p.read_text() for p in sorted(folder.glob("*.md"))}
    for path in chapters:
        check_examples(path, write)
    chapters = {p: p.read_text() for p in chapters}
    table = (SPEC / "README.md").read_text()
    for path in chapters:
        if f"({folder.name}/{path.name}) |" not in table:
            fault("README.md", f"{path.name} is not in the table of chapters")
    rules = check_rules(chapters | {p: p.read_text() for p in SPEC.glob("*.md")})
    for path in [*chapters, *SPEC.glob("*.md")]:
        check_links(path)
    codes, others = check_codes(chapters[folder / "07-validation.md"], rules)
    check_retired(rules, codes)
    count = {}
    # An index document lies beside its tree document, under the name of its data file or with its number.
    index = {file for file in folder.glob("examples/**/*.json") if re.search(r"\.[1-9][0-9]*\.json$", file.name)}
    for name in ("root", "tree", "steps", "index"):
        schema = json.loads((folder / f"schemas/{name}.schema.json").read_text())
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        examples = sorted(index if name == "index" else set((folder / "examples" / name).glob("*.json")) - index)
        if not examples:
            fault(name, "no examples")
        for file in examples:
            source = file.read_text()
            if canonical(parse(source)) + "\n" != source:
                fault(file.name, "not canonical")
            for error in validator.iter_errors(json.loads(source)):
                fault(file.name, f"{error.json_path}: {error.message}")
        for example in schema["examples"]:
            for error in validator.iter_errors(example):
                fault(f"{name}.schema.json", f"example: {error.json_path}: {error.message}")
        count[name] = len(examples)
    for file in folder.glob("examples/checkpoints/**/*.json"):
        if canonical(parse(file.read_text())) + "\n" != file.read_text():
            fault(str(file), "not canonical")
    per = {c: sum(id.startswith(c) for id in rules) for c in CHAPTERS}
    print(f"{folder.name}: {len(rules)} rules {per}, {len(codes)} codes, examples {count}")
    print("rules without a code (they bind programs or define words):", " ".join(others))


def check_version_0(folder):
    """Version 0 has one series of rules, two schemas, and its examples in the text."""
    texts = {p: p.read_text() for p in sorted(folder.glob("*.md"))}
    defined = [id for text in texts.values() for id in re.findall(r"^\*\*(V0-\d+)\*\*", text, re.M)]
    for id in {id for id in defined if defined.count(id) > 1}:
        fault("0", f"{id} is defined twice")
    others = [p for p in SPEC.glob("1.0/*.md")] + [p for p in SPEC.glob("*.md")]
    for path in [*texts, *others]:
        for id in set(re.findall(r"\bV0-\d+\b", path.read_text())) - set(defined):
            fault(path.name, f"no rule {id}")
    for path in texts:
        check_links(path)
    for file in sorted(folder.glob("schemas/*.json")):
        schema = json.loads(file.read_text())
        Draft202012Validator.check_schema(schema)
        for example in schema["examples"]:
            for error in Draft202012Validator(schema).iter_errors(example):
                fault(file.name, f"example: {error.json_path}: {error.message}")
    print(f"0: {len(defined)} rules")


def schema(path):
    """The validator of a schema of `conformance/`, which may refer to its neighbours."""
    neighbours = [json.loads(file.read_text()) for file in sorted(path.parent.glob("*.schema.json"))]
    registry = Registry().with_resources((value["$id"], Resource.from_contents(value)) for value in neighbours)
    value = json.loads(path.read_text())
    Draft202012Validator.check_schema(value)
    validator = Draft202012Validator(value, registry=registry)
    for example in value["examples"]:
        for error in validator.iter_errors(example):
            fault(path.name, f"example: {error.json_path}: {error.message}")
    return validator


def check_conversation(path, own):
    """The example of annex E alternates requests and answers."""
    lines = re.search(r"```jsonl\n(.*?)\n```", path.read_text(), re.S)
    if not lines:
        return fault(path.name, "no example of requests and answers")
    for i, line in enumerate(lines[1].split("\n")):
        kind = ("request", "answer")[i % 2]
        for error in own[kind].iter_errors(json.loads(line)):
            fault(path.name, f"{kind} {i // 2 + 1}: {error.json_path}: {error.message}")


def refuse_constant(text):
    raise ValueError(f"{text} is no JSON")


def check_tool():
    """The answers of the tool in golden texts; each command with --json has a schema, and an answer by it."""
    golden = SPEC.parent / "Tests/CommandTests/Golden"
    schemas = {path.name.split(".")[0]: schema(path) for path in sorted((SPEC / "tool").glob("*.schema.json"))}
    contents = schema(SPEC / "conformance/expected.schema.json")
    del schemas["common"]
    answered, count = set(), 0
    for path in sorted(golden.glob("*.txt")):
        line, _, text = path.read_text().partition("\n")
        words = shlex.split(line)[2:]
        if words[:1] == ["help"] and "--json" in text and words[1:2] and words[1] not in schemas:
            fault(path.name, f"{words[1]} takes --json and has no schema in spec/tool")
        if "--json" not in words[1:]:
            continue
        printed = re.split(r"^\[(?:standard error|exit )", text, flags=re.M)[0]
        try:
            value = json.loads(printed, parse_constant=refuse_constant)
        except ValueError as error:
            fault(path.name, f"prints no JSON: {error}")
            continue
        count += 1
        if "error" not in value:
            answered.add(words[0])
        for error in schemas[words[0]].iter_errors(value):
            fault(path.name, f"{error.json_path}: {error.message}"[:300])
        if words[0] == "dump" and '"fault"' not in printed:
            for error in contents.iter_errors(value):
                fault(path.name, f"{error.json_path}: {error.message}"[:300])
    for command in schemas.keys() - answered:
        fault(f"{command}.schema.json", "no golden text has an answer by it")
    print(f"tool: {len(schemas)} schemas, {count} answers")


def check_file(validator, path):
    try:
        value = json.loads(path.read_text())
    except ValueError as error:
        return fault(path.relative_to(FIXTURES), error)
    for error in validator.iter_errors(value):
        fault(path.relative_to(FIXTURES), f"{error.json_path}: {error.message}"[:300])


def check_cases():
    """The suite's documents, and those of the cases of version 1.0 that load."""
    own = {name: schema(SPEC / f"conformance/{name}.schema.json") 
           for name in ("case", "manifest", "expected", "request", "answer")}
    check_conversation(SPEC / "1.0/E-conformance.md", own)
    documents = {file: schema(SPEC / f"1.0/schemas/{name}.schema.json") for file, name in
                 (("coppice.json", "root"), ("tree.json", "tree"), ("coppice-root.json", "steps"), ("arrays.0.json", "index"))}
    check_file(own["manifest"], FIXTURES / "manifest.json")
    cases = sorted(FIXTURES.glob("*/**/case.json"))
    count = 0
    for path in cases:
        check_file(own["case"], path)
        case = json.loads(path.read_text())
        if case["id"].startswith("foreign/") or case["outcome"] not in ("valid", "tolerated"):
            continue
        check_file(own["expected"], path.parent / "expected.json")
        # Members of later minor versions are in no schema, and damaged documents of no step aren't read.
        if not case["id"].startswith("1.0/") or set(case.get("warnings", [])) & {"versioning.ignored-member", "directory.step-mismatch"}:
            continue
        for file in (path.parent / "checkpoint").rglob("*.json"):
            hidden = any(part.startswith(".") for part in file.relative_to(path.parent).parts)
            # A files entry may have files of these names.
            name = re.sub(r"^arrays\.[1-9][0-9]*\.json$", "arrays.0.json", file.name)
            if file.is_file() and name in documents and not hidden and '"format"' in file.read_text():
                check_file(documents[name], file)
                count += 1
    print(f"{len(cases)} cases, {count} documents")


if __name__ == "__main__":
    sys.setrecursionlimit(50000)
    sys.set_int_max_str_digits(0)
    check_cases()
    check_snippet()
    check_tool()
    check_version_0(SPEC / "0")
    for folder in sorted(p for p in SPEC.iterdir() if re.fullmatch(r"\d+\.\d+|draft", p.name)):
        check_version(folder, "--write" in sys.argv)
    for line in faults:
        print("FAULT", line)
    sys.exit(1 if faults else 0)
