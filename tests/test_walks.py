"""A measure, a parameter and an indicator as docs/extending.md adds them; the other walks stand in
tests/analysis/test_additions.py (language, figure, section) and tests/experiments/test_rooms.py (question)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim.inputs.measures
from experiments.checks.laws import read_laws
from experiments.cli.help import page
from experiments.job import study_of
from experiments.output.labels import player_labels
from sim.inputs import wanted
from sim.inputs.measures import MEASURES
from sim.inputs.priors import read_parameters
from sim.inputs.validators import SettingError

from .guide import GUIDE, carry_out, examples

ROOT = GUIDE.parents[1]
PACKAGES = ("sim", "analysis", "experiments", "configs")


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of the code and its data, to which a walk adds."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def python(project: Path, code: str) -> str:
    """What code says that sees the copy."""
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_measure_is_one_file(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "configs" / "measures", tmp_path / "configs" / "measures")
    before = list(MEASURES)
    monkeypatch.setattr(sim.inputs.measures, "CONFIGS", tmp_path / "configs")
    carry_out(tmp_path, "A measure")
    assert list(MEASURES) == [*before, "night_desk"]
    assert "Evening desk" in page("run", "measures") and "night_desk" in page("rank")
    assert player_labels(())["night_desk"] == {"en": "Evening desk", "zh": "夜间窗口"}
    study = study_of("rank", {"experiment": "quick_ranking", "measures.night_desk": 0.5})
    assert "night_desk" in study.players
    assert read_laws()  # the laws that speak of every measure are of those with a file in configs/helps


def test_a_parameter_is_a_line_and_the_line_that_reads_it(project, monkeypatch):
    monkeypatch.setattr(wanted, "SIM", project / "sim")
    line, reader = examples("A parameter")
    assert (line[0], reader[1]) == ("configs/parameters/time_use.yaml", "overtime_worked")
    wanted.reading.cache_clear()
    try:
        assert "overtime_refused" not in read_parameters(project / "configs")
        path = project / line[0]
        before = path.read_text(encoding="utf-8")
        path.write_text(before + line[2], encoding="utf-8")
        with pytest.raises(SettingError, match="overtime_refused"):  # nobody reads it
            read_parameters(project / "configs")
        path.write_text(before, encoding="utf-8")
        carry_out(project, "A parameter")
        wanted.reading.cache_clear()
        found = read_parameters(project / "configs")["overtime_refused"]
        assert (found.reader, found.low, found.mode, found.high) == ("time_use", 0, 0, 0.5)
        path.write_text(before, encoding="utf-8")
        with pytest.raises(SettingError, match="overtime_refused"):  # somebody reads it, and it is not there
            read_parameters(project / "configs")
    finally:
        wanted.reading.cache_clear()


MOVED = """
from sim import run
from sim.inputs.settings import setting
from sim.version import model_version
given = {}
for share in (0.0, 0.5):
    chosen = setting(residents=900, weeks=60, parameters={"overtime_refused": share})
    given[share] = run.evaluate(run.branch(run.history(chosen), chosen))["overtime_hours"]
print(given[0.0], given[0.5])
"""


@pytest.mark.slow
def test_a_parameter_moves_what_its_reader_works_out(project):
    carry_out(project, "A parameter")
    before, after = map(float, python(project, MOVED).split())
    assert 0 < after < before


LISTED = """
import numpy as np
from experiments.output.labels import outcomes
from experiments.job import study_of
from sim.indicators import INDICATORS
from sim.indicators.indicator import weekly
from sim.state import TALLY_TYPE
tallies = np.zeros(2, TALLY_TYPE)
tallies["visits"], tallies["villages"] = (6, 0), (3, 0)
(values,) = weekly([INDICATORS["visits_per_village"]], tallies, np.zeros(2))
assert values[0] == 52 * 2 and np.isnan(values[1])
described = outcomes(["visits_per_village"])["visits_per_village"]
assert (described["en"], described["zh"], described["better"]) == ("Visits received", "接待检查次数", "lower")
study = study_of("rank", {"experiment": "quick_ranking", "ranking.outcomes": ["visits_per_village"]})
assert study.ranking.outcomes == ("visits_per_village",), study.ranking.outcomes
"""


def test_an_indicator_is_one_row(project):
    carry_out(project, "An indicator")
    python(project, LISTED)
