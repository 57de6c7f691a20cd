"""Knock-outs: every mechanism acts, and a frozen one holds what it gave on average in the baseline year."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from sim import run
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.state import RESPONSES
from sim.town import build_unit, units_of
from sim.vocabulary import KINDS, MECHANISMS
from sim.world import world_of

pytestmark = pytest.mark.usefixtures("compiled_model")
ALL = dict.fromkeys(MEASURES, 1.0)
SEEDS = range(20)
BEYOND_NOISE = 4.0  # |t| of paired differences over common seeds

# Written down before the first run: what must move when a mechanism stops responding to the whole package,
# which way (the frozen run against the acting one), and why.
EXPECTED = {
    "implementation": ("service_efficiency", "lower", "no measure comes into force"),
    "tasks": ("compliance_share", "lower", "the measures' own paper, beyond what relief spares, is not demanded"),
    "needs": ("cases_raised", "higher", "shared data spare no repeat cases and nobody goes online"),
    "time_use": ("initiative_share", "lower", "hours are not shifted to matters of one's own choice"),
    "service": ("seals_plot", "higher", "a plot needs as many seals as before"),
    "delivery": ("roadside_gap", "higher", "tracked decisions do not reach remote villages"),
    "conduct": ("micro_corruption", "higher", "nobody is deterred"),
    "oversight": ("detection_share", "lower", "nothing more is looked into"),
    "residents": (
        "user_satisfaction__year1",
        "higher",
        "nobody is disappointed by what was announced, not seen",
    ),
    "people": ("motivation", "lower", "study and branch life feed no motives"),
    "departments": ("informal_hours", "lower", "nobody asks again for what relief took away"),
}


@pytest.fixture(scope="module")
def figures():
    """{mechanism or "": {figure: array (seeds,)}}: the whole package, with one mechanism frozen or none."""

    def one_town(seed: int) -> dict[str, dict[str, float]]:
        chosen = setting(residents=12_000, weeks=156, seed=seed, measures=ALL)
        history = run.history(chosen)
        return {
            name: run.evaluate(run.branch(history, chosen.replace(knock_out=(name,) if name else ())))
            for name in ("", *MECHANISMS)
        }

    with ThreadPoolExecutor(2) as pool:
        towns = list(pool.map(one_town, SEEDS))
    return {
        name: {figure: np.array([town[name][figure] for town in towns]) for figure in towns[0][name]}
        for name in towns[0]
    }


def test_every_mechanism_has_an_expectation():
    assert set(EXPECTED) == set(MECHANISMS)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_frozen_mechanism_moves_its_indicator_beyond_noise(mechanism, figures):
    indicator, way, why = EXPECTED[mechanism]
    moved = figures[mechanism][indicator] - figures[""][indicator]
    assert np.all(np.isfinite(moved))
    t = moved.mean() / (moved.std(ddof=1) / len(moved) ** 0.5 + 1e-300)
    assert abs(t) > BEYOND_NOISE, f"{indicator} moves by {moved.mean():.3g} (t = {t:.1f}), though {why}"
    assert (t > 0) == (way == "higher"), f"{indicator} moves by {moved.mean():.3g} (t = {t:.1f}), though {why}"


# --- what is held


def held(state, mechanism: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """{response: (as it stands, its baseline-year mean)} of a mechanism."""
    tables = {
        "township": (state.township, state.means_township),
        "village": (state.villages, state.means_villages),
        "cadre": (state.cadres, state.means_cadres),
        "levers": (state.levers, state.means_levers),
    }
    found = {}
    for table, names in RESPONSES[mechanism].items():
        rows, means = tables[table]
        means = np.ascontiguousarray(means).view(rows.dtype)[:, 0]
        found.update({f"{table}.{name}": (rows[name], means[name]) for name in names})
    return found


# Written by another, acting mechanism later in the same week, and held again before anybody reads it.
PASSED_ON = {"needs": {"village.repeat"}}


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_what_a_frozen_mechanism_gives_is_constant_at_the_end_of_every_week(mechanism):
    chosen = setting(residents=4_000, weeks=80, measures=ALL, burden=2.0, supervision=0.5, knock_out=[mechanism])
    world = world_of(chosen)
    state = run.with_measures(run.history(chosen).units[0].state, world)
    moving = set()
    for week in range(chosen.weeks):
        state = run.run_unit(state, world, week, week + 1, week).state
        moving |= {name for name, (now, mean) in held(state, mechanism).items() if not np.array_equal(now, mean)}
    assert moving - PASSED_ON.get(mechanism, set()) == set()


def test_what_an_acting_mechanism_gives_does_move():
    """The other side of the test above: the same fields, with nothing frozen."""
    chosen = setting(residents=4_000, weeks=80, measures=ALL, burden=0.5, supervision=0.5)
    world = world_of(chosen)
    state = run.with_measures(run.history(chosen).units[0].state, world)
    state = run.run_unit(state, world, 0, chosen.weeks, 0).state
    for mechanism in MECHANISMS:
        still = {name for name, (now, mean) in held(state, mechanism).items() if np.allclose(now, mean, rtol=1e-6)}
        untouched = {f"levers.{name}" for name in chosen.town.levers}  # those that no measure is about
        assert not still - untouched, f"{mechanism}: {still} never move"


def test_means_are_those_of_the_baseline_year():
    chosen = setting(residents=2_000, weeks=52)
    world = world_of(chosen, history=True)
    ((number, first, unit),) = units_of(chosen)
    state = build_unit(chosen, world, number, first, unit, False)
    state = run.run_unit(state, world, -312, -52, -312).state
    seen = []
    for week in range(-52, 0):
        state = run.run_unit(state, world, week, week + 1, week).state
        seen.append({(m, n): now.copy() for m in MECHANISMS for n, (now, _) in held(state, m).items()})
    for mechanism in MECHANISMS:
        for name, (_, mean) in held(state, mechanism).items():
            expected = np.mean([week[mechanism, name] for week in seen], axis=0)
            np.testing.assert_allclose(mean, expected, rtol=1e-9, atol=1e-12, err_msg=name)


def test_a_knock_out_of_everything_keeps_a_town_going():
    chosen = setting(residents=4_000, weeks=208, measures=ALL, burden=2.5, knock_out=MECHANISMS)
    records = run.branch(run.history(chosen), chosen)
    assert np.all(records.tallies["raised"] > 0)
    assert np.all(records.tallies["closed"] > 0)
    assert records.tallies["due"][-52:].sum(axis=0)[: len(KINDS) - 1].min() > 0


def test_without_orders_a_knock_out_leaves_levels_where_they_were():
    """Held at its mean, a mechanism drops out of the changes, not out of the town: petitions do not explode."""
    towns = []
    for seed in range(8):
        chosen = setting(residents=6_000, weeks=104, seed=seed)
        history = run.history(chosen)
        towns.append(
            {
                name: run.evaluate(run.branch(history, chosen.replace(knock_out=(name,) if name else ())))
                for name in ("", *MECHANISMS)
            }
        )
    for mechanism in MECHANISMS:
        for name in ("petitions", "satisfaction", "compliance_share", "cases_raised", "open_cases", "motivation"):
            acting, frozen = (np.mean([town[which][name] for town in towns]) for which in ("", mechanism))
            assert 0.5 * acting < frozen < 2.0 * acting, f"{mechanism} frozen: {name} from {acting:.3g} to {frozen:.3g}"


def test_what_was_made_public_and_lost_still_fades_while_residents_are_frozen():
    """Only what residents give is held: wrongs they know of and lost livelihoods are no part of it."""
    left = {}
    for frozen in ((), ("residents",)):
        chosen = setting(residents=12_000, weeks=208, seed=1, measures=ALL, knock_out=frozen)
        world = world_of(chosen)
        state = run.with_measures(run.history(chosen).units[0].state, world)
        villages = run.run_unit(state, world, 0, chosen.weeks, 0).state.villages
        left[frozen] = [float(villages[name].mean()) for name in ("wrongs_known", "closure_loss")]
    acting, held_still = left.values()
    assert held_still == pytest.approx(acting, rel=0.5, abs=0.01)


def test_true_trouble_is_recorded_while_departments_are_frozen():
    """The gap between reported and true needs the truth of the week, not that of week -1."""
    chosen = setting(residents=4_000, weeks=60, measures=ALL, knock_out=["departments"])
    tallies = run.branch(run.history(chosen), chosen).tallies[run.BASELINE_WEEKS :]
    assert len(np.unique(tallies["trouble"] / tallies["villages"])) > 10
