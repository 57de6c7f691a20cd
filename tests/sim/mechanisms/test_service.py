"""Rules of service: who passes a step on, and what must be done again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import service

from .rules import falls, parameters, plain, rises, share, steps_between


@given(p=parameters, clarity=share, listed=share, caution=st.floats(0, 5), risk=st.floats(0, 10))
def test_a_step_is_passed_on_only_where_its_owner_is_unclear(p, clarity, listed, caution, risk):
    def passed(clarity=clarity, listed=listed, caution=caution, risk=risk):
        return plain(service.passed_on)(p, clarity, listed, caution, risk)

    assert 0.0 <= passed() <= p.pass_on_most <= 1.0
    assert passed(clarity=1.0) == 0.0
    for name in ("clarity", "listed", "risk"):
        assert falls([passed(**{name: x}) for x in steps_between(0, 1)]), name
    assert rises([passed(caution=x) for x in steps_between(0, 5)])


@given(p=parameters, skill=share, fatigue=share, hurry=share)
def test_haste_is_a_probability_that_skill_cuts(p, skill, fatigue, hurry):
    def redone(skill=skill, fatigue=fatigue, hurry=hurry):
        return plain(service.redone)(p, skill, fatigue, hurry)

    assert 0.0 <= redone() <= 1.0
    assert redone(skill=1.0) == 0.0
    assert falls([redone(skill=x) for x in steps_between(0, 1)])
    assert rises([redone(fatigue=x) for x in steps_between(0, 1)])
    assert rises([redone(hurry=x) for x in steps_between(0, 1)])
    assert rises([plain(service.choked)(p, x) for x in steps_between(0, 100)])


@given(p=parameters, hurry=share, results=share, outsiders=share)
def test_files_are_closed_on_paper_where_closings_count_and_nobody_calls_back(p, hurry, results, outsiders):
    def closed(hurry=hurry, results=results, outsiders=outsiders):
        return plain(service.closed_without_answer)(p, hurry, results, outsiders)

    assert 0.0 <= closed() <= 1.0
    assert closed(hurry=0.0) == closed(results=0.0) == 0.0
    assert rises([closed(hurry=x) for x in steps_between(0, 1)])
    assert rises([closed(results=x) for x in steps_between(0, 1)])
    assert falls([closed(outsiders=x) for x in steps_between(0, 1)])
