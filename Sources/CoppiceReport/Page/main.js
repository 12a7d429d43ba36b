// The page: the document that it shows is in the element "data".

/** Returns the subject's tree: checkpointables as branches, files and documents as leaves. */
function rootOf(subject) {
  const wrap = (item) => {
    if (item.tree) return { ...split(item.tree), k: item.name };
    if (item.files) {
      return { k: item.name, t: "files", c: item.files.map(([path, bytes]) => ({ k: path, t: "file", z: bytes })) };
    }
    if (item.items) return { k: item.name, t: "composite", c: item.items.map(wrap) };
    return { k: item.name, t: item.kind, x: item.fault };
  };
  const [only] = subject.items;
  // A tree without a name is the root itself, unless it is a single array.
  if (subject.items.length === 1 && only.name === "" && only.tree?.c) return new Node(split(only.tree), null, subject);
  return new Node({ t: "checkpoint", c: subject.items.map(wrap) }, null, subject);
}

function verdictFact(verdict) {
  const classes = { valid: "good", readable: "good", invalid: "bad" };
  return ["verdict", element("span", {},
    element("strong", { class: classes[verdict.state] ?? "soft" }, verdict.state),
    element("small", { class: "soft" }, verdict.depth))];
}

function overview(subject, root, colours) {
  const sums = new Map();
  root.visit((node) => {
    if (node.isArray) sums.set(node.dtype, (sums.get(node.dtype) ?? 0) + node.bytes);
  });
  const types = [...sums].sort((a, b) => b[1] - a[1]);
  const share = element("div", { class: "share", role: "img",
    "aria-label": types.map(([name, bytes]) => `${name} ${bytesText(bytes)}`).join(", ") });
  for (const [name, bytes] of types) {
    const part = element("span", { title: `${name}, ${bytesText(bytes)}` });
    part.style.background = colours.of(name);
    part.style.flexGrow = bytes;
    share.append(part);
  }
  const section = element("section", { id: "overview", "aria-label": "Overview" }, element("h2", {}, "Overview"),
    facts([
      verdictFact(subject.verdict), ["size", bytesText(root.bytes)], ["arrays", countText(root.arrays)],
      ["elements", countText(root.elements)], ["format", subject.format],
      subject.step !== undefined && ["step", countText(subject.step)],
      subject.begun && ["begun", subject.begun], subject.committed && ["committed", subject.committed],
      ...Object.entries(subject.metrics ?? {}).map(([name, value]) =>
        [name, typeof value === "number" ? numberText(value) : JSON.stringify(value)]),
    ], 4), types.length > 0 ? share : null,
    element("div", { class: "legend" }, types.map(([name, bytes]) =>
      legend(`${name} ${bytesText(bytes)}`, colours.of(name)))));
  const findings = [...subject.verdict.findings, ...subject.warnings.map((text) => ["warning", text])];
  if (findings.length > 0) {
    section.append(element("h3", {}, "Findings"), element("ul", { class: "plain" },
      findings.map(([severity, text]) => element("li", {},
        element("span", { class: `tag ${severity === "error" ? "bad" : "warn"}` }, severity), ` ${text}`))));
  }
  return section;
}

function metadata(subject) {
  if (subject.custom === undefined) return null;
  return element("section", { id: "metadata", "aria-label": "Metadata" }, element("h2", {}, "Metadata"),
    element("div", { class: "json" }, foldedJSON(subject.custom)));
}

/** The files that hold arrays: how many arrays begin in each, and what their bytes take. */
function storage(root) {
  const files = new Map();
  const filters = new Map();
  root.visit((node) => {
    if (!node.storage) return;
    const sums = files.get(node.storage.file) ?? { arrays: 0, bytes: 0, stored: 0 };
    sums.arrays += 1;
    sums.bytes += node.bytes;
    sums.stored += node.storage.bytes ?? node.bytes;
    files.set(node.storage.file, sums);
    const name = node.storage.filters.join(", ") || "none";
    filters.set(name, (filters.get(name) ?? 0) + node.bytes);
  });
  if (files.size === 0) return null;
  const most = 100;
  const rows = [...files].sort((a, b) => b[1].stored - a[1].stored);
  const shown = rows.slice(0, most).map(([name, { arrays, bytes, stored }]) =>
    [element("code", {}, name || "(file)"), countText(arrays), bytesText(stored), ratioText(bytes, stored)]);
  const total = sum(rows, ([, { stored }]) => stored);
  return element("section", { id: "storage", "aria-label": "Storage" }, element("h2", {}, "Storage"),
    facts([["stored", `${bytesText(total)} (${ratioText(root.bytes, total)})`], ["files", countText(rows.length)],
      ["compression", [...filters.keys()].join("; ")]]),
    table(["file", "arrays that begin in it", "stored", ""], shown, [1, 2]),
    rows.length > most ? element("p", { class: "soft" }, `… and ${countText(rows.length - most)} more`) : null);
}

