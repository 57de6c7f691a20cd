"""Sections on pairs and start weeks, the composite's note and the remark on precision, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.attribution import Problem, interactions, start_weeks
from analysis.figures import with_composite
from analysis.report import together
from analysis.report.page import _Counter
from analysis.words import LANGUAGES, words

PLAYERS = ("one_window", "publicity", "burden_relief", "lead_goose")


def every(made):
    return with_composite(made.OUTCOMES, [{"outcome": "composite"}])


@pytest.fixture(scope="module")
def pairs(made):
    """one_window works only beside publicity; the other two have nothing to do with each other."""
    problem = Problem(PLAYERS, range(8), made.OUTCOMES)
    design = interactions.sample(problem)
    c = design.coalitions.astype(float)
    level = np.random.default_rng(1).normal(0, 1, 8)[design.seeds]
    noise = np.random.default_rng(2).normal(0, 0.01, (8, 4))[design.seeds]
    y = level + c[:, 1] + c[:, 2] + (c * noise).sum(axis=1) + 2 * c[:, 0] * c[:, 1]
    return interactions.analyse(problem, design, np.column_stack([y, -y, y]))


@pytest.fixture(scope="module")
def late(made):
    """one_window costs 2 a year if it is not there, publicity is better late, the others do not matter."""
    problem = Problem(PLAYERS, range(8), made.OUTCOMES)
    means = np.array([[[2.0, -2.0, 2.0], [-1.0, 1.0, -1.0], [0, 0, 0], [0, 0, 0]]])
    cases = [
        *start_weeks.delays(problem, (26, 104)),
        *start_weeks.best_and_worst(problem, means, 20),
        start_weeks.in_order(problem, "cheapest_first", PLAYERS, 20),
    ]
    design = start_weeks.sample(problem, cases)
    noise = 1 + np.random.default_rng(3).normal(0, 0.02, 8)[design.seeds]
    share = 1 - np.clip(design.coalitions, 0, 52) / 52
    y = noise * (share @ np.array([2.0, -1.0, 0.0, 0.0]))
    years = np.stack([np.column_stack([y, -y, y]), np.column_stack([noise, -noise, noise])], axis=2)
    return start_weeks.analyse(problem, design, years, cases)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_works_only_together_is_said_in_a_sentence(made, pairs, language):
    counter = _Counter(words(language))
    section = together.interactions(pairs, made.OUTCOMES, made.LABELS, language, counter.figure)
    assert len(section["figures"]) == counter.count == 3
    one, other = (made.LABELS[name][language] for name in PLAYERS[:2])
    said = words(language)["interaction_needs"].format(one=one, other=other)
    for point in section["points"]:
        assert said in point
        assert made.LABELS["lead_goose"][language] not in point
    assert all(len(table.rows) == 1 for table in section["tables"])
    assert "11" not in section["notes"][0].split("8")[0]  # eight replicates of 88 runs
    assert "88" in section["notes"][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_pair_is_clear_that_is_said(made, pairs, language):
    none = [{**row, "verdict": "unclear"} for row in pairs]
    section = together.interactions(none, made.OUTCOMES, made.LABELS, language, _Counter(words(language)).figure)
    outcome = made.OUTCOMES["satisfaction"][language]
    assert section["points"][2] == words(language)["interaction_point_none"].format(outcome=outcome, n=8)
    assert section["tables"] == section["figures"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_late_starts_that_cost_and_that_are_a_gain_are_told_apart(made, late, language):
    from analysis.report.findings import running

    section = together.timing(late, made.OUTCOMES, made.LABELS, 4, language, _Counter(words(language)).figure)
    assert len(section["points"]) == 3 * 3  # outcomes; two delays and the orders
    one, other = (running(made.LABELS[name][language], language) for name in PLAYERS[:2])
    gain = words(language)["timing_point_gains"].format(names=other)
    for point in section["points"][:2]:
        assert one in point.split(gain)[0]
        assert gain in point
    assert words(language)["timing_best_first"] in section["points"][2]
    for table in section["tables"]:
        assert len(table.rows) == 4 + 4  # two measures under two delays; three orders and their difference
        assert len({len(row) for row in [table.columns, *table.rows]}) == 1


def test_a_delay_of_which_nothing_can_be_told_has_its_sentence(made, late):
    unclear = [{**row, "verdict": "unclear"} for row in late]
    points = together.timing_points(unclear, "satisfaction", made.OUTCOMES, made.LABELS, "en")
    assert "no measure's late start can be told apart from no effect" in points[0]
    only = [{**row, "verdict": "unclear" if row["verdict"] == "worsens" else row["verdict"]} for row in late]
    points = together.timing_points(only, "satisfaction", made.OUTCOMES, made.LABELS, "en")
    assert "is a gain for publicity and exposure; no late start costs" in points[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_composite_says_its_weights_and_scales(made, language):
    summary = {
        "composite_weight_satisfaction": 0.25,
        "composite_weight_service_efficiency": 0.75,
        "composite_scale_satisfaction": 1.25,
        "composite_scale_service_efficiency": 0.0321,
    }
    weights = {"satisfaction": 1, "service_efficiency": 3, "micro_corruption": 0}
    (note,) = together.composite_notes(weights, summary, made.OUTCOMES, language)
    for said in ("25%", "75%", "1.25", "3.21"):
        assert said in note
    assert together.composite_notes(None, summary, made.OUTCOMES, language) == []
    assert together.composite_notes(weights, {}, made.OUTCOMES, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_precision_was_wanted_and_reached_is_said(made, language):
    wish = {"outcome": "service_efficiency", "most": 60, "half_width": 0.5, "top": 3}
    summary = {
        "precision_reached": 1.0,
        "precision_half_width": 0.43,
        "precision_rank_width": 4.0,
        "precision_top": 5.0,
        "precision_replicates": 36.0,
        "precision_batches": 3.0,
        "precision_askings": 1.0,
    }
    (said,) = together.precision_remarks(wish, summary, made.OUTCOMES, language)
    for part in ("0.50", "0.43", "36", "3", "5"):
        assert part in said
    assert "4.0" not in said  # not wished for
    (missed,) = together.precision_remarks(wish, {**summary, "precision_reached": 0.0}, made.OUTCOMES, language)
    assert missed != said
    said = together.precision_remarks(wish, {**summary, "precision_askings": 4.0}, made.OUTCOMES, language)
    assert len(said) == 2
    assert "4" in said[1]
    untold = {"precision_reached": 0.0, "precision_replicates": 9.0, "precision_batches": 1.0}
    (said,) = together.precision_remarks({**wish, "outcome": "composite"}, untold, made.OUTCOMES, language)
    assert words(language)["outcome_composite"][1:] in said
    assert together.precision_remarks(None, summary, made.OUTCOMES, language) == []


def test_a_composite_is_described_only_where_a_ranking_has_it(made):
    assert with_composite(made.OUTCOMES, []) == made.OUTCOMES
    assert list(every(made)) == [*made.OUTCOMES, "composite"]
