"""Ways of running: each of them gives the same arrays, and nothing acts before it has started."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sim import dataset, run, town
from sim.inputs.measures import MEASURES
from sim.inputs.priors import default_parameters
from sim.inputs.settings import setting
from sim.inputs.windows import LeverChange, MeasureUse
from sim.levers import LEVERS
from sim.state import CADRE, RESPONSES, TOWNSHIP, VILLAGE
from sim.vocabulary import MECHANISMS
from sim.world import world_of

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("compiled_model")
ALL = dict.fromkeys(MEASURES, 1.0)
SOME = dict.fromkeys(MEASURES, 0.4)
PLACES = {"head", "tail"}  # rows in the pools of steps: the same queue may stand in other rows

ORDERS = {
    "nothing": {"residents": 4_000, "weeks": 52},
    "all measures": {"residents": 4_000, "weeks": 104, "measures": ALL, "seed": 3},
    "windows": {
        "residents": 4_000,
        "weeks": 104,
        "measures": {"one_window": {"intensity": 0.7, "start": 30, "end": 80}, "error_tolerance": 1.0},
        "burden": {"value": 0.5, "start": 20, "end": 60},
        "supervision": 0.5,
        "potency": "draw",
        "seed": 2,
    },
    "rival theories": {
        "residents": 3_000,
        "weeks": 60,
        "measures": SOME,
        "theory": {"conduct": "peer_norm", "effort": "habit", "belief": "availability"},
    },
    "no coupling": {"residents": 4_000, "weeks": 60, "coupling": False, "measures": ALL},
    "county": {"town": "county", "residents": 6_000, "weeks": 60, "burden": 2.5},
    "inspected": {
        "town": "inspected",
        "residents": 3_000,
        "weeks": 52,
        "burden": 0.0,
        "levers": {"counters_kept": 0.0},
    },
}


def weeks_that_differ(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Weeks since the start in which two series of tallies differ in any bit."""
    first = run.BASELINE_WEEKS
    return np.array([w - first for w in range(len(one)) if one[w].tobytes() != other[w].tobytes()])


# --- branched and whole


