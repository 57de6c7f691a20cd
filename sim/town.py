"""From a setting to synthetic townships: people, villages, desks and money, drawn by keyed chance.

A unit is one township with its villages; a county is several. With `coupling=false` every village is a
unit of its own, with its share of the township's people, so that villages cannot touch each other.
Village income is so skewed that a town's total would be noise: it is drawn by strata, one village each.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from sim import chance
from sim.compiled import entry
from sim.mechanisms.people import renew
from sim.places import UnitSpec
from sim.settings import Setting
from sim.state import (
    CADRE_TYPE,
    CASE,
    CHANNELS,
    CLUSTERS,
    DUE,
    FINANCE,
    KINDS,
    OFFICE,
    PLACE_TYPE,
    RESIDENT,
    ROLES,
    ROUTE,
    STEP,
    TIES,
    VILLAGE_TYPE,
    State,
    as_columns,
)
from sim.week import World

NORMAL = NormalDist()


def units_of(setting: Setting) -> tuple[tuple[int, int, UnitSpec], ...]:
    """(unit number, number of its first village, unit): villages alone when they are uncoupled."""
    found = []
    for number, unit in enumerate(setting.town.units):
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
    office["routes"][0, KINDS.index("petition"), ::2] = CLUSTERS.index("petitions_law")
    shares = np.cumsum([rows[c]["owner_share"] for c in CLUSTERS])
    office["owners"] = shares / shares[-1]
    return office


def incomes(ranks: np.ndarray, median: float, mean: float) -> np.ndarray:
    """Collective incomes (yuan a year), one from each stratum of a lognormal; their mean is exact."""
    n = len(ranks)
    sigma = max(2.0 * np.log(mean / median), 1e-6) ** 0.5
    edges = [NORMAL.inv_cdf(i / n) if 0 < i < n else (-1e9 if i == 0 else 1e9) for i in range(n + 1)]
    below = np.array([NORMAL.cdf(edge - sigma) for edge in edges])
    return (mean * n * np.diff(below))[np.argsort(np.argsort(ranks))]


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
    seen = low + (high - low) * keyed(1)
    old = population["share_over_60"] * (0.75 + 0.5 * keyed(2))
    income = incomes(keyed(3), money["collective_income_median"], money["collective_income_mean"])
    income = np.where(villages["rural"] == 1, income, income * money["community_income_factor"])
    for name, drawn in (("visibility", seen), ("share_over_60", old), ("income", income)):
        given = [getattr(spec, name) for spec in specs]
        villages[name] = [d if g is None else g for g, d in zip(given, drawn, strict=True)]
    villages["transfers"] = money["transfers_yuan"]
    villages["opacity"] = np.minimum(1.0, population["opacity_mean"] * (0.8 + 0.4 * keyed(4)))
    villages["chair_rank"] = keyed(5)
    villages["livelihoods"] = population["livelihoods_exposed"] * villages["rural"]
    villages["members"] = population["member_share"] * villages["residents"]
    villages["repeat"] = 1.0
    for name, value in START_VILLAGE.items():
        villages[name] = value
    for r in range(len(ROLES)):
        villages["desk"][:, r] = villages["first_cadre"] + r % villages["cadres"]
    return villages


# Where a town stands before it has settled; 260 settling weeks wash these out.
START_VILLAGE = {
    "norm": 0.4, "active": 0.6, "information": 0.4, "performance": 0.5, "remote_performance": 0.4,
    "project_value": 0.3, "contact": 0.4, "mood": 60.0, "mood_trust": 60.0, "mood_superior": 65.0,
    "expected": 55.0, "wrong_inclusion": 0.15, "wrong_exclusion": 0.35, "misfit": 0.3, "reserves": 0.5,
}  # fmt: skip
START_PLACE = {
    "pressure": 0.4, "reported": 0.75, "true_performance": 0.6, "reporting": 0.7, "form_push": 1.0,
    "visit_push": 1.0, "carry": 1.0, "audit_seen": 0.04, "ontime_recent": 0.7, "incidents_recent": 1.5,
    "seals": 1.0, "check_hours": 1.0, "windows": 1.0, "repeat_norm": 1.0, "petition_rate": 1.0,
}  # fmt: skip
START_CADRE = {
    "believed_detection": 0.05, "believed_tolerance": 0.15, "intensity": 0.9, "pace": 3.0, "desk_hours": 15.0,
    "free_at": -1e9, "head": -1, "tail": -1,
}  # fmt: skip
START_PRIORITY = (0.5, 0.3, 0.05, 0.15)


def build_cadres(setting: Setting, number: int, first: int, unit: UnitSpec, villages: np.ndarray):
    """Cadre records of a unit, villages' first, then the township's by cluster; and where clusters begin."""
    facts = setting.facts
    roles, clusters = facts["village_roles"], facts["township_clusters"]
    staffing = facts["staffing"]
    full = sum(clusters[c]["staff"] for c in CLUSTERS)
    posts = [unit.township_cadres * clusters[c]["staff"] / full for c in CLUSTERS]
    rows = [max(1, round(n)) for n in posts]
    in_villages = int(villages["cadres"].sum())
    cadres = np.zeros(in_villages + sum(rows), CADRE_TYPE)
    for name, value in START_CADRE.items():
        cadres[name] = value
    cadres["priority"] = START_PRIORITY
    cadres["posts"] = 1.0
    for v, village in enumerate(villages):
        n, at = int(village["cadres"]), int(village["first_cadre"])
        part = cadres[at : at + n]
        part["uid"] = village["uid"] * 64 + np.arange(n)
        part["village"] = v
        part["group"] = village["group"]
        part["hours"] = staffing["village_hours"]
        for i in range(n):
            held = [roles[r] for j, r in enumerate(ROLES) if j % n == i] or [roles[ROLES[i % len(ROLES)]]]
            part["role"][i] = i % len(ROLES)
            part["paper_weight"][i] = sum(role["paper_weight"] for role in held)
            part["policy_weight"][i] = sum(role["policy_weight"] for role in held)
            part["access"][i] = [max(role[channel] for role in held) for channel in CHANNELS]
        for weight in ("paper_weight", "policy_weight"):
            part[weight] /= part[weight].mean()
    starts = np.concatenate([[in_villages], in_villages + np.cumsum(rows)]).astype(np.int64)
    for k, cluster in enumerate(CLUSTERS):
        part = cadres[starts[k] : starts[k + 1]]
        part["uid"] = (1 << 40) + (number * 4096 + first) * 4096 + k * 256 + np.arange(rows[k])
        part["village"] = -1
        part["role"] = k
        part["hours"] = staffing["township_hours"]
        part["posts"] = posts[k] / rows[k]
        part["paper_weight"] = clusters[cluster]["paper_weight"]
        part["policy_weight"] = 1.0
        if k == FINANCE:
            part["access"][:, 1] = part["access"][:, 3] = clusters[cluster]["finance_access"]
    township = cadres[in_villages:]
    mean = np.average(township["paper_weight"], weights=township["posts"])
    township["paper_weight"] /= mean
    return cadres, starts


@entry
def populate(cadres, p, f, keys, young_share):
    """Put a first person on every seat, in post for a keyed number of weeks."""
    for c in range(cadres.shape[0]):
        renew(cadres[c], p[0], f[0], keys, young_share, 0.0, 0.0, p[0].business_share)
        cadres[c].tenure = 260.0 * chance.uniform(keys, chance.NEWCOMER, cadres[c].uid, 0)


def build_residents(setting: Setting, villages: np.ndarray) -> tuple[np.ndarray, ...]:
    """Residents of a unit, village by village: records (residents,), ties (residents, TIES), thresholds."""
    population, keys = setting.facts["population"], chance.stream_keys(setting.seed)
    total = int(villages["residents"].sum())
    residents = np.zeros(total, RESIDENT)
    row = np.repeat(np.arange(len(villages)), villages["residents"])
    inside = np.arange(total) - villages["first_resident"][row]
    who = (villages["uid"][row].astype(np.uint64) << np.uint64(32)) + inside.astype(np.uint64)

    def keyed(purpose: int) -> np.ndarray:
        return chance.uniforms(keys, chance.TOWN, who, 16 + purpose)

    residents["village"] = row
    residents["over_60"] = keyed(0) < villages["share_over_60"][row]
    able = np.where(residents["over_60"], population["digital_over_60"], population["digital_under_60"])
    residents["digital"] = keyed(1) < able
    residents["satisfaction"] = 50.0 + 24.0 * keyed(2)
    residents["trust"] = 50.0 + 20.0 * keyed(3)
    residents["superior"] = 60.0 + 20.0 * keyed(4)
    residents["expected_wait"] = 0.6
    spread = setting.parameters["disposition_spread"]
    residents["disposition"] = spread * np.sqrt(12.0) * (keyed(6) - 0.5)
    low, high = population["threshold_low"], population["threshold_high"]
    threshold = (low + (high - low) * keyed(5)).astype(np.float32)
    ties = np.empty((total, TIES), np.uint32)
    size = villages["residents"][row]
    first = villages["first_resident"][row]
    for t in range(TIES):
        u = chance.uniforms(keys, chance.TIES, who, 3 * t)
        if t < TIES // 2:  # half the ties are near neighbours, the others anywhere in the village
            step = 1 + (u * np.minimum(10, np.maximum(size - 1, 1))).astype(np.int64)
            other = first + (inside + np.where(t % 2 == 0, step, -step)) % size
        else:
            other = first + np.minimum((u * size).astype(np.int64), size - 1)
        far = chance.uniforms(keys, chance.TIES, who, 3 * t + 1) < population["tie_far_share"]
        away = (chance.uniforms(keys, chance.TIES, who, 3 * t + 2) * total).astype(np.int64)
        ties[:, t] = np.where(far, np.minimum(away, total - 1), other)
    return residents, ties, threshold


def sum_up(state: State) -> None:
    """Recompute the villages' sums over residents (after residents were written from outside)."""
    for name, field in (
        ("satisfaction_sum", "satisfaction"),
        ("trust_sum", "trust"),
        ("superior_sum", "superior"),
    ):
        values = state.residents[field].astype(np.float64)
        state.villages[name] = np.add.reduceat(values, state.villages["first_resident"])
    happy = (state.residents["satisfaction"] >= 60.0).astype(np.float64)
    state.villages["satisfied"] = np.add.reduceat(happy, state.villages["first_resident"])


