"""Rules of hard cases: who decides, who asks up, and the leaders' queue."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import run
from sim.inputs.facts import read_facts
from sim.inputs.settings import setting
from sim.mechanisms import hard_cases

from .rules import falls, parameters, plain, rises, share, steps_between

FACTS = SimpleNamespace(**{path[1]: fact.value for path, fact in read_facts().items() if path[0] == "staffing"})


@given(p=parameters, motivation=share, gain=st.floats(0, 3), blame=st.floats(0, 1))
def test_deciding_is_worth_more_with_motive_and_appraisal_and_less_with_blame(p, motivation, gain, blame):
    value = plain(hard_cases.value_of_deciding)
    assert rises([value(p, x, gain, blame) for x in steps_between(0, 1)])
    assert rises([value(p, motivation, x, blame) for x in steps_between(0, 3)])
    assert falls([value(p, motivation, gain, x) for x in steps_between(0, 1)])
    assert falls([-plain(hard_cases.price_of_leaving)(p, x, 0.2) for x in steps_between(0, 1)])
    assert falls([-plain(hard_cases.price_of_leaving)(p, 0.2, x) for x in steps_between(0, 1)])


def test_precedents_make_hard_cases_fewer():
    u = np.arange(0.0005, 1, 0.001)
    hard = [np.mean([plain(hard_cases.is_hard)(0.3, cleared, x) for x in u]) for cleared in (0.0, 0.5, 1.0)]
    assert hard == pytest.approx([0.3, 0.15, 0.0], abs=2e-3)


@given(backlog=st.floats(0, 1e4), asked=st.integers(0, 100), matter=st.floats(4, 9), hours=st.floats(0.1, 500))
def test_the_leaders_queue_keeps_its_hours(backlog, asked, matter, hours):
    later = plain(hard_cases.queue_later)(backlog, asked, matter, hours)
    assert later >= 0.0
    assert later == pytest.approx(max(0.0, backlog + asked * matter - hours))


def test_leader_hours_go_by_residents_and_reception_adds_to_them():
    hours = plain(hard_cases.hours_of_leaders)
    assert hours(FACTS, 48_700, 0.0) == pytest.approx(54.0, rel=0.01)
    assert hours(FACTS, 97_400, 1.0) == pytest.approx(2.0 * hours(FACTS, 48_700, 1.0))
    assert rises([hours(FACTS, 48_700, x) for x in steps_between(0, 4)])
    back = plain(hard_cases.days_upstairs)
    assert back(15.0, 3.0, 5.0, 1.0) == 8.0, "within a short limit"
    assert rises([back(15.0, x, 100.0, 0.5) for x in steps_between(0, 50)])
    between = plain(hard_cases.occasions_of_leaders)
    assert between(FACTS, 0.0) == pytest.approx(FACTS.meeting_days)
    assert falls([between(FACTS, x) for x in steps_between(0, 4)])


def figures(**orders):
    chosen = setting(residents=6_000, weeks=156, seed=2, **orders)
    return run.evaluate(run.branch(run.history(chosen), chosen))


def test_blame_sends_hard_cases_upstairs_or_leaves_them_lying():
    strict = figures(tolerance=0.0, levers={"error_harshness": 0.8}, supervision=0.5)
    lenient = figures(tolerance=1.0, levers={"error_harshness": 0.0}, supervision=0.5)
    assert strict["asked_up_share"] > lenient["asked_up_share"]
    assert strict["left_per_hard_case"] > lenient["left_per_hard_case"]
    assert strict["hard_case_days"] > lenient["hard_case_days"]


def test_switches_take_hard_cases_blame_and_the_queue_away():
    off = figures(facts={"switches": {"hard_cases": 0.0}})
    assert np.isnan(off["hard_case_days"])
    blameless = figures(tolerance=0.0, facts={"switches": {"blame_delays": 0.0}})
    assert blameless["asked_up_share"] < figures(tolerance=0.0)["asked_up_share"]
    no_desk = figures(facts={"switches": {"leaders_desk": 0.0}})
    assert no_desk["leaders_wait"] == 0.0
    busy = figures(facts={"staffing": {"leader_decision_hours": 0.5}})
    assert busy["leaders_wait"] > figures()["leaders_wait"]
    assert busy["hard_case_days"] > no_desk["hard_case_days"]
    received = figures(levers={"reception_days": 4.0}, supervision=1.0)
    assert received["hard_case_days"] < figures(supervision=1.0)["hard_case_days"]
