from __future__ import annotations

import itertools

import numpy as np
import pytest

from analysis.attribution import Problem, interactions, sample, union

from . import library


def names(count):
    return [f"m{p}" for p in range(count)]


@pytest.mark.parametrize("count", [3, 4, 7, 8, 19, 20])
def test_every_pair_stands_side_by_side_once(count):
    table = interactions.orders_of(count, 5)
    neighbours = [frozenset(pair) for row in table for pair in itertools.pairwise(row.tolist())]
    pairs = [frozenset(pair) for pair in itertools.combinations(range(count), 2)]
    assert sorted(map(neighbours.count, pairs)) == [1] * len(pairs)


@pytest.mark.parametrize("count", [3, 4, 7, 8, 19, 20])
def test_rounds_share_most_of_their_runs(count):
    design = interactions.sample(Problem(names(count), range(3), {"y": "higher"}))
    assert len(design) == 3 * (count * (count + 1) // 2 + 1)


def test_the_first_round_is_walked_by_the_shapley_method_too():
    problem = Problem(names(19), range(4), {"y": "higher"})
    pairs, walks = interactions.sample(problem), sample("shapley", problem)
    assert len(pairs) == 4 * 191
    assert len(union([pairs, walks])) <= len(pairs) + len(walks) - 4 * 20


def index_by_dividends(count, value):
    """The interaction index from Harsanyi dividends: each is shared by the pairs it holds."""
    found = {}
    for size in range(count + 1):
        for coalition in itertools.combinations(range(count), size):
            parts = itertools.chain.from_iterable(itertools.combinations(coalition, k) for k in range(size))
            found[coalition] = value(frozenset(coalition)) - sum(found[part] for part in parts)
    return {
        pair: sum(d / (len(c) - 1) for c, d in found.items() if set(pair) <= set(c))
        for pair in itertools.combinations(range(count), 2)
    }


@pytest.mark.parametrize("count", [3, 4, 5])
def test_the_mean_over_all_orders_is_the_index(monkeypatch, count):
    """Every order and every place of the empty chair once: the mean is exact."""
    orders = list(itertools.permutations(range(count)))
    chairs = count + 1 if count % 2 else 1
    monkeypatch.setattr(interactions, "permutation", lambda n, seed: np.array(orders[seed // chairs]))
    monkeypatch.setattr(interactions, "empty_chair", lambda n, seed: seed % chairs)
    game = dict(enumerate(np.random.default_rng(count).normal(size=2**count)))

    def value(coalition):
        return game[sum(1 << p for p in coalition)]

    problem = Problem(names(count), range(len(orders) * chairs), {"y": "higher"})
    design = interactions.sample(problem)
    values = np.array([[value(frozenset(np.flatnonzero(c)))] for c in design.coalitions])
    known = index_by_dividends(count, value)
    for row in interactions.analyse(problem, design, values):
        pair = int(row["first"][1:]), int(row["second"][1:])
        assert row["interaction"] == pytest.approx(known[pair], abs=1e-10)
        assert row["interaction"] == pytest.approx(library.index(count, value, pair), abs=1e-9)


def test_drawn_companies_of_ten_hold_the_index_of_an_independent_library():
    count = 10
    game = np.random.default_rng(9).normal(size=2**count)
    problem = Problem(names(count), range(300), {"y": "higher"})
    design = interactions.sample(problem)

    def value(coalition):
        return game[sum(1 << p for p in coalition)] + 3.0 * (2 in coalition and 5 in coalition)

    values = np.array([[value(frozenset(np.flatnonzero(c).tolist()))] for c in design.coalitions])
    for row in interactions.analyse(problem, design, values, level=0.999):
        known = library.index(count, value, (int(row["first"][1:]), int(row["second"][1:])))
        assert row["ci_low"] <= known <= row["ci_high"]
        assert row["ci_high"] - row["ci_low"] < 1.5


def stochastic(design, seeds, shifts):
    """m0 and m1 help each other; m2 works only beside m3; m4 and m5 overlap; m6 harms beside m7."""
    c = design.coalitions.astype(float)
    noise = shifts.normal(0, 0.05, (seeds, c.shape[1]))[design.seeds]
    level = shifts.normal(0, 3.0, seeds)[design.seeds]
    main = np.array([1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5])
    joint = c[:, 0] * c[:, 1] + c[:, 2] * c[:, 3] - 0.6 * c[:, 4] * c[:, 5] - 1.5 * c[:, 6] * c[:, 7]
    return level + (c * (main + noise)).sum(axis=1) + joint


def test_verdicts_say_what_was_built_in_and_nothing_else():
    problem = Problem(names(9), range(20), {"y": "higher", "z": "lower"})
    design = interactions.sample(problem)
    y = stochastic(design, 20, np.random.default_rng(1))
    rows = interactions.analyse(problem, design, np.column_stack([y, -y]))
    assert tuple(rows[0]) == interactions.COLUMNS
    for outcome in ("y", "z"):
        found = {(r["first"], r["second"]): r for r in rows if r["outcome"] == outcome and r["verdict"] != "unclear"}
        assert {pair: (r["verdict"], r["needy"]) for pair, r in found.items()} == {
            ("m0", "m1"): ("helps", ""),
            ("m2", "m3"): ("needs", "first"),
            ("m4", "m5"): ("overlaps", ""),
            ("m6", "m7"): ("hinders", ""),
        }
    best = next(r for r in rows if (r["outcome"], r["first"], r["second"]) == ("y", "m6", "m7"))
    assert best["interaction"] == pytest.approx(-1.5)
    assert best["first_without"] == pytest.approx(1.0, abs=0.05)
    assert best["first_with"] == pytest.approx(-0.5, abs=0.05)


def test_intervals_hold_all_pairs_at_once():
    """Company changes the surplus (a third-order term), so estimates differ; 200 repeats, nominal 95 %."""
    from tests.benchmarks.coverage import exact

    count, seeds, held = 5, 12, 0
    third = {trio: k - 4.5 for k, trio in enumerate(itertools.combinations(range(count), 3))}
    known = {
        pair: 0.5 * sum(v for trio, v in third.items() if set(pair) <= set(trio))
        for pair in itertools.combinations(range(count), 2)
    }
    for repeat in range(200):
        problem = Problem(names(count), range(seeds * repeat, seeds * (repeat + 1)), {"y": "higher"})
        design = interactions.sample(problem)
        c = design.coalitions.astype(float)
        shift = np.random.default_rng([2, repeat]).normal(0, 1, (seeds, 10))[design.seeds - seeds * repeat]
        pairs = np.column_stack([c[:, a] * c[:, b] for a, b in known])
        values = sum(v * c[:, list(t)].prod(axis=1) for t, v in third.items()) + (pairs * shift).sum(axis=1)
        rows = interactions.analyse(problem, design, values[:, None])
        held += all(
            row["ci_low"] <= known[int(row["first"][1:]), int(row["second"][1:])] <= row["ci_high"] for row in rows
        )
    low, high = exact(held, 200)
    assert low <= 0.95 <= high, held


def test_two_measures_and_missing_figures_are_refused():
    with pytest.raises(ValueError, match="at least 3 measures"):
        interactions.sample(Problem(("a", "b"), range(3), {"y": "higher"}))
    problem = Problem(names(4), range(4), {"y": "higher"})
    design = interactions.sample(problem)
    values = np.ones((len(design), 1))
    with pytest.raises(ValueError, match="y is 1 in every run"):
        interactions.analyse(problem, design, values)
    values[3] = np.nan
    with pytest.raises(ValueError, match="not finite in 1 of"):
        interactions.analyse(problem, design, values)
