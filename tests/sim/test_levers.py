"""The lever table."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from sim.levers import DIALS, LEVERS
from sim.vocabulary import MECHANISMS

SIM = Path(__file__).parents[2] / "sim"

CHINESE = ("\u4e00", "\u9fff")


def test_the_dials_are_levers():
    assert DIALS and set(DIALS) <= set(LEVERS)


def test_a_lever_is_complete(subtests):
    for id in LEVERS:
        with subtests.test(id=id):
            lever = LEVERS[id]
            assert lever.id == id
            assert id.isascii() and id.isidentifier()
            assert lever.low <= lever.default <= lever.high
            assert lever.reader and set(lever.reader) <= set(MECHANISMS)
            assert lever.unit and lever.source and lever.group
            assert lever.sentence.endswith(".")
            assert lever.label_en and lever.label_en.isascii()
            assert any(CHINESE[0] <= letter <= CHINESE[1] for letter in lever.label_zh)


def test_labels_are_told_apart():
    assert len({lever.label_en for lever in LEVERS.values()}) == len(LEVERS)
    assert len({lever.label_zh for lever in LEVERS.values()}) == len(LEVERS)


def test_the_table_cannot_be_changed():
    with pytest.raises(TypeError):
        LEVERS["burden"] = None  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        LEVERS["burden"].low = 1.0  # type: ignore[misc]


# --- who reads what

FILES = {  # of each mechanism
    **{mechanism: (f"mechanisms/{mechanism}.py",) for mechanism in MECHANISMS},
    "time_use": ("mechanisms/time_use.py", "mechanisms/priorities.py"),
    "service": tuple(f"mechanisms/{name}.py" for name in ("service", "cases", "casework", "endings", "desks")),
    "conduct": tuple(f"mechanisms/{name}.py" for name in ("conduct", "channels", "projects", "accounts")),
    "oversight": tuple(f"mechanisms/{name}.py" for name in ("oversight", "adjudication", "beliefs")),
    "residents": tuple(f"mechanisms/{name}.py" for name in ("residents", "opinion", "users", "quarrels")),
    "people": ("mechanisms/people.py", "mechanisms/newcomers.py"),
}


def code_of(path: str) -> str:
    """A file of sim/ without its docstrings."""
    return re.sub(r'""".*?"""', "", (SIM / path).read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_readers_of_a_lever_are_the_mechanisms_whose_code_reads_it():
    readers: dict[str, list[str]] = {id: [] for id in LEVERS}
    for mechanism, paths in FILES.items():
        read = {name for path in paths for name in re.findall(r"\b(?:lever|levers\[0\])\.(\w+)", code_of(path))}
        for id in read:
            readers[id].append(mechanism)
    assert {id: set(found) for id, found in readers.items()} == {id: set(LEVERS[id].reader) for id in LEVERS}
