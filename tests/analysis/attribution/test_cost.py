from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from analysis.attribution import Problem
from analysis.attribution.cost import CURRENCIES, DRAWS, packages, per_cost
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
    """Exact costs."""
    chance = np.random.default_rng(2)
    return {
        player: {"hours": parts(float(chance.integers(100, 3000))), "yuan": parts(float(chance.integers(0, 3) * 1e5))}
        for player in PLAYERS
    }


def parts(*modes, low=1.0, high=1.0):
    """A cost of so many parts, each from `low` to `high` times its mode."""
    return [(low * mode, mode, high * mode) for mode in modes]


def alike(hours, yuan, players=PLAYERS):
    """The same cost for every player."""
    return {player: {"hours": hours, "yuan": yuan} for player in players}


def uncertain(costs):
    """The same costs between half and twice the mode."""
    return {
        player: {currency: [(mode / 2, mode, 2 * mode) for _, mode, _ in own] for currency, own in both.items()}
        for player, both in costs.items()
    }


def mode_of(costs, player, currency):
    return sum(mode for _, mode, _ in costs[player][currency])


def test_an_effect_per_exact_cost_is_the_contribution_over_the_cost_with_its_interval(problem, samples, costs):
    rows = per_cost(problem, samples, costs)
    for row in rows:
        p, o = PLAYERS.index(row["measure"]), list(OUTCOMES).index(row["outcome"])
        found = t_interval(samples[:, p, o])
        price = mode_of(costs, row["measure"], row["currency"])
        factor = CURRENCIES[row["currency"]] / price
        assert row["cost"] == price > 0
        assert row["effect"] == pytest.approx(found.mean * factor)
        ends = (found.low * factor, found.high * factor)
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(ends, abs=1e-3 * (ends[1] - ends[0]))
    free = {player for player in PLAYERS if mode_of(costs, player, "yuan") == 0}
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
        prices = np.array([mode_of(costs, p, row["currency"]) for p in PLAYERS])
        every = [list(one) for k in range(len(PLAYERS) + 1) for one in combinations(range(len(PLAYERS)), k)]
        best = max(gains[one].sum() for one in every if prices[one].sum() <= row["budget"] + 1e-9)
        assert sign * row["expected"] == pytest.approx(best, abs=1e-12)
        assert row["cost"] == sum(mode_of(costs, m, row["currency"]) for m in row["measures"]) <= row["budget"] + 1e-6


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


def test_doubt_about_the_cost_widens_the_interval_and_leaves_estimate_order_sign_and_choice(problem, costs):
    samples = np.random.default_rng(3).normal(1.0, 0.1, (5, len(PLAYERS), 2))
    samples[:, 0] *= -1.0
    exact, drawn = (per_cost(problem, samples, one) for one in (costs, uncertain(costs)))
    same = ("outcome", "measure", "currency", "cost", "effect", "rank")
    for one, other in zip(exact, drawn, strict=True):
        assert [one[key] for key in same] == [other[key] for key in same]
        assert other["ci_high"] - other["ci_low"] > 1.2 * (one["ci_high"] - one["ci_low"])
        assert other["ci_low"] < other["effect"] < other["ci_high"]
        if min(abs(one["ci_low"]), abs(one["ci_high"])) > 0.01 * abs(one["effect"]):
            assert (one["ci_low"] > 0, one["ci_high"] < 0) == (other["ci_low"] > 0, other["ci_high"] < 0)
    packs = [packages(problem, samples, one, (0.3, 1.0)) for one in (costs, uncertain(costs))]
    for one, other in zip(*packs, strict=True):
        assert {**one, "within_budget": 0} == {**other, "within_budget": 0}


def test_with_a_certain_effect_the_interval_is_that_of_the_cost(problem):
    """A triangle from 1/2 to 2 with mode 1 lies below 1/2 + q with probability q² / 0.75, above 2 − q with q² / 1.5."""
    samples = np.full((4, len(PLAYERS), 2), 3.0)
    costs = alike(parts(1_000.0, low=0.5, high=2.0), parts(10_000.0))
    for row in per_cost(problem, samples, costs):
        if row["currency"] == "yuan":
            assert row["ci_low"] == row["ci_high"] == row["effect"] == 3.0
        else:
            assert row["effect"] == 3.0
            assert row["ci_low"] == pytest.approx(3.0 / (2.0 - (0.025 * 1.5) ** 0.5), rel=0.02)
            assert row["ci_high"] == pytest.approx(3.0 / (0.5 + (0.025 * 0.75) ** 0.5), rel=0.02)


