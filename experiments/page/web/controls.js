// The controls of one world: dials, further levers, measures in the essay's groups. Each changes the order that it is given.

import { written } from "./figures.js";

export function node(name, attributes = {}, ...children) {
  const found = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) found.addEventListener(key.slice(2), value);
    else if (value === true) found.setAttribute(key, "");
    else if (value !== false && value !== null) found.setAttribute(key, value);
  }
  found.append(...children.filter((child) => child !== null));
  return found;
}

/** A lever's value as it is read: a share in per cent. */
const plain = (lever, value) => {
  const percent = lever.unit.en === "%", shown = percent ? 100 * value : value;
  return written(shown, percent ? 0 : 2) + (percent ? "%" : "");
};

/** A row for one lever: value, today's mark, window. `change()` is called after each change. */
export function leverRow(lever, order, { text, language, weeks, change }) {
  const step = lever.high - lever.low > 1.5 ? 0.05 : 0.01;
  const use = () => order.levers[lever.id];
  const now = () => use()?.value ?? lever.today;
  const name = lever.label[language], id = `lever-${lever.id}`;
  const output = node("output", { for: id });
  const input = node("input", { type: "range", id, min: lever.low, max: lever.high, step });
  input.value = now();
  const say = () => {
    const unit = lever.unit[language];
    output.textContent = plain(lever, now()) + (unit && unit !== "%" ? ` ${unit}` : "");
    input.setAttribute("aria-valuetext", `${output.textContent}, ${text("today_is", { value: plain(lever, lever.today) })}`);
  };
  const when = windowRow(id, use, weeks, text, change);
  input.addEventListener("input", () => {
    const value = Math.round(Number(input.value) * 1e6) / 1e6;
    if (Math.abs(value - lever.today) < step / 2) delete order.levers[lever.id];
    else order.levers[lever.id] = { start: 0, end: null, ...use(), value };
    say();
    when.renew();
    change();
  });
  const mark = node("button", { class: "today", type: "button", title: text("today_is", { value: plain(lever, lever.today) }) },
    `${text("today")} ${plain(lever, lever.today)}`);
  const part = (lever.today - lever.low) / (lever.high - lever.low);
  mark.style.setProperty("--at", part);
  mark.addEventListener("click", () => {
    input.value = lever.today;
    input.dispatchEvent(new Event("input"));
  });
  say();
  return node("div", { class: "lever" }, node("div", { class: "head" }, node("label", { for: id }, name), output),
    node("div", { class: "track" }, input, mark), when);
}

/** From which week to which: shown where something is ordered. */
function windowRow(id, use, weeks, text, change) {
  const row = node("div", { class: "when" });
  row.renew = () => {
    row.hidden = !use();
    if (row.hidden) return;
    const field = (key, word, low, high) => {
      const input = node("input", { type: "number", id: `${id}-${key}`, min: low, max: high, step: 1, inputmode: "numeric",
        placeholder: key === "end" ? text("to_end") : "0" });
      input.value = use()[key] ?? "";
      input.addEventListener("change", () => {
        const value = input.value === "" ? NaN : Math.round(Number(input.value));
        const { start, end } = use();
        if (key === "start") use().start = Math.min(Math.max(0, value || 0), (end ?? weeks) - 1);
        else use().end = value > start && value < weeks ? value : null;
        input.value = use()[key] ?? "";
        change();
      });
      return node("label", {}, `${text(word)} `, input);
    };
    row.replaceChildren(field("start", "from_week", 0, weeks - 1), field("end", "to_week", 1, weeks));
  };
  row.renew();
  return row;
}

function measureRow(measure, order, tools) {
  const { text, language, weeks, change } = tools;
  const use = () => order.measures[measure.id];
  const id = `measure-${measure.id}`, name = measure.label[language];
  const box = node("input", { type: "checkbox", id });
  box.checked = Boolean(use());
  const range = node("input", { type: "range", min: 0.05, max: 1, step: 0.05, "aria-label": `${name}: ${text("intensity")}` });
  const output = node("output", {});
  const when = windowRow(id, use, weeks, text, change);
  const renew = () => {
    range.hidden = output.hidden = !use();
    if (use()) {
      range.value = use().value;
      output.textContent = `${Math.round(100 * use().value)}%`;
    }
    when.renew();
  };
  box.addEventListener("change", () => {
    if (box.checked) order.measures[measure.id] = { value: 1, start: measure.start, end: null };
    else delete order.measures[measure.id];
    renew();
    change();
  });
  range.addEventListener("input", () => {
    use().value = Number(range.value);
    renew();
    change();
  });
  renew();
  const about = node("p", { class: "about", id: `${id}-about` }, measure.sentence[language], " ",
    node("span", {}, text("risk") + measure.risk[language]));
  box.setAttribute("aria-describedby", `${id}-about`);
  return node("div", { class: "measure" }, node("div", { class: "head" }, box, node("label", { for: id }, name), output),
    range, when, about);
}

/** The measures, a closed group each; the groups that were open stay so. */
export function measureGroups(place, data, order, tools) {
  const { text, change } = tools;
  const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.dataset.group));
  const groups = [...new Set(data.measures.map(({ group }) => group))];
  place.replaceChildren(...groups.map((group) => {
    const own = data.measures.filter((measure) => measure.group === group);
    const count = node("span", { class: "count" });
    const renew = () => {
      const ordered = own.filter(({ id }) => order.measures[id]).length;
      count.textContent = ordered ? text("ordered", { count: ordered }) : "";
    };
    renew();
    const changed = () => {
      renew();
      change();
    };
    return node("details", { "data-group": group, open: open.has(String(group)) },
      node("summary", {}, text(`group_${group}`), " ", count),
      ...own.map((measure) => measureRow(measure, order, { ...tools, change: changed })));
  }));
}

/** A choice between few, as radio buttons in a row. */
export function choice(place, name, label, options, chosen, pick) {
  place.setAttribute("aria-label", label);
  place.replaceChildren(node("span", { class: "label" }, label), ...options.map(([value, text]) => {
    const input = node("input", { type: "radio", name, value, id: `${name}-${value}` });
    input.checked = value === chosen;
    input.addEventListener("change", () => pick(value));
    return node("label", { for: `${name}-${value}` }, input, node("span", {}, text));
  }));
}
