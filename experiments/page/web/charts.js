// Charts as SVG, written by hand: paths with a band, hours as bars, villages as tiles. Every colour is an attribute,
// so that what is saved looks like what is seen.

const SPACE = "http://www.w3.org/2000/svg";

export const PALETTES = {
  light: { paper: "#ffffff", ink: "#1c2630", quiet: "#56616b", grid: "#e3e6e9", a: "#5f6a73", b: "#0f4c81", wash: "#0f4c81",
    tiles: ["#eaf1f7", "#0b3a63"] },
  dark: { paper: "#12181e", ink: "#eef2f5", quiet: "#a9b4bd", grid: "#2b353e", a: "#aeb9c2", b: "#7cbcf2", wash: "#7cbcf2",
    tiles: ["#1f2b36", "#8cc6f5"] },
};

const ACTIVITIES = { // as analysis/figures/style.py: told apart by lightness first
  compliance_share: ["#33414d", "#ffffff"], casework_share: ["#8fb4d1", "#1c2630"], policy_share: ["#c9d6df", "#1c2630"],
  field_share: ["#2a736d", "#ffffff"], initiative_share: ["#f0c766", "#1c2630"], slack_share: ["#f3f1ec", "#1c2630"],
};

export function el(name, attributes = {}, text = null) {
  const node = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== null) node.textContent = text;
  return node;
}

export function frame(width, height, font, family) {
  return el("svg", { xmlns: SPACE, viewBox: `0 0 ${width} ${height}`, width, height, "font-size": font, "font-family": family });
}

/** Round ends and steps of a scale that holds all values; a narrow range is widened to show that little moves. */
function scaleOf(values, least) {
  let low = Math.min(...values), high = Math.max(...values);
  if (high - low < least) [low, high] = [(low + high - least) / 2, (low + high + least) / 2];
  const rough = (high - low) / 3, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((one) => one >= rough);
  const first = Math.floor(low / step + 1e-9), last = Math.ceil(high / step - 1e-9);
  const ticks = [];
  for (let i = first; i <= last; i++) ticks.push(i * step);
  return { low: first * step, high: last * step, step, ticks };
}

function path(values, x, y, upto) {
  let d = "", open = false;
  for (let i = 0; i < Math.min(values.length, upto + 1); i++) {
    if (Number.isNaN(values[i])) open = false;
    else {
      d += `${open ? "L" : "M"}${x(i).toFixed(1)},${y(values[i]).toFixed(1)}`;
      open = true;
    }
  }
  return d;
}

function area(low, high, x, y, upto) {
  const there = [];
  for (let i = 0; i < Math.min(low.length, upto + 1); i++) if (!Number.isNaN(low[i])) there.push(i);
  if (!there.length) return "";
  const corners = (row, order) => order.map((i) => `${x(i).toFixed(1)},${y(row[i]).toFixed(1)}`);
  return `M${[...corners(high, there), ...corners(low, [...there].reverse())].join("L")}Z`;
}

/** Where labels stand that would lie on each other: pushed apart, kept between two heights. */
function apart(heights, room, low, high) {
  const order = heights.map((height, i) => [height, i]).sort((p, q) => p[0] - q[0]);
  const found = [...heights];
  for (let k = 1; k < order.length; k++) {
    const [above, below] = [order[k - 1][1], order[k][1]];
    const lack = room - (found[below] - found[above]);
    if (lack > 0) {
      found[above] -= lack / 2;
      found[below] += lack / 2;
    }
  }
  const shift = Math.max(0, low - Math.min(...found)) - Math.max(0, Math.max(...found) - high);
  return found.map((height) => height + shift);
}

/**
 * Paths of one outcome. `lines`: {key, label, colour, dashed, band: {mean, low, high} | null}, in weeks from the year before;
 * `upto`: index of the week reached; `write`: value -> text of a level.
 */
