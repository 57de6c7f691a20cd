"""From a setting to synthetic townships: people, villages, desks and money, drawn by keyed chance.

A unit is one township with its villages; a county is several. With `coupling=false` every village is a
unit of its own, with its share of the township's people, so that villages cannot touch each other.
Village income is so skewed that a town's total would be noise: it is drawn by strata, one village each.
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.compiled import entry
from sim.inputs.places import UnitSpec
from sim.inputs.settings import Setting
from sim.maths import bounded, log, normal_below, normal_quantile
from sim.mechanisms.desks import COLLEAGUES
from sim.mechanisms.newcomers import renew
from sim.mechanisms.people import skill_target
from sim.population import build_residents, sum_up, write_starting_values
from sim.state import (
    CADRE_TYPE,
    CASE,
    DUE,
    OFFICE,
    ROUTE,
    STEP,
    STRENGTH_TYPE,
    TOWNSHIP_TYPE,
    VILLAGE_TYPE,
    State,
    as_columns,
)
from sim.vocabulary import CHANNELS, CLUSTERS, FINANCE, KINDS, PETITION, PETITIONS_LAW, ROLES
from sim.world import World

# Numbers of draws of TOWN: a village's, and a cadre's for each village (ASSIGNED + its uid). Residents': population.py.
SEEN, OLD, INCOME, OPACITY, CHAIR = range(1, 6)
ASSIGNED = 64
FIRST_TERM = 0  # of NEWCOMER: before those of any person, who are counted from 1
LEAST_POST = 1e-6  # a cluster without staff still owns its matters; nothing is divided by zero


def units_of(setting: Setting) -> tuple[tuple[int, int, UnitSpec], ...]:
    """(unit number, number of its first village, unit): villages alone when they are uncoupled."""
    found = []
    for number, unit in enumerate(setting.drawn.units):
        if setting.coupling:
            found.append((number, 0, unit))
            continue
        for v, village in enumerate(unit.villages):
            share = unit.township_cadres * village.residents / unit.residents
            found.append((number, v, UnitSpec(unit.name, (village,), share)))
    return tuple(found)


def build_office(setting: Setting, clusters: np.ndarray) -> np.ndarray:
    """Routes of cases through the township's clusters, an empty calendar, no free rows: array (1,)."""
    rows = setting.facts["township_clusters"]
    office = np.zeros(1, OFFICE)
    office["free_case"] = office["free_step"] = office["calendar"] = office["routes"] = -1
    office["clusters"] = clusters
    for k, kind in enumerate(KINDS):
        if kind not in rows[CLUSTERS[0]]:
            continue
        order = sorted((rows[c][kind], i) for i, c in enumerate(CLUSTERS) if rows[c][kind] > 0)
        if order:
            office["routes"][0, k] = [order[position % len(order)][1] for position in range(ROUTE)]
    office["routes"][0, PETITION, ::2] = PETITIONS_LAW
    shares = np.cumsum([rows[c]["owner_share"] for c in CLUSTERS])
    office["owners"] = shares / shares[-1]
    return office


def incomes(ranks: np.ndarray, median: float, mean: float) -> np.ndarray:
    """Collective incomes (yuan a year), one from each stratum of a lognormal; their mean is exact."""
    n = len(ranks)
    stratum = np.empty(n, np.int64)
    stratum[np.argsort(ranks, kind="stable")] = np.arange(n)
    return mean * n * strata(n, mean / median)[stratum]


@entry
def strata(n, skew):
    """Parts (sum 1) that `n` equal strata of a lognormal have in its total; skew: mean over median."""
    sigma = np.sqrt(max(2.0 * log(skew), 1e-6))
    parts = np.empty(n)
    reached = 0.0
    for i in range(n):
        before = reached
        reached = normal_below(normal_quantile((i + 1) / n) - sigma) if i + 1 < n else 1.0
        parts[i] = reached - before
    return parts


def around(u: np.ndarray, spread: float) -> np.ndarray:
    """Keyed multiples 1 − spread … 1 + spread."""
    return 1.0 + spread * (2.0 * u - 1.0)


def assigned(setting: Setting, cadres: np.ndarray, villages: np.ndarray) -> np.ndarray:
    """Row of the village that each township cadre is assigned to: by keyed rank, whatever the villages' order."""
    keys = chance.stream_keys(setting.seed)
    ranks = [chance.uniforms(keys, chance.TOWN, cadres, ASSIGNED + int(village)) for village in villages]
    return np.argmax(ranks, axis=0)


