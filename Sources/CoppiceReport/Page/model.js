// The tree: branches, arrays and values. The document in the page has short member names, because a checkpoint has
// thousands of leaves; they become readable here.

const palette = [
  "#8fc7a8", "#9bbfe0", "#f0c987", "#d9a7c7", "#b9c77b", "#e6a58c", "#a9b4e6", "#86cccb", "#d3b896", "#c3a5e0",
  "#e3d26f", "#a8b3ba",
];

/** Returns colours for names, in the order of their first use. */
class Colours {
  constructor() {
    this.known = new Map();
  }

  of(name) {
    if (!this.known.has(name)) this.known.set(name, palette[this.known.size % palette.length]);
    return this.known.get(name);
  }
}

/** Where the bytes of an array lie. */
class Storage {
  constructor(raw, subject) {
    const [file, offset, bytes, filters, count] = raw.b;
    this.file = subject.files[file];
    this.offset = offset;
    this.bytes = bytes;
    this.filters = subject.filters[filters];
    this.count = count;
    /** The counts of shards along the extents. */
    this.grid = raw.g;
  }
}

/** A node of the tree, with the sums of what it holds. */
class Node {
  constructor(raw, parent, subject) {
    this.key = raw.k ?? "";
    this.parent = parent;
    /** What stands between this node's path and a child's key. */
    this.joint = raw.joint ?? "/";
    this.fault = raw.x;
    this.kind = raw.t;
    this.isArray = raw.s !== undefined;
    this.dtype = raw.d;
    this.shape = raw.s;
    this.value = raw.v;
    this.random = raw.p;
    this.sharding = raw.h === undefined ? null : subject.shardings[raw.h];
    this.storage = raw.b ? new Storage(raw, subject) : null;
    this.statistics = raw.n;
    this.children = (raw.c ?? []).map((child) => new Node(child, this, subject));
    if (this.isArray) {
      this.elements = this.shape.reduce((product, extent) => product * extent, 1);
      this.bytes = this.elements * (subject.sizes[this.dtype] ?? 0);
      this.arrays = 1;
    } else {
      this.elements = sum(this.children, (child) => child.elements);
      this.bytes = raw.z ?? sum(this.children, (child) => child.bytes);
      this.arrays = sum(this.children, (child) => child.arrays);
    }
  }

  get isBranch() {
    return this.children.length > 0;
  }

  /** The keys from the root, joined as `coppice ls` prints them. */
  get path() {
    if (!this.parent) return "";
    const above = this.parent.path;
    return above === "" || this.key === "" ? above + this.key : above + this.parent.joint + this.key;
  }

  /** Describes the structure below, so that siblings of one kind can be folded. */
  get signature() {
    this.known ??= this.isArray
      ? `${this.dtype}${shapeText(this.shape)}${this.fault ? "!" : ""}`
      : `${this.kind}(${this.children.map((child) => `${child.key}:${child.signature}`).join(",")})`;
    return this.known;
  }

  /** Calls a function with this node and all below, parents first. */
  visit(body) {
    body(this);
    for (const child of this.children) child.visit(body);
  }

  /** Returns the node at a path, or null. */
  find(path) {
    if (path === this.path) return this;
    for (const child of this.children) {
      const inner = child.path;
      if (path === inner || inner === "" || path.startsWith(inner + child.joint)) {
        const found = child.find(path);
        if (found) return found;
      }
    }
    return null;
  }
}

/** Returns a flat dictionary with keys such as "layers.0.bias" as branches, as PyTorch's users read them. */
function split(raw) {
  const children = raw.c ?? [];
  const isFlat = children.length >= 8 && children.every((child) => !child.c)
    && children.filter((child) => child.k.includes(".")).length > children.length / 2;
  if (!isFlat) return raw.c ? { ...raw, c: children.map(split) } : raw;
  const top = { ...raw, c: [] };
  const groups = new Map([["", top]]);
  // Returns the branch of the first words of a key, made where it isn't there.
  const branch = (words) => {
    const name = words.join(".");
    if (!groups.has(name)) {
      const made = { k: words[words.length - 1], t: "group", joint: ".", c: [] };
      branch(words.slice(0, -1)).c.push(made);
      groups.set(name, made);
    }
    return groups.get(name);
  };
  for (const child of children) {
    const words = child.k.split(".");
    // Names with empty words, such as "a..b", stay whole.
    if (words.includes("")) top.c.push(child);
    else branch(words.slice(0, -1)).c.push({ ...child, k: words[words.length - 1] });
  }
  return top;
}

function sum(list, value) {
  return list.reduce((total, item) => total + value(item), 0);
}

/** Siblings that are alike but for a number in their names. */
class Fold {
  constructor(members) {
    // Programs sort names as texts: 1, 10, 11, 2.
    members = members.toSorted((a, b) => a.key.localeCompare(b.key, "en", { numeric: true }));
    this.members = members;
    this.key = `${members[0].key} … ${members[members.length - 1].key}`;
    this.bytes = sum(members, (member) => member.bytes);
    this.arrays = sum(members, (member) => member.arrays);
  }
}

/** Returns children with runs of alike ones as folds. */
function folded(children) {
  const rows = [];
  let start = 0;
  const pattern = (node) => node.key.replace(/\d+/g, "#");
  while (start < children.length) {
    let end = start + 1;
    const first = children[start];
    while (end < children.length && pattern(children[end]) === pattern(first) && pattern(first).includes("#")
      && children[end].signature === first.signature) end += 1;
    if (end - start >= 4) rows.push(new Fold(children.slice(start, end)));
    else rows.push(...children.slice(start, end));
    start = end;
  }
  return rows;
}
