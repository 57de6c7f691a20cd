"""One command for every door, in the language that was asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from experiments import township
from experiments.cli.doors import DOORS, doors
from sim import __version__
from tests.test_house import ROOT


@pytest.fixture(autouse=True)
def no_language(monkeypatch):
    for name in ("TOWNSHIP_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("words", "first"), [([], "township <command>"), (["language=zh"], "township <命令>")])
def test_without_a_command_all_are_listed(words, first, capsys):
    assert township.main(words) == 0
    text = capsys.readouterr().out
    assert text.startswith(first)
    assert all(f"\n  {verb} " in text for verb in doors())


def test_every_module_that_is_a_door_is_listed():
    modules = {path.stem for path in (ROOT / "experiments").glob("*.py")}
    assert modules - {"__init__", "__main__", "api", "job", "township"} <= set(doors())
    assert len({door.verb for door in DOORS}) == len(DOORS)
    assert all(find_spec(door.module) for door in DOORS)


def test_the_system_may_ask_for_chinese(monkeypatch, capsys):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert township.main(["no_such"]) == 2
    assert "没有名为 no_such 的命令" in capsys.readouterr().err


def test_an_unknown_command_is_answered_with_the_nearest(capsys):
    assert township.main(["comprae"]) == 2
    assert capsys.readouterr().err == "township: comprae given, which is no command; did you mean compare?\n"


def test_help_of_a_command_is_its_own(capsys):
    assert township.main(["help", "pack"]) == 0
    assert "from=path of a folder" in capsys.readouterr().out


def test_the_version_is_told(capsys):
    assert township.main(["--version"]) == 0
    assert f"township-lab {__version__}, model version" in capsys.readouterr().out


def test_a_command_is_what_its_module_is(capsys):
    assert township.main(["run", "burdn=1"]) == 2
    assert "did you mean burden" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["-m", "experiments"], ["-m", "experiments.run", "--help"]])
def test_empty_folders_named_like_ours_do_no_harm(words, tmp_path):
    for name in ("sim", "experiments", "analysis"):
        (tmp_path / name).mkdir()
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *words], cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
