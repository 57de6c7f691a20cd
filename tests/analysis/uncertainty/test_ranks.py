from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.uncertainty import MINIMUM, place_probability, rank_sets, simultaneous


def test_far_apart_measures_have_sharp_ranks():
    samples = np.random.default_rng(0).normal([4, 1, 3, 2], 0.1, (20, 4))
    found = rank_sets(samples)
    assert list(found.rank) == list(found.low) == list(found.high) == [1, 4, 2, 3]


def test_pairing_separates_what_single_intervals_do_not():
    town = np.random.default_rng(1).normal(0, 5, (20, 1))
    samples = town + np.random.default_rng(2).normal([0, 1, 2], 0.05, (20, 3))
    assert list(rank_sets(samples).low) == [3, 2, 1]


def test_pure_noise_is_one_tier():
    found = rank_sets(np.random.default_rng(3).normal(size=(20, 6)))
    assert (found.low == 1).all() and (found.high == 6).all()


def test_columns_equal_in_every_seed_share_their_ranks():
    column = np.random.default_rng(4).normal(5, 0.1, (12, 1))
    found = rank_sets(np.hstack([column, column, column - 3, column - 3]))
    assert list(found.low) == [1, 1, 3, 3]
    assert list(found.high) == [2, 2, 4, 4]


def test_without_any_spread_order_is_certain():
    found = rank_sets(np.tile([2.0, 3.0, 1.0], (MINIMUM, 1)))
    assert list(found.low) == list(found.high) == [2, 1, 3]


def resampled_t(samples, repeats=20_000):
    """The 95 % quantile of the greatest |t| over pairs, seed by seed and pair by pair."""
    keyed, pairs = np.random.default_rng(1), list(itertools.combinations(range(samples.shape[1]), 2))
    greatest = np.zeros(repeats)
    for i, j in pairs:
        gap = samples[:, i] - samples[:, j]
        keyed = np.random.default_rng(1)  # the same seeds for every pair
        again = gap[keyed.integers(0, len(gap), (repeats, len(gap)))] - gap.mean()
        greatest = np.maximum(greatest, np.abs(again.mean(axis=1)) / (again.std(axis=1, ddof=1) / len(gap) ** 0.5))
    return np.quantile(greatest, 0.95)


@pytest.mark.parametrize("shape", ["normal", "lognormal"])
def test_the_critical_value_is_that_of_seeds_drawn_anew(shape):
    samples = getattr(np.random.default_rng(5), shape)(size=(25, 4))
    assert rank_sets(samples).critical == pytest.approx(resampled_t(samples), rel=0.06)


def test_many_normal_seeds_of_two_columns_are_judged_by_the_t_distribution():
    from scipy import stats

    samples = np.random.default_rng(5).normal(size=(400, 2))
    assert rank_sets(samples).critical == pytest.approx(stats.t.ppf(0.975, 399), rel=0.05)


def test_too_few_seeds_tell_no_place():
    samples = np.random.default_rng(0).normal([4, 1, 3, 2], 1e-3, (MINIMUM, 4))
    few, enough = rank_sets(samples[:-1]), rank_sets(samples)
    assert set(few.low) == {1} and set(few.high) == {4} and set(few.tier) == {1} and few.critical == np.inf
    assert list(enough.low) == list(enough.high) == [1, 4, 2, 3]
    assert set(rank_sets(np.tile([1.0, 2.0], (MINIMUM - 1, 1))).low) == {1}


def test_what_rests_on_few_seeds_is_not_told_and_does_not_hide_what_is():
    """The last two differ in nine of sixty seeds only, or in none; the first two in all."""
    keyed = np.random.default_rng(1)
    rare = np.zeros((60, 2))
    rare[:9, 0] = -30.0
    samples = np.hstack([keyed.normal([9.0, 6.0], 0.5, (60, 2)), rare])
    found = rank_sets(samples)
    assert found.low.tolist() == [1, 2, 3, 3] and found.high.tolist() == [1, 2, 4, 4]
    samples[9, 2] = -30.0  # ten seeds are enough to ask
    assert rank_sets(samples).high.tolist() == [1, 2, 4, 3]
    constant = np.hstack([keyed.normal(9.0, 0.5, (60, 1)), np.tile([1.0, 2.0], (60, 1))])
    assert rank_sets(constant).low.tolist() == [1, 2, 2]


def test_same_samples_and_key_give_the_same_sets():
    samples = np.random.default_rng(6).normal(size=(20, 5))
    assert rank_sets(samples, key="a").critical == rank_sets(samples, key="a").critical
    assert rank_sets(samples, key="a").critical != rank_sets(samples, key="b").critical


@given(st.integers(3, 20), st.integers(2, 8), st.integers(0, 10**6), st.floats(0, 3))
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


def test_missing_figures_are_refused():
    with pytest.raises(ValueError, match="finite figures"):
        rank_sets([[1.0, 2.0], [np.nan, 1.0], [0.0, 3.0]])


