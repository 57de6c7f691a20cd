"""The Pareto picture."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from matplotlib.text import Text

from analysis.figures.image_files import save
from analysis.figures.pareto import efficient, pareto
from analysis.figures.style import FAMILY
from analysis.words import LANGUAGES, Reader

DIALS = {"tolerance": {"en": "Tolerance", "zh": "容错度"}, "burden": {"en": "Burden", "zh": "负担强度"}}
POINTS = [
    {"tolerance": 0.0, "burden": 0.0, "service_efficiency": 0.7, "micro_corruption": 0.01, "satisfaction": 60.0},
    {"tolerance": 1.0, "burden": 0.0, "service_efficiency": 0.8, "micro_corruption": 0.03, "satisfaction": 61.0},
    {"tolerance": 1.0, "burden": 2.0, "service_efficiency": 0.6, "micro_corruption": 0.04, "satisfaction": 55.0},
]
BEST = {"service_efficiency": 1, "micro_corruption": 0, "satisfaction": 1}


def test_a_point_is_efficient_unless_another_is_as_good_in_all_and_better_in_one():
    values = np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
    assert efficient(values).tolist() == [True, True, False, True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_which_point_is_best_and_shows_better_to_the_right_and_up(made, language, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = pareto(
            POINTS, best=BEST, dials=list(DIALS), reader=Reader(language, made.OUTCOMES, DIALS), today=POINTS[2]
        )
        save(figure, tmp_path, "pareto")
    shown = [t.get_text() for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()]
    named = DIALS["tolerance"][language].lower()
    assert any(
        f"{named} 1" in text and made.OUTCOMES["satisfaction"][language].lower() in text.lower() for text in shown
    )
    assert all(t.get_fontfamily() == FAMILY for t in figure.findobj(Text) if t.get_text().strip())
    if language == "zh":
        assert not [text for text in shown if any("a" <= letter <= "z" for letter in text.lower())]
    for panel in figure.axes:
        lower = made.OUTCOMES["micro_corruption"][language]
        assert panel.xaxis_inverted() == panel.get_xlabel().startswith(lower)
        assert panel.yaxis_inverted() == panel.get_ylabel().startswith(lower)


def test_an_outcome_without_a_best_point_is_refused(made):
    with pytest.raises(ValueError, match="each with its best point"):
        pareto(POINTS, best={"satisfaction": 1}, dials=list(DIALS), reader=Reader("en", made.OUTCOMES, DIALS))