/** The leaves with NaNs, infinities or zeros alone, and the ranges of all. */
function statistics(root) {
  const odd = [];
  let has = false;
  root.visit((node) => {
    if (!node.statistics) return;
    has = true;
    const [, , , , , zeros, nan, infinite] = node.statistics.values;
    if (nan > 0 || infinite > 0) odd.push([node, `${countText(nan)} NaN, ${countText(infinite)} infinite`]);
    else if (zeros === node.elements && zeros > 1) odd.push([node, "all zeros"]);
  });
  if (!has) return null;
  const most = 200;
  const rows = odd.slice(0, most).map(([node, text]) =>
    [element("a", { href: linkTo(node) }, node.path), text]);
  return element("section", { id: "statistics", "aria-label": "Statistics" }, element("h2", {}, "Statistics"),
    odd.length === 0 ? element("p", { class: "good" }, "No NaN, no infinity, and no array of zeros alone.")
      : table(["array", ""], rows),
    odd.length > most ? element("p", { class: "soft" }, `… and ${countText(odd.length - most)} more`) : null);
}

function comparison(data) {
  const { differences, other } = data.comparison;
  const kinds = new Map();
  for (const [kind] of differences) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const list = element("div");
  const buttons = element("div", { role: "group", "aria-label": "Kind of difference" });
  const show = (chosen) => {
    buttons.replaceChildren(...[["all", differences.length], ...kinds].map(([kind, count]) =>
      toggle(`${kind} ${countText(count)}`, kind === chosen, () => show(kind))));
    const rows = differences.filter(([kind]) => chosen === "all" || kind === chosen);
    list.replaceChildren(table(["where", "kind", "difference"], rows.map(([kind, place, text]) => [
      element("code", {}, place || "/"), element("span", { class: "tag" }, kind), text])));
  };
  show("all");
  const left = data.comparison.count + data.comparison.notCompared - differences.length;
  return element("section", { id: "comparison", "aria-label": "Comparison" },
    element("div", { class: "bar" }, element("h2", {}, "Comparison"), differences.length > 0 ? buttons : null),
    facts([["with", other], ["differences", countText(data.comparison.count)],
      ["arrays compared", countText(data.comparison.arrays)],
      data.comparison.notCompared > 0 && ["not compared", countText(data.comparison.notCompared)]]),
    differences.length > 0 ? list : element("p", { class: "good" }, "The two are the same."),
    left > 0 ? element("p", { class: "soft" }, `… and ${countText(left)} more`) : null);
}

/** The page of a run: charts of metrics and sizes over steps, and a table. */
function runSections(run) {
  const steps = run.steps.map((step) => step.number);
  const names = [...new Set(run.steps.flatMap((step) => Object.keys(step.metrics ?? {})))]
    .filter((name) => run.steps.some((step) => typeof step.metrics?.[name] === "number"));
  const charts = names.map((name) => lineChart(name, steps, run.steps.map((step) => step.metrics?.[name] ?? null)));
  charts.push(lineChart("size", steps, run.steps.map((step) => step.bytes ?? null), bytesText));
  const faulty = run.steps.filter((step) => step.fault);
  const shown = names.slice(0, 6);
  const rows = run.steps.map((step) => [
    countText(step.number), step.committed ?? "", step.bytes === undefined ? "" : bytesText(step.bytes),
    ...shown.map((name) => (step.metrics?.[name] === undefined ? "" : numberText(step.metrics[name]))),
    step.fault ? element("span", { class: "bad" }, step.fault) : "",
  ]);
  return [
    element("section", { id: "overview", "aria-label": "Overview" }, element("h2", {}, "Run"), facts([
      ["steps", countText(run.steps.length)], ["latest", steps.length ? countText(steps[steps.length - 1]) : "none"],
      ["size", bytesText(sum(run.steps, (step) => step.bytes ?? 0))], ["format", run.format],
      faulty.length > 0 && ["faulty", element("span", { class: "bad" }, countText(faulty.length))],
    ], 3)),
    steps.length > 1 ? element("section", { id: "charts", "aria-label": "Metrics" }, element("h2", {}, "Over steps"),
      element("div", { class: "charts" }, charts)) : null,
    element("section", { id: "steps", "aria-label": "Steps" }, element("h2", {}, "Steps"),
      table(["step", "committed", "size", ...shown, ""], rows, [0, 2, ...shown.map((_, i) => i + 3)])),
    run.metadata === undefined ? null : metadata({ custom: run.metadata }),
  ];
}

function checkpointSections(data) {
  const subject = data.checkpoint;
  const root = rootOf(subject);
  const colours = new Colours();
  const tree = new TreeView(root);
  const select = (node) => {
    history.replaceState(null, "", linkTo(node));
    tree.reveal(node);
  };
  const follow = () => {
    if (!location.hash.startsWith("#/")) return;
    const node = root.find(location.hash.slice(2).split("/").map(decoded).join("/"));
    if (node) tree.reveal(node);
  };
  window.addEventListener("hashchange", follow);
  return {
    sections: [
      overview(subject, root, colours), data.comparison ? comparison(data) : null,
      statistics(root), root.bytes > 0 ? new Treemap(root, colours, select).section : null, tree.section,
      storage(root), metadata(subject),
    ],
    follow,
  };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function main() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { sections, follow } = data.run ? { sections: runSections(data.run), follow() {} } : checkpointSections(data);
  const shown = sections.filter(Boolean);
  document.body.append(
    element("header", {}, element("h1", {}, data.title), element("p", { class: "path soft mono" }, data.path), element("nav", { "aria-label": "Sections" },
      shown.map((section) => element("a", { href: `#${section.id}` }, section.getAttribute("aria-label"))))),
    element("main", {}, shown),
    element("footer", {}, `Made by ${data.tool} on ${data.made}. This file is whole: it needs no network.`));
  follow();
  document.documentElement.dataset.ready = "true";
}

main();
