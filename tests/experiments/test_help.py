"""Help: complete, because it is made of the tables, and there in an instant."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments import compare, demo, rank, report, run
from experiments.help import TOPICS, page
from experiments.keys import GROUPS, JOBS
from sim.evidence import read_facts, read_parameters
from sim.levers import LEVERS
from sim.measures import MEASURES

ROOT = Path(__file__).resolve().parents[2]
MAINS = {"run": run, "compare": compare, "rank": rank, "demo": demo, "report": report}


@pytest.mark.parametrize("job", JOBS)
def test_the_page_names_every_key_lever_and_measure(job):
    text = page(job)
    for _, entries in GROUPS:
        for entry in entries:
            assert (f"  {entry.name}=" in text) == (job in entry.jobs)
    for id in (*LEVERS, *MEASURES):
        assert id in text
    for topic in TOPICS:
        assert f"--help {topic}" in text
    assert "[experiment]" not in text and "[town]" not in text
    assert max(map(len, text.splitlines())) <= 120


def test_the_listings_are_complete():
    for id in read_parameters():
        assert f"  {id}  " in page("run", "parameters")
    for path in read_facts():
        assert ".".join(path) in page("run", "facts")
    for measure in MEASURES.values():
        assert measure.label_zh in page("run", "measures")
    assert "quick_ranking" in page("run", "experiments")
    assert "demo_village" in page("run", "towns")


@pytest.mark.parametrize("job", MAINS)
@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"], ["tolerance=99", "--help"]])
def test_help_is_no_error(job, words, place, capfd):
    assert MAINS[job].main(words) == 0
    out, err = capfd.readouterr()
    assert out.startswith(f"python -m experiments.{job}") and err == ""
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("job", MAINS)
def test_help_takes_less_than_a_second(job, place):
    times = []
    for _ in range(5):
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", f"experiments.{job}", "--help"],
            cwd=place, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
        )  # fmt: skip
        times.append(time.monotonic() - began)
        assert done.returncode == 0
        if times[-1] < 0.5:
            break
    assert min(times) < 1.0, times
