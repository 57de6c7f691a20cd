"""A yardstick: how cheap residents can be. A much simpler model of the same kind, packed as tightly as it goes.

Residents drift towards what their village gives them and towards those they know, raise cases and petitions; village
cadres take cases in, departments serve them one after another, satisfaction moves by the wait. It has a fraction of
the mechanisms of sim/, so it says what a resident-week can cost, not what this model's should. It is a fixed measure:
it shares no code with the model and is not to be tuned with it.

What makes it cheap: 32-bit columns in place of records; satisfaction as a streaming sweep over them; the few who raise
a case found by geometric gaps, one draw a case and none a resident; a case in one 64-bit word, in ring buffers.

Week  cadres     hours left by paper work, which departments' demands fix; taking and favours; examinations
      residents  s += .05 (base + bonus - s) + .05 (mean of 6 - s); trust += .01 (s + contact - trust)
                 a case with probability .04 (.7 + .6 literacy), a petition with .02 (.5 - s) / .5 (1 - .5 trust)
      intake     a village's queue, in hours of its three cadres
      service    twelve departments; .12 are sent back to an earlier stage
      a case     satisfaction += .05 - .3 x / (4 + |x|), x = wait - expected weeks; expected += .1 x
"""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import numba
import numpy as np

RESIDENTS, WEEKS, VILLAGE, CADRES, DEPARTMENTS = 40_000, 260, 2_000, 3, 12
ROUTES = ((0,), (1, 2), (3, 4, 5), (6, 7, 2), (8, 9, 3, 10), (11, 8, 6, 9, 0))
OF_TWENTY = np.repeat(np.arange(6), (6, 5, 3, 3, 2, 1))  # kind of a case, in twentieths
STAGES = np.array([len(route) for route in ROUTES])
ROUTE = np.array([[*route, *[0] * (5 - len(route))] for route in ROUTES])
LOAD = np.array([sum(np.mean(k == OF_TWENTY) * route.count(d) for k, route in enumerate(ROUTES)) for d in range(12)])
ARRIVAL, MOST, PETITION, BACK = 0.04, 0.04 * 1.3, 0.02, 0.12
STREAMS = CADRE, DEMAND, ARRIVES, THINNED, KIND, PETITIONS, HEARD, SERVED = range(8)

U, F = np.uint64, np.float32
A, B, GOLDEN = U(0xBF58476D1CE4E5B9), U(0x94D049BB133111EB), U(0x9E3779B97F4A7C15)
# A case in 64 bits: resident 0-23, week 24-33, kind 34-36, stage 37-39, favoured 40.
WHO, WEEK, KIND_AT, STAGE_AT, FAVOUR = U(0xFFFFFF), U(24), U(34), U(37), U(40)
HALF, ONE, THREE, TEN = U(32), U(1), U(7), U(1023)


def compiled(**more):
    return numba.njit(nogil=True, error_model="numpy", **more)


class Town(NamedTuple):
    """Columns of a town; rows of residents village by village."""

    satisfaction: np.ndarray  # (residents,) f4 0-1
    later: np.ndarray  # (residents,) f4 scratch
    base: np.ndarray  # (residents,) f4
    trust: np.ndarray  # (residents,) f4 0-1
    literacy: np.ndarray  # (residents,) f4 0-1
    expected: np.ndarray  # (residents,) f4 weeks
    ties: np.ndarray  # (6, residents) u2, or u4 above 65,536
    found: np.ndarray  # (residents / 4,) i8 scratch: rows of the few
    cadre: np.ndarray  # (4, cadres): greed, diligence, believed detection, its next value
    peers: np.ndarray  # (4, cadres) i4
    favours: np.ndarray  # (cadres,) u8
    village: np.ndarray  # (4, villages): bonus, contact, hours, petitions
    left: np.ndarray  # (departments,) capacity carried over
    queue: np.ndarray  # (2, villages + departments) i8: head and tail
    ring: np.ndarray  # (villages + departments, slots) u8: cases


