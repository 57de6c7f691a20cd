"""Figures of the checks: the laws, and dose and response."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from matplotlib.text import Text

from analysis.figures.dose_response import dose_response
from analysis.figures.image_files import save
from analysis.figures.laws import laws
from analysis.figures.style import FAMILY
from analysis.words import LANGUAGES, Reader

DIALS = {"tolerance": {"en": "Tolerance", "zh": "容错度"}, "burden": {"en": "Burden", "zh": "负担强度"}}
DOSES = {"tolerance": (0.0, 1.0), "burden": (0.0, 1.0, 2.0)}


def shown(figure) -> list[str]:
    texts = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    assert all(text.get_fontfamily() == FAMILY for text in texts)
    return [text.get_text() for text in texts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_has_its_line_and_its_verdict(language, tmp_path):
    line = {
        "law": {"en": "end", "zh": "结束"},
        "clause": {"en": "hours", "zh": "工时"},
        "first": True,
        "together": False,
    }
    rows = [
        {**line, "verdict": "holds", "share": 1.0, "frozen": 0.0},
        {**line, "verdict": "open", "share": 0.9, "frozen": math.nan, "together": True, "first": False},
        {**line, "verdict": "broken", "share": math.nan, "frozen": math.nan},
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = laws(rows, draws=64, reader=Reader(language))
        save(figure, tmp_path, "laws")
    said = shown(figure)
    assert any("61" in text and "56" in text for text in said)
    for word in {"en": ("holds", "open", "broken"), "zh": ("成立", "未定", "不成立")}[language]:
        assert word in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_panel_a_dial_and_indicator_with_the_median_over_draws(made, language, tmp_path):
    draws = np.linspace(0.0, 1.0, 5)
    given = {
        dial: {name: np.arange(len(doses))[:, None] + draws for name in made.OUTCOMES} for dial, doses in DOSES.items()
    }
    given["burden"]["satisfaction"][1] = np.nan  # missing by design
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = dose_response(
            given, doses=DOSES, today={"tolerance": 0.2, "burden": 1.0},
            reader=Reader(language, made.OUTCOMES, DIALS),
        )  # fmt: skip
        save(figure, tmp_path, "dose")
    assert len(figure.axes) == len(DIALS) * len(made.OUTCOMES)
    score = list(made.OUTCOMES).index("satisfaction") * len(DIALS)
    (line,) = [one for one in figure.axes[score].lines if len(one.get_xdata()) == 2 and one.get_marker() == "o"]
    assert line.get_ydata() == pytest.approx([0.5, 1.5])
    assert any("5" in text for text in shown(figure))
    if language == "zh":
        assert not [text for text in shown(figure) if any("a" <= letter <= "z" for letter in text.lower())]