def build_unit(setting: Setting, world: World, number: int, first: int, unit: UnitSpec, groups: bool) -> State:
    """The state of one unit before its settling weeks."""
    villages = build_villages(setting, number, first, unit, groups)
    cadres, clusters = build_cadres(setting, number, first, unit, villages)
    tallies = len(villages) + 1 if groups else 1
    cadres["group"][cadres["village"] < 0] = tallies - 1
    populate(cadres, world.parameters, world.facts, world.keys, setting.town.levers["young_recruits"])
    residents, ties, threshold = build_residents(setting, villages)
    place = np.zeros(1, PLACE_TYPE)
    for name, value in START_PLACE.items():
        place[name] = value
    place["residents"] = len(residents)
    levers = world.base.copy()
    state = State(
        place, villages, cadres, residents, ties, threshold, np.zeros(0, CASE), np.zeros(0, STEP),
        build_office(setting, clusters), levers, np.zeros((0, 3)), np.zeros(tallies, DUE),
        np.zeros_like(as_columns(place)), np.zeros_like(as_columns(villages)),
        np.zeros_like(as_columns(cadres)), np.zeros_like(as_columns(levers)),
    )  # fmt: skip
    sum_up(state)
    return grown(state, 400 + len(residents) // 6)


def grown(state: State, more: int) -> State:
    """The same state with `more` free rows for cases and twice as many for steps."""
    cases = np.concatenate([state.cases, np.zeros(more, CASE)])
    steps = np.concatenate([state.steps, np.zeros(2 * more, STEP)])
    office = state.office.copy()
    for rows, link, what, added in (
        (cases, "next", "case", more),
        (steps, "after", "step", 2 * more),
    ):
        begin = len(rows) - added
        rows[link][begin:-1] = np.arange(begin + 1, len(rows))
        rows[link][-1] = office[f"free_{what}"][0]
        office[f"free_{what}"] = begin
        office[f"{what}s_free"] += added
    return state._replace(cases=cases, steps=steps, office=office)
