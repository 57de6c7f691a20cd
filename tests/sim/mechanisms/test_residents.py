"""Rules of residents: what people judge and how they feel it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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


@given(p=parameters, reporting=share, information=share, ontime=share)
def test_quarrels_are_answered_sooner_by_those_who_hear_of_them(p, reporting, information, ontime):
    days = plain(residents.response_time)
    assert days(p, 4.0, reporting, information, ontime) > 0.0
    for at in range(3):
        args = [reporting, information, ontime]
        assert falls([days(p, 4.0, *(x if i == at else v for i, v in enumerate(args))) for x in (0.0, 0.5, 1.0)])
