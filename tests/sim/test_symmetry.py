"""Symmetry: names of villages don't matter, size doesn't matter to rates, and towns apart are towns alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim import run
from sim.indicators import HEADLINE
from sim.inputs.measures import MEASURES
from sim.inputs.places import UnitSpec
from sim.inputs.settings import setting
from sim.state import State
from sim.town import build_unit, units_of
from sim.world import world_of

pytestmark = pytest.mark.usefixtures("compiled_model")
ALL = dict.fromkeys(MEASURES, 1.0)


# --- villages in another order

POINTS = ("satisfaction", "trust", "superior")  # residents' points are kept in 32 bits


def relabelled(state: State, order: np.ndarray) -> State:
    """The same unit before its first week, its villages in another order: a village keeps its uid and its people.

    Rows of cadres, residents and tallies move with their villages, and whatever points at a row follows.
    """
    old, township = state.villages, len(state.cadres) - int(state.villages["cadres"].sum())
    assert not state.cases["state"].any(), "cases would have to be moved, too"

    def rows(first: str, count: str) -> np.ndarray:
        return np.concatenate([np.arange(old[first][v], old[first][v] + old[count][v]) for v in order])

    people, seats = rows("first_resident", "residents"), rows("first_cadre", "cadres")
    seats = np.concatenate([seats, np.arange(len(seats), len(seats) + township)])
    to_village, to_person, to_seat = np.argsort(order), np.argsort(people), np.argsort(seats)
    villages, cadres, residents = old[order].copy(), state.cadres[seats].copy(), state.residents[people].copy()
    villages["first_resident"] = np.cumsum(villages["residents"]) - villages["residents"]
    villages["first_cadre"] = np.cumsum(villages["cadres"]) - villages["cadres"]
    villages["desk"] = to_seat[villages["desk"]]
    villages["group"] = np.arange(len(villages))
    residents["village"] = to_village[residents["village"]]
    inside = cadres["village"] >= 0
    cadres["village"][inside] = to_village[cadres["village"][inside]]
    cadres["assigned"] = to_village[cadres["assigned"]]
    cadres["group"][inside] = cadres["village"][inside]
    return state._replace(
        villages=villages,
        cadres=cadres,
        residents=residents,
        ties=to_person[state.ties[people]].astype(state.ties.dtype),
        threshold=state.threshold[people],
    )


def by_village(whole_run, chosen, order: np.ndarray | None) -> np.ndarray:
    """Tallies (weeks, villages and township) from the first week of burn-in on, villages in their first order."""
    start = -run.BASELINE_WEEKS - int(chosen.facts["calendar"]["settling_weeks"])
    (unit,) = whole_run(
        chosen,
        begin=start,
        detail="village",
        before=None if order is None else lambda _, state: relabelled(state, order),
    )
    if order is None:
        return unit.tallies
    back = np.append(np.argsort(order), len(order))
    return unit.tallies[:, back]


RELABELLED = {
    "average": {"seed": 1},
    "everything at once": {
        "seed": 2, "measures": ALL, "burden": 2.0, "supervision": 0.6, "levers": {"township_bookkeeping": 1.0},
    },
    "inspected": {"town": "inspected", "seed": 3, "measures": ALL},
    "quarrels that meet": {
        "town": "inspected", "seed": 3, "parameters": {"spread_heat": 0.25},
        "facts": {"population": {"response_days": 20}},
    },
    "rival theories": {
        "seed": 4, "supervision": 0.5, "theory": {"conduct": "peer_norm", "effort": "habit", "belief": "availability"},
    },
}  # fmt: skip


@pytest.mark.parametrize("orders", RELABELLED.values(), ids=RELABELLED)
def test_villages_in_another_order_live_the_same_lives(orders, whole_run):
    """Eight years of every village, with its uid carried along to another row.

    All chance is keyed by uid, so every event is the same event: whatever counts in whole numbers is
    identical. What the township sums over villages (performance, incidents, backlogs of its desks) is summed in
    another order and differs by rounding, and so does whatever reads it. Allowed is 1e-9 of a series' largest
    value (1e-14 was seen; one event moves 1e-4 or more), and for sums of residents' points .001 of a point:
    rounding may turn the last of a resident's 32 bits, which is 4e-6 of a point; one case moves a tenth or more.
    """
    chosen = setting(residents=24_000, weeks=104, **orders)
    villages = len(chosen.drawn.units[0].villages)
    order = np.random.default_rng(11).permutation(villages)
    assert np.any(order != np.arange(villages))
    before, after = by_village(whole_run, chosen, None), by_village(whole_run, chosen, order)
    whole = {name for name in before.dtype.names if np.array_equal(before[name], np.floor(before[name]))}
    assert whole > {
        "raised",
        "closed",
        "withdrawn",
        "open",
        "episodes",
        "incidents",
        "initiatives",
        "satisfied",
        "waits",
    }
    for name in before.dtype.names:
        one, other = before[name], after[name]
        if name in whole:
            assert np.array_equal(one, other), name
        allowed = 1e-3 if name.startswith(POINTS) else 1e-9 * np.abs(one).max()
        np.testing.assert_allclose(other, one, rtol=0, atol=allowed, err_msg=name)


def test_the_first_order_is_a_relabelling_that_changes_no_bit(whole_run):
    chosen = setting(residents=12_000, weeks=52, seed=5)
    same = np.arange(len(chosen.drawn.units[0].villages))
    assert by_village(whole_run, chosen, None).tobytes() == by_village(whole_run, chosen, same).tobytes()


# --- twice the town

SEEDS = 16
FAMILY = 0.01  # chance that any of the headline indicators is called different though none is
TO_BE_SEEN = 0.05  # relative change of service efficiency


def figures_of(seed: int, villages: int, staff: int) -> dict[str, float]:
    """Headline indicators of a town whose villages are repeated and whose township is multiplied, per 24,000 people."""
    chosen = setting(residents=24_000, weeks=52, seed=seed)
    (unit,) = chosen.drawn.units
    larger = UnitSpec(unit.name, unit.villages * villages, unit.township_cadres * staff)
    chosen = chosen.replace(town=replace(chosen.drawn, units=(larger,)))
    figures = run.evaluate(run.branch(run.history(chosen), chosen))
    return {i.id: figures[i.id] / (villages if i.kind in ("flow", "stock") else 1) for i in HEADLINE}


@pytest.fixture(scope="module")
def sizes():
    """{(villages, staff): {indicator: array (seeds,)}}, every size with seeds of its own."""
    found = {}
    with ThreadPoolExecutor(2) as pool:
        for number, size in enumerate([(1, 1), (2, 2), (2, 1)]):
            towns = list(pool.map(lambda s, size=size, n=number: figures_of(1_000 * n + s, *size), range(SEEDS)))
            found[size] = {i.id: np.array([town[i.id] for town in towns]) for i in HEADLINE}
    return found


def called_different(one: dict, other: dict) -> set[str]:
    """Indicators whose means differ at the family-wise level: Welch's test with Holm's correction."""
    tests = {name: float(stats.ttest_ind(one[name], other[name], equal_var=False).pvalue) for name in one}
    found: set[str] = set()
    for rank, name in enumerate(sorted(tests, key=lambda name: tests[name])):
        if tests[name] > FAMILY / (len(tests) - rank):
            break
        found.add(name)
    return found


@pytest.mark.slow
def test_twice_the_people_staff_desks_and_funds_have_the_same_rates(sizes):
    """24,000 residents in 12 villages against the same villages twice, with twice the township."""
    assert called_different(sizes[1, 1], sizes[2, 2]) == set()


@pytest.mark.slow
def test_a_twentieth_of_service_efficiency_would_have_been_seen(sizes):
    """Power of the comparison above, from its own spread: noncentral t at Holm's strictest step."""
    one, other = sizes[1, 1]["service_efficiency"], sizes[2, 2]["service_efficiency"]
    parts = np.array([one.var(ddof=1), other.var(ddof=1)]) / SEEDS
    freedom = parts.sum() ** 2 / np.sum(parts**2 / (SEEDS - 1))
    shift = TO_BE_SEEN * one.mean() / parts.sum() ** 0.5
    strictest = stats.t.ppf(1 - FAMILY / len(HEADLINE) / 2, freedom)
    assert stats.nct.sf(strictest, freedom, shift) > 0.99
    shifted = {**sizes[2, 2], "service_efficiency": other * (1 - TO_BE_SEEN)}
    assert "service_efficiency" in called_different(sizes[1, 1], shifted)


