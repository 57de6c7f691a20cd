// Indicators from tallies, in the order of additions of sim/indicators/indicator.py: the same figures in every bit.

function sum(terms, rows, at) {
  let total = 0;
  for (const [column, sign] of terms) total += sign * rows[at + column];
  return total;
}

const divided = (over, under) => (under > 0 ? over / under : NaN);

function quantile(column, bins, q, edges, rows, at) {
  let all = 0;
  for (let b = 0; b < bins; b++) all += rows[at + column + b];
  const wanted = q * all;
  let reached = 0, b = 0;
  for (; b < bins; b++) {
    const next = reached + rows[at + column + b];
    if (next >= wanted) break;
    reached = next;
  }
  if (b === bins) return NaN;
  const through = reached + rows[at + column + b];
  const inside = rows[at + column + b];
  const part = divided(wanted - (through - inside), inside);
  return edges[b] + part * (edges[b + 1] - edges[b]);
}

/** One indicator from the tallies that begin at `at`. */
export function figure(indicator, rows, at, data) {
  const { kind, scale, over, under } = indicator;
  if (kind === "quantile") return quantile(over[0][0], data.bins, scale, data.edges, rows, at);
  const top = scale * sum(over, rows, at);
  if (kind === "flow" || kind === "stock") return top;
  const ratio = divided(top, sum(under, rows, at));
  if (kind === "ratio") return ratio;
  return ratio - divided(sum(indicator.less_over, rows, at), sum(indicator.less_under, rows, at));
}

/** One indicator over a period of weeks. */
export function pooled(indicator, rows, first, last, data) {
  const total = new Float64Array(data.width);
  for (let w = first; w < last; w++) {
    for (let c = 0; c < data.width; c++) total[c] += rows[w * data.width + c];
  }
  const found = figure(indicator, total, 0, data);
  return indicator.kind === "stock" ? found / (last - first) : found;
}

/** One indicator week by week: the year before, then the weeks run so far; nan beyond. */
export function weekly(indicator, baseline, rows, ready, data) {
  const before = data.baseline_weeks;
  const found = new Float64Array(before + data.weeks).fill(NaN);
  for (let w = 0; w < before; w++) found[w] = figure(indicator, baseline, w * data.width, data);
  for (let w = 0; w < ready; w++) found[before + w] = figure(indicator, rows, w * data.width, data);
  return found;
}

/** Centred mean over `width` weeks that does not reach across week 0; what is missing is left out. */
export function smoothed(values, cut, width = 13) {
  const found = new Float64Array(values.length).fill(NaN);
  const half = Math.floor(width / 2);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const low = i < cut ? 0 : cut, high = i < cut ? cut : values.length;
    let total = 0, count = 0;
    for (let j = Math.max(low, i - half); j < Math.min(high, i + half + 1); j++) {
      if (!Number.isNaN(values[j])) {
        total += values[j];
        count += 1;
      }
    }
    found[i] = total / count;
  }
  return found;
}

/** Mean, lowest and highest of several paths, week by week. */
export function band(paths) {
  const length = paths[0].length;
  const [mean, low, high] = [0, 1, 2].map(() => new Float64Array(length).fill(NaN));
  for (let i = 0; i < length; i++) {
    const present = paths.map((path) => path[i]).filter((value) => !Number.isNaN(value));
    if (!present.length) continue;
    mean[i] = present.reduce((a, b) => a + b, 0) / present.length;
    low[i] = Math.min(...present);
    high[i] = Math.max(...present);
  }
  return { mean, low, high };
}

export const meanOf = (values) => values.reduce((a, b) => a + b, 0) / values.length;

const MINUS = "\u2212";

/** A number as it is written: thousands apart, a true minus sign. */
export function written(value, digits, sign = false) {
  if (!Number.isFinite(value)) return "\u2013";
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const nothing = !/[1-9]/.test(text);
  return (value < 0 && !nothing ? MINUS : sign && !nothing ? "+" : "") + text;
}

/** Decimals with which values of this size are told apart. */
export const digitsFor = (size) => (size >= 100 ? 0 : size >= 1 ? 1 : size >= 0.1 ? 2 : 3);

/** A level or a change of an indicator as a number in its printed unit, with the decimals of one of this size. */
export function amount(indicator, language, value, change = false, size = value) {
  const { factor } = indicator.quantity[language];
  const digits = digitsFor(Math.max(Math.abs(size * factor), change ? 0.1 : 0));
  return written(value * factor, Math.min(digits, 2), change);
}

/** The same with its unit. */
export function quantity(indicator, language, value, change = false) {
  const how = indicator.quantity[language];
  return amount(indicator, language, value, change) + (change ? how.change_unit : how.level_unit);
}
