"""Rules of residents: what people judge and how they feel it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim import run
from sim.inputs.settings import setting
from sim.inputs.validators import Frozen
from sim.mechanisms import residents

from .rules import falls, parameters, plain, points, rises, share, steps_between

GOOD = ("performance", "contact", "project_value", "reception", "redress")
BAD = ("unfair", "excluded", "exposure", "loss", "delay_weeks")


@given(p=parameters, values=st.tuples(*[share] * 9, st.floats(0, 30)))
def test_government_is_judged_better_for_good_and_worse_for_bad(p, values):
    order = (
        "performance",
        "contact",
        "project_value",
        "reception",
        *BAD[:2],
        "exposure",
        "redress",
        "loss",
        "delay_weeks",
    )

    def quality(**changed):
        return plain(residents.government_quality)(p, **{**dict(zip(order, values, strict=True)), **changed})

    assert 0.0 <= quality() <= 100.0
    for name in GOOD:
        assert rises([quality(**{name: x}) for x in steps_between(0, 1, 11)]), name
    for name in BAD:
        assert falls([quality(**{name: x}) for x in steps_between(0, 1, 11)]), name


@given(p=parameters, quality=points, expected=points)
def test_moods_keep_their_bounds_and_hang_on_what_was_expected(p, quality, expected):
    mood = plain(residents.mood_of)
    assert 0.0 <= mood(p, quality, expected) <= 100.0
    assert rises([mood(p, x, expected) for x in steps_between(0, 100)])
    assert falls([mood(p, quality, x) for x in steps_between(0, 100)])


@given(p=parameters, wait=st.floats(0, 20), expected=st.floats(0, 3), trips=st.floats(0, 20), redone=share)
def test_a_case_feels_worse_the_longer_the_further_and_the_more_often(p, wait, expected, trips, redone):
    feels = plain(residents.case_quality)
    assert 0.0 <= feels(wait, expected, trips, redone, p) <= 100.0
    assert falls([feels(x, expected, trips, redone, p) for x in steps_between(0, 20)])
    assert falls([feels(wait, expected, x, redone, p) for x in steps_between(0, 20)])
    assert rises([feels(wait, x, trips, redone, p) for x in steps_between(0, 3)])


@given(p=parameters, wait=st.floats(0, 20), expected=st.floats(0, 3), trips=st.floats(0, 20), redone=share)
def test_no_case_at_a_desk_feels_better_than_one_on_the_phone(p, wait, expected, trips, redone):
    feels = plain(residents.case_quality)
    assert feels(0.0, expected, -1.0, 0.0, p) >= feels(wait, expected, trips, redone, p)


def test_trust_waits_until_residents_see_an_exposed_wrong_put_right():
    """Points lost in the first and the fourth year without news: they come back only where redress is seen."""
    lost = {}
    for seen in (0.0, 0.45):
        chosen = setting(residents=4_000, weeks=208, seed=1, levers={"exposure": 0.0})
        chosen = replace(chosen, parameters=Frozen({**chosen.parameters, "redress_seen": seen}))
        history = run.history(chosen)
        state = history.units[0].state
        trust = {}
        for wrong in (0.0, 0.6):
            state.villages["unsettled"] = wrong
            found = run.evaluate(run.branch(history, chosen))
            trust[wrong] = np.array([found["trust_township__year1"], found["trust_township"]])
        lost[seen] = trust[0.0] - trust[0.6]
    assert lost[0.0][1] > lost[0.0][0] > 5.0
    assert lost[0.45][1] < 0.6 * lost[0.45][0]


@given(p=parameters, reporting=share, information=share, ontime=share)
def test_quarrels_are_answered_sooner_by_those_who_hear_of_them(p, reporting, information, ontime):
    days = plain(residents.response_time)
    assert days(p, 4.0, reporting, information, ontime) > 0.0
    for at in range(3):
        args = [reporting, information, ontime]
        assert falls([days(p, 4.0, *(x if i == at else v for i, v in enumerate(args))) for x in (0.0, 0.5, 1.0)])
