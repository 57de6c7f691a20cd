"""Sweeps: what is run, known answers, what is said of draws and of means, refusals, and going on after a kill."""

from __future__ import annotations

import csv
import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from analysis.uncertainty.regions import best_region, over_draws
from experiments import report, sweep
from experiments.cli.command_line import read_words
from experiments.job import study_of
from sim.inputs.settings import SettingError

BRIEF = ["residents=900", "weeks=60", "output=out"]
ROOT = Path(__file__).resolve().parents[2]


def rows(folder, name):
    with open(folder / "tables" / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def composed(*words):
    return study_of("sweep", read_words(words).values)


@pytest.fixture
def drawn(monkeypatch):
    """Pictures are drawn in tests of figures."""
    monkeypatch.setattr("experiments.output.sweep_folder.draw", lambda study, swept: None)


def test_lists_and_ranges_make_the_full_grid():
    study = composed("sweep={burden:[1, .5], supervision: 0..1/5}", "tolerance=0.3")
    assert study.sweep.values == {"burden": (0.5, 1.0), "supervision": (0.0, 0.25, 0.5, 0.75, 1.0)}
    assert len(study.sweep.points) == 10
    last = {one.id: one.value for one in study.sweep.points[1.0, 0.75].levers}
    assert last == {"tolerance": 0.3, "burden": 1.0, "supervision": 0.75}


@pytest.mark.parametrize(
    ("key", "at"),
    [
        ("measures.one_window", lambda one: one.measures[0].intensity),
        ("levers.attention", lambda one: one.levers[0].value),
        ("facts.calendar.deadline_every", lambda one: one.facts["calendar"]["deadline_every"]),
    ],
)
def test_whatever_has_a_number_can_be_swept(key, at):
    low, high = ("13", "26") if "facts" in key else ("0.5", "1") if "measures" in key else ("3", "4")
    points = composed(f"sweep.{key}=[{low},{high}]").sweep.points
    assert [at(one) for one in points.values()] == [float(low), float(high)]


def test_a_mapping_on_the_line_replaces_the_files_and_a_key_changes_one():
    assert list(composed("experiment=dials_sweep", "sweep={tolerance: 0..1/3}").sweep.values) == ["tolerance"]
    changed = composed("experiment=dials_sweep", "sweep.burden=0..1/3").sweep
    assert (len(changed.values["burden"]), len(changed.values["supervision"]), changed.draws) == (3, 5, 16)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "sweep: none given"),
        (["sweep=5"], "sweep: 5 given"),
        (["sweep.burdn=0..1/3"], "did you mean burden"),
        (["sweep.weeks=[60, 80]"], "levers.<id>"),
        (["sweep.burden=0..1"], "low..high/count"),
        (["sweep.burden=0..1/1"], "a count from 2"),
        (["sweep.burden=[1]"], "a list of two numbers"),
        (["sweep.burden=[1, 1]"], "given twice"),
        (["sweep.burden=[0, 9999]"], "burden: 9999 given"),
        (["sweep.burden=[0, true]"], "a list of two numbers"),
        (["sweep.measures.one_windw=[0, 1]"], "did you mean one_window"),
        (["sweep={burden: 0..1/21, tolerance: 0..1/21}"], "441 points given, at most 400"),
        (["sweep.burden=0..1/3", "burden=1"], "given beside sweep.burden"),
        (["sweep={burden: 0..1/3, levers.burden: 0..1/3}"], "given twice"),
        (["sweep.burden=0..1/3", "draws=1"], "draws: 1 given"),
        (["sweep.burden=0..1/3", "draws=9999"], "draws: 9999 given"),
        (["sweep.burden=0..1/3", "outcomes=[petitionz]"], "did you mean petitions"),
        (["sweep.parameters.borrowed=[0.3, 0.4]", "draws=4"], "behaviour"),
    ],
)
def test_what_cannot_be_swept_is_refused_in_a_sentence(words, said):
    with pytest.raises(SettingError) as refused:
        composed(*words)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_tables_and_data_say_the_same(place, use_model, drawn):
    import xarray

    use_model()
    assert sweep.main(["sweep={burden: [0, 1], tolerance: 0..1/3}", "draws=12", *BRIEF]) == 0
    ds = xarray.load_dataset(place / "out" / "data.nc")
    assert dict(ds["satisfaction_in"].sizes) == {
        "burden": 2,
        "levers.tolerance": 3,
        "draw": 12,
        "replicate": 2,
        "period": 3,
    }
    for row in rows(place / "out", "sweep"):
        at = ds[f"{row['outcome']}_in"].sel(
            {"burden": float(row["burden"]), "levers.tolerance": float(row["tolerance"])}
        )
        assert float(at.sel(period="evaluation").mean()) == pytest.approx(float(row["mean"]))
    best = [row for row in rows(place / "out", "best_region") if row["outcome"] == "satisfaction"]
    assert (best[0]["burden"], best[0]["tolerance"], best[0]["p_best"]) == (
        "1.0",
        "1.0",
        "1.0",
    )  # the stand-in is linear
    summary = json.loads((place / "out" / "summary.json").read_text())
    assert summary["best_satisfaction__burden"] == 1.0 and summary["best_satisfaction__points_in_region"] == 1
    record = json.loads((place / "out" / "provenance.json").read_text())
    assert record["sweep"]["points"] == 6 and record["labels"]["burden"]["zh"] == "负担强度"


