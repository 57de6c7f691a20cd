// A setting: two worlds, how many courses of chance, what is shown. As a link, as YAML and as a line for the desktop.

export const DEFAULT_VIEW = { seeds: "many", tiles: "satisfaction", lesson: "", show: "paths" };

export const emptyOrder = () => ({ measures: {}, levers: {} });
export const copyOf = (order) => JSON.parse(JSON.stringify(order));
export const keyOf = (order) => JSON.stringify([order.measures, order.levers], (_, value) => value);

const isPlain = (value) => /^[0-9]{1,7}(\.[0-9]{1,6})?$/.test(value);

/** One entry `id:value`, `id:value:start` or `id:value:start:end`, checked against its bounds; null if it is not one. */
function readEntry(text, data) {
  const parts = text.split(":");
  const [id, value, start = "0", end = ""] = parts;
  const measure = data.measures.find((one) => one.id === id);
  const lever = data.levers.find((one) => one.id === id);
  const known = lever && !measure ? lever : measure ? { low: 0, high: 1 } : null;
  if (!known || parts.length > 4 || !isPlain(value ?? "") || !isPlain(start) || (end !== "" && !isPlain(end))) return null;
  const number = Number(value), from = Number(start), to = end === "" ? null : Number(end);
  const whole = Number.isInteger(from) && (to === null || Number.isInteger(to));
  const inside = number >= known.low && number <= known.high && from < data.weeks;
  if (!whole || !inside || (to !== null && (to <= from || to > data.weeks))) return null;
  return { group: measure ? "measures" : "levers", id, use: { value: number, start: from, end: to } };
}

/** A lever and a measure may share a name (asset_platform): a lever is written with a leading l. */
function readOrder(text, data) {
  const order = emptyOrder();
  let clean = true;
  for (const part of text.split(",").filter(Boolean).slice(0, 80)) {
    const own = part.startsWith("l.");
    const entry = readEntry(own ? part.slice(2) : part, own ? { ...data, measures: [] } : data);
    if (entry) order[entry.group][entry.id] = entry.use;
    else clean = false;
  }
  return { order, clean };
}

function orderText(order, data) {
  const entry = (id, use, mark) =>
    `${mark}${id}:${use.value}` + (use.start || use.end !== null ? `:${use.start}` : "") + (use.end === null ? "" : `:${use.end}`);
  return [
    ...data.levers.filter(({ id }) => order.levers[id]).map(({ id }) => entry(id, order.levers[id], "l.")),
    ...data.measures.filter(({ id }) => order.measures[id]).map(({ id }) => entry(id, order.measures[id], "")),
  ].join(",");
}

export function toFragment(state, data) {
  const parts = { m: data.version, town: townKey(data), lang: state.language };
  for (const world of ["a", "b"]) {
    const text = orderText(state.worlds[world], data);
    if (text) parts[world] = text;
  }
  for (const name of Object.keys(DEFAULT_VIEW)) if (state[name] !== DEFAULT_VIEW[name]) parts[name] = state[name];
  return "#" + Object.entries(parts).map(([key, value]) => `${key}=${value}`).join("&");
}

const townKey = (data) => `${data.town.id}.${data.town.residents}.${data.weeks}.${data.images[0].seed}`;

/** What a fragment says, as far as it is understood: (state, notes). Nothing of it is ever shown or run. */
export function fromFragment(fragment, data, lessons) {
  const allowed = {
    lang: ["zh", "en"], seeds: ["one", "many"], show: ["paths", "difference"],
    tiles: ["satisfaction", "diversion", "waiting", "paper"], lesson: lessons.map(({ id }) => id),
  };
  const state = { ...DEFAULT_VIEW, worlds: { a: emptyOrder(), b: emptyOrder() } };
  const notes = new Set();
  let text = fragment.slice(1, 8000);
  try {
    text = decodeURIComponent(text);
  } catch {
    notes.add("link_parts");
  }
  for (const part of text.split("&").filter(Boolean)) {
    const [key, value = ""] = part.split(/=(.*)/s);
    if (key === "a" || key === "b") {
      const { order, clean } = readOrder(value, data);
      state.worlds[key] = order;
      if (!clean) notes.add("link_parts");
    } else if (Object.hasOwn(allowed, key) && allowed[key].includes(value)) {
      state[key === "lang" ? "language" : key] = value;
    } else if (key === "m") {
      if (value !== data.version) notes.add("link_version");
    } else if (key === "town") {
      if (value !== townKey(data)) notes.add("link_town");
    } else notes.add("link_parts");
  }
  return { state, notes: [...notes] };
}

const window_ = (use, name) =>
  use.start || use.end !== null
    ? `{${name}: ${use.value}, start: ${use.start}` + (use.end === null ? "}" : `, end: ${use.end}}`)
    : `${use.value}`;

/** A measure's own start is the file's, so it is always said; a lever's is 0. */
const measureText = (use) => `{intensity: ${use.value}, start: ${use.start}` + (use.end === null ? "}" : `, end: ${use.end}}`);

export function toYaml(state, data, text) {
  const lines = [
    `# ${text("title")}. ${data.version}`,
    `town: ${data.town.id}`, `residents: ${data.town.residents}`, `weeks: ${data.weeks}`, `seed: ${data.images[0].seed}`,
    `replicates: ${state.seeds === "one" ? 1 : data.images.length}`, "settings:",
  ];
  for (const world of ["a", "b"]) {
    const order = state.worlds[world];
    lines.push(`  world_${world}:`, `    label_en: World ${world.toUpperCase()}`, `    label_zh: 世界${world.toUpperCase()}`);
    for (const group of ["levers", "measures"]) {
      const given = data[group].filter(({ id }) => order[group][id]);
      if (given.length) lines.push(`    ${group}:`);
      for (const { id } of given) {
        const use = order[group][id];
        lines.push(`      ${id}: ${group === "measures" ? measureText(use) : window_(use, "value")}`);
      }
    }
  }
  return lines.join("\n") + "\n";
}

/** The line that gives world B on the desktop. */
export function toLine(state, data) {
  const order = state.worlds.b;
  const quoted = (text) => (/[{ ]/.test(text) ? `'${text}'` : text);
  const words = [
    "python -m experiments.run experiment=baseline", `town=${data.town.id}`, `residents=${data.town.residents}`,
    `weeks=${data.weeks}`, `seed=${data.images[0].seed}`, `replicates=${state.seeds === "one" ? 1 : data.images.length}`,
    ...data.levers.filter(({ id }) => order.levers[id]).map(({ id }) => {
      const name = data.dials.includes(id) ? id : `levers.${id}`;
      return quoted(`${name}=${window_(order.levers[id], "value")}`);
    }),
    ...data.measures.filter(({ id }) => order.measures[id])
      .map(({ id }) => quoted(`measures.${id}=${measureText(order.measures[id])}`)),
  ];
  return words.join(" ");
}
