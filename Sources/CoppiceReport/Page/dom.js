"use strict";

// Every name comes from a checkpoint, which may be hostile: text enters the page as text nodes and attributes only,
// never as HTML.

const svgNamespace = "http://www.w3.org/2000/svg";

/** Returns an HTML element with attributes and children; a string is a text node, null is nothing. */
function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Returns an SVG element with attributes and children. */
function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNamespace, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) node.append(child);
  return node;
}

/** Returns the facts as a description list; a fact is [name, text or node], and null is left out. */
function facts(list, large = 0) {
  return element("dl", { class: "facts" }, list.filter(Boolean).map(([name, value], index) =>
    element("div", {}, element("dt", {}, name), element("dd", { class: index < large ? "large" : null }, value))));
}

/** Returns a table of rows of texts or nodes; numbers stand right. */
function table(heads, rows, numbers = []) {
  const cell = (tag) => (value, column) =>
    element(tag, { class: numbers.includes(column) ? "number" : null, scope: tag === "th" ? "col" : null }, value ?? "");
  return element("div", { class: "scroll" }, element("table", {},
    element("thead", {}, element("tr", {}, heads.map(cell("th")))),
    element("tbody", {}, rows.map((row) => element("tr", {}, row.map(cell("td")))))));
}

/** Returns a JSON value as text that folds. */
function foldedJSON(value, name) {
  const label = name === undefined ? "" : `${name}: `;
  if (value === null || typeof value !== "object") return element("div", {}, label + JSON.stringify(value));
  const entries = Object.entries(value);
  const kind = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  if (entries.length === 0) return element("div", {}, label + (Array.isArray(value) ? "[]" : "{}"));
  const details = element("details", { open: name === undefined || entries.length <= 12 },
    element("summary", {}, label + kind));
  // The members of a closed object are made when it opens, so that large metadata cost nothing.
  const show = () => {
    if (details.open && details.childElementCount === 1) {
      details.append(...entries.map(([key, inner]) => foldedJSON(inner, key)));
    }
  };
  details.addEventListener("toggle", show);
  show();
  return details;
}

/** Returns a button that is pressed or not. */
function toggle(text, isPressed, action) {
  return element("button", { type: "button", "aria-pressed": String(isPressed), onclick: action }, text);
}

/** Returns a number of bytes in binary units. */
function bytesText(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit += 1;
  }
  return `${unit === 0 || count >= 100 ? Math.round(count) : count.toPrecision(3)} ${units[unit]}`;
}

/** Returns a number with separators of thousands. */
function countText(count) {
  return count.toLocaleString("en");
}

/** Returns a count with its noun. */
function counted(count, noun, plural = `${noun}s`) {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

/** Returns a number in at most six digits. */
function numberText(value) {
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return countText(value);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e7 ? String(Number(value.toPrecision(6))) : value.toExponential(3);
}

/** Returns the shape of an array as Python writes lists. */
function shapeText(shape) {
  return `[${shape.join(", ")}]`;
}