def test_no_page_is_made_of_a_sweep(place, use_model, drawn, capsys):
    use_model()
    assert sweep.main(["sweep.burden=[0, 1]", "quiet=true", *BRIEF]) == 0
    assert report.main(["from=out"]) == 2
    assert "the folder of a sweep" in capsys.readouterr().err


def test_without_draws_nothing_is_said_of_ignorance(place, use_model, drawn, capsys):
    use_model()
    assert sweep.main(["sweep.burden=[0, 1]", "replicates=3", *BRIEF]) == 0
    for row in rows(place / "out", "sweep"):
        assert row["mean"] and row["ci_low"]
        assert not any(row[name] for name in ("median", "q05", "q95", "p_best", "in_region"))
    shown = capsys.readouterr()
    assert "2 points x 3 seeds = 6 runs" in shown.err and "Fewer" not in shown.out and "no points are told" in shown.out


def test_points_share_seeds_and_draws(place, use_model):
    from experiments.output.sweeps import members_of

    study = composed("sweep.burden=[0, 1]", "draws=3", "seed=7")
    members = members_of(study)
    assert [member.seed for member in members[::2]] == [7 + k for k in range(6)]
    assert [a.base.parameters for a in members[::2]] == [b.base.parameters for b in members[1::2]]
    assert members[0].base.parameters == members[6].base.parameters != members[2].base.parameters


def test_a_range_over_draws_does_not_shrink_with_draws_but_an_interval_does():
    chance = np.random.default_rng(3)

    def told(draws):
        level = chance.normal(0.0, 1.0, (draws, 1))
        return over_draws(level + chance.normal(0.0, 1.0, (draws, 4)), True)

    few, many = told(40), told(4_000)
    assert many["q95"] - many["q05"] == pytest.approx(2 * 1.645, rel=0.06)  # chance is out: the draws' own spread
    assert many["chance"] == pytest.approx(0.2, abs=0.03)
    assert (few["ci_high"] - few["ci_low"]) > 5 * (many["ci_high"] - many["ci_low"])
    assert math.isnan(over_draws([[1.0, 2.0]], False)["median"])


def test_the_region_holds_the_true_best_and_leaves_out_what_is_clearly_worse():
    chance = np.random.default_rng(5)
    level, truth = chance.normal(0.0, 5.0, (30, 1)), np.array([0.0, 1.0, 1.0, -3.0])
    data = level + truth + chance.normal(0.0, 0.5, (30, 4))
    more, less = best_region(data, "higher", "a"), best_region(-data, "lower", "a")
    assert more.in_region.tolist() == [0, 1, 1, 0] == less.in_region.tolist()
    assert more.p_best.sum() == pytest.approx(1.0) and (more.loss >= 0.0).all() and more.loss[more.best] == 0.0
    few = best_region(data[:8], "higher", "a")
    assert np.isnan(few.in_region).all()
    equal = best_region(np.repeat(level, 2, axis=1), "higher", "a")
    assert equal.in_region.tolist() == [1, 1] and equal.p_best.tolist() == [0.5, 0.5]
    assert best_region([[1.0, np.nan], [1.0, 2.0]], "higher") is None


@pytest.mark.slow
def test_killed_and_resumed_it_gives_the_same_bytes(tmp_path):
    line = ["sweep={burden: [0, 1], supervision: 0..1/3}", "draws=12", "town=demo_village", "weeks=104"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def start(store, output):
        words = [sys.executable, "-m", "experiments.sweep", *line, f"store={store}", f"output={output}", "quiet=true"]
        return subprocess.Popen(words, cwd=tmp_path, env=environment)

    killed = start("a", "killed")
    while not any((tmp_path / "a").rglob("summary-*.nc")) and killed.poll() is None:
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL and not (tmp_path / "killed").exists()
    assert start("a", "killed").wait() == 0 and start("b", "whole").wait() == 0
    names = ["data.nc", "summary.json", "tables/sweep.csv", "tables/best_region.csv", "figures/sweep.png"]
    for name in names:
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
