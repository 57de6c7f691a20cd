"""What a dearer package buys over the next cheaper one, where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.uncertainty import STEP_COLUMNS, efficient, rank_sets, steps

SEEDS = 40
COSTS = [10.0, 20.0, 30.0]


def town(seed=0, spread=5.0):
    """What a seed gives with no measures: it differs from seed to seed far more than packages do."""
    return np.random.default_rng(seed).normal(50.0, spread, SEEDS)


def front_of(costs, samples, better="higher"):
    sign = -1.0 if better == "lower" else 1.0
    return efficient(np.column_stack([np.negative(costs), sign * np.mean(samples, axis=0)]))


def told(samples, nothing, costs=COSTS, better="higher", **more):
    return steps(costs, front_of(costs, samples, better), samples, nothing, better, **more)


def noisy(effects, seed=1, noise=0.5):
    return town()[:, None] + np.random.default_rng(seed).normal(effects, noise, (SEEDS, len(effects)))


def test_many_sets_of_points_are_judged_at_once():
    values = np.random.default_rng(0).integers(0, 4, (50, 6, 2)).astype(float)
    assert (efficient(values) == [efficient(one) for one in values]).all()


def test_a_step_is_read_off_pairs_and_the_first_one_is_against_nothing():
    samples = town()[:, None] + np.array([2.0, 3.0, 3.5]) + np.random.default_rng(1).normal(0.0, 0.1, (SEEDS, 3))
    found = told(samples, town())
    assert [tuple(row) for row in found] == [STEP_COLUMNS] * 3
    before = np.column_stack([town(), samples])
    for k, row in enumerate(found):
        assert row["step"] == pytest.approx((before[:, k + 1] - before[:, k]).mean())
        assert row["step_low"] < (2.0, 1.0, 0.5)[k] < row["step_high"]
        assert row["step_high"] - row["step_low"] < 0.25  # seeds differ by twenty times as much
        assert row["verdict"] == "improves"
        assert row["front_share"] == 1.0


def test_a_dearer_package_that_does_the_same_buys_nothing_that_can_be_told():
    noise = np.random.default_rng(2).normal(0.0, 0.5, (SEEDS, 2))
    noise[:, 1] += noise[:, 0].mean() - noise[:, 1].mean() + 0.02  # ahead by luck, so on the front
    same, equal = told(town()[:, None] + 2.0 + noise, town(), COSTS[:2])
    assert (same["verdict"], equal["verdict"]) == ("improves", "unclear")
    assert equal["step"] == pytest.approx(0.02) and equal["step_low"] < 0.0 < equal["step_high"]
    assert same["front_share"] == 1.0  # nothing is cheaper
    assert 0.5 < equal["front_share"] < 0.7


def test_a_package_that_is_beaten_has_no_step_and_is_passed_over():
    found = told(noisy([4.0, 1.0, 8.0]), town())
    assert np.isnan(found[1]["step"]) and found[1]["verdict"] == "" and found[1]["front_share"] == 0.0
    assert found[2]["step"] == pytest.approx(4.0, abs=0.5)
    assert found[2]["front_share"] == 1.0


def test_where_less_is_better_a_step_down_improves_and_a_harmful_first_one_worsens():
    harmful, good = told(noisy([1.0, -2.0]), town(), COSTS[:2], "lower")
    assert harmful["step"] > 0.0 and harmful["verdict"] == "worsens"
    assert good["step"] < -2.0 and good["verdict"] == "improves"
    mirrored = told(-noisy([1.0, -2.0]), -town(), COSTS[:2])
    assert [row["front_share"] for row in mirrored] == [harmful["front_share"], good["front_share"]]


def test_intervals_are_good_for_all_pairs_of_packages_as_in_a_ranking():
    samples, nothing = noisy([2.0, 2.1, 2.2]), town()
    found = told(samples, nothing, key="a")
    critical = rank_sets(np.column_stack([nothing, samples]), key="a").critical
    for row, before in zip(found[:1], [nothing], strict=True):
        error = (samples[:, 0] - before).std(ddof=1) / np.sqrt(SEEDS)
        assert (row["step_high"] - row["step"]) / error == pytest.approx(critical)


def test_no_step_among_equal_packages_is_taken_for_sure_too_often():
    wrong = 0
    for k in range(200):
        samples = np.random.default_rng([3, k]).normal(0.0, 1.0, (12, 6))
        rows = told(samples[:, 1:], samples[:, 0], [1.0, 2.0, 3.0, 4.0, 5.0], resamples=500)
        wrong += any(row["verdict"] in ("improves", "worsens") for row in rows)
    assert wrong <= 18  # 5 in 100 at most, and three standard errors


def test_packages_that_do_exactly_the_same_do_not_share_a_place_by_rounding():
    one = noisy([2.0], noise=1.0)[:, 0]
    found = told(np.column_stack([one, one, one + 1.0]), town())
    assert [row["front_share"] for row in found] == [1.0, 0.0, 1.0]
    assert (found[2]["step_low"], found[2]["step_high"]) == (pytest.approx(1.0), pytest.approx(1.0))
    twice = told(np.column_stack([one, one]), town(), [10.0, 10.0])  # the same package for two budgets
    assert twice[0] == twice[1] and twice[0]["front_share"] == 1.0


def test_the_same_key_gives_the_same_shares_and_missing_seeds_are_left_out():
    samples, nothing = noisy([2.0, 2.05, 2.1]), town()
    assert told(samples, nothing, key="a") == told(samples, nothing, key="a")
    more = np.vstack([samples, [[np.nan, 3.0, 3.0]]])
    front = front_of(COSTS, samples)
    assert steps(COSTS, front, more, np.append(nothing, 50.0), "higher") == steps(
        COSTS, front, samples, nothing, "higher"
    )
    (row,) = steps([1.0], [True], [[np.nan], [1.0]], [0.0, 0.0], "higher")
    assert np.isnan(row["front_share"]) and row["verdict"] == ""
