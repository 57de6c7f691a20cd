// The page put together: what is chosen, what is run for it, what is shown of it.

import { bytesOf, openModel } from "./model.js";
import { PALETTES } from "./charts.js";
import { choice, leverRow, measureGroups, node } from "./controls.js";
import { lessonsOf } from "./lessons.js";
import { lastYear, makeRuns, pathOf } from "./runs.js";
import { csvOf, pngOf, save, sheetOf } from "./saved.js";
import { copyOf, DEFAULT_VIEW, emptyOrder, fromFragment, toFragment, toLine, toYaml } from "./setting.js";
import { makeView } from "./view.js";
import { written } from "./figures.js";

const began = performance.now();
const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const lessons = lessonsOf(data);
const state = { ...DEFAULT_VIEW, language: data.language, worlds: { a: emptyOrder(), b: emptyOrder() }, edited: "b",
  week: data.weeks - 1, speed: 13, playing: false, guess: "", notes: [] };

function text(key, parts = {}) {
  let found = data.words[state.language][key];
  for (const [name, value] of Object.entries(parts)) found = found.replaceAll(`{${name}}`, value);
  return found;
}

const blob = (name) => bytesOf($(name).textContent);
const SPEEDS = [4, 13, 52];
const BETWEEN = 120; // milliseconds between two drawings while runs are made
let model, runs, view, later = 0, frameAsked = false, drawnAt = 0;

function drawSoon() {
  if (frameAsked) return;
  frameAsked = true;
  const draw = () => {
    frameAsked = false;
    drawnAt = performance.now();
    view.drawAll();
    drawLesson();
    sayWhere();
  };
  setTimeout(() => requestAnimationFrame(draw), Math.max(0, drawnAt + BETWEEN - performance.now()));
}

/** After a change of a world: one course of chance at once, the others when the hand rests. */
async function rerun(wait = 160) {
  const number = ++later;
  document.body.dataset.asked = String(number);
  const at = performance.now();
  sayTaken();
  if (!(await runs.request(state.worlds, 1)) || number !== later) return;
  view.drawAll();
  document.body.dataset.firstMs = (performance.now() - at).toFixed(1);
  drawLesson();
  if (view.most() > 1) {
    await new Promise((go) => setTimeout(go, wait));
    if (number !== later) return;
    const from = performance.now();
    if (!(await runs.request(state.worlds, view.most())) || number !== later) return;
    document.body.dataset.allMs = (performance.now() - from).toFixed(1);
  }
  view.drawAll();
  drawLesson();
  tell();
  document.body.dataset.ready = String(number);
}

function changed() {
  notice([]);
  drawWorlds();
  rerun();
}

/** Say the result to those who listen. */
function tell() {
  if (view.veiled() || !view.pairs()) return;
  $("told").textContent = data.outcomes.map((id) => {
    const { about, a, b, changes, said } = view.compared(id);
    const mean = (values) => values.reduce((p, q) => p + q, 0) / values.length;
    return text("answer_text", { name: about.label[state.language], a: said(mean(a)), b: said(mean(b)), change: said(mean(changes), true) });
  }).join(" ");
}

function notice(keys) {
  state.notes = keys;
  $("notice").hidden = !keys.length;
  $("notice").textContent = keys.map((key) => text(key)).join(" ");
}

// ---------------------------------------------------------------- what is chosen

function nameOf(world) {
  const order = state.worlds[world];
  const count = Object.keys(order.measures).length + Object.keys(order.levers).length;
  return text("world_says", { world: text(`world_${world}`), what: count ? text("ordered", { count }) : text("as_today") });
}

function drawWorlds() {
  const focused = document.activeElement?.dataset?.world;
  $("worlds").replaceChildren(...["b", "a"].map((world) => {
    const button = node("button", { "data-world": world, "aria-pressed": String(state.edited === world), class: `world-${world}` }, nameOf(world));
    button.addEventListener("click", () => {
      state.edited = world;
      drawControls();
    });
    return button;
  }));
  if (focused) $("worlds").querySelector(`[data-world=${focused}]`)?.focus();
}

function drawControls() {
  drawWorlds();
  const order = state.worlds[state.edited];
  const tools = { text, language: state.language, weeks: data.weeks, change: changed };
  const lever = (id) => data.levers.find((one) => one.id === id);
  $("controls").setAttribute("aria-label", text("edit_world", { world: text(`world_${state.edited}`) }));
  $("dials").replaceChildren(...data.dials.map((id) => leverRow(lever(id), order, tools)));
  const further = data.levers.filter(({ id }) => !data.dials.includes(id) && ["a", "b"].some((world) => state.worlds[world].levers[id]));
  $("levers-section").hidden = !further.length;
  $("levers").replaceChildren(...further.map((one) => leverRow(one, order, tools)));
  measureGroups($("measures"), data, order, tools);
}

