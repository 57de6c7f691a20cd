// Which runs there are and which are still to be made: a piece at a time, so that the page draws and answers meanwhile.

import { advance, begin, PoolFull, residentsOf, tallies, unpack, villagesNow } from "./model.js";
import { pooled, weekly } from "./figures.js";
import { keyOf } from "./setting.js";

const BUDGET = 12; // milliseconds of work between two breaths
const PIECE = 26; // weeks; the first course of chance goes week by week, for the villages

function breath() {
  return new Promise((go) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => go();
    port2.postMessage(0);
  });
}

/** Runs by order and course of chance. `progress()` is called after each piece, `problem(error)` if a run cannot go on. */
export function makeRuns(model, progress, problem) {
  const { data } = model;
  const kept = new Map(); // key of an order -> results by course of chance
  let asked = 0;

  const resultsOf = (order) => kept.get(keyOf(order)) ?? [];

  async function make(order, k, token) {
    const key = keyOf(order);
    if (!kept.has(key)) kept.set(key, []);
    if (kept.get(key)[k]?.ready === data.weeks) return true;
    await unpack(model, k);
    if (token !== asked) return false;
    const { baseline } = model.images[k];
    const result = { rows: new Float64Array(data.weeks * data.width), baseline, ready: 0, villages: [], paths: new Map() };
    const run = begin(model, k, order);
    if (k === 0) {
      result.sizes = villagesNow(run).satisfaction.map((_, v) => residentsOf(run, v));
      result.villages.push(villagesNow(run));
    }
    kept.get(key)[k] = result;
    let since = performance.now();
    while (run.now < data.weeks) {
      advance(run, Math.min(data.weeks, run.now + (k === 0 ? 1 : PIECE)));
      if (k === 0) result.villages.push(villagesNow(run));
      if (performance.now() - since > BUDGET && run.now < data.weeks) {
        take(result, run);
        progress();
        await breath();
        if (token !== asked) {
          if (kept.get(key)?.[k] === result) kept.get(key)[k] = undefined;
          return false;
        }
        since = performance.now();
      }
    }
    take(result, run);
    progress();
    return true;
  }

  function take(result, run) {
    const { width } = data;
    const rows = tallies(run);
    result.rows.set(rows.subarray(result.ready * width, run.now * width), result.ready * width);
    result.ready = run.now;
  }

  /** Make what is lacking of two worlds and so many courses of chance; a later request takes the place of this one. */
  async function request(worlds, count) {
    const token = ++asked;
    const wanted = new Set([worlds.a, worlds.b].map(keyOf));
    for (const key of [...kept.keys()]) if (!wanted.has(key)) kept.delete(key);
    await breath();
    try {
      for (let k = 0; k < count; k++) {
        for (const order of [worlds.b, worlds.a]) {
          if (token !== asked || !(await make(order, k, token))) return false;
          await breath();
        }
      }
    } catch (error) {
      if (!(error instanceof PoolFull)) throw error;
      problem("pool_full");
      return false;
    }
    return token === asked;
  }

  return { request, resultsOf };
}

/** Weekly path of an indicator in a result; kept once the run is whole. */
export function pathOf(result, indicator, data) {
  const whole = result.ready === data.weeks;
  if (whole && result.paths.has(indicator.id)) return result.paths.get(indicator.id);
  const path = weekly(indicator, result.baseline, result.rows, result.ready, data);
  if (whole) result.paths.set(indicator.id, path);
  return path;
}

/** The figure of the last year. */
export const lastYear = (result, indicator, data) => pooled(indicator, result.rows, data.weeks - 52, data.weeks, data);
