"""Sections on pairs and start weeks, the composite's note and the remark on precision, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.attribution import Problem, interactions, start_weeks
from analysis.report import opening
from analysis.report.blocks import Numbers
from analysis.report.section import Material
from analysis.report.sections import contributions, make_sections
from analysis.report.sections import start_weeks as section_on_starts
from analysis.words import LANGUAGES, Reader, with_composite, words

PLAYERS = ("one_window", "publicity", "burden_relief", "lead_goose")


def every(made):
    return with_composite(made.OUTCOMES, [{"outcome": "composite"}])


def reader_of(made, language):
    return Reader(language, made.OUTCOMES, made.LABELS)


def section_of(made, language, **tables):
    """The one section of some tables, and what counted its figures."""
    reader = reader_of(made, language)
    counter = Numbers()
    (section,) = make_sections(Material(reader, tables, counter.figure, last=4))
    return section, counter


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
    section, counter = section_of(made, language, interactions=pairs)
    assert len(section["figures"]) == counter.pictures == 3
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
    section, _ = section_of(made, language, interactions=none)
    outcome = made.OUTCOMES["satisfaction"][language]
    assert section["points"][2] == words(language)["interaction_point_none"].format(outcome=outcome, n=8)
    assert section["tables"] == section["figures"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_late_starts_that_cost_and_that_are_a_gain_are_told_apart(made, late, language):
    section, _ = section_of(made, language, start_weeks=late)
    assert len(section["points"]) == 3 * 3  # outcomes; two delays and the orders
    one, other = (reader_of(made, language).label_inside(name) for name in PLAYERS[:2])
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
    points = section_on_starts.points_of(unclear, "satisfaction", reader_of(made, "en"))
    assert "no measure's late start can be told apart from no effect" in points[0]
    only = [{**row, "verdict": "unclear" if row["verdict"] == "worsens" else row["verdict"]} for row in late]
    points = section_on_starts.points_of(only, "satisfaction", reader_of(made, "en"))
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
    (note,) = contributions.composite_notes(weights, summary, reader_of(made, language))
    for said in ("25%", "75%", "1.25", "3.21"):
        assert said in note
    assert contributions.composite_notes(None, summary, reader_of(made, language)) == []
    assert contributions.composite_notes(weights, {}, reader_of(made, language)) == []


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
    (said,) = opening.precision_remarks(wish, summary, reader_of(made, language))
    for part in ("0.50", "0.43", "36", "3", "5"):
        assert part in said
    assert "4.0" not in said  # not wished for
    (missed,) = opening.precision_remarks(wish, {**summary, "precision_reached": 0.0}, reader_of(made, language))
    assert missed != said
    said = opening.precision_remarks(wish, {**summary, "precision_askings": 4.0}, reader_of(made, language))
    assert len(said) == 2
    assert "4" in said[1]
    untold = {"precision_reached": 0.0, "precision_replicates": 9.0, "precision_batches": 1.0}
    (said,) = opening.precision_remarks({**wish, "outcome": "composite"}, untold, reader_of(made, language))
    assert words(language)["outcome_composite"][1:] in said
    assert opening.precision_remarks(None, summary, reader_of(made, language)) == []


def test_a_composite_is_described_only_where_a_ranking_has_it(made):
    assert with_composite(made.OUTCOMES, []) == made.OUTCOMES
    assert list(every(made)) == [*made.OUTCOMES, "composite"]
