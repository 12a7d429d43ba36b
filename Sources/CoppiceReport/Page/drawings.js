// Drawings of one array: its boxes on devices and on disk, its histogram, its heat map.

/** Draws an array's first two extents that are divided, cut into a grid of boxes. */
function gridDrawing(shape, counts, label) {
  const divided = counts.map((count, dimension) => ({ count, dimension })).filter(({ count }) => count > 1);
  const [rows, columns] = [divided[0] ?? { count: 1 }, divided[1] ?? { count: 1 }];
  const swap = divided.length === 1 && divided[0].dimension === shape.length - 1 && shape.length > 1;
  const [down, across] = swap ? [columns.count, rows.count] : [rows.count, columns.count];
  const [width, height] = [320, Math.min(200, Math.max(60, down * 22))];
  const [w, h] = [width / Math.min(across, 64), height / Math.min(down, 64)];
  const image = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  for (let i = 0; i < Math.min(down, 64); i += 1) {
    for (let j = 0; j < Math.min(across, 64); j += 1) {
      const index = i * across + j;
      const cell = { x: j * w, y: i * h, width: w, height: h, class: "cell", fill: palette[index % palette.length] };
      image.append(svg("rect", cell));
      if (w >= 16 && h >= 14) {
        image.append(svg("text", { class: "label", x: j * w + w / 2, y: i * h + h / 2 + 4, "text-anchor": "middle" },
          String(index)));
      }
    }
  }
  return image;
}

/** Returns how many boxes a sharding makes of each extent. */
function shardingCounts(shape, sharding) {
  const sizes = new Map(sharding.axes.map(([name, size]) => [name, size]));
  return shape.map((_, dimension) =>
    (sharding.partition[dimension] ?? []).reduce((product, axis) => product * (sizes.get(axis) ?? 1), 1));
}

function shardingFigure(node) {
  const sharding = node.sharding;
  if (!sharding) return null;
  if (sharding.device !== undefined) return facts([["device", sharding.device]]);
  const counts = shardingCounts(node.shape, sharding);
  const boxes = counts.reduce((product, count) => product * count, 1);
  const devices = sharding.axes.reduce((product, [, size]) => product * size, 1);
  const spec = node.shape.map((_, dimension) => (sharding.partition[dimension] ?? []).join("·") || "–").join(", ");
  const mesh = sharding.axes.map(([name, size]) => `${name} ${size}`).join(" × ");
  const text = `P(${spec}) over ${mesh}: ${counted(boxes, "box", "boxes")}, each on ${counted(devices / boxes, "device")}`;
  return element("figure", {}, boxes > 1 ? gridDrawing(node.shape, counts, text) : null,
    element("figcaption", {}, text));
}

function storageFigure(node) {
  const storage = node.storage;
  if (!storage) return null;
  const isOne = storage.count === 1;
  const rows = [
    [isOne ? "file" : "first file", storage.file],
    storage.offset !== null && [isOne ? "offset" : "first offset", countText(storage.offset)],
    storage.bytes !== null && ["stored", `${bytesText(storage.bytes)} (${ratioText(node.bytes, storage.bytes)})`],
    storage.filters.length > 0 && ["filters", storage.filters.join(", ")],
  ];
  const text = storage.grid ? `${counted(storage.count, "shard")}: ${storage.grid.join(" × ")}` : "";
  return element("figure", {}, facts(rows), storage.grid ? gridDrawing(node.shape, storage.grid, text) : null,
    storage.grid ? element("figcaption", {}, text) : null);
}

function ratioText(bytes, stored) {
  return stored > 0 ? `${((100 * stored) / Math.max(bytes, 1)).toFixed(0)} % of its size` : "nothing";
}

const statisticNames = ["min", "max", "mean", "std", "norm", "zeros", "NaN", "infinite"];

function statisticsFigure(node) {
  const statistics = node.statistics;
  if (!statistics) return null;
  const rows = statistics.values.map((value, index) => value !== null && [statisticNames[index], numberText(value)]);
  return element("figure", {}, facts(rows),
    statistics.histogram ? histogram(statistics.histogram) : null,
    statistics.heat ? heatMap(statistics.heat) : null);
}

