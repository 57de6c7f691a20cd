"""The sixth model beside the fifth, as experiments/checks/history.py shows it in docs/model_history.md."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.checks import headlines, history
from sim.indicators import OUTCOMES
from sim.inputs.facts import default_facts
from sim.levers import DIALS
from sim.version import model_version
from tools import stale


def made_up(**values):
    return {headline: np.array(values.get(headline, (0.5, 0.7))) for headline in headlines.HEADLINES}


def test_every_switch_belongs_to_one_change():
    told = [*history.ALL, "own_hours"]
    assert sorted(told) == sorted(default_facts()["switches"])
    assert [change.number for change in history.CHANGES] == list(range(1, 11))
    assert all(change.switches for change in history.CHANGES)


def test_names_that_two_generations_share_are_those_of_the_model():
    assert headlines.HEADLINES == OUTCOMES and headlines.DIALS == DIALS


def test_the_file_of_the_fifth_is_of_the_fifth_and_whole():
    said, found = history.read_fifth()
    assert said["model version"] == stale.FIFTH
    assert said["residents"] == str(headlines.RESIDENTS)
    assert list(found) == list(headlines.settings())
    last = int(said["seeds"].rpartition(" ")[2])
    assert {len(values) for row in found.values() for values in row.values()} == {last + 1}
    assert all(np.isfinite(values).all() for row in found.values() for values in row.values())


def test_effects_are_paired_by_seed():
    found = {name: made_up() for name in headlines.settings()}
    found[headlines.ENDED] = made_up(satisfaction=(1.5, 1.7))
    told = history.effects(found)
    assert told["package ended, against kept"]["satisfaction"] == pytest.approx([1.0, 1.0])
    assert told["package kept"]["satisfaction"] == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize(
    ("values", "headline", "sign", "said"),
    [
        ((0.5, 0.7), "service_efficiency", False, "60.00 (10.00)"),
        ((-0.5, 0.7), "service_efficiency", True, "+10.00 (60.00)"),
        ((-1.0, -1.1), "satisfaction", True, "**−1.05** (0.05)"),
        ((0.0, 0.0), "satisfaction", True, "0"),
        ((0.001, -0.002), "satisfaction", True, "0.00 (0.00)"),
    ],
)
def test_a_cell_gives_mean_and_standard_error_and_marks_what_is_clear(values, headline, sign, said):
    assert history.cell(np.array(values), headline, sign) == said


def test_the_page_says_what_a_change_does_alone(compiled_model, monkeypatch):
    out = {history.WHOLE: (), "upkeep": ("upkeep",), "dividend": ("dividend",)}
    monkeypatch.setattr(history, "without", lambda: out)
    found = history.run_all(2, residents=2_000)
    sixth, no_upkeep = found[history.WHOLE], found["upkeep"]
    for headline in headlines.HEADLINES:  # nothing is in force that could lapse
        assert np.array_equal(sixth[headlines.TODAY][headline], no_upkeep[headlines.TODAY][headline])
    ended = [row[headlines.ENDED]["service_efficiency"].mean() for row in (sixth, no_upkeep)]
    assert ended[1] > ended[0]
    text = history.page(found, *history.read_fifth(), 2)
    assert stale.VERSION.search(text).group() == model_version()
    assert "| upkeep | 0 |" in text and "1. measures have to be kept up" in text


def test_the_file_of_a_generation_is_read_back(compiled_model, monkeypatch, tmp_path):
    small = headlines.settings(2_000)
    monkeypatch.setattr(headlines, "settings", lambda: small)
    monkeypatch.setattr(history, "FIFTH", tmp_path / "any.csv")
    assert headlines.main([str(tmp_path / "any.csv"), "2"]) == 0
    said, found = history.read_fifth()
    assert said["model version"] == model_version() and said["seeds"] == "0 to 1"
    assert list(found) == list(small)


@pytest.mark.parametrize("words", [["any.csv"], ["any.csv", "1"], ["nowhere/any.csv", "2"]])
def test_bad_words_for_a_file_are_one_sentence(words, capsys):
    assert headlines.main(words) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize("word", ["seeds=1", "draws=4"])
def test_a_bad_word_is_one_sentence(word, capsys):
    assert history.main([word]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_without_the_file_of_the_fifth_one_sentence_says_what_is_wanting(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(history, "FIFTH", tmp_path / "fifth.csv")
    assert history.main([]) == 2
    assert "headlines.py" in capsys.readouterr().err
