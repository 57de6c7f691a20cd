"""The profile of tests.benchmarks.profile does the week that it times, whatever stands in it by then."""

from __future__ import annotations

import platform

import pytest

from sim import run
from sim.inputs.settings import setting
from tests.benchmarks.profile import PARTS, Clocked, profiled, settled

pytestmark = pytest.mark.skipif(platform.machine().lower() not in ("x86_64", "amd64"), reason="reads a cycle counter")
WEEKS = 20


@pytest.fixture(scope="module")
def town(compiled_model):
    return settled(setting("average", residents=1000), 4)


@pytest.mark.slow
def test_the_clocked_week_is_the_ordinary_one_and_every_step_is_in_it(town):
    state, world = town
    found = profiled(Clocked(inside=False), state, world, 4, WEEKS, 2)
    calls = found.calls.sum(axis=(0, 2))
    assert (calls[1:] == WEEKS).all()
    assert {"raise_needs", "serve", "live", "respond", "record"} <= {step for _, step in found.steps}
    assert len({mechanism for mechanism, _ in found.steps[1:]}) == 13  # eleven, the record, and what comes before
    assert (found.ticks.sum(axis=0)[1:] > 0).all()


@pytest.mark.slow
def test_the_parts_of_a_step_are_called_as_often_as_the_week_counts(town):
    state, world = town
    clocked = Clocked(inside=True)
    found = profiled(clocked, state, world, 4, WEEKS, 1)
    tallies = run.run_unit(state.copy(), world, 4, 4 + WEEKS, 4).tallies
    calls = found.calls.sum(axis=(0, 1))
    named = dict(zip(found.parts, calls, strict=True))
    assert set(PARTS) <= set(named)
    assert named["raise_case"] == tallies["raised"].sum() > 50
    assert named["close_case"] == tallies["closed"].sum() > 50
    assert named["live"] == named["serve"] == WEEKS


def test_a_week_that_differs_is_noticed(town, monkeypatch):
    state, world = town
    ordinary = run.run_unit
    monkeypatch.setattr(
        run, "run_unit", lambda state, world, first, last, begin: ordinary(state, world, first, last - 1, begin)
    )
    with pytest.raises(RuntimeError, match="differ"):
        profiled(Clocked(inside=False), state, world, 4, 2, 1)


def test_a_function_that_the_week_lost_is_named(monkeypatch):
    monkeypatch.setattr("tests.benchmarks.profile.PARTS", ("raise_needs", "raise_nothing"))
    with pytest.raises(LookupError, match="no function raise_nothing"):
        Clocked(inside=True)
