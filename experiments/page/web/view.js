// What is seen of the runs: paths, figures, hours, villages, and the answer of a lesson.

import { drawHours, drawPaths, drawTiles, frame, PALETTES } from "./charts.js";
import { node } from "./controls.js";
import { amount, band, digitsFor, meanOf, quantity, smoothed, written } from "./figures.js";
import { verdict } from "./lessons.js";
import { lastYear, pathOf } from "./runs.js";

const LEAST = { share: 1, score: 2 }; // of a scale, in printed units: what moves less is no movement
const FAMILY = '"Page Sans", "Source Sans 3", "Noto Sans SC", "Helvetica Neue", Arial, "PingFang SC", "Microsoft YaHei", sans-serif';

export const paletteNow = () => PALETTES[matchMedia("(prefers-color-scheme: dark)").matches && !matchMedia("print").matches ? "dark" : "light"];
export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

export function makeView(data, state, runs, text) {
  const indicator = (id) => data.indicators[id];
  const cut = data.baseline_weeks;
  const most = () => (state.seeds === "one" ? 1 : data.images.length);
  const here = (world) => runs.resultsOf(state.worlds[world]).slice(0, most()).filter((one) => one?.ready > 0);
  const done = (world) => runs.resultsOf(state.worlds[world]).slice(0, most()).filter((one) => one?.ready === data.weeks);
  const pairs = () => Math.min(done("a").length, done("b").length);
  const veiled = () => Boolean(state.lesson) && !state.guess;

  /** Smoothed paths of a world, course by course; whole runs only once there is one. */
  function pathsOf(world, id) {
    const results = done(world).length ? done(world) : here(world);
    return results.map((result) => {
      const key = `smooth ${id}`;
      if (result.ready === data.weeks && result.paths.has(key)) return result.paths.get(key);
      const found = smoothed(pathOf(result, indicator(id), data), cut);
      if (result.ready === data.weeks) result.paths.set(key, found);
      return found;
    });
  }

  function linesOf(id, palette) {
    const a = pathsOf("a", id), b = pathsOf("b", id);
    if (state.show === "difference") {
      const n = Math.min(a.length, b.length);
      const changes = a.slice(0, n).map((path, k) => path.map((value, i) => b[k][i] - value));
      return n && !veiled() ? [{ label: "B\u2212A", colour: palette.b, band: band(changes) }] : [];
    }
    const lines = [{ label: "A", colour: palette.a, dashed: true, band: a.length ? band(a) : null }];
    if (!veiled()) lines.push({ label: "B", colour: palette.b, band: b.length ? band(b) : null });
    return lines;
  }

  const calendar = { year: (n) => text("year", { n }), get before() { return text("before"); } };

  function drawOutcome(svg, id, palette, upto = state.week + cut) {
    const about = indicator(id), how = about.quantity[state.language];
    const change = state.show === "difference";
    drawPaths(svg, {
      lines: linesOf(id, palette), title: about.label[state.language], unit: change ? how.axis_change_unit : how.axis_unit, upto, cut,
      factor: how.factor, least: LEAST[about.unit === "share" ? "share" : "score"], palette, words: calendar, zero: change,
      write: (value) => amount(about, state.language, value, change) + (how.factor === 100 && !change ? "%" : ""),
    });
    const at = (world) => {
      const paths = pathsOf(world, id);
      return paths.length ? quantity(about, state.language, meanOf(paths.map((path) => path[upto]))) : "\u2013";
    };
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", text("chart_alt", { name: about.label[state.language], week: state.week, a: at("a"),
      b: veiled() ? "\u2013" : at("b") }));
  }

  function canvas(place, heightOf) {
    const width = Math.max(280, place.clientWidth), font = Math.max(13, rem() * 0.88);
    const svg = frame(Math.round(width), Math.round(heightOf(width, font)), font, FAMILY);
    place.replaceChildren(svg);
    return svg;
  }

  function drawPathsOf() {
    const place = document.getElementById("paths");
    data.outcomes.forEach((id, i) => {
      place.children[i] ?? place.append(node("figure", {}));
      drawOutcome(canvas(place.children[i], (width, font) => Math.min(font * 17, Math.max(font * 13, width * 0.3))), id, paletteNow());
    });
    const note = document.getElementById("paths-note");
    const running = pairs() < most();
    note.textContent = running && most() > 1 ? text("note_running", { done: pairs(), count: most() })
      : most() === 1 ? text("note_one") : text("note_many", { count: most() });
  }

  /** Figures of the last year of both worlds and their differences, course by course. */
  function compared(id) {
    const about = indicator(id), n = pairs();
    const [a, b] = ["a", "b"].map((world) => done(world).slice(0, n).map((result) => lastYear(result, about, data)));
    const changes = b.map((value, k) => value - a[k]);
    return { about, a, b, changes, said: (value, change) => quantity(about, state.language, value, change) };
  }

  function agreement(changes) {
    if (changes.length === 1) return text("one_course");
    const up = changes.filter((one) => one > 0).length, down = changes.filter((one) => one < 0).length;
    const [count, way] = up === 0 && down === 0 ? [changes.length, "way_same"] : up >= down ? [up, "way_up"] : [down, "way_down"];
    return text("agree", { count, all: changes.length, way: text(way) });
  }

  function drawFigures() {
    const table = document.getElementById("figures");
    const head = node("tr", {}, ...["figure", "world_a", "world_b", "change", "sure"].map((word, i) =>
      node("th", { scope: "col", class: i && i < 4 ? "n" : "" }, text(word))));
    const rows = pairs() === 0 || veiled() ? [] : data.figures.map((id) => {
      const { about, a, b, changes } = compared(id);
      const most = Math.max(...changes.map(Math.abs));
      const said = (value, change) => amount(about, state.language, value, change, change ? most : value);
      const unit = about.quantity[state.language].axis_unit;
      const spread = changes.length > 1
        ? ` [${text("from_to", { low: said(Math.min(...changes), true), high: said(Math.max(...changes), true) })}]` : "";
      return node("tr", {}, node("th", { scope: "row", title: about.sentence }, about.label[state.language],
        node("span", { class: "unit" }, unit)), node("td", { class: "n" }, said(meanOf(a))), node("td", { class: "n" }, said(meanOf(b))),
        node("td", { class: "n" }, said(meanOf(changes), true), node("span", { class: "spread" }, spread)),
        node("td", {}, agreement(changes)));
    });
    table.replaceChildren(node("thead", {}, head), node("tbody", {}, ...rows));
  }

  function drawHoursOf() {
    const palette = paletteNow(), worlds = veiled() ? ["a"] : ["a", "b"];
    const names = Object.fromEntries(data.hours.map((id) => [id, indicator(id).label[state.language]]));
    const bars = worlds.filter((world) => here(world).length).map((world) => ({
      label: world.toUpperCase(), colour: palette[world],
      shares: Object.fromEntries(data.hours.map((id) => [id, meanOf(pathsOf(world, id).map((path) => path[state.week + cut] || 0))])),
    }));
    const place = document.getElementById("hours");
    const svg = canvas(place, (width, font) => font * 12);
    const needed = drawHours(svg, { bars, names, palette });
    svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${Math.ceil(needed)}`);
    svg.setAttribute("height", Math.ceil(needed));
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", bars.map(({ label, shares }) => `${label}: ` + data.hours.map((id) =>
      `${names[id]} ${Math.round(100 * shares[id])}%`).join(", ")).join("; "));
  }

  function drawTilesOf() {
    const palette = paletteNow(), worlds = veiled() ? ["a"] : ["a", "b"];
    const first = worlds.map((world) => runs.resultsOf(state.worlds[world])[0]);
    if (!first.every((result) => result?.villages.length)) return;
    const at = (result) => result.villages[Math.min(Math.max(0, state.week + 1), result.villages.length - 1)][state.tiles];
    const every = first.flatMap((result) => result.villages.flatMap((villages) => [...villages[state.tiles]]));
    const range = [every.reduce((p, q) => Math.min(p, q)), every.reduce((p, q) => Math.max(p, q))];
    const write = (value) => written(value, Math.max(0, Math.min(1, digitsFor(range[1]))));
    const sizes = [...first[0].sizes];
    const svg = canvas(document.getElementById("tiles"), (width, font) => font * 3.4 * worlds.length);
    const names = (v) => text("village", { n: v + 1 });
    const rows = worlds.map((world, i) => ({ label: world.toUpperCase(), colour: palette[world], values: at(first[i]) }));
    drawTiles(svg, { rows, sizes, range, write, names, palette });
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", rows.map(({ label, values }) => `${label}: ` + [...values].map((value, v) =>
      `${names(v)} ${write(value)}`).join(", ")).join("; "));
    document.getElementById("tiles-note").textContent = text("tiles_say", { unit: text(`unit_${state.tiles}`),
      week: text("week_now", { week: Math.max(0, state.week) }), note: text("villages_note") });
  }

  /** The answer of a lesson, in words that its own numbers choose. */
  function answerOf(lesson) {
    const count = pairs();
    if (!count || count < most()) return null;
    const { about, a, b, changes, said } = compared(lesson.of);
    const found = count > 1 ? verdict(changes, meanOf(a)) : null;
    const sentence = (id) => {
      const one = compared(id);
      return text("answer_text", { name: one.about.label[state.language], a: one.said(meanOf(one.a)), b: one.said(meanOf(one.b)),
        change: one.said(meanOf(one.changes), true) });
    };
    const parts = [text("answer_text", { name: about.label[state.language], a: said(meanOf(a)), b: said(meanOf(b)),
      change: said(meanOf(changes), true) })];
    if (!found) parts.push(text("note_one"));
    else parts.push(text(`answer_${found}`, { count }));
    if (found && state.guess !== "none") {
      parts.push((state.guess === "same" ? !["up", "down"].includes(found) : state.guess === found) ? text("answer_right") : text("answer_wrong", { guess: text(`predict_${state.guess}`) }));
    }
    return { lead: parts, also: lesson.also.map(sentence) };
  }

  function drawAll() {
    drawPathsOf();
    drawFigures();
    drawHoursOf();
    drawTilesOf();
  }

  function drawMoment() {
    drawPathsOf();
    drawHoursOf();
    drawTilesOf();
  }

  return { drawAll, drawMoment, drawOutcome, answerOf, compared, pairs, most, done, veiled, indicator, FAMILY };
}
