"""Rules of people: motives, skill and who leaves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import newcomers, people

from .rules import falls, parameters, plain, rises, share, steps_between


@given(p=parameters, values=st.tuples(*[share] * 9))
def test_motivation_drifts_to_a_share(p, values):
    target = plain(people.motivation_target)
    assert 0.0 <= target(p, *values) <= 1.0
    for at in (0, 1, 3, 4, 6):
        assert rises([target(p, *(x if i == at else v for i, v in enumerate(values))) for x in (0.0, 0.5, 1.0)])
    for at in (5, 7, 8):
        assert falls([target(p, *(x if i == at else v for i, v in enumerate(values))) for x in (0.0, 0.5, 1.0)])


@given(
    p=parameters, hours=st.floats(0, 80), schooling=st.floats(0, 22), age=st.floats(20, 80), tenure=st.floats(0, 2_000)
)
def test_skill_drifts_to_a_share_that_training_and_practice_raise(p, hours, schooling, age, tenure):
    def target(p, *values):
        return plain(newcomers.skill_target)(p, 9.0, *values)

    assert 0.0 <= target(p, hours, schooling, age, tenure) <= 1.0
    assert rises([target(p, x, schooling, age, tenure) for x in steps_between(0, 80)])
    assert rises([target(p, hours, schooling, age, x) for x in steps_between(0, 2_000)])
    assert falls([target(p, hours, schooling, x, tenure) for x in steps_between(20, 80)])


@given(p=parameters, skill=share, fatigue=share, spread=share, young=st.sampled_from([0.0, 1.0]), motivation=share)
def test_the_able_leave_first_where_work_and_slack_are_paid_alike(p, skill, fatigue, spread, young, motivation):
    def leaves(skill, spread, motivation=motivation, harsh=0.0):
        return plain(people.leaves)(p, 0.05, skill, fatigue, spread, young, motivation, harsh)

    assert 0.0 <= leaves(skill, spread) <= 1.0
    assert rises([leaves(x, 0.0) for x in steps_between(0, 1)])
    assert leaves(0.9, 1.0) == leaves(0.1, 1.0)
    assert falls([leaves(skill, spread, x) for x in steps_between(0, 1)])
    assert rises([leaves(skill, spread, harsh=x) for x in steps_between(0, 3)])
