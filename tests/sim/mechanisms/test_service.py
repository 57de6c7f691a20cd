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


@given(p=parameters, skill=share, fatigue=share, days=st.floats(0, 1_000), appraised=share)
def test_haste_is_a_probability_that_skill_cuts(p, skill, fatigue, days, appraised):
    def redone(skill=skill, fatigue=fatigue, days=days, appraised=appraised):
        return plain(service.redone)(p, skill, fatigue, days, appraised)

    assert 0.0 <= redone() <= 1.0
    assert redone(skill=1.0) == 0.0
    assert falls([redone(skill=x) for x in steps_between(0, 1)])
    assert rises([redone(fatigue=x) for x in steps_between(0, 1)])
    assert rises([redone(appraised=x) for x in steps_between(0, 1)])
    assert rises([redone(days=x) for x in steps_between(0, 100)])