export function drawPaths(svg, { lines, title, unit, upto, cut, factor, least, write, palette, words, zero }) {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const font = Number(svg.getAttribute("font-size"));
  const top = font * 3.1, bottom = height - font * 1.7, left = font * 2.9, right = width - font * 5.2;
  svg.replaceChildren(el("rect", { width, height, fill: palette.paper }));
  const heading = el("text", { x: 0, y: font * 1.15, fill: palette.ink, "font-size": font * 1.12 }, title);
  heading.append(el("tspan", { fill: palette.quiet, "font-size": font * 0.9, dx: font * 0.5 }, unit));
  svg.append(heading);
  const bands = lines.map(({ band }) => band).filter(Boolean);
  const present = bands.flatMap(({ low, high }) => [...low, ...high]).filter((value) => !Number.isNaN(value));
  if (!present.length) return;
  const { low, high, step, ticks } = scaleOf([...present, ...(zero ? [0] : [])].map((value) => value * factor), least);
  const count = bands[0].mean.length;
  const x = (i) => left + ((right - left) * i) / (count - 1);
  const y = (value) => bottom - ((bottom - top) * (value * factor - low)) / (high - low);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) + (/[.]?25/.test(String(step)) && step < 10 && step !== 25 ? 1 : 0);
  for (const tick of ticks) {
    const h = y(tick / factor), strong = zero && Math.abs(tick) < step / 1e6;
    svg.append(el("line", { x1: left, x2: right, y1: h, y2: h, stroke: strong ? palette.quiet : palette.grid }));
    const text = tick.toLocaleString("en-US", { minimumFractionDigits: Math.min(digits, 4), maximumFractionDigits: Math.min(digits, 4) });
    svg.append(el("text", { x: left - font * 0.4, y: h + font * 0.34, fill: palette.quiet, "text-anchor": "end", "font-size": font * 0.88 },
      text.replace("-", "\u2212")));
  }
  drawCalendar(svg, { x, top, bottom, cut, count, font, palette, words, width: right - left });
  for (const { band, colour, dashed } of lines) {
    if (!band) continue;
    const ribbon = area(band.low, band.high, x, y, upto);
    if (ribbon) svg.append(el("path", { d: ribbon, fill: colour, "fill-opacity": 0.16 }));
    svg.append(el("path", { d: path(band.mean, x, y, upto), fill: "none", stroke: colour, "stroke-width": font * 0.16,
      "stroke-linejoin": "round", ...(dashed ? { "stroke-dasharray": `${font * 0.45} ${font * 0.3}` } : {}) }));
  }
  const ends = lines.filter(({ band }) => band).map((line) => ({ line, value: line.band.mean[Math.min(upto, count - 1)] }))
    .filter(({ value }) => !Number.isNaN(value));
  const heights = apart(ends.map(({ value }) => y(value)), font * 1.25, top, bottom);
  ends.forEach(({ line, value }, i) => {
    const at = x(Math.min(upto, count - 1));
    svg.append(el("circle", { cx: at, cy: y(value), r: font * 0.22, fill: line.colour }));
    svg.append(el("text", { x: at + font * 0.45, y: heights[i] + font * 0.36, fill: line.colour, "font-weight": 600 },
      `${line.label} ${write(value)}`));
  });
}

function drawCalendar(svg, { x, top, bottom, cut, count, font, palette, words, width }) {
  const small = font * 0.88;
  svg.append(el("line", { x1: x(cut), x2: x(cut), y1: top - font * 0.3, y2: bottom, stroke: palette.quiet }));
  const years = Math.floor((count - cut) / 52);
  const short = width / (years + 1) < font * 4.6;
  for (let year = 0; year <= years; year++) {
    const at = x(cut + 52 * year);
    if (year) svg.append(el("line", { x1: at, x2: at, y1: top, y2: bottom, stroke: palette.grid }));
    if (year === years) break;
    const label = short ? String(year + 1) : words.year(year + 1);
    svg.append(el("text", { x: x(cut + 52 * year + 26), y: bottom + font * 1.25, fill: palette.quiet, "text-anchor": "middle",
      "font-size": small }, label));
  }
  if (!short) {
    svg.append(el("text", { x: x(cut / 2), y: bottom + font * 1.25, fill: palette.quiet, "text-anchor": "middle",
      "font-size": small }, words.before));
  }
}

