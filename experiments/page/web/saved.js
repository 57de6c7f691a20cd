// What is taken along: the setting as YAML, data as CSV, the chart as SVG or PNG.

import { el, frame, PALETTES } from "./charts.js";
import { node } from "./controls.js";
import { pathOf } from "./runs.js";

export function save(name, content, type) {
  const link = node("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Every indicator of every whole run, week by week: a line a world, course of chance and week. */
export function csvOf(data, view) {
  const ids = Object.keys(data.indicators);
  const lines = [["world", "seed", "week", ...ids].join(",")];
  for (const world of ["a", "b"]) {
    view.done(world).forEach((result, k) => {
      const paths = ids.map((id) => pathOf(result, data.indicators[id], data));
      for (let i = 0; i < data.baseline_weeks + data.weeks; i++) {
        const cells = paths.map((path) => (Number.isNaN(path[i]) ? "" : String(path[i])));
        lines.push([world, data.images[k].seed, i - data.baseline_weeks, ...cells].join(","));
      }
    });
  }
  return lines.join("\n") + "\n";
}

/** The three charts on one sheet, in light colours, with what must be known of them. */
export function sheetOf(data, view, texts) {
  const width = 960, font = 15, high = 250, palette = PALETTES.light;
  const lines = texts.notes.flatMap((note) => wrapped(note, 140));
  const svg = frame(width, data.outcomes.length * high + 50 + lines.length * font * 1.5, font, view.FAMILY);
  svg.append(el("rect", { width: "100%", height: "100%", fill: palette.paper }));
  svg.append(el("text", { x: 20, y: 30, fill: palette.ink, "font-size": font * 1.3 }, texts.title));
  data.outcomes.forEach((id, i) => {
    const chart = frame(width - 40, high - 20, font, view.FAMILY);
    chart.setAttribute("x", 20);
    chart.setAttribute("y", 45 + i * high);
    view.drawOutcome(chart, id, palette, data.baseline_weeks + data.weeks - 1);
    svg.append(chart);
  });
  lines.forEach((line, i) => svg.append(el("text", { x: 20, y: 60 + data.outcomes.length * high + i * font * 1.5, fill: palette.quiet,
    "font-size": font * 0.85 }, line)));
  return new XMLSerializer().serializeToString(svg);
}

/** Lines of so many units, a Chinese character counting two. */
function wrapped(text, most) {
  const lines = [""];
  let used = 0;
  for (const word of text.match(/[\u3000-\uffff]|[^\u3000-\uffff\s]+\s*|\s+/g) ?? []) {
    const wide = [...word].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 255 ? 2 : 1), 0);
    if (used + wide > most) {
      lines.push("");
      used = 0;
    }
    lines[lines.length - 1] += word;
    used += wide;
  }
  return lines;
}

export async function pngOf(svg) {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  image.src = address;
  await image.decode();
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [image.width * 2, image.height * 2];
  const pen = sheet.getContext("2d");
  pen.scale(2, 2);
  pen.drawImage(image, 0, 0);
  URL.revokeObjectURL(address);
  return new Promise((go) => sheet.toBlob(go, "image/png"));
}
