"""The section on what stays, in both languages: the package first, then what lasts, goes and turns round."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from analysis.attribution import Problem, persistence
from analysis.report.blocks import Numbers
from analysis.report.section import Material
from analysis.report.sections import make_sections
from analysis.words import LANGUAGES, Reader, words

PLAYERS = ("one_window", "publicity", "burden_relief", "lead_goose")
KEPT = (4.0, 1.0, 2.0, 1.0, 0.0)
ENDED = (2.0, 0.9, 0.05, -0.5, 0.0)


@pytest.fixture(scope="module")
def rows(made):
    problem = Problem(PLAYERS, range(6), made.OUTCOMES)
    noise = np.random.default_rng(3).normal(0.0, 0.01, (6, 5, 3))
    one = np.arange(6.0)[:, None, None] + np.array([[0.0, *pair] for pair in zip(KEPT, ENDED, strict=True)]) + noise
    values = np.stack([-one if better == "lower" else one for better in problem.outcomes.values()], axis=3)
    return persistence.analyse(problem, ("package", *PLAYERS), values, 104)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_package_then_what_lasts_goes_and_turns_round(made, rows, language):
    reader = Reader(language, made.OUTCOMES, made.LABELS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (section,) = make_sections(Material(reader, {"persistence": rows}, Numbers().figure, last=4))
    text = words(language)
    assert section["title"] == text["sec_persistence"]
    first = [point for point in section["points"] if point.startswith(reader.outcome(next(iter(made.OUTCOMES))))]
    assert len(first) == 4 and "104" in first[0] and reader.percent(0.5) in first[0]
    assert section["tables"][0].rows[0][-1].count("%") == 3  # the part that stays, with its interval
    for point, measure in zip(first[1:], ("one_window", "publicity", "burden_relief"), strict=True):
        assert reader.label_inside(measure) in point
        assert not any(reader.label_inside(other) in point for other in PLAYERS if other != measure)
    assert len(section["figures"]) == 1 and len(section["tables"]) == len(made.OUTCOMES)
    assert section["tables"][0].rows[0][0] == text["endings_package"]
    assert section["tables"][0].rows[-1][-1] == "–"


def test_without_the_table_there_is_no_section(made):
    reader = Reader("en", made.OUTCOMES, made.LABELS)
    assert make_sections(Material(reader, {"persistence": []}, Numbers().figure, last=4)) == []
