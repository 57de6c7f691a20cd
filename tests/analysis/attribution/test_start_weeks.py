"""Late starts and orders of starts, on a made-up town in which what they cost is known."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.attribution import Problem, start_weeks

PLAYERS = ("great", "small", "idle", "harmful")
EFFECTS = np.array([4.0, 1.0, 0.0, -2.0])
SEEDS = 12
OUTCOMES = {"y": "higher", "z": "lower"}


@pytest.fixture(scope="module")
def problem():
    return Problem(PLAYERS, range(SEEDS), OUTCOMES)


def values(design):
    """A year's figure is the sum of effects, each for the share of the year in which its measure is in force.

    The first year is weeks 0-51, the last one weeks 156-207; effects differ a little from seed to seed, and every seed
    has a level of its own.
    """
    shifts = np.random.default_rng(1).normal(0, 0.02, (SEEDS, len(PLAYERS))) * (EFFECTS != 0)
    level = np.random.default_rng(2).normal(0, 5.0, SEEDS)[design.seeds]
    years = []
    for first in (0, 156):
        share = np.clip((first + 52 - design.coalitions) / 52, 0, 1)
        y = level + (share * (EFFECTS + shifts[design.seeds])).sum(axis=1)
        years.append(np.column_stack([y, -y]))
    return np.stack(years, axis=2)


def analysed(problem, cases):
    design = start_weeks.sample(problem, cases)
    return start_weeks.analyse(problem, design, values(design), cases)


def test_a_delay_costs_what_was_built_in(problem):
    rows = analysed(problem, start_weeks.delays(problem, (26, 104)))
    assert tuple(rows[0]) == start_weeks.COLUMNS
    found = {(r["outcome"], r["name"], r["weeks"], r["period"]): r for r in rows}
    lost = {("great", 26): -2.0, ("great", 104): -4.0, ("small", 26): -0.5, ("harmful", 26): 1.0, ("harmful", 104): 2.0}
    for (name, weeks), cost in lost.items():
        for outcome, sign in (("y", 1.0), ("z", -1.0)):
            assert found[outcome, name, weeks, "year1"]["difference"] == pytest.approx(sign * cost, abs=0.05)
            assert found[outcome, name, weeks, "mean"]["difference"] == pytest.approx(sign * cost / 2, abs=0.05)
            says = "worsens" if cost < 0 else "improves"
            assert found[outcome, name, weeks, "year1"]["verdict"] == says
            assert found[outcome, name, weeks, "evaluation"]["difference"] == 0.0  # all in force by then
            assert found[outcome, name, weeks, "evaluation"]["verdict"] == "unclear"
    assert all(r["verdict"] == "unclear" for r in rows if r["name"] == "idle")
    assert next(r["name"] for r in rows if (r["outcome"], r["weeks"], r["period"]) == ("z", 104, "year1")) == "great"


def test_the_order_of_starts_matters_as_much_as_was_built_in(problem):
    contributions = np.column_stack([EFFECTS, -EFFECTS])[None] + np.zeros((SEEDS, 1, 1))
    cases = [
        *start_weeks.best_and_worst(problem, contributions, 13),
        start_weeks.in_order(problem, "cheapest_first", ("idle", "small", "great", "harmful"), 13),
    ]
    assert cases[0].late == (0, 13, 26, 39)
    assert cases[2].late == (0, 13, 26, 39)  # lower is better there, and its contributions are turned round
    assert cases[1].late == (39, 26, 13, 0)
    found = {(r["outcome"], r["name"], r["period"]): r for r in analysed(problem, cases)}
    first = -(0 * 4 + 13 * 1 + 26 * 0 + 39 * -2) / 52
    last = -(39 * 4 + 26 * 1 + 13 * 0 + 0 * -2) / 52
    for outcome, sign in (("y", 1.0), ("z", -1.0)):
        assert found[outcome, "best_first", "year1"]["difference"] == pytest.approx(sign * first, abs=0.05)
        assert found[outcome, "best_last", "year1"]["difference"] == pytest.approx(sign * last, abs=0.05)
        both = found[outcome, "first_or_last", "year1"]
        assert both["difference"] == pytest.approx(sign * (first - last), abs=0.05)
        assert (both["verdict"], both["kind"], both["weeks"]) == ("improves", "order", 13)
        assert found[outcome, "best_last", "year1"]["verdict"] == "worsens"
    assert len({r["name"] for r in found.values()}) == 4


def test_cases_that_are_the_same_are_run_once(problem):
    cases = [*start_weeks.delays(problem, (26,)), *start_weeks.best_and_worst(problem, np.zeros((1, 4, 2)), 13)]
    design = start_weeks.sample(problem, cases)
    assert len(design) == SEEDS * (1 + 4 + 2)  # the orders of both outcomes are the same two
    assert design.coalitions[design.index[:, 0]].max() == 0


def test_intervals_hold_all_measures_under_a_delay_at_once(problem):
    """200 repeats with spread of the delays' cost from seed to seed; nominal 95 %."""
    from tests.benchmarks.coverage import exact

    cases = start_weeks.delays(problem, (26,))
    design = start_weeks.sample(problem, cases)
    held = 0
    for repeat in range(200):
        cost = np.random.default_rng([9, repeat]).normal(EFFECTS, 1.0, (SEEDS, 4))
        late = (design.coalitions > 0) * cost[design.seeds]
        y = np.stack([np.repeat(-late.sum(axis=1)[:, None], 2, axis=1)] * 2, axis=2)
        rows = start_weeks.analyse(problem, design, y, cases)
        known = dict(zip(PLAYERS, -EFFECTS, strict=True))
        own = [r for r in rows if (r["outcome"], r["period"]) == ("y", "year1")]
        held += all(r["ci_low"] <= known[r["name"]] <= r["ci_high"] for r in own)
    low, high = exact(held, 200)
    assert low <= 0.95 <= high, held


def test_an_outcome_that_never_moves_or_is_missing_is_refused(problem):
    cases = start_weeks.delays(problem, (26,))
    design = start_weeks.sample(problem, cases)
    figures = values(design)
    figures[:, 1, 0] = 3.0
    with pytest.raises(ValueError, match="z is 3 in every run"):
        start_weeks.analyse(problem, design, figures, cases)
    figures = values(design)
    figures[2, 0, 1] = np.nan
    with pytest.raises(ValueError, match="missing or not finite"):
        start_weeks.analyse(problem, design, figures, cases)
