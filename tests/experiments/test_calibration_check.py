"""A calibration tested on itself, from a folder that is made up."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from experiments import calibrate
from experiments.study.behaviour import draw_priors, priors_hash

from .finished import read, rows

DRAWS = 120


@pytest.fixture
def folder(place):
    """A folder of a calibration with two targets, of which one follows a parameter."""
    made = place / "made_up"
    (made / "tables").mkdir(parents=True)
    told = {"experiment": "quick", "seed": 4, "priors_hash": priors_hash()}
    (made / "provenance.json").write_text(json.dumps(told), encoding="utf-8")
    numbers, keyed = [3 * i for i in range(DRAWS)], np.random.default_rng(0)
    draws = [
        {"draw": n, "kept": 1, "shown": keyed.normal(), "redo": row["redo"]}
        for n, row in zip(numbers, draw_priors(numbers, 4), strict=True)
    ]
    targets = [
        {"target": "shown", "applied": 0, "allowed_low": 0, "allowed_high": 1},
        {"target": "redo", "applied": 1, "allowed_low": 0.1, "allowed_high": 0.18},
    ]
    for name, table in {"draws": draws, "targets": targets}.items():
        with open(made / "tables" / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(table[0]))
            writer.writeheader()
            writer.writerows(table)
    return made


def test_it_says_how_often_ranges_cover_the_truth(folder, place, capsys):
    assert calibrate.main(["check=made_up", "output=out"]) == 0
    said, found = capsys.readouterr().out, read(place / "out", "summary.json")
    assert found["anywhere_covered"] == pytest.approx(0.9, abs=4 * found["anywhere_error"] + 0.01)
    assert 20 <= found["anywhere_set_size"] <= 30  # the quick calibration wants thirty
    assert f"{100 * found['anywhere_covered']:.1f} %" in said and "Expected of accepted draws: 90 %" in said
    by = {row["parameter"]: row for row in rows(place / "out", "coverage")}
    assert len(by) == found["parameters"]
    assert float(by["redo"]["centred_covered"]) > 0.94  # what is learned is covered more often
    assert np.mean([float(row["anywhere_covered"]) for row in by.values()]) == pytest.approx(found["anywhere_covered"])


def test_the_same_line_says_the_same(folder, place):
    for name in ("one", "other"):
        assert calibrate.main(["check=made_up", "towns=60", f"output={name}", "quiet=true"]) == 0
    assert rows(place / "one", "coverage") == rows(place / "other", "coverage")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check=nowhere"], "check: nowhere cannot be read"),
        (["check=made_up", "draws=100"], "draws: given beside check="),
        (["check=made_up", "towns=1"], "towns"),
        (["check=made_up", "towns=1000"], "towns"),
        (["towns=100"], "towns: given without check="),
    ],
)
def test_bad_lines_are_refused_in_one_sentence(folder, place, capsys, words, said):
    assert calibrate.main([*words, "output=out"]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1 and not (place / "out").exists()


def test_a_folder_of_other_priors_is_refused(folder, capsys):
    told = folder / "provenance.json"
    told.write_text(told.read_text(encoding="utf-8").replace(priors_hash(), "0" * 64), encoding="utf-8")
    assert calibrate.main(["check=made_up", "output=out"]) == 2
    assert "is of other priors" in capsys.readouterr().err


def test_too_few_draws_are_said(folder, capsys):
    path = folder / "tables" / "draws.csv"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:12]), encoding="utf-8")
    assert calibrate.main(["check=made_up", "output=out"]) == 1
    assert "too few draws" in capsys.readouterr().err
