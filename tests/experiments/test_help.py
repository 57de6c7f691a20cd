"""Help: complete, because it is made of the tables. (How little it loads: tests/test_house.py.)"""

from __future__ import annotations

import pytest

from experiments import compare, demo, rank, report, run
from experiments.cli.help import TOPICS, page
from experiments.ranking.registry import questions
from experiments.study.keys import GROUPS, JOBS, table
from sim.inputs.facts import read_facts
from sim.inputs.measures import MEASURES
from sim.inputs.priors import read_parameters
from sim.levers import LEVERS
from sim.vocabulary import THEORIES

MAINS = {"run": run, "compare": compare, "rank": rank, "demo": demo, "report": report}


@pytest.mark.parametrize("job", JOBS)
def test_the_page_names_every_key_lever_and_measure(job):
    text = page(job, questions=questions())
    for _, entries in table(questions()):
        for entry in entries:
            assert (f"  {entry.name}=" in text) == (job in entry.jobs)
    for id in (*LEVERS, *MEASURES):
        assert id in text
    for topic in TOPICS:
        assert f"--help {topic}" in text
    assert "[experiment]" not in text and "[town]" not in text
    assert max(map(len, text.splitlines())) <= 120


def test_every_question_on_which_theories_differ_has_a_key():
    keys = {entry.name: entry for _, entries in GROUPS for entry in entries if entry.name.startswith("theory.")}
    assert list(keys) == [f"theory.{part}" for part in THEORIES]
    for part, theories in THEORIES.items():
        entry = keys[f"theory.{part}"]
        assert (entry.allowed, entry.default) == (", ".join(theories), theories[0])


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
