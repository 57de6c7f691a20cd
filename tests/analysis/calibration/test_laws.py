"""Laws on figures whose verdicts are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.calibration import laws

SEEDS = np.linspace(-1.0, 1.0, 8)  # noise common to all settings of a draw


def figures(**means):
    """A figure function over draws: each setting's means by draw, with noise by seed that is common to all settings."""
    return lambda setting, name: np.asarray(means[setting], float)[:, None] + SEEDS + 1e-3 * SEEDS * len(setting)


def nothing(setting, name):
    raise AssertionError("no path is asked for")


def test_an_interval_is_that_of_the_textbook_and_leaves_out_what_is_missing():
    values = np.array([[1.0, 2.0, 4.0, np.nan], [3.0, np.nan, np.nan, np.nan]])
    mean, low, high = laws.interval(values)
    wanted = stats.t.interval(0.95, 2, loc=mean[0], scale=stats.sem([1.0, 2.0, 4.0]))
    assert (low[0], high[0]) == pytest.approx(wanted)
    assert mean[1] == 3.0 and np.isnan(low[1])


def test_a_contrast_is_taken_seed_by_seed_and_judged_draw_by_draw():
    clause = {"of": "x", "sum": {"a": 1, "b": -1}, "above": 0}
    found = laws.found(clause, figures(a=[2.0, 1.0, 0.0], b=[1.0, 1.0, 1.0]), nothing)
    assert found.held.tolist() == [1.0, 0.0, 0.0]
    assert found.effect == pytest.approx([1.0, 0.0, -1.0])
    assert laws.found(
        {**clause, "below": 0, "above": 0} | {"sum": {"a": 1, "b": -0.5}}, figures(a=[1.0], b=[1.0]), nothing
    ).count


def test_terms_of_several_figures_add_up():
    clause = {"terms": [{"of": ["x", "y"], "sum": {"a": 1}}, {"of": "x", "sum": {"b": -2}}], "above": 0}
    values = laws.contrast(clause, lambda setting, name: np.full((1, 2), {"a": 3.0, "b": 1.0}[setting]))
    assert values.tolist() == [[4.0, 4.0]]


def test_not_all_fails_only_where_every_part_is_beyond_its_bound():
    parts = [{"of": "x", "sum": {"a": 1, "b": -1}, "above": 0}, {"of": "x", "sum": {"c": 1, "b": -1}, "below": 0}]
    means = {"a": [2.0, 2.0], "b": [1.0, 1.0], "c": [0.0, 2.0]}
    assert laws.found({"not_all": parts}, figures(**means), nothing).held.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(("inner", "held"), [(0.5, 1.0), (-0.05, 1.0), (1.05, 1.0), (-0.5, 0.0), (1.5, 0.0)])
def test_between_allows_a_tenth_of_the_span_either_way_up(inner, held):
    clause = {"between": {"low": "never", "high": "kept", "inner": "ended"}, "of": ["x"]}
    for turn in (1.0, -1.0):
        means = {"never": [0.0], "kept": [turn], "ended": [turn * inner]}
        exact = lambda setting, name, means=means: np.repeat(np.array(means[setting])[:, None], 8, axis=1)  # noqa: E731
        assert laws.found(clause, exact, nothing).held.tolist() == [held]


def test_every_week_looks_only_at_weeks_in_which_something_stands():
    paths = {"a": np.ones(20), "b": np.r_[np.zeros(12), np.ones(8)], "stands": np.r_[np.ones(10), np.zeros(10)]}
    clause = {"every_week": {"where": "stands", "at": "stands", "more_than": 0.5}, "of": "x", "sum": {"a": 1, "b": -1}}
    path = lambda setting, name: paths[setting][None]  # noqa: E731
    assert laws.found({**clause, "above": 0}, figures(), path).held.tolist() == [1.0]
    paths["stands"][:] = 1.0
    assert laws.found({**clause, "above": 0}, figures(), path).held.tolist() == [0.0]
    paths["stands"][:] = 0.0
    assert np.isnan(laws.found({**clause, "above": 0}, figures(), path).held).all()


def test_a_figure_outside_its_bounds_in_one_seed_is_found_and_a_missing_one_is_none():
    values = np.array([[0.1, 0.9], [np.nan, 0.5], [-0.01, 0.2]])
    found = laws.found({"within": [0, 1], "of": ["x"], "at": ["a"]}, lambda s, n: values, nothing)
    assert found.held.tolist() == [1.0, 1.0, 0.0]
    assert found.effect == pytest.approx([0.0, 0.0, 0.01])


def test_towns_are_the_same_within_a_share_or_where_chance_hides_a_difference():
    clause = {"same": {"base": "a", "other": "b", "share": 0.1, "z": 3}, "of": ["x"]}

    def towns(shift, noise):
        base = np.full(16, 10.0)
        other = base + shift + noise * np.tile([-1.0, 1.0], 8)
        return lambda setting, name: (base if setting == "a" else other)[:, None]

    with np.errstate(divide="ignore"):
        for shift, noise, same in ((0.5, 0.1, True), (2.0, 0.1, False), (2.0, 9.0, True)):
            found = laws.found(clause, towns(shift, noise), nothing)
            assert laws.together(clause, found) == ("holds" if same else "broken")


def test_equal_worth_holds_for_equal_ratios_and_not_for_others():
    def worth(of_saved):
        rng = np.linspace(0.9, 1.1, 12)
        rows = {"yuan": rng, "saved": of_saved * rng[::-1] * 1.0, "more": rng, "added": np.roll(rng, 3)}
        return lambda setting, name: rows[setting][:, None] * np.ones(3)

    def part(of, by):
        return {"of": "x", "sum": {of: 1}, "by": {"of": "x", "sum": {by: 1}}}

    clause = {"equal": {"one": part("saved", "yuan"), "other": part("more", "added"), "share": 0.5}}
    assert laws.found(clause, worth(1.0), nothing).count == 12
    assert laws.found(clause, worth(3.0), nothing).count == 0
    clause["equal"]["share"] = 1e-9  # an interval this narrow is never had
    assert laws.together(clause, laws.found(clause, worth(1.0), nothing)) == "open"


def test_verdicts_stand_at_61_and_56_of_64():
    counts = {64: "holds", 61: "holds", 60: "open", 57: "open", 56: "broken", 0: "broken"}
    for count, said in counts.items():
        assert laws.verdict(np.r_[np.ones(count), np.zeros(64 - count)]) == said
    assert laws.verdict(np.r_[np.ones(61), np.full(3, np.nan)]) == "holds"
    assert laws.verdict(np.full(4, np.nan)) == "open"
    assert laws.verdict(np.r_[np.ones(20), np.full(44, np.nan)]) == "open"
    assert laws.worst(["holds", "open", "broken"]) == "broken" and laws.worst(["holds"]) == "holds"


def test_draws_together_are_judged_by_one_interval():
    def found(values):
        return laws.Found(np.ones(len(values)), np.asarray(values))

    clause = {"above": 0}
    assert laws.together(clause, found([1.0, 1.1, 0.9])) == "holds"
    assert laws.together(clause, found([1.0, -1.1, 0.2])) == "open"
    assert laws.together(clause, found([-1.0, -1.1, -0.9])) == "broken"
    assert laws.together({"below": 0}, found([-1.0, -1.1, -0.9])) == "holds"
