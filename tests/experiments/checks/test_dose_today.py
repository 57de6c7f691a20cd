"""Dose and response against today, draw by draw."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.figures.dose import at_today, dose_response
from experiments.checks import dose
from experiments.checks.draws import Draws
from experiments.checks.runs import MINUS
from sim.levers import DIALS, LEVERS

LEVEL = np.array([10.0, 20.0, 60.0])  # where three draws stand; the dial does the same to all


def test_every_dial_has_a_dose_of_today():
    for dial in DIALS:
        assert LEVERS[dial].default in dose.DOSES[dial]


def test_today_is_read_off_each_draw_and_between_doses_where_it_is_none():
    values = np.array([[0.0, 10.0], [1.0, 30.0]])
    assert at_today((0.0, 1.0), values, 0.5) == pytest.approx([0.5, 20.0])
    assert at_today((0.0, 1.0), values, 1.0) == pytest.approx([1.0, 30.0])


def test_the_table_tells_changes_draw_by_draw_and_not_where_draws_stand():
    given = {
        dial: {name: np.array(doses)[:, None] + LEVEL for name in dose.FIGURES} for dial, doses in dose.DOSES.items()
    }
    text = dose.page(given, Draws({0: {}, 1: {}, 2: {}}, 0, (), "made up"), 2, 2_000, "")
    (line,) = [line for line in text.splitlines() if line.startswith("| burden | 0 |")]
    assert f"{MINUS}1 ({MINUS}1 to {MINUS}1)" in line
    assert not [line for line in text.splitlines() if line.startswith("| burden | 1 |")]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_dark_band_is_of_the_change_and_the_light_one_of_the_draws(language):
    figure = dose_response(
        {"burden": {"any": np.array([0.0, 1.0, 2.0])[:, None] * np.ones(3) + LEVEL}},
        doses={"burden": (0.0, 1.0, 2.0)},
        today={"burden": 1.0},
        dials={"burden": {"en": "Burden\nmultiple", "zh": "负担\n倍数"}},
        indicators={"any": {"label_en": "Any", "label_zh": "任一", "unit": "0-100"}},
        language=language,
    )
    (axes,) = figure.axes
    light, dark = (band.get_paths()[0].vertices[:, 1] for band in axes.collections)
    assert np.ptp(light) > 40.0
    assert (dark.min(), dark.max()) == pytest.approx((20.0, 22.0))
    assert (axes.get_title(loc="left") or axes.get_title(), axes.get_xlabel()) == {
        "en": ("Burden", "multiple"),
        "zh": ("负担", "倍数"),
    }[language]