def test_simultaneous_intervals_of_one_column_are_t_intervals():
    from scipy import stats

    samples = np.random.default_rng(7).normal(size=(9, 1))
    low, high = simultaneous(samples)
    known = stats.t.interval(0.95, 8, samples.mean(), stats.sem(samples[:, 0]))
    assert (high - low)[0] == pytest.approx(known[1] - known[0], rel=0.08)
    assert (low + high)[0] / 2 == pytest.approx(samples.mean())


def test_simultaneous_intervals_hold_all_columns_at_once():
    """Columns that depend on each other, more of them than seeds; single t intervals would fail."""
    held = single = 0
    for repeat in range(200):
        keyed = np.random.default_rng([8, repeat])
        samples = keyed.normal(size=(10, 1)) + keyed.normal(size=(10, 30))
        low, high = simultaneous(samples, key=str(repeat), resamples=1000)
        held += bool(((low <= 0) & (high >= 0)).all())
        half = 2.262 * samples.std(axis=0, ddof=1) / np.sqrt(10)
        single += bool((np.abs(samples.mean(axis=0)) <= half).all())
    assert 0.91 <= held / 200 <= 0.98  # within three standard errors of .95
    assert single / 200 < 0.8


def test_a_column_that_never_varies_has_no_width():
    low, high = simultaneous([[2.0, 1.0], [2.0, 3.0], [2.0, 2.0]])
    assert low[0] == high[0] == 2.0
    assert low[1] < 2.0 < high[1]


def test_the_chance_of_being_among_the_first_adds_up_and_follows_the_distance():
    samples = np.random.default_rng(9).normal([3.0, 1.0, 1.0, -2.0], 1.0, (12, 4))
    places = place_probability(samples)
    assert places.sum(axis=0) == pytest.approx(np.ones(4))
    assert places.sum(axis=1) == pytest.approx(np.ones(4))
    one, two, *_ = places.cumsum(axis=0)
    assert one[0] > 0.99
    assert two[3] < 0.01
    assert 0.05 < two[1] < 0.95


def test_the_chance_for_two_columns_is_that_of_the_t_distribution():
    from scipy import stats

    samples = np.random.default_rng(10).normal([0.4, 0.0], 1.0, (8, 2))
    gap = samples[:, 0] - samples[:, 1]
    known = stats.t.cdf(gap.mean() / stats.sem(gap), 7)
    assert place_probability(samples, resamples=20_000)[0, 0] == pytest.approx(known, abs=0.015)


def test_equal_columns_draw_lots():
    column = np.random.default_rng(11).normal(size=(6, 1))
    assert place_probability(np.hstack([column, column]))[0] == pytest.approx([0.5, 0.5], abs=0.03)


def surely_better(samples, critical):
    """One paired comparison after the other: [i, j] whether i is above j by more than all pairs together allow."""
    from scipy import stats

    count = samples.shape[1]
    found = np.zeros((count, count), dtype=bool)
    for i, j in itertools.permutations(range(count), 2):
        gap = samples[:, i] - samples[:, j]
        found[i, j] = gap.mean() > critical * stats.sem(gap)
    return found


def test_a_tier_holds_what_cannot_be_told_from_its_first_and_heads_are_in_a_sure_order(subtests):
    """Spreads differ, so that a player surely beaten need not be the last."""
    for seed in range(40):
        with subtests.test(seed=seed):
            keyed = np.random.default_rng([31, seed])
            samples = keyed.normal(keyed.normal(0.0, 1.0, 9), keyed.choice([0.05, 0.5, 3.0], 9), (16, 9))
            ranks = rank_sets(samples, key=str(seed))
            better, order = surely_better(samples, ranks.critical), np.argsort(ranks.rank)
            tiers = [order[ranks.tier[order] == tier] for tier in range(1, ranks.tier.max() + 1)]
            assert np.array_equal(np.concatenate(tiers), order)  # each tier is a run of neighbours
            for first, *others in tiers:
                assert not better[first, others].any()
            for (one, *_), (other, *_) in itertools.pairwise(tiers):
                assert better[one, other]


def test_one_that_is_surely_beaten_is_not_in_the_first_tier_though_the_last_is_not_beaten():
    """A is surely above B, and cannot be told from C, which is noisy and stands below B."""
    steady, noisy = np.random.default_rng(3).normal(size=(2, 30))
    a = steady
    samples = np.column_stack([a, a - 1.0 + 0.05 * np.random.default_rng(4).normal(size=30), a - 1.2 + 9.0 * noisy])
    ranks = rank_sets(samples)
    assert ranks.rank.tolist() == [1, 2, 3]
    assert ranks.high.tolist() == [2, 3, 3]  # A surely beats one, which is B and not the last
    assert ranks.tier.tolist() == [1, 2, 2]