def build_villages(setting: Setting, number: int, first: int, unit: UnitSpec, groups: bool) -> np.ndarray:
    """Village records of a unit: array (villages,)."""
    facts, keys = setting.facts, chance.stream_keys(setting.seed)
    population, money = facts["population"], facts["money"]
    villages = np.zeros(len(unit.villages), VILLAGE_TYPE)
    villages["uid"] = number * 4096 + first + np.arange(len(villages))

    def keyed(purpose: int) -> np.ndarray:
        return chance.uniforms(keys, chance.TOWN, villages["uid"], purpose)

    specs = unit.villages
    villages["residents"] = [spec.residents for spec in specs]
    villages["cadres"] = [spec.cadres for spec in specs]
    villages["rural"] = [spec.kind == "rural" for spec in specs]
    villages["first_resident"] = np.concatenate([[0], np.cumsum(villages["residents"])[:-1]])
    villages["first_cadre"] = np.concatenate([[0], np.cumsum(villages["cadres"])[:-1]])
    villages["group"] = np.arange(len(villages)) if groups else 0
    low, high = population["visibility_low"], population["visibility_high"]
    seen = low + (high - low) * keyed(SEEN)
    old = population["share_over_60"] * around(keyed(OLD), population["over_60_spread"])
    income = incomes(keyed(INCOME), money["collective_income_median"], money["collective_income_mean"])
    income = np.where(villages["rural"] == 1, income, income * money["community_income_factor"])
    for name, drawn in (("visibility", seen), ("share_over_60", old), ("income", income)):
        given = [getattr(spec, name) for spec in specs]
        villages[name] = [d if g is None else g for g, d in zip(given, drawn, strict=True)]
    villages["transfers"] = money["transfers_yuan"]
    hidden = population["opacity_mean"] * around(keyed(OPACITY), population["opacity_spread"])
    villages["opacity"] = np.minimum(1.0, hidden)
    villages["chair_rank"] = keyed(CHAIR)
    villages["livelihoods"] = population["livelihoods_exposed"] * villages["rural"]
    villages["members"] = population["member_share"] * villages["residents"]
    write_starting_values(setting, "village", villages)
    for r in range(len(ROLES)):
        villages["desk"][:, r] = villages["first_cadre"] + r % villages["cadres"]
    return villages


def role_of(seat: int) -> int:
    """Role of a seat of a committee: one each for the first six; there is one secretary, the others' roles go round.

    The service desk comes last: its second holder comes with the eleventh seat, near twice the mean size of a village.
    """
    if seat < len(ROLES):
        return seat
    return 1 + (1 + (seat - len(ROLES)) % COLLEAGUES) % COLLEAGUES


def build_cadres(setting: Setting, number: int, first: int, unit: UnitSpec, villages: np.ndarray):
    """Cadre records of a unit, villages' first, then the township's by cluster; and where clusters begin."""
    facts = setting.facts
    roles, clusters = facts["village_roles"], facts["township_clusters"]
    staffing = facts["staffing"]
    full = sum(clusters[c]["staff"] for c in CLUSTERS)
    posts = [unit.township_cadres * clusters[c]["staff"] / full for c in CLUSTERS]
    rows = [max(1, round(n)) for n in posts]
    in_villages = int(sum(villages["cadres"]))
    cadres = np.zeros(in_villages + sum(rows), CADRE_TYPE)
    write_starting_values(setting, "cadre", cadres)
    cadres["head"] = cadres["tail"] = -1
    cadres["free_at"] = -np.inf
    cadres["priority"] = 1.0 / cadres["priority"].shape[1]
    cadres["posts"] = 1.0
    for v, village in enumerate(villages):
        n, at = int(village["cadres"]), int(village["first_cadre"])
        part = cadres[at : at + n]
        part["uid"] = village["uid"] * 64 + np.arange(n)
        part["village"] = part["assigned"] = v
        part["group"] = village["group"]
        part["hours"] = staffing["village_hours"]
        for i in range(n):
            role = role_of(i)
            held = [roles[r] for j, r in enumerate(ROLES) if j % n == i] or [roles[ROLES[role]]]
            part["role"][i] = role
            part["paper_weight"][i] = sum(role["paper_weight"] for role in held)
            part["policy_weight"][i] = sum(role["policy_weight"] for role in held)
            reach = [max(role[channel] for role in held) for channel in CHANNELS]
            part["access"][i] = np.array(reach) / sum(role_of(j) == role for j in range(n))
        for weight in ("paper_weight", "policy_weight"):
            part[weight] /= sum(part[weight]) / n
    starts = np.concatenate([[in_villages], in_villages + np.cumsum(rows)]).astype(np.int64)
    for k, cluster in enumerate(CLUSTERS):
        part = cadres[starts[k] : starts[k + 1]]
        part["uid"] = (1 << 40) + (number * 4096 + first) * 4096 + k * 256 + np.arange(rows[k])
        part["village"] = -1
        part["role"] = k
        part["hours"] = staffing["township_hours"]
        part["posts"] = max(posts[k] / rows[k], LEAST_POST)
        part["assigned"] = assigned(setting, part["uid"], villages["uid"])
        part["paper_weight"] = clusters[cluster]["paper_weight"]
        part["policy_weight"] = 1.0
        if k == FINANCE:
            part["access"][:, 1] = part["access"][:, 3] = clusters[cluster]["finance_access"]
    township = cadres[in_villages:]
    weighed = sum(township["paper_weight"] * township["posts"])
    township["paper_weight"] /= weighed / sum(township["posts"])
    return cadres, starts