function histogram({ from, to, counts }) {
  const [width, height] = [320, 90];
  const most = Math.max(...counts, 1);
  const w = width / counts.length;
  const image = svg("svg", { viewBox: `0 0 ${width} ${height + 16}`, role: "img",
    "aria-label": `Histogram from ${numberText(from)} to ${numberText(to)}` });
  counts.forEach((count, index) => {
    // A bin with one element among millions still shows.
    const h = count === 0 ? 0 : Math.max((count / most) * height, 1);
    image.append(svg("rect", { class: "fill", x: index * w + 0.5, y: height - h, width: w - 1, height: h },
      svg("title", {}, countText(count))));
  });
  image.append(svg("text", { x: 0, y: height + 13 }, numberText(from)),
    svg("text", { x: width, y: height + 13, "text-anchor": "end" }, numberText(to)));
  return element("figure", {}, image, element("figcaption", {}, "Histogram of the finite elements"));
}

/** Draws means of blocks of a matrix: blue below zero, red above it, white at zero. */
function heatMap({ rows, columns, largest, steps }) {
  const size = 320 / columns;
  const height = Math.min(size, 320 / rows);
  const image = svg("svg", { viewBox: `0 0 320 ${height * rows}`, role: "img", "aria-label": "Heat map",
    "shape-rendering": "crispEdges" });
  steps.forEach((step, index) => {
    image.append(svg("rect", { x: (index % columns) * size, y: Math.floor(index / columns) * height, width: size,
      height, fill: step === null ? "#888888" : heat(step / 100) }));
  });
  return element("figure", {}, image,
    element("figcaption", {}, `Means of ${rows} × ${columns} blocks, up to ±${numberText(largest)}`));
}

function heat(part) {
  const fade = Math.round(255 * (1 - Math.min(Math.abs(part), 1)));
  const hex = fade.toString(16).padStart(2, "0");
  return part < 0 ? `#${hex}${hex}ff` : `#ff${hex}${hex}`;
}

/** Draws values over steps; nulls are gaps. */
function lineChart(title, steps, values, text = numberText) {
  const [width, height, left, right] = [320, 130, 64, 6];
  const known = values.filter((value) => typeof value === "number" && Number.isFinite(value));
  const figure = element("figure", {}, element("figcaption", {}, title));
  if (known.length === 0) return figure;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const x = (step) => left + ((step - first) / Math.max(last - first, 1)) * (width - left - right);
  const y = (value) => height - 6 - ((value - low) / (high - low || 1)) * (height - 24);
  const image = svg("svg", { viewBox: `0 0 ${width} ${height + 16}`, role: "img",
    "aria-label": `${title}: from ${text(low)} to ${text(high)}` });
  image.append(svg("line", { class: "axis", x1: left, y1: height, x2: width, y2: height }));
  let line = "";
  values.forEach((value, index) => {
    if (typeof value !== "number" || !Number.isFinite(value)) {
      line += " ";
      return;
    }
    const point = `${x(steps[index]).toFixed(1)},${y(value).toFixed(1)}`;
    line += line === "" || line.endsWith(" ") ? `M${point}` : `L${point}`;
    if (values.length <= 60) {
      image.append(svg("circle", { class: "dot", cx: x(steps[index]), cy: y(value), r: 2.5 },
        svg("title", {}, `step ${steps[index]}: ${text(value)}`)));
    }
  });
  image.append(svg("path", { class: "line", d: line }),
    svg("text", { x: left - 6, y: 22, "text-anchor": "end" }, text(high)),
    high > low ? svg("text", { x: left - 6, y: height - 2, "text-anchor": "end" }, text(low)) : "",
    svg("text", { x: left, y: height + 13 }, `step ${first}`),
    svg("text", { x: width, y: height + 13, "text-anchor": "end" }, `step ${last}`));
  figure.append(image);
  return figure;
}
