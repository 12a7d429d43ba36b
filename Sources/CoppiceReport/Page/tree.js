// The tree as rows that fold. Rows are made when their branch opens, so that 20,000 leaves cost nothing at first.

const rowsAtOnce = 200;

/** The section of the tree: rows, search, and the details of the array that is selected. */
class TreeView {
  constructor(root) {
    this.root = root;
    this.rows = element("div", { class: "tree", role: "tree", "aria-label": "Arrays",
      onkeydown: (event) => this.key(event) });
    this.detail = element("aside", { class: "detail hidden", "aria-label": "Selected array" });
    this.split = element("div", { class: "split" }, this.rows, this.detail);
    this.result = element("p", { class: "soft", role: "status" });
    this.search = element("input", { type: "search", placeholder: "Search paths ( / )", "aria-label": "Search paths",
      autocomplete: "off", spellcheck: "false", oninput: () => this.find(this.search.value) });
    this.section = element("section", { id: "tree", "aria-label": "Tree" },
      element("div", { class: "bar" }, element("h2", {}, "Tree"), this.search), this.result, this.split);
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && document.activeElement?.tagName !== "INPUT") {
        event.preventDefault();
        this.search.focus();
      }
    });
    this.showTree();
  }

  showTree() {
    this.result.textContent = "";
    this.rows.replaceChildren();
    this.append(this.root.children, 0, null);
    // Branches open until there is something to see.
    let row = this.rows.firstElementChild;
    while (this.rows.childElementCount < 12 && row) {
      if (row.item && !(row.item instanceof Fold) && row.item.isBranch && row.item.children.length <= 40) this.open(row);
      row = row.nextElementSibling;
    }
    this.focusable(this.rows.firstElementChild);
  }

  /** Adds rows for nodes after a row, or at the end. */
  append(nodes, level, after, start = 0) {
    const items = start === 0 ? folded(nodes) : nodes;
    const shown = items.slice(start, start + rowsAtOnce).map((item) => this.row(item, level));
    if (items.length > start + rowsAtOnce) shown.push(this.more(items, level, start + rowsAtOnce));
    if (after) after.after(...shown);
    else this.rows.append(...shown);
    return shown;
  }

  more(items, level, start) {
    const row = element("div", { class: "row", role: "treeitem", "aria-level": level + 1, tabindex: "-1" });
    const show = () => {
      this.append(items, level, row, start);
      const next = row.nextElementSibling;
      row.remove();
      this.focus(next);
    };
    row.act = show;
    row.level = level;
    row.append(element("span", { class: "name" }, indentation(level),
      element("button", { type: "button", tabindex: "-1", onclick: show }, `${countText(items.length - start)} more`)));
    return row;
  }

  row(item, level) {
    const isFold = item instanceof Fold;
    const opens = isFold || item.isBranch;
    const row = element("div", { class: "row", role: "treeitem", "aria-level": level + 1, tabindex: "-1",
      "aria-expanded": opens ? "false" : null, "aria-selected": "false",
      onclick: () => { this.focus(row); this.act(row); } });
    row.item = item;
    row.level = level;
    const count = isFold ? `×${item.members.length}` : opens ? counted(item.arrays, "array") : "";
    const size = element("span", { class: "cell size" });
    if (item.bytes > 0) {
      const share = element("i");
      share.style.width = `${(100 * item.bytes) / Math.max(this.root.bytes, 1)}%`;
      size.append(share, element("span", {}, bytesText(item.bytes)));
    }
    row.append(
      element("span", { class: "name" }, indentation(level),
        element("span", { class: "twist", "aria-hidden": "true" }, opens ? "▸" : ""),
        element("span", { class: "text", title: item.key }, item.key || "(array)"),
        count ? element("span", { class: "count" }, count) : null),
      element("span", { class: `cell type${item.fault ? " bad" : ""}` },
        item.fault ? "fault" : item.isArray ? item.dtype : opens ? "" : item.kind ?? ""),
      element("span", { class: "cell shape", title: item.value ?? null },
        item.isArray ? shapeText(item.shape) : item.value ?? ""),
      size);
    return row;
  }

  act(row) {
    if (row.act) row.act();
    else if (row.hasAttribute("aria-expanded")) this.isOpen(row) ? this.close(row) : this.open(row);
    else this.select(row.item, true);
  }

  isOpen(row) {
    return row.getAttribute("aria-expanded") === "true";
  }

  open(row) {
    if (this.isOpen(row)) return;
    this.turn(row, true);
    const { item, level } = row;
    if (row.below) {
      // What was open below is open again.
      row.after(...row.below);
      row.below = null;
    } else if (item instanceof Fold) {
      // Members of a fold stand one by one.
      const shown = item.members.slice(0, rowsAtOnce).map((member) => this.row(member, level + 1));
      if (item.members.length > rowsAtOnce) shown.push(this.more(item.members, level + 1, rowsAtOnce));
      row.after(...shown);
    } else {
      this.append(item.children, level + 1, row);
    }
  }

  close(row) {
    this.turn(row, false);
    row.below = [];
    while (row.nextElementSibling && row.nextElementSibling.level > row.level) {
      row.below.push(row.nextElementSibling);
      row.nextElementSibling.remove();
    }
  }

  turn(row, isOpen) {
    row.setAttribute("aria-expanded", String(isOpen));
    row.querySelector(".twist").textContent = isOpen ? "▾" : "▸";
  }

  focusable(row) {
    if (!row) return;
    this.rows.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    row.setAttribute("tabindex", "0");
  }

  focus(row) {
    if (!row) return;
    this.focusable(row);
    row.focus();
  }

  /** The keys of the ARIA pattern for trees. */
  key(event) {
    const row = event.target.closest(".row");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = {
      ArrowDown: () => this.focus(row.nextElementSibling),
      ArrowUp: () => this.focus(row.previousElementSibling),
      Home: () => this.focus(this.rows.firstElementChild),
      End: () => this.focus(this.rows.lastElementChild),
      ArrowRight: () => {
        if (row.hasAttribute("aria-expanded") && !this.isOpen(row)) this.open(row);
        else if (this.isOpen(row)) this.focus(row.nextElementSibling);
      },
      ArrowLeft: () => {
        if (this.isOpen(row)) this.close(row);
        else this.focus(this.parentRow(row));
      },
      Enter: () => this.act(row),
      " ": () => this.act(row),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  }

  parentRow(row) {
    let above = row.previousElementSibling;
    while (above && above.level >= row.level) above = above.previousElementSibling;
    return above;
  }

  /** Lists the nodes whose path has all words. */
  find(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return this.showTree();
    const found = [];
    this.root.visit((node) => {
      if (node.isBranch || !node.parent) return;
      const path = node.path.toLowerCase();
      if (words.every((word) => path.includes(word))) found.push(node);
    });
    this.result.textContent = found.length === 0 ? "No path has these words." : `${countText(found.length)} found`;
    this.rows.replaceChildren(...found.slice(0, rowsAtOnce).map((node) => {
      const row = this.row(node, 0);
      row.querySelector(".text").textContent = node.path;
      return row;
    }));
    this.focusable(this.rows.firstElementChild);
    return undefined;
  }

  /** Opens the branches above a node and selects it. */
  reveal(node) {
    this.search.value = "";
    this.showTree();
    const chain = [];
    for (let inner = node; inner.parent; inner = inner.parent) chain.unshift(inner);
    let row = null;
    for (const inner of chain) {
      row = this.rowOf(inner);
      if (!row) return;
      if (inner !== node) this.open(row);
    }
    this.focus(row);
    row.scrollIntoView({ block: "center" });
    if (!node.isBranch) this.select(node, false);
  }

  rowOf(node) {
    const holds = (item) => item === node || (item instanceof Fold && item.members.includes(node));
    for (;;) {
      const row = [...this.rows.children].find((each) => each.item && holds(each.item));
      if (row?.item instanceof Fold && row.item !== node) {
        if (this.isOpen(row)) return [...this.rows.children].find((each) => each.item === node) ?? this.showMore();
        this.open(row);
        const inner = [...this.rows.children].find((each) => each.item === node);
        if (inner) return inner;
      } else if (row) {
        return row;
      }
      if (!this.showMore()) return null;
    }
  }

  /** Shows what a row "more" stands for; returns null where there is none. */
  showMore() {
    const more = [...this.rows.children].find((each) => each.act);
    more?.act();
    return more ?? null;
  }

  select(node, isLinked) {
    this.rows.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
    [...this.rows.children].find((row) => row.item === node)?.setAttribute("aria-selected", "true");
    this.split.classList.add("open");
    this.detail.classList.remove("hidden");
    const close = element("button", { type: "button", class: "close", "aria-label": "Close details",
      onclick: () => this.hide() }, "×");
    this.detail.replaceChildren(close, element("h3", { class: "mono" }, node.path || "(array)"), ...details(node));
    if (isLinked) history.replaceState(null, "", linkTo(node));
  }

  hide() {
    this.split.classList.remove("open");
    this.detail.classList.add("hidden");
    history.replaceState(null, "", "#tree");
  }
}

function indentation(level) {
  const space = element("span");
  space.style.width = `${level * 14}px`;
  space.style.flex = "none";
  return space;
}

/** The link of a node: the path after `#/`, each byte that a URL can't have escaped. */
function linkTo(node) {
  return `#/${node.path.split("/").map(encodeURIComponent).join("/")}`;
}

function details(node) {
  if (!node.isArray) {
    return [facts([["kind", node.kind ?? ""], node.value !== undefined && ["value", node.value],
      node.bytes > 0 && ["size", bytesText(node.bytes)]]),
      node.fault ? element("p", { class: "bad" }, node.fault) : null].filter(Boolean);
  }
  const parts = [
    facts([["dtype", node.dtype], ["shape", shapeText(node.shape)], ["elements", countText(node.elements)],
      ["size", bytesText(node.bytes)], node.random && ["random key", node.random]]),
    node.fault ? element("p", { class: "bad" }, node.fault) : null,
  ];
  for (const [title, figure] of [["Statistics", statisticsFigure(node)], ["Sharding", shardingFigure(node)],
    ["Storage", storageFigure(node)]]) {
    if (figure) parts.push(element("h3", {}, title), figure);
  }
  return parts.filter(Boolean);
}
