"""The light profile of tests.benchmarks.coverage: fewer players, seeds and repeats, the same counting."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.coverage import asked, count, exact, naive, toy

REPEATS = 120
TOY = toy(8)
LIGHT = {"leave_one_out": 12, "add_one_in": 12, "shapley": 16, "morris": 24, "sobol": 256}


@pytest.fixture(scope="module")
def counted():
    found = {}
    for method, size in LIGHT.items():
        found |= count(TOY, lambda r, m=method, s=size: asked(TOY, m, s, r), REPEATS)
    return found


@pytest.mark.parametrize("method", ["leave_one_out", "add_one_in", "shapley", "morris", "sobol_first", "sobol_total"])
@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say(counted, method):
    low, high = counted[method].interval()
    assert low <= 0.95 <= high, counted[method]
    assert abs(counted[method].by_player.mean() - 0.95) < 0.03


@pytest.mark.parametrize("method", ["leave_one_out", "add_one_in", "shapley", "morris", "sobol_first", "sobol_total"])
@pytest.mark.slow
def test_rank_sets_hold_all_true_ranks_at_once(counted, method):
    assert exact(counted[method].ranked, REPEATS)[1] >= 0.95
    assert counted[method].width < len(TOY.main)  # and they say something


def test_a_seed_for_each_run_fails_the_same_count():
    found = count(TOY, lambda r: naive(TOY, LIGHT["sobol"], r), 60)
    assert found["sobol_total"].interval()[1] < 0.95


def test_the_known_answers_are_those_of_brute_force():
    """The toy's closed forms against averages over all switch settings and over random points."""
    small = toy(6)
    points = (np.arange(64)[:, None] >> np.arange(6) & 1).astype(float)
    value = small.value(points, 0.0, np.zeros(6))
    of = {tuple(p): v for p, v in zip(points.astype(int).tolist(), value, strict=True)}
    full, empty = of[(1,) * 6], of[(0,) * 6]
    for p in range(6):
        one = tuple(int(q == p) for q in range(6))
        assert small.truth["add_one_in"][p] == pytest.approx(of[one] - empty)
        assert small.truth["leave_one_out"][p] == pytest.approx(full - of[tuple(1 - b for b in one)])
    assert small.truth["shapley"].sum() == pytest.approx(full - empty)
    x = np.random.default_rng(0).random((200_000, 6))
    y = small.value(x, 0.0, np.zeros(6))
    for p in range(6):
        other = x.copy()
        other[:, p] = np.random.default_rng([1, p]).random(len(x))
        total = 0.5 * np.square(y - small.value(other, 0.0, np.zeros(6))).mean() / y.var()
        assert total == pytest.approx(small.truth["sobol_total"][p], abs=0.01)
