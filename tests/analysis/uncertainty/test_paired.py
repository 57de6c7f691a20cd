from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.uncertainty import (
    EFFECT_COLUMNS,
    LEVEL_COLUMNS,
    levels,
    paired_effects,
    ratio_interval,
    sharpen,
    t_interval,
    variance_ratio,
    verdict,
)


def evaluation(value, year1=None, before=0.0):
    return {"y": value, "y__year1": value if year1 is None else year1, "y__baseline": before}


def test_t_interval_is_the_textbook_one():
    values = np.random.default_rng(0).normal(size=9)
    found = t_interval(values, 0.9)
    low, high = stats.t.interval(0.9, 8, values.mean(), stats.sem(values))
    assert (found.low, found.high, found.count) == (pytest.approx(low), pytest.approx(high), 9)


def test_t_interval_leaves_missing_values_out():
    assert t_interval([1.0, np.nan, 3.0]).count == 2


def test_one_value_has_no_interval():
    found = t_interval([2.5])
    assert found.mean == 2.5
    assert np.isnan(found.low) and np.isnan(found.high)


def test_variance_ratio_says_what_common_seeds_bought():
    rng = np.random.default_rng(1)
    town = rng.normal(size=4000)
    base = town + 0.1 * rng.normal(size=4000)
    other = 1 + town + 0.1 * rng.normal(size=4000)
    assert variance_ratio(base, other) == pytest.approx(101, rel=0.1)
    assert variance_ratio(base, rng.permutation(other)) == pytest.approx(1, abs=0.1)
    assert variance_ratio([1.0, 2.0, 4.0], [2.0, 3.0, 5.0]) == np.inf
    assert np.isnan(variance_ratio([1.0], [2.0]))


def test_paired_effects_are_taken_replicate_by_replicate():
    rng = np.random.default_rng(2)
    town = rng.normal(size=6)
    gain = 0.5 + 0.01 * rng.normal(size=6)
    rows = paired_effects(
        {"a": [evaluation(v, v - 1) for v in town], "b": [evaluation(v, v) for v in town + gain]},
        base="a",
        other="b",
        names=["y"],
    )
    assert [tuple(row) for row in rows] == [EFFECT_COLUMNS] * 2
    year1, last = rows
    assert (year1["period"], last["period"]) == ("year1", "evaluation")
    assert last["difference"] == pytest.approx(gain.mean())
    assert year1["difference"] == pytest.approx(gain.mean() + 1)
    assert last["ci_high"] - last["ci_low"] < 0.05
    assert last["variance_ratio"] > 100


def test_a_missing_figure_drops_its_pair_and_is_counted():
    rows = paired_effects(
        {
            "a": [evaluation(v) for v in (1.0, 2.0, np.nan)],
            "b": [evaluation(v) for v in (2.0, 3.5, 9.0)],
        },
        base="a",
        other="b",
        names=["y"],
    )
    assert rows[1]["replicates"] == 2
    assert rows[1]["difference"] == pytest.approx(1.25)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"other": "c", "names": ["y"]}, "'c' is not among"),
        ({"other": "b", "names": ["z"]}, "no figure 'z__year1'"),
        ({"other": "d", "names": ["y"]}, "same seeds"),
    ],
)
def test_what_cannot_be_paired_is_named(arguments, said):
    given = {"a": [evaluation(1.0)] * 2, "b": [evaluation(1.0)] * 2, "d": [evaluation(1.0)] * 3}
    with pytest.raises(ValueError, match=said):
        paired_effects(given, base="a", **arguments)


def test_levels_have_one_row_a_setting_name_and_period():
    rows = levels({"a": [evaluation(1.0), evaluation(3.0)], "b": [evaluation(2.0)]}, ["y"])
    assert [tuple(row) for row in rows] == [LEVEL_COLUMNS] * 6
    assert [row["period"] for row in rows[:3]] == ["baseline", "year1", "evaluation"]
    assert rows[2]["mean"] == 2.0
    assert np.isnan(rows[5]["ci_low"])


@pytest.mark.parametrize(
    ("low", "high", "better", "said"),
    [
        (0.1, 0.2, "higher", "improves"),
        (0.1, 0.2, "lower", "worsens"),
        (-0.2, -0.1, "higher", "worsens"),
        (-0.2, -0.1, "lower", "improves"),
        (-0.1, 0.2, "higher", "unclear"),
        (0.0, 0.2, "higher", "unclear"),
        (0.0, 0.0, "lower", "unclear"),
        (0.1, 0.2, "neither", "changes"),
        (np.nan, np.nan, "higher", "unknown"),
    ],
)
def test_verdict_follows_the_interval(low, high, better, said):
    assert verdict(low, high, better) == said


def test_a_figure_known_better_sharpens_a_mean_and_its_interval_still_holds_it():
    """Pairs that go together, few of them and many more of the one: narrower, and right about as often as it says."""
    rng = np.random.default_rng(8)
    held, narrower = 0, []
    for _ in range(600):
        known = rng.normal(2.0, 1.0, 100)
        values = 1.0 + 0.7 * known[:8] + 0.3 * rng.normal(size=8)
        found = sharpen(values, known)
        held += found.low <= 2.4 <= found.high
        narrower.append((found.high - found.low) / np.ptp([t_interval(values).low, t_interval(values).high]))
    assert 0.93 <= held / 600 <= 0.985
    assert np.median(narrower) < 0.65


def test_what_goes_not_together_or_is_not_known_better_sharpens_nothing():
    rng = np.random.default_rng(9)
    values, known = rng.normal(size=10), rng.normal(size=10)
    assert sharpen(values, known) == t_interval(values)
    assert sharpen(values, np.ones(40)) == t_interval(values)
    held = 0
    for _ in range(600):
        found = sharpen(rng.normal(size=8), rng.normal(size=60))
        held += found.low <= 0.0 <= found.high
    assert 0.93 <= held / 600 <= 0.985


# --- the ratio of two means


def test_the_interval_of_a_ratio_holds_the_truth_as_often_as_it_says():
    """2,000 samples of 8 pairs that share a shock; the truth is 1.2 / 2 = .6. Two standard errors are 1 point."""
    generator = np.random.default_rng(5)
    held = 0
    for _ in range(2_000):
        shock = generator.normal(0.0, 0.3, 8)
        under, over = 2.0 + shock + generator.normal(0.0, 0.2, 8), 1.2 + shock + generator.normal(0.0, 0.2, 8)
        found = ratio_interval(over, under)
        held += found.low <= 0.6 <= found.high
    assert 0.94 <= held / 2_000 <= 0.96


def test_a_ratio_to_what_may_be_nothing_has_no_ends():
    found = ratio_interval([1.0, 2.0, 3.0], [0.5, -0.4, 0.1])
    assert np.isnan(found.low) and np.isnan(found.high) and found.count == 3


def test_equal_figures_have_the_ratio_one():
    found = ratio_interval([10.0, 11.0, 12.5], [10.0, 11.0, 12.5])
    assert (found.mean, found.low, found.high) == pytest.approx((1.0, 1.0, 1.0))