/** Hours of the week: a bar a world. `bars`: {label, colour, shares: {id: share}}. */
export function drawHours(svg, { bars, names, palette }) {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const font = Number(svg.getAttribute("font-size"));
  svg.replaceChildren(el("rect", { width, height, fill: palette.paper }));
  const left = font * 1.6, thick = font * 2.2;
  bars.forEach(({ label, colour, shares }, row) => {
    const top = font * 0.2 + row * (thick + font * 0.6);
    svg.append(el("text", { x: 0, y: top + thick / 2 + font * 0.36, fill: colour, "font-weight": 600 }, label));
    let at = left;
    for (const [id, [fill, ink]] of Object.entries(ACTIVITIES)) {
      const wide = (width - left) * shares[id];
      svg.append(el("rect", { x: at, y: top, width: Math.max(0, wide), height: thick, fill, stroke: palette.paper }));
      if (wide > font * 2.4) {
        svg.append(el("text", { x: at + wide / 2, y: top + thick / 2 + font * 0.34, fill: ink, "text-anchor": "middle",
          "font-size": font * 0.92 }, `${Math.round(100 * shares[id])}%`));
      }
      at += wide;
    }
  });
  let x = left, y = font * 0.2 + bars.length * (thick + font * 0.6) + font * 0.9;
  for (const [id, [fill]] of Object.entries(ACTIVITIES)) {
    const wide = font * (1.6 + textWidth(names[id]));
    if (x + wide > width && x > left) {
      x = left;
      y += font * 1.5;
    }
    svg.append(el("rect", { x, y: y - font * 0.7, width: font * 0.8, height: font * 0.8, fill, stroke: palette.quiet }));
    svg.append(el("text", { x: x + font * 1.15, y, fill: palette.ink, "font-size": font * 0.92 }, names[id]));
    x += wide + font * 0.5;
  }
  return y + font;
}

/** Width of a text in units of its font: a Chinese character one, a Latin letter about half. */
export const textWidth = (text) => [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 255 ? 0.95 : 0.52), 0);

const channels = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

function mixed([from, to], part) {
  const [p, q] = [channels(from), channels(to)];
  return "#" + p.map((c, i) => Math.round(c + (q[i] - c) * part).toString(16).padStart(2, "0")).join("");
}

function light(colour) {
  const [r, g, b] = channels(colour).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Villages as tiles, a row a world. `rows`: {label, colour, values}; `range`: [low, high] of the scale. */
export function drawTiles(svg, { rows, sizes, range, write, names, palette }) {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const font = Number(svg.getAttribute("font-size"));
  svg.replaceChildren(el("rect", { width, height, fill: palette.paper }));
  const left = font * 1.6, gap = font * 0.25, all = sizes.reduce((a, b) => a + b, 0);
  const high = (height - font * 0.4) / rows.length - gap;
  rows.forEach(({ label, colour, values }, row) => {
    const top = row * (high + gap);
    svg.append(el("text", { x: 0, y: top + high / 2 + font * 0.36, fill: colour, "font-weight": 600 }, label));
    let x = left;
    sizes.forEach((size, v) => {
      const wide = ((width - left) * size) / all - gap;
      const part = range[1] > range[0] ? (values[v] - range[0]) / (range[1] - range[0]) : 0.5;
      const fill = mixed(palette.tiles, Math.min(1, Math.max(0, part)));
      const tile = el("rect", { x, y: top, width: Math.max(1, wide), height: high, rx: font * 0.15, fill });
      tile.append(el("title", {}, `${names(v)}: ${write(values[v])}`));
      svg.append(tile);
      const text = write(values[v]);
      if (wide > font * (textWidth(text) + 0.4)) {
        svg.append(el("text", { x: x + wide / 2, y: top + high / 2 + font * 0.36, "text-anchor": "middle",
          fill: light(fill) > 0.2 ? "#12181e" : "#ffffff" }, text));
      }
      x += wide + gap;
    });
  });
}
