// The compiled week in this browser: a memory image in, tallies out. No rule of the model stands here.

const FOREVER = 1n << 40n; // as in sim/world.py
const MEMORY_PAGE = 65536;
const SPARE = 4 << 20; // bytes behind the image: what a call takes and gives back

export class PoolFull extends Error {}

export function bytesOf(base64) {
  const text = atob(base64.trim());
  const found = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) found[i] = text.charCodeAt(i);
  return found;
}

export async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The module with room for the largest image. `blob(name)` gives the packed bytes of a part of the page. */
export async function openModel(data, blob) {
  const { instance } = await WebAssembly.instantiate(await inflated(blob("module")), {});
  const { memory, run_weeks: call, heap_from: heapFrom } = instance.exports;
  const most = Math.max(...data.images.map((image) => image.end));
  memory.grow(Math.ceil((most + SPARE - memory.buffer.byteLength) / MEMORY_PAGE));
  return { data, memory, call, heapFrom, images: data.images.map(() => null), blob };
}

/** Unpack the image of a course of chance, once; its last bytes are the tallies of the year before. */
export async function unpack(model, k) {
  if (model.images[k]) return;
  const whole = await inflated(model.blob(`image-${k}`));
  const length = model.data.images[k].length;
  const baseline = new Float64Array(whole.slice(length).buffer);
  model.images[k] = { bytes: whole.subarray(0, length), baseline };
}

/** A run of course k under an order, at week 0. Only one run can be under way: it owns the memory. */
export function begin(model, k, order) {
  const image = model.data.images[k];
  const buffer = model.memory.buffer;
  new Uint8Array(buffer).set(model.images[k].bytes, model.data.base);
  const [series, rows, size] = image.places.series;
  new Uint8Array(buffer, series, rows * size).fill(0);
  writeOrder(model, image, order);
  const values = image.values.map((value, i) => (image.kinds[i] === "p" ? value : BigInt(value)));
  const count = (name) => Number(values[image.marks[name] + 5]);
  return { model, image, k, values, now: 0, rows: { cases: count("cases"), steps: count("steps") } };
}

function writeOrder(model, image, order) {
  const { data, memory } = model;
  const table = (name, kind, count) => new kind(memory.buffer, image.places[name][0], count);
  const measures = data.measures.length;
  const intensity = table("intensity", Float64Array, measures);
  const [start, end] = ["start", "end"].map((name) => table(name, BigInt64Array, measures));
  intensity.fill(0);
  data.measures.forEach(({ id }, m) => {
    const use = order.measures[id];
    if (!use) return;
    intensity[m] = use.value;
    start[m] = BigInt(use.start);
    end[m] = use.end === null ? FOREVER : BigInt(use.end);
  });
  const levers = data.levers.length;
  const value = table("change_value", Float64Array, levers);
  const [from, to] = ["change_start", "change_end"].map((name) => table(name, BigInt64Array, levers));
  data.levers.forEach(({ id }, k) => {
    const change = order.levers[id];
    if (!change) return;
    value[k] = change.value;
    from[k] = BigInt(change.start);
    to[k] = change.end === null ? FOREVER : BigInt(change.end);
  });
}

/** Run on to a week. */
export function advance(run, last) {
  const { model, image, values } = run;
  const weeks = image.marks.weeks;
  while (run.now < last) {
    values[weeks] = BigInt(run.now);
    values[weeks + 1] = BigInt(last);
    for (const name of ["cases", "steps"]) {
      values[image.marks[name] + 2] = values[image.marks[name] + 5] = BigInt(run.rows[name]);
    }
    model.heapFrom(image.end + 64);
    const status = model.call(image.end, image.end + 16, ...values);
    if (status !== 0) throw new Error(`run_weeks: ${status}`);
    run.now = Number(new BigInt64Array(model.memory.buffer, image.end, 1)[0]);
    if (run.now < last) growPools(run);
  }
}

/** Both pools get more rows, in place: sim.town.grow_pools and the numbers of sim.run.run_unit. */
function growPools(run) {
  const { model, image, rows } = run;
  const { fields } = model.data;
  const view = new DataView(model.memory.buffer);
  const more = Math.floor(rows.cases / 2) + Math.floor(image.places.residents[1] / 8);
  for (const [name, what, link, added] of [["cases", "case", "next", more], ["steps", "step", "after", 2 * more]]) {
    const [address, room, size] = image.places[name];
    const first = rows[name], after = first + added;
    if (after > room) throw new PoolFull(name);
    new Uint8Array(view.buffer, address + first * size, added * size).fill(0);
    const office = (field) => image.places.office[0] + fields.office[field];
    for (let i = first; i < after - 1; i++) view.setInt32(address + i * size + fields[name][link], i + 1, true);
    const free = view.getBigInt64(office(`free_${what}`), true);
    view.setInt32(address + (after - 1) * size + fields[name][link], Number(free), true);
    view.setBigInt64(office(`free_${what}`), BigInt(first), true);
    const left = view.getBigInt64(office(`${what}s_free`), true);
    view.setBigInt64(office(`${what}s_free`), left + BigInt(added), true);
    rows[name] = after;
  }
}

/** A view of the tallies of weeks 0 ... weeks - 1; gone with the next run. */
export function tallies(run) {
  const { width, weeks } = run.model.data;
  return new Float64Array(run.model.memory.buffer, run.image.places.series[0], weeks * width);
}

export const TILES = ["satisfaction", "diversion", "waiting", "paper"];

/** What stands in each village now: an array a tile, by village. */
export function villagesNow(run) {
  const { fields } = run.model.data;
  const view = new DataView(run.model.memory.buffer);
  const [villages, count, size] = run.image.places.villages;
  const found = Object.fromEntries(TILES.map((name) => [name, new Float64Array(count)]));
  for (let v = 0; v < count; v++) {
    const read = (field) => view.getFloat64(villages + v * size + fields.villages[field], true);
    const residents = residentsOf(run, v);
    found.satisfaction[v] = read("satisfaction_sum") / residents;
    found.diversion[v] = read("lost") / residents;
  }
  const [cadres, all, bytes] = run.image.places.cadres;
  const seats = new Float64Array(count);
  for (let c = 0; c < all; c++) {
    const at = cadres + c * bytes;
    const v = Number(view.getBigInt64(at + fields.cadres.village, true));
    if (v < 0) continue;
    found.waiting[v] += view.getFloat64(at + fields.cadres.backlog, true);
    found.paper[v] += view.getFloat64(at + fields.cadres.compliance_hours, true);
    seats[v] += 1;
  }
  for (let v = 0; v < count; v++) found.paper[v] /= seats[v];
  return found;
}

export function residentsOf(run, v) {
  const [villages, , size] = run.image.places.villages;
  const view = new DataView(run.model.memory.buffer);
  return Number(view.getBigInt64(villages + v * size + run.model.data.fields.villages.residents, true));
}