@pytest.mark.parametrize("orders", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("detail", ["town", "village"])
def test_a_branched_run_equals_the_whole_run_array_by_array(orders, detail, whole_run, branched_run, differing):
    chosen = setting(**orders)
    history = run.history(chosen, detail)
    whole, branched = whole_run(chosen, detail=detail), branched_run(history, chosen)
    assert len(whole) == len(branched) == len(history.units)
    for a, b, before in zip(whole, branched, history.units, strict=True):
        assert differing(a.state, b.state) == []
        assert a.tallies.tobytes() == np.concatenate([before.tallies, b.tallies]).tobytes()


@pytest.mark.parametrize("frozen", MECHANISMS)
def test_a_branched_run_equals_the_whole_run_with_a_mechanism_knocked_out(frozen, whole_run, branched_run, differing):
    chosen = setting(residents=2_000, weeks=52, measures=ALL, knock_out=[frozen])
    history = run.history(chosen)
    (whole,), (branched,) = whole_run(chosen), branched_run(history, chosen)
    assert whole.tallies[52:].tobytes() == branched.tallies.tobytes()
    assert differing(whole.state, branched.state) == []


def test_a_measure_of_one_week_stands_at_full_strength_at_once_and_in_branched_runs_too(whole_run, branched_run):
    """A ramp of a week or none: the measure is in force when it is ordered."""
    quick = replace(MEASURES["one_window"], ramp_weeks=1.0)
    chosen = setting(residents=1_000, weeks=52, measures={"one_window": 1.0})
    chosen = replace(chosen, definitions={"one_window": quick})
    (whole,), (branched,) = whole_run(chosen), branched_run(run.history(chosen), chosen)
    assert whole.state.strength.tobytes() == branched.state.strength.tobytes()
    assert branched.state.strength["stock"] == 1.0


def test_a_run_in_parts_equals_the_run_in_one_piece(branched_run, differing):
    chosen = setting(residents=4_000, weeks=60, measures=ALL)
    history = run.history(chosen)
    (once,) = branched_run(history, chosen)
    world = world_of(chosen)
    state = run.with_measures(history.units[0].state, world)
    for first, last in ((0, 1), (1, 7), (7, 52), (52, 60)):
        state = run.run_unit(state, world, first, last, first).state
    assert differing(once.state, state) == []


def test_a_history_is_not_changed_by_branching_and_branches_twice_alike(columns):
    chosen = setting(residents=4_000, weeks=60, measures=ALL, burden=2.0)
    history = run.history(chosen)
    before = [{name: array.tobytes() for name, array in columns(unit.state).items()} for unit in history.units]
    counted = [unit.tallies.tobytes() for unit in history.units]
    one = run.branch(history, chosen)
    run.branch(history, chosen.replace(measures=()))
    two = run.branch(history, chosen)
    assert one.tallies.tobytes() == two.tallies.tobytes()
    assert [unit.tallies.tobytes() for unit in history.units] == counted
    for unit, held in zip(history.units, before, strict=True):
        assert {name: array.tobytes() for name, array in columns(unit.state).items()} == held


def test_a_history_refuses_a_setting_of_another_town():
    with pytest.raises(ValueError, match="another town"):
        run.branch(run.history(setting(residents=500)), setting(residents=501))


def test_counting_by_village_changes_no_event_and_sums_to_the_town(columns):
    """Sums are added in another order, so they may differ in the last digits; counts may not."""
    chosen = setting("county", residents=6_000, weeks=52, measures=ALL)
    together, apart = (run.history(chosen, detail) for detail in ("town", "village"))
    for a, b in zip(together.units, apart.units, strict=True):
        for name, array in columns(a.state).items():
            if name.split(".")[0] != "due" and not name.endswith(".group"):
                assert array.tobytes() == columns(b.state)[name].tobytes(), name
        for name in a.tallies.dtype.names:
            np.testing.assert_allclose(a.tallies[name][:, 0], b.tallies[name].sum(axis=1), rtol=1e-12, err_msg=name)


# --- the same again


def fingerprint(orders: dict, columns) -> str:
    """sha256 of everything a run leaves behind: tallies and states."""
    chosen = setting(**orders)
    history = run.history(chosen)
    found = hashlib.sha256()
    for unit in history.units:
        world = world_of(chosen)
        after = run.run_unit(run.with_measures(unit.state, world), world, 0, chosen.weeks, 0)
        for part in (unit.tallies, after.tallies):
            found.update(part.tobytes())
        for array in columns(after.state).values():
            found.update(array.tobytes())
    return found.hexdigest()


ELSEWHERE = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("elsewhere", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
def columns(state):
    split = lambda n, a: {n: a} if a.dtype.names is None else {f"{n}.{f}": a[f] for f in a.dtype.names}
    return {k: v for n, a in state._asdict().items() for k, v in split(n, a).items()}
print(json.dumps({name: module.fingerprint(orders, columns) for name, orders in module.ORDERS.items()}))
"""


def test_another_process_gives_the_same_arrays(columns):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "77", "OMP_NUM_THREADS": "1"}
    there = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, __file__],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(there.stdout) == {name: fingerprint(orders, columns) for name, orders in ORDERS.items()}


def test_another_thread_count_gives_the_same_arrays(columns):
    orders = [*ORDERS.values()] * 2
    serial = [fingerprint(one, columns) for one in orders]
    for threads in (1, 2, 5):
        with ThreadPoolExecutor(threads) as pool:
            assert list(pool.map(lambda one: fingerprint(one, columns), orders)) == serial


def test_another_seed_gives_another_run(columns):
    orders = ORDERS["all measures"]
    assert len({fingerprint({**orders, "seed": seed}, columns) for seed in range(6)}) == 6


def test_what_a_run_returns_is_the_same_through_simulate_and_through_history_and_branch():
    orders = {"residents": 2_000, "weeks": 52, "seed": 7, "measures": {"one_window": 1.0}}
    chosen = setting(**orders)
    records = run.branch(run.history(chosen), chosen)
    ds = dataset.simulate("average", **orders)
    assert dataset.outcomes(ds) == pytest.approx(
        {k: v for k, v in run.evaluate(records).items() if "__" not in k}, abs=0, rel=0, nan_ok=True
    )


# --- the pools of cases and steps


def built_with(pool: int, monkeypatch, whole_run, chosen):
    """A run that starts with `pool` free rows for cases; what it did, by names that do not hang on rows."""
    grow_pools = town.grow_pools
    with monkeypatch.context() as patch:
        patch.setattr(town, "grow_pools", lambda state, more: grow_pools(state, pool))
        (unit,) = whole_run(chosen)
    return unit


@pytest.mark.parametrize("orders", [{"measures": ALL, "seed": 3}, {"burden": 2.5, "seed": 4}], ids=["reform", "burden"])
def test_a_pool_that_has_to_grow_gives_the_same_run(orders, monkeypatch, whole_run, columns):
    chosen = setting(residents=4_000, weeks=104, **orders)
    tiny, roomy = (built_with(pool, monkeypatch, whole_run, chosen) for pool in (10, 9_000))
    assert len(tiny.state.cases) < len(roomy.state.cases)
    assert tiny.tallies.tobytes() == roomy.tallies.tobytes()
    one, other = columns(tiny.state), columns(roomy.state)
    for name, array in one.items():
        table, _, field = name.partition(".")
        if table not in ("cases", "steps", "office") and field not in PLACES:
            assert array.tobytes() == other[name].tobytes(), name
    at_desks = [np.sort(unit.state.cases["key"][unit.state.cases["state"] > 0]) for unit in (tiny, roomy)]
    assert np.array_equal(*at_desks)


# --- what is ordered acts from its start on, and not before


def test_a_measure_at_intensity_zero_is_its_absence(subtests):
    history = run.history(setting(residents=1_000, weeks=52))
    for measure in MEASURES:
        with subtests.test(measure=measure):
            others = {} if measure == "one_window" else {"one_window": 0.5}
            with_zero = setting(residents=1_000, weeks=52, measures={**others, measure: 0.0})
            without = setting(residents=1_000, weeks=52, measures=others)
            assert with_zero.fingerprint == without.fingerprint
            assert run.branch(history, with_zero).tallies.tobytes() == run.branch(history, without).tallies.tobytes()


def test_an_order_of_intensity_zero_is_bit_identical_to_its_absence_even_in_the_compiled_week(branched_run, differing):
    chosen = setting(residents=2_000, weeks=52, measures={"one_window": 0.5})
    history = run.history(chosen)
    (absent,) = branched_run(history, chosen)
    ordered = replace(chosen, measures=(*chosen.measures, MeasureUse("assessment", 0.0)), definitions=MEASURES)
    (zero,) = branched_run(history, ordered)
    assert zero.tallies.tobytes() == absent.tallies.tobytes()
    assert {name.split(".")[0] for name in differing(zero.state, absent.state)} <= {"strength"}


def test_nothing_that_is_ordered_changes_a_week_before_the_start(whole_run):
    plain = setting(residents=3_000, weeks=52)
    ordered = setting(
        residents=3_000, weeks=52, measures=ALL, tolerance=1.0, burden=0.0, supervision=1.0, levers={"attention": 20.0}
    )
    (one,), (other,) = whole_run(plain, begin=-312), whole_run(ordered, begin=-312)
    same = [one.tallies[w].tobytes() == other.tallies[w].tobytes() for w in range(312 + 52)]
    assert all(same[:312])
    assert not any(same[312:])


@pytest.fixture(scope="module")
def shared():
    """A town with all measures at 0.4 and its history: levers are away from their bounds, and books are looked at."""
    chosen = setting(residents=12_000, weeks=208, seed=5, measures=SOME, supervision=0.5)
    history = run.history(chosen)
    return chosen, history, run.branch(history, chosen)


START = 20


def test_every_lever_acts_from_its_start_week_on_and_not_before(shared, subtests):
    for lever in LEVERS:
        with subtests.test(lever=lever):
            chosen, history, plain = shared
            if lever == "supervision":
                chosen = chosen.replace(levers=())
                plain = run.branch(history, chosen)
            found = []
            for value in {LEVERS[lever].low, LEVERS[lever].high} - {chosen.town.levers[lever]}:
                changed = chosen.replace(levers=(*chosen.levers, LeverChange(lever, value, START)))
                found.extend(weeks_that_differ(run.branch(history, changed).tallies, plain.tallies))
            assert found, f"{lever} moves nothing in {chosen.weeks} weeks"
            assert min(found) >= START


def test_every_measure_acts_from_its_start_week_on_and_not_before(shared, subtests):
    chosen, history, _ = shared
    plain = run.branch(history, chosen.replace(measures=(), weeks=60))
    for measure in MEASURES:
        with subtests.test(measure=measure):
            ordered = chosen.replace(measures=(MeasureUse(measure, 1.0, START),), weeks=60)
            weeks = weeks_that_differ(run.branch(history, ordered).tallies, plain.tallies)
            assert weeks.min() >= START
            assert len(weeks) > 30


def levers_by_week(chosen) -> np.ndarray:
    """The levers of every week from 0 on: array (weeks, levers)."""
    world = world_of(chosen)
    state = run.with_measures(run.history(chosen).units[0].state, world)
    found = []
    for week in range(chosen.weeks):
        state = run.run_unit(state, world, week, week + 1, week).state
        found.append(state.levers.view(np.float64).copy())
    return np.array(found)


def test_a_lever_is_held_between_its_start_and_its_end_and_then_goes_back():
    chosen = setting(residents=500, weeks=60, burden={"value": 0.25, "start": 10, "end": 40})
    burden = levers_by_week(chosen)[:, list(LEVERS).index("burden")]
    today = chosen.town.levers["burden"]
    assert burden.tolist() == [today] * 10 + [0.25] * 30 + [today] * 20


def lives(chosen) -> np.ndarray:
    """What stands, what is run of it, the village's own hours, and what is faked, week by week: array (weeks, 4)."""
    world = world_of(chosen)
    state = run.with_measures(run.history(chosen).units[0].state, world)
    found = []
    for week in range(chosen.weeks):
        state = run.run_unit(state, world, week, week + 1, week).state
        (measure,) = state.strength
        found.append([measure["stock"], measure["run"], state.township["own_village_hours"][0], measure["faked"]])
    return np.array(found)


def ended(id: str, **more):
    """A measure of the average town that is ordered from week 5 to week 60."""
    return setting(residents=500, weeks=208, measures={id: {"intensity": 0.8, "start": 5, "end": 60}}, **more)


@pytest.mark.parametrize("id", ["asset_platform", "project_rules", "frontline_work"])
def test_hours_are_paid_in_every_week_in_which_something_is_run(id):
    """Cancelled or not: what stands and works is worked by somebody."""
    stock, ran, hours, faked = lives(ended(id)).T
    assert ((stock * ran > 0) == (hours > 0)).all()
    assert (hours > 0).tolist() == [False] * 5 + [True] * 203
    measure = MEASURES[id]
    full = measure.hours_per_village_cadre_week.mode
    after = slice(60, None)
    np.testing.assert_allclose(
        hours[after], (full * stock * ran * (1 - faked + default_parameters()["fake_paper"] * faked))[after], rtol=1e-12
    )


@pytest.mark.parametrize("id", ["asset_platform", "project_rules", "frontline_work"])
def test_what_is_no_longer_ordered_is_run_less_and_wears_away(id):
    stock, ran, _, faked = lives(ended(id)).T
    assert max(stock) == pytest.approx(0.8) == stock[59]
    assert ran[60] < ran[5] == 1.0
    assert all(b < a for a, b in itertools.pairwise(stock[60:]))
    assert np.all(np.diff(faked[60:]) >= 0.0)


def test_a_drive_is_run_less_the_longer_it_goes_on_and_a_rule_is_not():
    drive, rules = (lives(ended(id))[:60, 1] for id in ("frontline_work", "project_rules"))
    assert drive[5:17].tolist() == [1.0] * 12
    assert all(b < a for a, b in itertools.pairwise(drive[18:]))
    assert rules[5:].tolist() == [1.0] * 55


@pytest.mark.parametrize("switch", ["own_hours", "upkeep", "tiredness", "remembered_load"])
def test_each_part_of_the_life_of_a_measure_can_be_knocked_out(switch):
    usual, off = (lives(ended("frontline_work", facts={"switches": {switch: value}})).T for value in (1, 0))
    stock, ran, hours, _ = off
    if switch == "own_hours":
        assert not hours.any() and (stock == usual[0]).all()
    elif switch == "upkeep":
        assert not hours[60:].any() and (stock[60:] == stock[59]).all()
    elif switch == "tiredness":
        assert (ran[5:60] == 1.0).all()
    else:
        assert (off == usual).all()  # seen by residents only


def test_by_the_rival_theory_hours_follow_what_is_ordered():
    _, _, hours, _ = lives(ended("frontline_work", theory={"upkeep": "ordered"})).T
    assert (hours > 0).tolist() == [False] * 5 + [True] * 55 + [False] * 148


def test_a_measure_that_is_hardly_ordered_hardly_does_anything():
    """A thousandth of a measure does a thousandth of what it does: no share of nothing counts as something."""
    chosen = setting(residents=2_000, weeks=104)
    history = run.history(chosen)

    def effect(intensity: float) -> dict[str, float]:
        orders = (MeasureUse("error_tolerance", intensity, 0),)
        records = run.branch(history, chosen.replace(measures=orders))
        return {name: records.tallies[name][52:].mean() for name in ("announced", "strength")}

    none, little, whole = effect(0.0), effect(0.001), effect(1.0)
    for name in ("announced", "strength"):
        assert none[name] == 0.0 < little[name] < 0.002 * whole[name], name


@given(order=st.permutations(range(len(MEASURES))), entries=st.randoms(use_true_random=False))
@hypothesis_settings(max_examples=10)
def test_measures_compose_in_any_order(order, entries):
    """Levers are the same whichever way the orders and their entries are listed."""
    chosen = setting(residents=300, weeks=52, measures=ALL, burden=1.7, facts={"calendar": {"settling_weeks": 0}})
    world = world_of(chosen)
    policy = world.policy
    shuffled = list(range(len(policy.entry_measure)))
    entries.shuffle(shuffled)
    place_of = np.argsort(order)
    by_measure = ("intensity", "start", "end", "ramp", "nature", "village_hours", "township_hours")
    turned = policy._replace(
        **{name: getattr(policy, name)[list(order)] for name in by_measure},
        entry_measure=place_of[policy.entry_measure][shuffled],
        entry_lever=policy.entry_lever[shuffled],
        entry_op=policy.entry_op[shuffled],
        entry_value=policy.entry_value[shuffled],
    )
    state = run.history(chosen).units[0].state
    levers = [
        run.run_unit(run.with_measures(state, used), used, 0, 30, 0).state.levers.view(np.float64)
        for used in (world, world._replace(policy=turned))
    ]
    np.testing.assert_allclose(*levers, rtol=1e-12)


def test_levers_stay_within_their_bounds_whatever_is_ordered():
    for orders in (
        {"measures": ALL},
        {"measures": ALL, "burden": 2.5, "supervision": 1.0},
        {"burden": 0.0, "tolerance": 0.0},
    ):
        levers = levers_by_week(setting(residents=300, weeks=60, **orders))
        low, high = (np.array([getattr(lever, side) for lever in LEVERS.values()]) for side in ("low", "high"))
        assert np.all((low <= levers) & (levers <= high))


# --- what a knock-out holds


def test_what_mechanisms_respond_with_can_be_averaged():
    """Every held field is a float of the table it is looked up in: whole numbers would be averaged as bits."""
    kinds = {"township": TOWNSHIP, "village": VILLAGE, "cadre": CADRE}
    for mechanism, tables in RESPONSES.items():
        for table, names in tables.items():
            if table == "levers":
                assert set(names) == set(LEVERS)
                continue
            types = {field[0]: field[1] for field in kinds[table]}
            assert {types[name] for name in names} == {"f8"}, mechanism
