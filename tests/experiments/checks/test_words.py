"""What may stand on the command line of a check: nothing is run before it is read."""

from __future__ import annotations

import pytest

from experiments.checks import dials, harms, levers, reasons, runs

CHECKS = {"levers": levers, "harms": harms, "dials": dials, "reasons": reasons}


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch):
    def refuse(*arguments, **keywords):
        raise AssertionError("a run was made")

    monkeypatch.setattr(runs.run, "compile", refuse)


@pytest.mark.parametrize("name", CHECKS)
def test_help_is_what_the_check_is_about(name, capsys):
    assert CHECKS[name].main(["--help"]) == 0
    said = capsys.readouterr().out
    assert f"python -m experiments.checks.{name}" in said and "--write" in said


@pytest.mark.parametrize("name", CHECKS)
def test_a_word_that_is_not_known_is_one_sentence(name, capsys):
    assert CHECKS[name].main(["--wirte"]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line == "command line: '--wirte' given, --write, --help or nothing expected"