@entry
def populate(cadres, p, f, keys, young_share, training_hours):
    """Put a first person on every seat: in post for up to some terms, and that much older and more practised."""
    compulsory = f[0].schooling_compulsory
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        renew(cadre, p[0], f[0], keys, young_share, 0.0, 0.0)
        fresh = skill_target(p[0], compulsory, 0.0, cadre.schooling, cadre.age, 0.0)
        until_retirement = max(0.0, 52.0 * (f[0].retirement_age - cadre.age))
        longest = min(f[0].first_terms * f[0].election_interval, until_retirement)
        cadre.tenure = longest * chance.uniform(keys, chance.NEWCOMER, cadre.uid, FIRST_TERM)
        cadre.age += cadre.tenure / 52.0
        settled = skill_target(p[0], compulsory, training_hours, cadre.schooling, cadre.age, cadre.tenure)
        cadre.skill = bounded(cadre.skill + settled - fresh, 0.0, 1.0)


def hidden_share(setting: Setting, who: int) -> float:
    """Share of its trouble that a town hides: nothing if it is honest, else so much that the mean is the prior's."""
    honest = setting.facts["population"]["honest_towns"]
    u = chance.uniforms(chance.stream_keys(setting.seed), chance.TOWN, np.array([who]), 6)[0]
    return 0.0 if u < honest else min(1.0, setting.parameters["hide"] / (1.0 - honest))


def build_unit(setting: Setting, world: World, number: int, first: int, unit: UnitSpec, groups: bool) -> State:
    """The state of one unit before its burn-in."""
    villages = build_villages(setting, number, first, unit, groups)
    cadres, clusters = build_cadres(setting, number, first, unit, villages)
    tallies = len(villages) + 1 if groups else 1
    cadres["group"][cadres["village"] < 0] = tallies - 1
    levers = setting.drawn.levers
    populate(cadres, world.parameters, world.facts, world.keys, levers["young_recruits"], levers["training_hours"])
    residents, ties, threshold = build_residents(setting, villages)
    township = np.zeros(1, TOWNSHIP_TYPE)
    write_starting_values(setting, "place", township)
    township["residents"] = len(residents)
    township["hides"] = hidden_share(setting, number * 4096 + first)
    standing = world.base.copy()
    state = State(
        township, villages, cadres, residents, ties, threshold, np.zeros(0, CASE), np.zeros(0, STEP),
        build_office(setting, clusters), standing, np.zeros(0, STRENGTH_TYPE), np.zeros(tallies, DUE),
        np.zeros_like(as_columns(township)), np.zeros_like(as_columns(villages)),
        np.zeros_like(as_columns(cadres)), np.zeros_like(as_columns(standing)),
    )  # fmt: skip
    sum_up(state)
    return grow_pools(state, 400 + len(residents) // 6)


def grow_pools(state: State, more: int) -> State:
    """The same state with `more` free rows for cases and twice as many for steps."""
    cases = np.concatenate([state.cases, np.zeros(more, CASE)])
    steps = np.concatenate([state.steps, np.zeros(2 * more, STEP)])
    office = state.office.copy()
    for rows, link, what, added in (
        (cases, "next", "case", more),
        (steps, "after", "step", 2 * more),
    ):
        first = len(rows) - added
        rows[link][first:-1] = np.arange(first + 1, len(rows))
        rows[link][-1] = office[f"free_{what}"][0]
        office[f"free_{what}"] = first
        office[f"{what}s_free"] += added
    return state._replace(cases=cases, steps=steps, office=office)
