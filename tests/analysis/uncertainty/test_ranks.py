from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.uncertainty import rank_sets


def test_far_apart_measures_have_sharp_ranks():
    samples = np.random.default_rng(0).normal([4, 1, 3, 2], 0.1, (10, 4))
    found = rank_sets(samples)
    assert list(found.rank) == list(found.low) == list(found.high) == [1, 4, 2, 3]


def test_pairing_separates_what_single_intervals_do_not():
    town = np.random.default_rng(1).normal(0, 5, (8, 1))
    samples = town + np.random.default_rng(2).normal([0, 1, 2], 0.05, (8, 3))
    assert list(rank_sets(samples).low) == [3, 2, 1]


def test_pure_noise_is_one_tier():
    found = rank_sets(np.random.default_rng(3).normal(size=(8, 6)))
    assert (found.low == 1).all() and (found.high == 6).all()


def test_columns_equal_in_every_seed_share_their_ranks():
    column = np.random.default_rng(4).normal(5, 0.1, (6, 1))
    found = rank_sets(np.hstack([column, column, column - 3, column - 3]))
    assert list(found.low) == [1, 1, 3, 3]
    assert list(found.high) == [2, 2, 4, 4]


def test_without_any_spread_order_is_certain():
    found = rank_sets(np.tile([2.0, 3.0, 1.0], (5, 1)))
    assert list(found.low) == list(found.high) == [2, 1, 3]


def test_two_columns_are_judged_by_the_t_distribution():
    from scipy import stats

    samples = np.random.default_rng(5).normal(size=(6, 2))
    assert rank_sets(samples).critical == pytest.approx(stats.t.ppf(0.975, 5), rel=0.08)


def test_same_samples_and_key_give_the_same_sets():
    samples = np.random.default_rng(6).normal(size=(8, 5))
    assert rank_sets(samples, key="a").critical == rank_sets(samples, key="a").critical
    assert rank_sets(samples, key="a").critical != rank_sets(samples, key="b").critical


@given(st.integers(3, 12), st.integers(2, 8), st.integers(0, 10**6), st.floats(0, 3))
@settings(max_examples=30, deadline=None)
def test_sets_hold_the_rank_and_stay_in_bounds(seeds, players, draw, spread):
    samples = np.random.default_rng(draw).normal(size=(seeds, players)) + spread * np.arange(players)
    found = rank_sets(samples, resamples=200)
    assert sorted(found.rank) == list(range(1, players + 1))
    assert (found.low >= 1).all() and (found.high <= players).all()
    assert (found.low <= found.rank).all() and (found.rank <= found.high).all()


def test_too_little_is_refused():
    with pytest.raises(ValueError, match="at least 2 seeds and 2 measures"):
        rank_sets(np.zeros((1, 3)))