function drawChoices() {
  choice($("show"), "show", text("show"), [["paths", text("paths")], ["difference", text("difference")]], state.show, (value) => {
    state.show = value;
    view.drawAll();
    sayTaken();
  });
  const several = data.images.length;
  choice($("seeds"), "seeds", text("seeds"), [["one", text("one_seed")], ...(several > 1 ? [["many", text("many_seeds", { count: several })]] : [])],
    several > 1 ? state.seeds : "one", (value) => {
      state.seeds = value;
      rerun(0);
    });
  choice($("tile-choice"), "tiles", text("show"), ["satisfaction", "diversion", "waiting", "paper"].map((id) => [id, text(`tile_${id}`)]),
    state.tiles, (value) => {
      state.tiles = value;
      view.drawMoment();
      sayTaken();
    });
  $("speed").replaceChildren(...SPEEDS.map((count) => node("option", { value: count, selected: count === state.speed }, text("weeks_a_second", { count }))));
}

// ---------------------------------------------------------------- lessons

function drawLessonList() {
  $("lessons").replaceChildren(...lessons.map(({ id }) => {
    const button = node("button", { "aria-pressed": String(state.lesson === id), "data-lesson": id }, text(`lesson_${id}`));
    button.addEventListener("click", () => openLesson(id));
    return button;
  }));
}

function openLesson(id) {
  const lesson = lessons.find((one) => one.id === id);
  Object.assign(state, { lesson: id, guess: "", edited: "b", week: data.weeks - 1, playing: false });
  state.worlds = { a: copyOf(lesson.a), b: copyOf(lesson.b) };
  drawWords();
  rerun(0);
  $("lesson").querySelector("input")?.focus({ preventScroll: true });
}

function drawLesson() {
  const place = $("lesson"), lesson = lessons.find(({ id }) => id === state.lesson);
  place.hidden = !lesson;
  if (!lesson) return;
  const answer = state.guess ? view.answerOf(lesson) : null;
  const key = JSON.stringify([state.lesson, state.guess, state.language, answer]);
  if (place.dataset.drawn === key) return;
  place.dataset.drawn = key;
  const pick = (guess) => {
    state.guess = guess;
    view.drawAll();
    drawLesson();
    tell();
  };
  const options = ["up", "same", "down"].map((way) => {
    const input = node("input", { type: "radio", name: "guess", value: way });
    input.checked = state.guess === way;
    input.addEventListener("change", () => pick(way));
    return node("label", {}, input, node("span", {}, text(`predict_${way}`)));
  });
  const leave = node("button", {}, text("leave_lesson"));
  leave.addEventListener("click", () => {
    Object.assign(state, { lesson: "", guess: "" });
    drawWords();
    view.drawAll();
    sayTaken();
    $("lessons").querySelector(`[data-lesson=${lesson.id}]`).focus();
  });
  const show = node("button", {}, text("no_prediction"));
  show.addEventListener("click", () => pick("none"));
  const asked = data.indicators[lesson.of].label[state.language];
  const held = place.contains(document.activeElement);
  place.replaceChildren(
    node("h3", {}, text(`lesson_${lesson.id}`)), node("p", { class: "question" }, text(`lesson_${lesson.id}_q`)),
    node("fieldset", { class: "choice" }, node("legend", {}, text("predict", { name: asked })), ...options, state.guess ? "" : show),
    state.guess ? node("div", { class: "answer", role: "status" }, ...(answer
      ? [node("h4", {}, text("answer")), node("p", {}, answer.lead.join(text("joint"))), node("p", { class: "note" }, text("answer_also", { what: answer.also.join(text("joint")) }))] : []))
      : node("p", { class: "note" }, text("predict_first")),
    leave);
  if (held) (place.querySelector("input:checked") ?? leave).focus({ preventScroll: true });
}

// ---------------------------------------------------------------- time

function sayWhere() {
  $("week").value = state.week;
  $("week-label").textContent = text("week_now", { week: written(state.week, 0) });
  $("week").setAttribute("aria-valuetext", text("week_now", { week: written(state.week, 0) }));
  $("play").textContent = text(state.playing ? "pause" : "play");
}

function goTo(week) {
  state.week = Math.max(-data.baseline_weeks, Math.min(data.weeks - 1, week));
  view.drawMoment();
  sayWhere();
}

function play() {
  state.playing = !state.playing;
  if (state.playing && state.week >= data.weeks - 1) state.week = -1;
  const from = state.week, since = performance.now(), speed = state.speed;
  const tick = (now) => {
    if (!state.playing) return;
    if (state.speed !== speed) {
      state.playing = false;
      return play();
    }
    const week = from + Math.floor(((now - since) / 1000) * speed);
    if (week !== state.week) goTo(week);
    if (state.week >= data.weeks - 1) state.playing = false;
    else requestAnimationFrame(tick);
    sayWhere();
  };
  sayWhere();
  requestAnimationFrame(tick);
}