@pytest.mark.slow
def test_twice_the_people_without_twice_the_township_are_told_apart(sizes):
    assert "service_efficiency" in called_different(sizes[1, 1], sizes[2, 1])


# --- two towns


def alone(chosen, which: int):
    """One unit of a setting, built and run by itself: its tallies (weeks, groups) and its last state."""
    number, first, unit = units_of(chosen)[which]
    past, world = world_of(chosen, history=True), world_of(chosen)
    start = -run.BASELINE_WEEKS - int(chosen.facts["calendar"]["settling_weeks"])
    state = build_unit(chosen, past, number, first, unit, True)
    before = run.run_unit(state, past, start, 0, -run.BASELINE_WEEKS)
    after = run.run_unit(run.with_measures(before.state, world), world, 0, chosen.weeks, 0)
    return np.concatenate([before.tallies, after.tallies]), after.state


APART = {
    "units of a county": {"town": "county", "residents": 9_000},
    "villages alone": {"residents": 8_000, "coupling": False},
}


@pytest.mark.parametrize("orders", APART.values(), ids=APART)
def test_towns_that_do_not_touch_are_towns_alone(orders, monkeypatch, differing):
    """Run together, and one by one from the last to the first: the same bits, and totals that are their sums."""
    chosen = setting(weeks=60, seed=6, measures=ALL, burden=1.5, supervision=0.4, **orders)
    states, run_unit = [], run.run_unit

    def kept(*arguments):
        states.append(run_unit(*arguments))
        return states[-1]

    history = run.history(chosen, "village")
    with monkeypatch.context() as patch:
        patch.setattr(run, "run_unit", kept)
        together = run.branch(history, chosen)
    count = len(units_of(chosen))
    assert count > 2
    by_itself = {which: alone(chosen, which) for which in reversed(range(count))}
    villages = np.concatenate([by_itself[which][0][:, :-1] for which in range(count)], axis=1)
    assert together.villages.tobytes() == villages.tobytes()
    for which in range(count):
        assert differing(states[which].state, by_itself[which][1]) == []
    for name in ("raised", "closed", "hours_available", "discretionary"):
        total = sum(by_itself[which][0][name].sum(axis=1) for which in range(count))
        np.testing.assert_allclose(together.tallies[name], total, rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("orders", APART.values(), ids=APART)
def test_the_first_of_several_towns_is_a_setting_of_its_own(orders):
    """A town of which only the first unit exists is another setting, and the same unit, bit by bit."""
    chosen = setting(weeks=60, seed=7, measures=ALL, supervision=0.4, **orders)
    _, _, unit = units_of(chosen)[0]
    single = chosen.replace(town=replace(chosen.drawn, units=(unit,)))
    assert single.fingerprint != chosen.fingerprint
    several, one = (run.branch(run.history(c, "village"), c).villages for c in (chosen, single))
    assert one.shape[1] < several.shape[1]
    assert one.tobytes() == several[:, : one.shape[1]].tobytes()
