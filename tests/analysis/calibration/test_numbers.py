"""Statistics, verdicts and matching on numbers whose answers are known."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from analysis.calibration import matching, statistics, verdicts
from analysis.calibration.statistics import Figures, evaluate


def figures(**settings) -> Figures:
    return Figures({name: {"x": x, "x__year1": 2 * x, "y": 10.0} for name, x in settings.items()}, {})


MADE = figures(a=1.0, b=2.0, c=4.0, zero=0.0)


def test_changes_in_weeks_and_what_is_lost_of_them():
    calm, push = np.zeros(20), np.r_[np.full(4, 2.0), np.full(16, 0.5)]
    made = Figures({}, {"calm": {"x": calm}, "push": {"x": push}})
    change = {"statistic": "change_in_weeks", "of": "x", "from": "calm", "to": "push", "weeks": [0, 4], "sign": 1}
    lost = {**change, "statistic": "share_lost_in_weeks", "first": [0, 4], "last": [8, 12]}
    del lost["weeks"]
    assert statistics.fault(change) is None and statistics.fault(lost) is None
    assert statistics.settings_of(lost) == ["calm", "push"]
    assert evaluate(change, made) == 2.0
    assert evaluate(lost, made) == 0.75


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ({"statistic": "level", "of": "x", "at": "c"}, 4.0),
        ({"statistic": "level", "of": ["x", "y"], "at": "c"}, 14.0),
        ({"statistic": "ratio", "of": "y", "by": "x", "at": "c"}, 2.5),
        ({"statistic": "change", "of": "x", "from": "c", "to": "a"}, -3.0),
        ({"statistic": "change", "of": "x__year1", "from": "c", "to": "a"}, -6.0),
        ({"statistic": "relative_change", "of": "x", "from": "b", "to": "c"}, 1.0),
        ({"statistic": "relative_change", "of": "x", "from": "b", "to": "c", "beyond": 1}, 2.0),
        (
            {"statistic": "difference_of_changes", "of": "x", "from": "b", "to": "c", "less_from": "a", "less_to": "b"},
            1,
        ),
        ({"statistic": "ratio_of_changes", "of": "x", "from": "a", "to": "b", "by_from": "b", "by_to": "c"}, 0.5),
        ({"statistic": "convexity", "of": "x", "over": ["a", "b", "c"]}, 1.0),
        ({"statistic": "hump", "of": "x", "over": ["a", "c", "b"]}, 2.0),
        ({"statistic": "hump", "of": "x", "over": ["a", "b", "c"]}, -2.0),
        (
            {
                "statistic": "peak_shift",
                "of": "x",
                "over": ["c", "b", "a"],
                "and_over": ["a", "c", "b"],
                "along": [0, 0.1, 0.5],
            },
            0.1,
        ),
        ({"statistic": "share_lost", "of": "x", "before": ["b", "c"], "after": ["a", "b"]}, 0.5),
        ({"statistic": "share_lost_by_period", "of": "x", "first": "__year1", "last": "", "from": "a", "to": "b"}, 0.5),
        ({"statistic": "share_of_part", "of": "x", "from": "c", "to": "b", "without_it": "zero"}, -0.5),
        ({"statistic": "joint_over_product", "of": "x", "none": "c", "all": "b", "parts": ["b", "b"]}, 2.0),
        ({"statistic": "joint_over_sum", "of": "x", "none": "c", "all": "b", "parts": ["b", "b"]}, 0.5),
    ],
)
def test_statistics_of_known_numbers(condition, value):
    assert statistics.fault({**condition, "at_least": 0}) is None
    assert evaluate(condition, MADE) == pytest.approx(value)


def test_every_statistic_is_tried_here_or_below():
    tried = {mark.args[1][i][0]["statistic"] for mark in test_statistics_of_known_numbers.pytestmark for i in range(18)}
    assert tried | {"deadline_gap", "change_in_weeks", "share_lost_in_weeks"} == set(statistics.STATISTICS)


def test_deadline_gap_is_the_mean_near_deadlines_against_the_rest():
    path = np.ones(52)
    path[[23, 24, 25, 49, 50, 51]] = 1.5
    made = Figures({}, {"today": {"x": path}}, (26, 3))
    assert evaluate({"statistic": "deadline_gap", "of": "x", "at": "today"}, made) == pytest.approx(0.5)


def test_a_division_by_nothing_is_missing_and_passes_no_rule():
    value = evaluate({"statistic": "relative_change", "of": "x", "from": "zero", "to": "a"}, MADE)
    assert math.isnan(value)
    assert not verdicts.passes({"at_least": -1e9}, value)


@pytest.mark.parametrize(
    "condition",
    [
        {"statistic": "__import__", "at_least": 0},
        {"statistic": "change", "of": "x", "from": "a", "at_least": 0},
        {"statistic": "change", "of": "x", "from": "a", "to": "b", "by": "c", "at_least": 0},
        {"statistic": "change", "of": "x", "from": "a", "to": "b"},
    ],
)
def test_a_condition_that_is_not_well_formed_is_named(condition):
    assert statistics.fault(condition)


UP, HALF = {"at_least": 1.0, "at_most": 2.0}, {"published": -0.5}


def test_a_pattern_holds_in_four_of_five_draws_and_not_in_three():
    values = np.array([[1.0], [2.0], [1.5], [1.2], [2.1]])
    assert verdicts.verdict("pattern", [UP], values) == "holds"
    values[0] = 0.99
    assert verdicts.verdict("pattern", [UP], values) == "fails"


def test_all_conditions_must_hold_in_the_same_draw():
    values = np.array([[1.5, -1.0], [1.5, 1.0], [0.0, -1.0]])
    assert verdicts.held([UP, {"sign": -1}], values).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("value", "says"),
    [(-0.5, "within_factor_two"), (-1.0, "within_factor_two"), (-0.25, "within_factor_two"),
     (-1.1, "right_sign"), (-0.2, "right_sign"), (0.5, "wrong_sign"), (0.0, "wrong_sign"), (np.nan, "wrong_sign")],
)  # fmt: skip
def test_effects_by_sign_and_size(value, says):
    assert verdicts.verdict("effect", [HALF], np.full((10, 1), value)) == says


def test_a_sign_alone_is_never_within_a_factor():
    assert verdicts.verdict("effect", [{"sign": 1}], np.ones((5, 1))) == "right_sign"


def test_knock_outs():
    assert verdicts.knock_out_verdict(0.9, 0.2) == "breaks"
    assert verdicts.knock_out_verdict(0.9, 0.3) == "survives"
    assert verdicts.knock_out_verdict(0.7, 0.0) == "nothing_to_break"
    assert verdicts.knock_out_verdict(0.9, math.nan) == "survives"


def test_overlapping_rules_are_one_fact():
    assert sorted(verdicts.facts({"a": ["b"], "b": [], "c": [], "d": ["b"]})) == [["a", "b", "d"], ["c"]]


LOW, HIGH = np.array([0.0, 0.0]), np.array([1.0, 1.0])


def test_ranges_are_not_widened_where_nothing_is_uncertain():
    values = np.array([[0.0, 1.0], [1.0001, 0.5], [0.5, -0.0001], [np.nan, 0.5]])
    away = matching.implausibility(values, LOW, HIGH, np.zeros(2), np.zeros(2))
    assert matching.plausible(away, 0).tolist() == [True, False, False, False]


def test_a_cheap_town_is_forgiven_its_bias_and_spread():
    cheap = np.array([[0.6, 0.5], [0.8, 0.5], [0.7, 0.6], [0.7, 0.4]])
    bias, spread = matching.stand_in(cheap, np.full((4, 2), 0.5))
    assert bias == pytest.approx([0.2, 0.0])
    values = np.array([[1.2, 0.5], [1.35, 0.5], [np.nan, 0.5], [np.inf, 0.5]])
    away = matching.implausibility(values, LOW, HIGH, bias, spread)
    assert matching.plausible(away, 2).tolist() == [True, True, True, False]
    assert matching.plausible(away, 1).tolist() == [True, False, True, False]


def test_a_figure_that_a_cheap_town_never_shows_speaks_neither_way():
    """Nor does one that a single draw shows: of one difference no spread can be told."""
    cheap = np.array([[np.nan, 0.5], [np.nan, np.nan], [np.nan, np.nan]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bias, spread = matching.stand_in(cheap, np.full((3, 2), 0.5))
    assert (bias.tolist(), spread.tolist()) == ([0.0, 0.0], [np.inf, np.inf])
    away = matching.implausibility(np.array([[np.nan, np.nan], [9.0, np.nan], [np.inf, 0.5]]), LOW, HIGH, bias, spread)
    assert matching.plausible(away, 3).tolist() == [True, True, False]  # a failed run is never let through


def test_binding_targets_and_joint_misfits():
    inside = np.array([[True, True], [True, False], [False, True], [False, False]])
    missed, alone = matching.binding(inside)
    assert missed.tolist() == [0.5, 0.5]
    assert alone.tolist() == [0.25, 0.25]
    assert matching.joint_misfits(inside)[0, 1] == pytest.approx(1.0)
    against = np.array([[True, False], [False, True]] * 5)
    assert matching.joint_misfits(against)[0, 1] == 0.0


def test_what_is_learned_and_what_chance_could_do():
    rng = np.random.default_rng(1)
    prior, post = rng.normal(size=(2000, 40)), rng.normal(size=(300, 40))
    post[:, 0] = 0.5 + 0.4 * post[:, 0]
    ratio, shift = matching.learned(prior, post)
    far, narrow = matching.surprising(2000, 300, 40)
    told = (np.abs(shift) > far) | (np.abs(np.log(ratio)) > narrow)
    assert told[0]
    assert told[1:].sum() <= 1


def test_strata_are_spread_over_the_order():
    scores = np.arange(100)[::-1].astype(float)
    chosen = matching.stratify(scores, 10)
    assert len(chosen) == 10
    assert np.diff(np.sort(scores[chosen])).tolist() == [10.0] * 9
    assert matching.stratify(scores, 500).tolist() == list(range(100))


def test_two_samples_of_a_parameter_overlap_as_far_as_they_do():
    keyed = np.random.default_rng(8)
    prior = keyed.uniform(0, 1, 20_000)
    assert matching.overlap(prior, keyed.uniform(0, 1, 20_000)) == pytest.approx(1.0, abs=0.03)
    assert matching.overlap(prior, keyed.uniform(0, 0.5, 20_000)) == pytest.approx(0.5, abs=0.03)
    assert matching.overlap(prior, keyed.uniform(2, 3, 50)) == pytest.approx(0.1, abs=0.01)