def test_two_replicates_are_enough_for_an_interval_and_one_is_not(problem, samples, costs):
    for row in per_cost(problem, samples[:2], costs):
        p, o = PLAYERS.index(row["measure"]), list(OUTCOMES).index(row["outcome"])
        found, factor = t_interval(samples[:2, p, o]), CURRENCIES[row["currency"]] / row["cost"]
        assert row["effect"] == pytest.approx(samples[:2, p, o].mean() * factor)
        ends = (found.low * factor, found.high * factor)
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(ends, abs=1e-3 * (ends[1] - ends[0]))
    for row in per_cost(problem, samples[:1], costs):
        p, o = PLAYERS.index(row["measure"]), list(OUTCOMES).index(row["outcome"])
        assert row["effect"] == pytest.approx(samples[0, p, o] * CURRENCIES[row["currency"]] / row["cost"])
        assert np.isnan(row["ci_low"]) and np.isnan(row["ci_high"])


def test_the_interval_of_an_effect_per_cost_holds_the_truth_as_often_as_it_says():
    """True effect 1 over a true cost drawn anew from its triangle, 400 repeats with 6 replicates; nominal 95%."""
    chance = np.random.default_rng(4)
    one = Problem(("a", "b"), range(6), {"quality": "higher"})
    held = 0
    for _ in range(400):
        costs = alike(parts(1_000.0, low=0.5, high=2.0), parts(0.0), "ab")
        true = 1.0 / chance.triangular(0.5, 1.0, 2.0)
        rows = per_cost(one, chance.normal(1.0, 0.5, (6, 2, 1)), costs)
        row = next(row for row in rows if row["measure"] == "a")
        held += row["ci_low"] <= true <= row["ci_high"]
    assert 0.92 <= held / 400 <= 0.98


def test_parts_of_a_cost_are_drawn_apart(problem):
    """Two parts of half the size vary less than one of the whole."""
    samples = np.full((4, len(PLAYERS), 2), 1.0)
    widths = []
    for modes in ((1_000.0,), (500.0, 500.0)):
        costs = alike(parts(*modes, low=0.5, high=2.0), parts(1.0))
        row = per_cost(problem, samples, costs)[0]
        widths.append(row["ci_high"] - row["ci_low"])
    assert widths[1] == pytest.approx(widths[0] / 2**0.5, rel=0.1)


def test_the_chance_to_keep_to_a_budget_is_that_of_the_drawn_costs(problem, costs):
    samples = np.full((3, len(PLAYERS), 2), -1.0)
    samples[:, 0, 0] = 2.0  # quality: a alone
    alone = alike(parts(1_000.0, low=0.5, high=2.0), parts(1_000.0))
    rows = [row for row in packages(problem, samples, alone, (1 / 8, 1.5 / 8, 1.0)) if row["outcome"] == "quality"]
    assert {row["measures"] for row in rows} == {("a",)}
    hours = [row["within_budget"] for row in rows if row["currency"] == "hours"]
    # P(cost <= mode) = 1/3, P(cost <= 1.5 modes) = 1 - 0.5² / 1.5, P(cost <= 8 modes) = 1
    assert hours == pytest.approx([1 / 3, 5 / 6, 1.0], abs=5 * (0.25 / DRAWS) ** 0.5)
    assert [row["within_budget"] for row in rows if row["currency"] == "yuan"] == [1.0] * 3
    assert all(row["within_budget"] == 1.0 for row in packages(problem, samples, costs, (0.0, 0.5, 1.0)))


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"hours": parts(1.0)},
        {"hours": parts(-1.0), "yuan": parts(0.0)},
        {"hours": parts(float("nan")), "yuan": parts(1.0)},
        {"hours": parts(1.0, low=2.0), "yuan": parts(1.0)},
        {"hours": parts(1.0, high=float("inf")), "yuan": parts(1.0)},
    ],
)
def test_costs_that_are_missing_negative_or_out_of_order_are_refused(problem, samples, costs, bad):
    with pytest.raises(ValueError, match=r"the cost of 'c' in .* must be parts with 0 <= low <= mode <= high"):
        per_cost(problem, samples, {**costs, "c": bad})