def build(residents: int, seed: int) -> Town:
    """A town before its first week; `residents` a multiple of 2,000, or below 4,000."""
    chance = np.random.default_rng(seed)
    villages = max(1, residents // VILLAGE)
    cadres = max(residents // 200, villages * CADRES + DEPARTMENTS)
    size = residents // villages
    base = np.clip(chance.normal(0.55, 0.15, residents), 0.1, 0.85).astype(F)
    ties = np.arange(residents) // size * size + chance.integers(size, size=(6, residents))
    ties[5] = chance.integers(residents, size=residents)
    cadre = np.array(
        [0.2 + 0.8 * chance.random(cadres) ** 2, 0.7 + 0.6 * chance.random(cadres), *np.full((2, cadres), 0.1)]
    )
    queues = villages + DEPARTMENTS
    slots = 1 << math.ceil(
        math.log2(residents / 8)
    )  # an eighth of the residents in one queue: far more than ever stand there
    return Town(
        base.copy(), np.empty(residents, F), base, base.copy(), chance.random(residents).astype(F),
        (2 + 4 * chance.random(residents)).astype(F), ties.astype(np.uint16 if residents <= 65_536 else np.uint32),
        np.empty(max(64, residents // 4), np.int64), cadre, chance.integers(cadres, size=(4, cadres)).astype(np.int32),
        np.zeros(cadres, np.uint8), np.zeros((4, villages)), np.zeros(DEPARTMENTS),
        np.zeros((2, queues), np.int64), np.zeros((queues, slots), np.uint64),
    )  # fmt: skip


@compiled(inline="always")
def mix(x):
    x = (x ^ (x >> U(30))) * A
    x = (x ^ (x >> U(27))) * B
    return x ^ (x >> U(31))


@compiled(inline="always")
def key(seed, stream, week):
    return mix(mix(U(seed) * GOLDEN + U(stream)) + U(week) * GOLDEN)


@compiled(inline="always")
def bits(key, who):
    return mix(key + U(who) * GOLDEN)


@compiled(inline="always")
def unit(bits):
    return np.float64(bits >> U(11)) * 2.0**-53


@compiled()
def work(town, seed, week, burden, capacity, counts):
    """Cadres' week: village bonus, contact and hours, and departments' capacity."""
    cadre, village = town.cadre, town.village
    first = village.shape[1] * CADRES
    demand = np.empty(DEPARTMENTS)
    k = key(seed, DEMAND, week)
    for d in range(DEPARTMENTS):
        demand[d] = burden * (0.7 + 0.6 * unit(bits(k, d)))
    mean = demand.mean()
    petitions = village[3].copy()
    village[:] = 0.0
    hours, staff = np.zeros(DEPARTMENTS), np.zeros(DEPARTMENTS)
    k = key(seed, CADRE, week)
    for c in range(cadre.shape[1]):
        d = (c - first) * DEPARTMENTS // max(cadre.shape[1] - first, 1)
        paper = 27.0 * mean + petitions[c // CADRES] / CADRES * 0.5 if c < first else 13.5 * (demand[d] + mean)
        spare = 45.0 - min(40.0, paper)
        field, own = 0.2 * spare * cadre[1, c], 0.1 * spare * cadre[1, c]
        word = bits(k, 2 * c)
        takes = cadre[0, c] * np.float64(word >> HALF) * 2.0**-32 > 5.0 * cadre[2, c]
        favours = 0.6 * cadre[0, c] * np.float64(word & U(0xFFFFFFFF)) * 2.0**-32 > 2.5 * cadre[2, c]
        town.favours[c] = favours
        rest = (spare - field - own) * (0.9 if takes else 1.0)
        peers = 0.0
        for n in range(4):
            peers += 0.25 * cadre[2, town.peers[n, c]]
        belief = cadre[2, c] + 0.02 * (0.1 - cadre[2, c]) + 0.1 * (peers - cadre[2, c])
        if (takes or favours) and unit(bits(k, 2 * c + 1)) < 0.02:
            belief += 0.5 * (1.0 - belief)
            counts[4] += 1
        cadre[3, c] = belief
        if c < first:
            village[0, c // CADRES] += own
            village[1, c // CADRES] += field
            village[2, c // CADRES] += rest
        else:
            hours[d] += rest
            staff[d] += 1.0
    cadre[2] = cadre[3]
    for v in range(village.shape[1]):
        village[0, v] = 0.05 * min(1.0, village[0, v] / CADRES / 4.0)
        village[1, v] = 0.05 * min(1.0, village[1, v] / CADRES / 8.0)
    for d in range(DEPARTMENTS):
        capacity[d] = hours[d] / staff[d] / 22.0 * LOAD[d] * town.base.shape[0] * ARRIVAL * 1.45


@compiled(fastmath=True)
def sweep(now, own, later, base, trust, a, b, c, d, e, f, bonus, contact):
    """One village's satisfaction and trust: gathers from all, streams through its own slices."""
    for i in range(later.shape[0]):
        known = now[a[i]] + now[b[i]] + now[c[i]] + now[d[i]] + now[e[i]] + now[f[i]]
        later[i] = F(0.9) * own[i] + F(0.05) * (base[i] + bonus) + F(0.05 / 6) * known
    for i in range(later.shape[0]):
        trust[i] = F(0.99) * trust[i] + F(0.01) * (later[i] + contact)


@compiled()
def skips(k, p, count, found):
    """Ascending rows of a keyed sample in which each of `count` is with probability p: gaps are geometric."""
    scale = 1.0 / math.log(1.0 - p)
    row, n = np.int64(-1), 0
    while True:
        row += 1 + np.int64(math.log(unit(bits(k, n)) + 2.0**-54) * scale)
        if row >= count or n >= found.shape[0]:
            return n
        found[n] = row
        n += 1


@compiled()
def put(town, queue, case):
    """Put a case behind a queue."""
    at = town.queue[1, queue]
    town.ring[queue, U(at) & U(town.ring.shape[1] - 1)] = case
    town.queue[1, queue] = at + 1


@compiled()
def arise(town, satisfaction, seed, week, size, counts):
    """New cases at the villages' desks, and petitions."""
    count, found = town.base.shape[0], town.found
    thinned, kinds = key(seed, THINNED, week), key(seed, KIND, week)
    for n in range(skips(key(seed, ARRIVES, week), MOST, count, found)):
        row = found[n]
        if unit(bits(thinned, row)) * MOST < ARRIVAL * (0.7 + 0.6 * town.literacy[row]):
            kind = U(OF_TWENTY[((bits(kinds, row) >> HALF) * U(20)) >> HALF])
            put(town, row // size, U(row) | (U(week) << WEEK) | (kind << KIND_AT))
            counts[0] += 1
    heard = key(seed, HEARD, week)
    for n in range(skips(key(seed, PETITIONS, week), PETITION, count, found)):
        row = found[n]
        if unit(bits(heard, row)) < (0.5 - satisfaction[row]) / 0.5 * (1.0 - 0.5 * town.trust[row]):
            town.village[3, row // size] += 1.0
            counts[3] += 1


@compiled()
def take_in(town, v):
    """Village cadres take cases in, as long as their hours last, and pass them to the first department."""
    mask = U(town.ring.shape[1] - 1)
    hours, villages = town.village[2, v], town.village.shape[1]
    turn = 0
    while town.queue[0, v] < town.queue[1, v]:
        case = town.ring[v, U(town.queue[0, v]) & mask]
        hours -= 0.5 * (1.5 - town.literacy[case & WHO])
        if hours < 0.0:
            break
        town.queue[0, v] += 1
        case |= U(town.favours[v * CADRES + turn]) << FAVOUR
        turn = turn + 1 if turn < CADRES - 1 else 0
        put(town, villages + ROUTE[(case >> KIND_AT) & THREE, 0], case)


@compiled()
def finish(town, satisfaction, case, week, counts):
    """A resident lives through the end of a case."""
    row = case & WHO
    wait = week - np.int64((case >> WEEK) & TEN) + 1
    surprise = F(wait) - town.expected[row]
    change = F(0.05) - F(0.3) * surprise / (F(4) + abs(surprise))
    if case >> FAVOUR:
        change -= F(0.05)
    satisfaction[row] = min(F(1), max(F(0), satisfaction[row] + change))
    town.trust[row] = min(F(1), max(F(0), town.trust[row] + F(0.1) * change))
    town.expected[row] += F(0.1) * surprise
    counts[1] += 1
    counts[2] += wait


@compiled()
def serve(town, satisfaction, seed, week, d, most, counts):
    """A department serves those who stood in its queue on Monday, as far as it gets."""
    mask, villages = U(town.ring.shape[1] - 1), town.village.shape[1]
    k = key(seed, SERVED, week)
    queue = villages + d
    for _ in range(most):
        case = town.ring[queue, U(town.queue[0, queue]) & mask]
        town.queue[0, queue] += 1
        kind, stage = (case >> KIND_AT) & THREE, (case >> STAGE_AT) & THREE
        u = unit(bits(k, case & U(0x3FFFFFFFF)))
        stage = U(np.int64(u / BACK * np.float64(np.int64(stage)))) if u < BACK else stage + ONE
        if np.int64(stage) == STAGES[kind]:
            finish(town, satisfaction, case, week, counts)
        else:
            put(town, villages + ROUTE[kind, stage], (case & ~(THREE << STAGE_AT)) | (stage << STAGE_AT))


@compiled(cache=True)
def weeks(town, seed, burden, first, last, counts):
    """Run weeks first … last - 1 in place. counts (5,): raised, closed, weeks waited, petitions, found out."""
    villages = town.village.shape[1]
    size = town.base.shape[0] // villages
    capacity, waiting = np.empty(DEPARTMENTS), np.empty(DEPARTMENTS, np.int64)
    now, later = town.satisfaction, town.later
    for week in range(first, last):
        work(town, seed, week, burden, capacity, counts)
        for v in range(villages):
            own = slice(v * size, (v + 1) * size)
            t = town.ties
            sweep(
                now, now[own], later[own], town.base[own], town.trust[own], t[0, own], t[1, own], t[2, own], t[3, own],
                t[4, own], t[5, own], F(town.village[0, v]), F(town.village[1, v]),
            )  # fmt: skip
        now, later = later, now
        arise(town, now, seed, week, size, counts)
        for d in range(DEPARTMENTS):
            waiting[d] = town.queue[1, villages + d] - town.queue[0, villages + d]
        for v in range(villages):
            take_in(town, v)
        for d in range(DEPARTMENTS):
            full = capacity[d] + town.left[d]
            town.left[d] = full - np.int64(full)
            serve(town, now, seed, week, d, min(np.int64(full), waiting[d]), counts)
    if (last - first) % 2 == 1:
        town.satisfaction[:] = now


@compiled(cache=True, fastmath=True)
def read(residents):
    """Sum of one field of all resident records: the least that a week that looks at everybody costs."""
    total = F(0.0)
    for row in range(residents.shape[0]):
        total += residents[row].satisfaction
    return total


def best(residents: int = RESIDENTS, span: int = WEEKS, repeats: int = 5) -> tuple[float, np.ndarray]:
    """(processor seconds of the fastest run, its counts), after compilation."""
    weeks(build(VILLAGE, 0), 0, 0.5, 0, 2, np.zeros(5))
    found = []
    for _ in range(repeats):
        town, counts = build(residents, 7), np.zeros(5)
        began = time.process_time()
        weeks(town, 7, 0.5, 0, span, counts)
        found.append(time.process_time() - began)
        assert np.diff(town.queue, axis=0).max() < town.ring.shape[1]
    return min(found), counts