// ---------------------------------------------------------------- to take along

function sayTaken() {
  $("line").textContent = toLine(state, data);
  history.replaceState(null, "", toFragment(state, data));
}

const chartNotes = () => [`${nameOf("a")}; ${nameOf("b")}`, $("paths-note").textContent, text("desktop_note", { version: data.version }),
  toLine(state, data), text("limits_text")];
const sheet = () => sheetOf(data, view, { title: $("facts").textContent, notes: chartNotes() });

function listen() {
  const on = (id, action, event = "click") => $(id).addEventListener(event, action);
  const stop = (action) => () => {
    state.playing = false;
    action();
    sayWhere();
  };
  on("play", play);
  on("step", stop(() => goTo(state.week >= data.weeks - 1 ? 0 : state.week + 1)));
  on("reset", stop(() => goTo(-1)));
  on("end", stop(() => goTo(data.weeks - 1)));
  on("week", stop(() => goTo(Number($("week").value))), "input");
  on("speed", () => (state.speed = Number($("speed").value)), "change");
  on("language", () => {
    state.language = state.language === "zh" ? "en" : "zh";
    drawWords();
    view.drawAll();
    sayTaken();
  });
  const order = (change) => () => {
    change();
    drawControls();
    changed();
  };
  const all = () => Object.fromEntries(data.measures.map(({ id, start }) => [id, { value: 1, start, end: null }]));
  on("all-on", order(() => (state.worlds[state.edited].measures = all())));
  on("all-off", order(() => (state.worlds[state.edited].measures = {})));
  on("like-b", order(() => (state.worlds.a = copyOf(state.worlds.b))));
  on("both-today", order(() => (state.worlds = { a: emptyOrder(), b: emptyOrder() })));
  on("copy-link", async () => {
    sayTaken();
    const done = await Promise.resolve(navigator.clipboard?.writeText(location.href).then(() => true)).catch(() => false);
    $("copy-link").textContent = text(done ? "copied" : "copy_by_hand");
    setTimeout(() => ($("copy-link").textContent = text("copy_link")), 2000);
  });
  on("save-yaml", () => save("town_page.yaml", toYaml(state, data, text), "text/yaml"));
  on("save-csv", () => save("town_page.csv", csvOf(data, view), "text/csv"));
  on("save-svg", () => save("town_page.svg", sheet(), "image/svg+xml"));
  on("save-png", async () => save("town_page.png", await pngOf(sheet()), "image/png"));
  document.querySelector("[data-skip]").addEventListener("click", (event) => {
    event.preventDefault();
    $("charts").focus();
  });
  addEventListener("hashchange", () => open(location.hash));
  addEventListener("resize", drawSoon);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawSoon);
  addEventListener("beforeprint", () => view.drawAll());
}

function drawWords() {
  document.documentElement.lang = state.language;
  document.title = text("title");
  for (const place of document.querySelectorAll("[data-word]")) place.textContent = text(place.dataset.word);
  $("language").textContent = text("switch_language");
  $("language").lang = state.language === "zh" ? "en" : "zh";
  $("facts").textContent = text("town_facts", { town: data.town.label[state.language], residents: written(data.town.residents, 0),
    villages: data.town.villages, weeks: data.weeks });
  $("desktop-note").textContent = text("desktop_note", { version: data.version });
  notice(state.notes);
  drawControls();
  drawChoices();
  drawLessonList();
  drawLesson();
  sayWhere();
}

function open(fragment) {
  const { state: told, notes } = fromFragment(fragment, data, lessons);
  Object.assign(state, told, { guess: "", notes });
  drawWords();
  rerun(0);
}

async function main() {
  notice(["loading"]);
  try {
    model = await openModel(data, blob);
    runs = makeRuns(model, drawSoon, (key) => notice([key]));
  } catch (error) {
    notice(["failed"]);
    throw error;
  }
  view = makeView(data, state, runs, text);
  [$("week").min, $("week").max] = [-data.baseline_weeks, data.weeks - 1];
  $("page").hidden = false;
  listen();
  open(location.hash);
  document.body.dataset.loadMs = (performance.now() - began).toFixed(1);
}

// For those who look under the bonnet, and for the tests.
globalThis.townPage = { state, data, rerun, pathOf, lastYear, palettes: PALETTES, toYaml: () => toYaml(state, data, text),
  sheet, memoryBytes: () => model.memory.buffer.byteLength, get view() { return view; } };
main();
