"""Dose and response, as experiments/checks/dose.py runs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.checks import dose
from experiments.checks.draws import Draws
from experiments.ensemble.executors import Executor
from experiments.validation import request
from sim.indicators import INDICATORS
from sim.levers import DIALS, LEVERS


def test_doses_span_the_dials_and_hold_todays_value_of_the_steepest():
    assert tuple(dose.DOSES) == DIALS
    for dial, values in dose.DOSES.items():
        assert (values[0], values[-1]) == (LEVERS[dial].low, LEVERS[dial].high)
    assert LEVERS["supervision"].default in dose.DOSES["supervision"]


def test_a_response_is_found_for_every_figure_there_is(compiled_model, monkeypatch, tmp_path):
    monkeypatch.setattr(dose, "DOSES", {"tolerance": (0.0,), "burden": (0.0, 2.5), "supervision": (0.0,)})
    asked = request.Asked(
        "dose", {}, "dose", 0, Executor("threads", 1), str(tmp_path / "store"), "en", True, Path(), ""
    )
    draws = Draws({0: {}, 1: {}}, 0, (), "average")
    found = dose.responses_of(asked, draws, 2, 2_000)
    paper = found["burden"]["paper_demanded"]
    assert paper.shape == (2, 2) and np.all(paper[1] > paper[0])
    assert set(found["tolerance"]) == set(dose.FIGURES) <= set(INDICATORS)
    text = dose.page(found, draws, 2, 2_000, "")
    assert "dose_response_en.png" in text and "dose_response_zh.png" in text


@pytest.mark.parametrize("word", ["draws=1", "residents=7", "luck=1"])
def test_a_bad_word_is_one_sentence(word, capsys):
    assert dose.main([word]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
