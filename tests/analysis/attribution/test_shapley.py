from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from analysis.attribution import METHODS, Problem, analyse, package_effect, sample, shapley


def shapley_values(count, value, seeds=200, monkeypatch=None):
    """Estimates with rows; with monkeypatch every order once, so that the mean is exact."""
    if monkeypatch is not None:
        orders = list(itertools.permutations(range(count)))
        seeds = len(orders)
        monkeypatch.setattr(shapley, "permutation", lambda n, seed: np.array(orders[seed]))
    problem = Problem([f"m{p}" for p in range(count)], range(seeds), {"y": "higher"})
    design = shapley.sample(problem)
    values = np.array([[value(frozenset(np.flatnonzero(c)))] for c in design.coalitions])
    rows = shapley.analyse(problem, design, values)
    return {int(row["measure"][1:]): row for row in rows}


def glove(coalition):
    """Players 0 and 1 own a left glove, 2 a right one; a pair is worth 1."""
    return float(2 in coalition and (0 in coalition or 1 in coalition))


def airport(coalition, costs=(1.0, 3.0, 4.0, 8.0)):
    """A runway must be as long as the longest plane needs; everybody shares the part they use."""
    return max((costs[p] for p in coalition), default=0.0)


def test_additive_game_is_exact_with_any_orders():
    weights = [3.0, -1.0, 0.5, 2.0, 0.0]
    found = shapley_values(5, lambda c: sum(weights[p] for p in c), seeds=5)
    for player, weight in enumerate(weights):
        assert found[player]["contribution"] == pytest.approx(weight, abs=1e-12)


def test_pairwise_interactions_are_exact_with_antithetic_pairs():
    """A pair's joint gain falls to each of the two in one direction: half and half."""
    found = shapley_values(4, lambda c: 5.0 * (0 in c and 1 in c) - 2.0 * (1 in c and 3 in c), 4)
    expected = [2.5, 1.5, 0.0, -1.0]
    assert [found[p]["contribution"] for p in range(4)] == pytest.approx(expected, abs=1e-12)


def test_glove_game(monkeypatch):
    found = shapley_values(3, glove, monkeypatch=monkeypatch)
    expected = [1 / 6, 1 / 6, 4 / 6]
    assert [found[p]["contribution"] for p in range(3)] == pytest.approx(expected, abs=1e-12)


def test_unanimity_game(monkeypatch):
    found = shapley_values(5, lambda c: float({0, 2, 3} <= c), monkeypatch=monkeypatch)
    expected = [1 / 3, 0, 1 / 3, 1 / 3, 0]
    assert [found[p]["contribution"] for p in range(5)] == pytest.approx(expected, abs=1e-12)


def test_airport_game(monkeypatch):
    found = shapley_values(4, airport, monkeypatch=monkeypatch)
    expected = [1 / 4, 1 / 4 + 2 / 3, 1 / 4 + 2 / 3 + 1 / 2, 1 / 4 + 2 / 3 + 1 / 2 + 4]
    assert [found[p]["contribution"] for p in range(4)] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("count", "value", "expected"),
    [
        (3, glove, [1 / 6, 1 / 6, 4 / 6]),
        (4, airport, [0.25, 0.25 + 2 / 3, 0.25 + 2 / 3 + 0.5, 0.25 + 2 / 3 + 4.5]),
    ],
)
def test_random_orders_come_close_to_known_values(count, value, expected):
    found = shapley_values(count, value, seeds=400)
    for player, known in enumerate(expected):
        row = found[player]
        error = (row["ci_high"] - row["ci_low"]) / (2 * 1.966)
        assert abs(row["contribution"] - known) <= 4 * error + 1e-12


def test_contributions_sum_exactly_to_the_package_effect(made):
    problem = Problem(list(made.MEASURES), range(6), made.OUTCOMES)
    design = shapley.sample(problem)
    values = made.game()(design.coalitions, design.seeds)
    rows = shapley.analyse(problem, design, values)
    for effect in package_effect(problem, design, values):
        total = math.fsum(r["contribution"] for r in rows if r["outcome"] == effect["outcome"])
        assert total == pytest.approx(effect["effect"], rel=1e-12, abs=1e-12)


def test_a_duplicated_measure_shares_its_credit(monkeypatch):
    found = shapley_values(4, lambda c: 6.0 * bool({0, 1} & c) + (2 in c), monkeypatch=monkeypatch)
    assert [found[p]["contribution"] for p in range(4)] == pytest.approx([3, 3, 1, 0], abs=1e-12)


def test_a_design_has_two_runs_a_player_and_seed():
    problem = Problem([f"m{p}" for p in range(19)], range(3), {"y": "higher"})
    design = shapley.sample(problem)
    assert len(design) == 3 * 38
    assert design.index.shape == (3, 2, 20)


def test_an_order_belongs_to_its_seed():
    assert np.array_equal(shapley.permutation(19, 7), shapley.permutation(19, 7))
    assert not np.array_equal(shapley.permutation(19, 7), shapley.permutation(19, 8))
    assert sorted(shapley.permutation(19, 2**40)) == list(range(19))


def stochastic_game(count, rng):
    """Measures whose effects vary over seeds, with interactions; known values of each method."""
    main = np.sort(rng.gamma(1.0, 1.0, count) - 0.3)
    pair = np.triu(rng.normal(0, 0.3 / np.sqrt(count), (count, count)), 1)

    def value(coalitions, seeds, repeat):
        out = np.empty((len(seeds), 1))
        for row, (coalition, seed) in enumerate(zip(coalitions.astype(float), seeds, strict=True)):
            keyed = np.random.default_rng([repeat, int(seed)])
            own, town = keyed.normal(0, 0.4, count), keyed.normal(0, 2.0)
            out[row] = coalition @ (main + own) + coalition @ pair @ coalition + town
        return out

    both = (pair + pair.T).sum(axis=1)
    known = {"shapley": main + both / 2, "leave_one_out": main + both, "add_one_in": main}
    return value, known


@pytest.mark.parametrize("method", METHODS)
def test_intervals_and_rank_sets_cover(method):
    """120 repeats of 8 measures and 8 seeds: a light check."""
    count, seeds, repeats = 8, 8, 120
    value, known = stochastic_game(count, np.random.default_rng(0))
    truth = known[method]
    place = (-truth).argsort().argsort() + 1
    held = ranked = 0
    for repeat in range(repeats):
        first = seeds * repeat
        problem = Problem([f"m{p}" for p in range(count)], range(first, first + seeds), {"y": "higher"})
        design = sample(method, problem)
        rows = analyse(problem, design, value(design.coalitions, design.seeds, repeat))
        by_player = {int(row["measure"][1:]): row for row in rows}
        held += sum(by_player[p]["ci_low"] <= truth[p] <= by_player[p]["ci_high"] for p in range(count))
        ranked += all(by_player[p]["rank_low"] <= place[p] <= by_player[p]["rank_high"] for p in range(count))
    assert 0.92 <= held / (repeats * count) <= 0.98
    assert ranked / repeats >= 0.94
