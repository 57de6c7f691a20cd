"""No dead lever, as experiments/checks/levers.py shows it in docs/checks/levers.md."""

from __future__ import annotations

import re

import pytest

from experiments.checks.levers import ECHOES, SEEDS, pairs, rows_of
from experiments.checks.runs import DOCS, figures
from sim.indicators import INDICATORS
from sim.levers import LEVERS


@pytest.fixture(scope="module")
def rows(compiled_model):
    return {row.lever: row for row in rows_of(figures(pairs(), SEEDS))}


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_moves_more_than_its_echo(lever, rows):
    row = rows[lever]
    assert row.alive, f"{lever}: the most that moves is {row.indicator}, t = {row.t:.1f}"


@pytest.mark.parametrize("lever", LEVERS)
def test_nothing_moves_when_its_readers_are_frozen(lever, rows):
    row = rows[lever]
    assert row.frozen_indicator == "", f"{lever}: {row.frozen_indicator} still moves, t = {row.frozen_t:.1f}"


def test_echoes_are_levers_and_indicators_that_exist():
    assert set(ECHOES) <= set(LEVERS)
    assert {name for of in ECHOES.values() for name in of} <= set(INDICATORS)
    assert all(why for of in ECHOES.values() for why in of.values())


def test_the_page_lists_exactly_the_levers():
    text = (DOCS / "checks" / "levers.md").read_text(encoding="utf-8").split("## Echoes")[0]
    assert re.findall(r"^\| `(\w+)` \|", text, flags=re.M) == list(LEVERS)
