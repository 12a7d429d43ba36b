// The treemap: the area of a rectangle is the number of bytes (squarified, after Bruls, Huizing and van Wijk, 2000).

// More rectangles than these show nothing more, and cost a second.
const mostRectangles = 300;

/** Returns the nodes with most bytes, and one that stands for the rest. */
function largest(nodes) {
  const sorted = nodes.filter((node) => node.bytes > 0).sort((a, b) => b.bytes - a.bytes);
  if (sorted.length <= mostRectangles) return sorted;
  const rest = sorted.slice(mostRectangles);
  const other = { key: `${countText(rest.length)} others`, children: [], bytes: sum(rest, (node) => node.bytes) };
  return [...sorted.slice(0, mostRectangles), other];
}

/** Returns rectangles {node, x, y, w, h} that fill a frame in proportion to the nodes' bytes. */
function squarify(nodes, x, y, w, h) {
  const found = [];
  const rest = largest(nodes).sort((a, b) => b.bytes - a.bytes);
  let left = sum(rest, (node) => node.bytes);
  while (rest.length > 0 && w > 0 && h > 0) {
    const side = Math.min(w, h);
    const scale = (w * h) / left;
    let row = [rest[0]];
    let area = rest[0].bytes * scale;
    let worst = ratio(row, area, side, scale);
    while (row.length < rest.length) {
      const next = rest[row.length];
      const grown = [...row, next];
      const ratioGrown = ratio(grown, area + next.bytes * scale, side, scale);
      if (ratioGrown > worst) break;
      row = grown;
      area += next.bytes * scale;
      worst = ratioGrown;
    }
    rest.splice(0, row.length);
    const depth = area / side;
    let place = 0;
    for (const node of row) {
      const length = (node.bytes * scale) / depth;
      found.push(w >= h ? { node, x, y: y + place, w: depth, h: length } : { node, x: x + place, y, w: length, h: depth });
      place += length;
      left -= node.bytes;
    }
    if (w >= h) {
      x += depth;
      w -= depth;
    } else {
      y += depth;
      h -= depth;
    }
  }
  return found;
}

/** The worst ratio of sides of a row of rectangles. */
function ratio(row, area, side, scale) {
  const largest = row[0].bytes * scale;
  const smallest = row[row.length - 1].bytes * scale;
  const depth = area / side;
  return Math.max((depth * depth) / smallest, largest / (depth * depth));
}

/** The section of the treemap: zooms by click and by key, and colours by branch or dtype. */
class Treemap {
  constructor(root, colours, select) {
    this.root = root;
    this.node = root;
    this.colours = colours;
    this.branches = new Colours();
    this.byType = false;
    this.select = select;
    this.frame = element("div");
    this.crumbs = element("div", { class: "crumbs" });
    this.buttons = element("div", { role: "group", "aria-label": "Colour" });
    this.section = element("section", { id: "bytes", "aria-label": "Bytes" },
      element("div", { class: "bar" }, element("h2", {}, "Bytes"), this.crumbs, this.buttons), this.frame);
    // The picture has the width of its place, so that its text has the size of the page's.
    new ResizeObserver(() => {
      if (this.frame.clientWidth !== this.width) this.draw();
    }).observe(this.frame);
    this.show(root);
  }

  show(node) {
    // A branch with one child says nothing that the child doesn't.
    while (node.children.length === 1 && node.children[0].isBranch) node = node.children[0];
    this.node = node;
    this.draw();
  }

  draw() {
    const trail = [];
    for (let node = this.node; node; node = node.parent) trail.unshift(node);
    this.crumbs.replaceChildren(...trail.filter((node) => node === this.root || node.key !== "").map((node) =>
      element("button", { type: "button", onclick: () => this.show(node) }, `${node === this.root ? "all" : node.key} /`)));
    this.buttons.replaceChildren(
      toggle("by branch", !this.byType, () => this.colour(false)), " ",
      toggle("by dtype", this.byType, () => this.colour(true)));
    this.width = this.frame.clientWidth;
    const width = this.width || 1000;
    const height = Math.max(300, Math.min(width * 0.4, 440));
    const image = svg("svg", { class: "treemap", viewBox: `0 0 ${width} ${height}`, role: "group",
      "aria-label": `Bytes of ${this.node.path || "all"}` });
    this.count = 0;
    for (const box of squarify(this.node.children, 0, 0, width, height)) {
      if (box.w * box.h >= 4) image.append(this.group(box));
    }
    const seen = new Set();
    if (this.byType) this.node.visit((node) => node.isArray && seen.add(node.dtype));
    this.frame.replaceChildren(image, element("div", { class: "legend" },
      [...seen].map((name) => legend(name, this.colours.of(name)))));
  }

  colour(byType) {
    this.byType = byType;
    this.draw();
  }

  /** Draws a child of the node that is shown, with what it holds inside. */
  group(box) {
    const { node, x, y, w, h } = box;
    const open = () => {
      if (node.isBranch) this.show(node);
      else if (node.parent) this.select(node);
    };
    const text = `${node.key || "all"}, ${bytesText(node.bytes)}`;
    const group = svg("g", { class: "group", tabindex: "0", role: "button", "aria-label": text, onclick: open,
      onkeydown: (event) => { if (event.key === "Enter") open(); } }, svg("title", {}, text));
    const colour = this.branches.of(node.key);
    const draw = (inner, frame, depth) => {
      const parts = depth < 3 && inner.isBranch && frame.w > 8 && frame.h > 8
        ? squarify(inner.children, frame.x, frame.y, frame.w, frame.h).filter((part) => part.w * part.h >= 9) : [];
      if (parts.length === 0 || this.count + parts.length > 8 * mostRectangles) {
        this.count += 1;
        group.append(svg("rect", { x: frame.x, y: frame.y, width: frame.w, height: frame.h, stroke: "#ffffff",
          "stroke-width": 0.6, fill: this.byType ? this.typeColour(inner) : colour,
          "fill-opacity": 1 - 0.12 * (depth % 3) }));
      } else {
        for (const part of parts) draw(part.node, part, depth + 1);
      }
    };
    draw(node, box, 0);
    group.append(svg("rect", { class: "frame", x, y, width: w, height: h, fill: "none", stroke: "#ffffff",
      "stroke-width": 2 }));
    const letters = Math.floor((w - 10) / 7);
    if (letters >= 3 && h >= 18) group.append(svg("text", { x: x + 6, y: y + 15 }, shortened(node.key, letters)));
    if (letters >= 8 && h >= 34) group.append(svg("text", { x: x + 6, y: y + 30 }, bytesText(node.bytes)));
    return group;
  }

  /** The colour of the dtype that most bytes of a node have. */
  typeColour(node) {
    const sums = new Map();
    node.visit?.((inner) => inner.isArray && sums.set(inner.dtype, (sums.get(inner.dtype) ?? 0) + inner.bytes));
    const [most] = [...sums].sort((a, b) => b[1] - a[1]);
    return most ? this.colours.of(most[0]) : palette[palette.length - 1];
  }
}

function legend(name, colour) {
  const swatch = element("span", { class: "swatch" });
  swatch.style.background = colour;
  return element("span", {}, swatch, name);
}

function shortened(text, letters) {
  return text.length <= letters ? text : `${text.slice(0, Math.max(letters - 1, 1))}…`;
}
