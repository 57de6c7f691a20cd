from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from analysis.attribution import Problem
from analysis.attribution.cost import CURRENCIES, packages, per_cost
from analysis.uncertainty import t_interval

PLAYERS = tuple("abcdefgh")
OUTCOMES = {"quality": "higher", "harm": "lower"}


@pytest.fixture(scope="module")
def problem():
    return Problem(PLAYERS, range(5), OUTCOMES)


@pytest.fixture(scope="module")
def samples():
    return np.random.default_rng(1).normal(0.3, 1.0, (5, len(PLAYERS), 2))


@pytest.fixture(scope="module")
def costs():
    chance = np.random.default_rng(2)
    return {
        player: {"hours": float(chance.integers(100, 3000)), "yuan": float(chance.integers(0, 3) * 1e5)}
        for player in PLAYERS
    }


def test_an_effect_per_cost_is_the_contribution_over_the_cost_with_its_interval(problem, samples, costs):
    rows = per_cost(problem, samples, costs)
    for row in rows:
        p, o = PLAYERS.index(row["measure"]), list(OUTCOMES).index(row["outcome"])
        found = t_interval(samples[:, p, o])
        price = costs[row["measure"]][row["currency"]]
        factor = CURRENCIES[row["currency"]] / price
        assert row["cost"] == price > 0
        assert (row["effect"], row["ci_low"], row["ci_high"]) == pytest.approx(
            (found.mean * factor, found.low * factor, found.high * factor)
        )
    free = {player for player in PLAYERS if costs[player]["yuan"] == 0}
    assert free
    assert not free & {row["measure"] for row in rows if row["currency"] == "yuan"}


def test_rank_one_is_the_best_for_its_cost_whichever_way_is_better(problem, samples, costs):
    for outcome, better in OUTCOMES.items():
        table = [r for r in per_cost(problem, samples, costs) if r["outcome"] == outcome and r["currency"] == "hours"]
        effects = [row["effect"] for row in table]
        assert [row["rank"] for row in table] == list(range(1, len(PLAYERS) + 1))
        assert effects == sorted(effects, reverse=better == "higher")


def test_no_subset_within_the_budget_has_a_greater_sum(problem, samples, costs):
    rows = packages(problem, samples, costs, (0.0, 0.1, 0.3, 0.6, 1.0))
    assert len(rows) == 2 * 2 * 5
    for row in rows:
        o, sign = list(OUTCOMES).index(row["outcome"]), -1.0 if OUTCOMES[row["outcome"]] == "lower" else 1.0
        gains = sign * samples.mean(axis=0)[:, o]
        prices = np.array([costs[p][row["currency"]] for p in PLAYERS])
        every = [list(one) for k in range(len(PLAYERS) + 1) for one in combinations(range(len(PLAYERS)), k)]
        best = max(gains[one].sum() for one in every if prices[one].sum() <= row["budget"] + 1e-9)
        assert sign * row["expected"] == pytest.approx(best, abs=1e-12)
        assert row["cost"] == sum(costs[m][row["currency"]] for m in row["measures"]) <= row["budget"] + 1e-6


def test_what_does_not_improve_is_in_no_package_even_for_nothing(problem, costs):
    samples = np.full((3, len(PLAYERS), 2), -1.0)
    samples[:, 0, 0] = 2.0
    rows = packages(problem, samples, costs, (1.0,))
    assert {row["measures"] for row in rows if row["outcome"] == "quality"} == {("a",)}


def test_a_greater_budget_never_expects_less(problem, samples, costs):
    rows = packages(problem, samples, costs, np.linspace(0, 1, 9))
    for currency in CURRENCIES:
        expected = [r["expected"] for r in rows if r["outcome"] == "quality" and r["currency"] == currency]
        assert (np.diff(expected) >= -1e-12).all()


@pytest.mark.parametrize("bad", [{}, {"hours": 1.0}, {"hours": -1.0, "yuan": 0.0}, {"hours": float("nan"), "yuan": 1}])
def test_costs_that_are_missing_or_negative_are_refused(problem, samples, costs, bad):
    with pytest.raises(ValueError, match=r"the cost of 'c' in .* must be a number from 0"):
        per_cost(problem, samples, {**costs, "c": bad})
