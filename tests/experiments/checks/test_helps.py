"""Every measure has a way in, as experiments/checks/helps.py shows it in docs/checks/helps.md."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from experiments.checks import helps
from experiments.checks.draws import Draws
from experiments.checks.laws import read_helps
from experiments.checks.runs import DOCS
from experiments.ensemble.executors import Executor
from experiments.validation import request
from sim.indicators import OUTCOMES
from sim.inputs.files import CONFIGS
from sim.inputs.measures import MEASURES
from sim.inputs.validators import SettingError

ESSAY = {id for id, measure in MEASURES.items() if measure.source.startswith("Essay")}


def test_every_measure_of_the_essay_has_its_file_and_no_file_is_of_a_measure_there_is_not(tmp_path):
    assert ESSAY <= {path.stem for path in (CONFIGS / "helps").glob("*.yaml")} <= set(MEASURES)
    assert list(read_helps()) == [id for id in MEASURES if (CONFIGS / "helps" / f"{id}.yaml").exists()]
    (tmp_path / "one_windw.yaml").write_text("{}", encoding="utf-8")
    with pytest.raises(SettingError, match=r"one_windw.*one_window"):
        read_helps(tmp_path)


def test_the_measure_is_all_that_differs_and_its_route_is_frozen(subtests):
    for measure, given in read_helps().items():
        with subtests.test(measure=measure):
            found = helps.settings_of(measure, given, 2_000)
            for suffix in ("", " frozen", " best"):
                without, with_it = found[f"{measure} without{suffix}"], found[f"{measure} with{suffix}"]
                added = [use for use in with_it.measures if use not in without.measures]
                assert [(use.id, use.intensity) for use in added] == [(measure, 1.0)]
                assert without.replace(measures=with_it.measures).fingerprint == with_it.fingerprint
            frozen = found[f"{measure} with frozen"]
            assert set(frozen.knock_out) == set(given["route"])
            assert frozen.replace(knock_out=()).fingerprint == found[f"{measure} with"].fingerprint


def test_a_draw_counts_where_its_whole_interval_is_on_the_better_side():
    seeds = np.linspace(-1, 1, 8)
    values = np.array([5 + seeds, seeds, -5 + seeds])
    assert helps.helps(values, "higher").tolist() == [True, False, False]
    assert helps.helps(values, "lower").tolist() == [False, False, True]
    assert helps.helps(values, "lower", turned=True).tolist() == [True, False, False]


def test_a_measure_is_run_and_its_page_written(compiled_model, monkeypatch, tmp_path):
    one = {"study_reform": read_helps()["study_reform"]}
    monkeypatch.setattr(helps, "read_helps", lambda: one)
    asked = request.Asked(
        "helps", {}, "helps", 0, Executor("threads", 1), str(tmp_path / "store"), "en", True, Path(), ""
    )
    draws = Draws({0: {}, 1: {}}, 0, (), "average")
    (row,) = helps.rows_of(asked, draws, 3, 2_000)
    assert row.moves.all() and not row.moves_frozen.any()
    assert set(row.headlines) == set(OUTCOMES)
    text = helps.page([row], draws, 3, 2_000, "")
    assert "quick run" in text and row.given["best_zh"] in text


def test_the_page_lists_exactly_the_measures():
    text = (DOCS / "checks" / "helps.md").read_text(encoding="utf-8").split("## Headlines")[0]
    assert re.findall(r"^\| \[(\w+)\]", text, flags=re.M) == list(read_helps())


@pytest.mark.parametrize("word", ["draws=1", "seeds=2", "behaviour=nobody", "luck=1"])
def test_a_bad_word_is_one_sentence(word, capsys):
    assert helps.main([word]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
