from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from analysis.attribution import Problem, sample, shapley

from . import library


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
    size = design.coalitions.sum(axis=1)
    effects = values[size == size.max()].mean(axis=0) - values[size == 0].mean(axis=0)
    for outcome, effect in zip(problem.outcomes, effects, strict=True):
        total = math.fsum(r["contribution"] for r in rows if r["outcome"] == outcome)
        assert total == pytest.approx(effect, rel=1e-12, abs=1e-12)


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


def dividends(values):
    """Harsanyi dividends of a game given as {frozenset: value}: what a coalition adds to all its parts.

    An independent way to the Shapley value and to the interaction index, which share dividends out
    equally; no order and no marginal contribution is looked at.
    """
    found = {}
    for coalition in sorted(values, key=len):
        parts = (frozenset(c) for k in range(len(coalition)) for c in itertools.combinations(coalition, k))
        found[coalition] = values[coalition] - sum(found[part] for part in parts)
    return found


def test_a_ten_player_game_equals_brute_force_over_all_coalitions():
    count, seeds = 10, range(3)
    problem = Problem([f"m{p}" for p in range(count)], seeds, {"y": "higher"})
    design = shapley.sample_all(problem)
    assert len(design) == 3 * 2**count
    values = np.random.default_rng(0).normal(size=(len(design), 1))
    rows = {row["measure"]: row["contribution"] for row in shapley.analyse(problem, design, values)}
    games = [{} for _ in seeds]
    for coalition, seed, value in zip(design.coalitions, design.seeds, values[:, 0], strict=True):
        games[seed][frozenset(np.flatnonzero(coalition).tolist())] = value
    shared = [dividends(game) for game in games]
    for p in range(count):
        known = np.mean([sum(d / len(c) for c, d in game.items() if p in c) for game in shared])
        assert rows[f"m{p}"] == pytest.approx(known, abs=1e-10)


def test_every_coalition_of_ten_players_gives_the_values_of_an_independent_library():
    """Another random game in every seed and outcome, in which nothing done is not worth nothing."""
    count, seeds = 10, range(3)
    problem = Problem([f"m{p}" for p in range(count)], seeds, {"y": "higher", "z": "lower"})
    design = shapley.sample_all(problem)
    values = np.random.default_rng(7).normal(5.0, 1.0, size=(len(design), 2))
    credit = shapley.estimates(problem, design, values)["shapley"]
    known = np.empty_like(credit)
    for seed in seeds:
        for column in range(2):
            game = {
                frozenset(np.flatnonzero(coalition).tolist()): value
                for coalition, of, value in zip(design.coalitions, design.seeds, values[:, column], strict=True)
                if of == seed
            }
            known[seed, :, column] = library.values(count, game.__getitem__)
    assert credit == pytest.approx(known, abs=1e-9)
    for row in shapley.analyse(problem, design, values):
        mean = known[:, int(row["measure"][1:]), ["y", "z"].index(row["outcome"])].mean()
        assert row["contribution"] == pytest.approx(mean, abs=1e-9)


def test_sampled_orders_of_ten_players_hold_the_values_of_an_independent_library():
    count, own = 10, np.arange(10.0)
    luck = np.random.default_rng(8).normal(size=2**count)

    def value(coalition):
        return float(own[list(coalition)].sum() + luck[sum(1 << p for p in coalition)])

    known = library.values(count, value)
    problem = Problem([f"m{p}" for p in range(count)], range(400), {"y": "higher"})
    design = shapley.sample(problem)
    values = np.array([[value(frozenset(np.flatnonzero(c).tolist()))] for c in design.coalitions])
    for row in shapley.analyse(problem, design, values, level=0.9999):
        player = int(row["measure"][1:])
        assert row["ci_low"] <= known[player] <= row["ci_high"]
        assert row["ci_high"] - row["ci_low"] < 0.5  # players are about 1 apart


def test_walks_and_all_coalitions_agree_where_orders_do_not_matter():
    problem = Problem(("a", "b", "c"), range(5), {"y": "lower"})
    tables = []
    for design in (shapley.sample(problem), shapley.sample_all(problem)):
        c = design.coalitions.astype(float)
        noise = np.random.default_rng(3).normal(size=(5, 3))[design.seeds]
        tables.append(
            shapley.analyse(problem, design, ((c * (noise + np.arange(1, 4))).sum(axis=1) - c[:, 0] * c[:, 1])[:, None])
        )
    for one, other in zip(*tables, strict=True):
        assert one["measure"] == other["measure"]
        assert [one[k] for k in ("contribution", "ci_low", "ci_high")] == pytest.approx(
            [other[k] for k in ("contribution", "ci_low", "ci_high")]
        )


def test_few_players_are_asked_in_every_coalition_and_their_walks_are_among_them():
    players = ("a", "b", "c")
    problem = Problem(players, range(30), {"y": "higher"})
    design, pairs = sample("shapley", problem), shapley.sample(problem)
    assert len(design) == 30 * 8 and design.order is None
    assert sample("shapley", Problem((*players, "d"), range(30), {"y": "higher"})).order is not None
    orders, index = shapley.walks(problem, design)
    assert (orders == pairs.order).all() and (shapley.walks(problem, pairs)[1] == pairs.index).all()
    assert (design.coalitions[index] == pairs.coalitions[pairs.index]).all()
    assert (design.seeds[index] == np.arange(30)[:, None, None]).all()


def test_all_coalitions_of_many_players_are_refused():
    with pytest.raises(ValueError, match="8,192 runs a seed"):
        shapley.sample_all(Problem([f"m{p}" for p in range(13)], range(3), {"y": "higher"}))


def test_a_duplicated_measure_shares_its_credit_in_sampled_orders():
    """Two names for one thing: in every antithetic pair each comes first once."""
    found = shapley_values(8, lambda c: 6.0 * bool({0, 1} & c) + sum(range(8)[p] for p in c), seeds=6)
    assert found[0]["contribution"] == pytest.approx(3.0)
    assert found[1]["contribution"] == pytest.approx(4.0)
