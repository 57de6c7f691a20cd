"""The documents say what the code says: tables are as fresh as the code, and names in prose exist."""

from __future__ import annotations

import re

import pytest

from sim import state, vocabulary
from sim.indicators import INDICATORS
from sim.inputs.facts import read_facts
from sim.inputs.measures import MEASURES
from sim.inputs.priors import read_parameters
from sim.levers import LEVERS
from tools import DOCS, SIM, source, tables

TEXTS = {name: (DOCS / name).read_text(encoding="utf-8") for name in tables.DOCUMENTS}


def prose(name: str) -> str:
    """A document without its generated tables."""
    return tables.BLOCK.sub("", TEXTS[name])


def known() -> dict[str, set[str]]:
    """What may stand behind a prefix."""
    paths = list(read_facts())
    return {
        "p": set(read_parameters()),
        "f": {path[1] for path in paths if len(path) == 2},
        "kind": {path[2] for path in paths if path[0] == "case_kinds"},
        "lever": set(LEVERS),
        "township": {field[0] for field in state.TOWNSHIP},
        "village": {field[0] for field in state.VILLAGE},
        "cadre": {field[0] for field in state.CADRE},
        "resident": {field[0] for field in state.RESIDENT_FIELDS},
        "case": set(state.CASE.names),
    }


# --- tables


@pytest.mark.parametrize("name", tables.DOCUMENTS)
def test_no_table_is_stale(name):
    assert tables.stale(TEXTS[name]) == [], "renew with: make docs"


def test_every_table_that_can_be_made_stands_in_a_document_once():
    found = [block[2] for text in TEXTS.values() for block in tables.BLOCK.finditer(text)]
    assert sorted(found) == sorted(tables.TABLES)


def test_a_changed_table_is_noticed_and_renewed():
    text = TEXTS["odd.md"]
    old = next(line for line in tables.levers().splitlines() if "`burden`" in line)
    spoiled = text.replace(old, old.replace("2.5", "2.6"))
    assert tables.stale(spoiled) == ["levers"]
    assert tables.renewed(spoiled) == text


def test_check_says_which_table_is_stale_and_fails(tmp_path, monkeypatch, capsys):
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(tables, "DOCS", tmp_path)
    assert tables.main(["--check"]) == 0
    spoiled = TEXTS["odd.md"].replace("<!-- table: week -->\n", "<!-- table: week -->\n| x |\n")
    (tmp_path / "odd.md").write_text(spoiled, encoding="utf-8")
    assert tables.main(["--check"]) == 1
    assert "odd.md, table week: stale" in capsys.readouterr().out
    assert (tmp_path / "odd.md").read_text(encoding="utf-8") == spoiled
    assert tables.main([]) == 0
    assert (tmp_path / "odd.md").read_text(encoding="utf-8") == TEXTS["odd.md"]


def test_the_tables_are_complete():
    for maker, names in (
        (tables.levers, LEVERS),
        (tables.measures, MEASURES),
        (tables.indicators, INDICATORS),
        (tables.responses, state.RESPONSES),
        (tables.facts, known()["f"]),
        (tables.parameters, known()["p"]),
    ):
        text = maker()
        missing = [name for name in names if f"`{name}`" not in text and f".{name}`" not in text]
        assert not missing, f"{maker.__name__}: {missing}"


def test_the_week_is_told_in_the_order_of_its_code():
    rows = [line.strip("| ").split(" | ") for line in source.week().splitlines()[2:]]
    calls = [row[1].strip("`") for row in rows]
    text = (SIM / "week.py").read_text(encoding="utf-8").split("def run_weeks")[1]
    places = [re.search(rf"\b{call}\(", text).start() for call in calls]
    assert len(calls) == len(set(calls)) > 20
    assert places == sorted(places)
    assert {row[4] for row in rows if len(row) == 5} <= set(vocabulary.MECHANISMS)


# --- prose


@pytest.mark.parametrize("name", tables.DOCUMENTS)
def test_names_in_prose_exist(name):
    names = known()
    found = re.findall(r"\b(" + "|".join(names) + r")\.([a-z][a-z0-9_]*)", prose(name))
    assert len(found) > 0
    missing = sorted({f"{prefix}.{word}" for prefix, word in found if word not in names[prefix] | {"md", "py"}})
    assert not missing, f"{name} speaks of {missing}"


def test_every_parameter_stands_in_a_rule_and_has_a_reader():
    named = set(re.findall(r"\bp\.([a-z][a-z0-9_]*)", prose("odd.md")))
    assert known()["p"] - named == set(), "odd.md does not say what they do"
    assert [name for name in known()["p"] if not source.readers(name)] == []


def test_every_lever_stands_in_a_rule():
    named = set(re.findall(r"\blever\.([a-z][a-z0-9_]*)", prose("odd.md")))
    assert set(LEVERS) - named == set()


def test_all_parts_of_the_protocol_are_there():
    text = prose("odd.md")
    parts = (
        "## 1 Purpose and patterns", "## 2 Entities, state variables and scales",
        "## 3 Process overview and scheduling",
        "## 4 Design concepts", "## 5 Initialization", "## 6 Input data", "## 7 Submodels",
    )  # fmt: skip
    concepts = (
        "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
        "Stochasticity", "Collectives", "Observation",
    )  # fmt: skip
    places = [text.index(part) for part in (*parts[:4], *(f"**{concept}.**" for concept in concepts), *parts[4:])]
    assert places == sorted(places)
    sections = re.findall(r"^### 7\.\d+ (.+)$", text, re.MULTILINE)
    assert len(sections) >= len(vocabulary.MECHANISMS)
