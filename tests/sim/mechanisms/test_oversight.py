"""Rules of oversight: examinations, detection and belief."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import oversight

from .rules import parameters, plain, rises, share, steps_between


@given(yearly=st.floats(0, 0.999))
def test_a_weekly_chance_makes_the_yearly_one(yearly):
    assert 1.0 - (1.0 - plain(oversight.weekly)(yearly)) ** 52 == pytest.approx(yearly, abs=1e-12)


WATCH = ("examined", "depth", "independent", "reach", "publicity", "platform", "bookkeeping", "data", "tender")


@given(p=parameters, channel=st.integers(0, 3), values=st.tuples(*[share] * 9))
def test_detection_is_a_probability_that_every_channel_raises(p, channel, values):
    def hazard(**changed):
        return plain(oversight.detection_hazard)(channel, **{**dict(zip(WATCH, values, strict=True)), **changed}, p=p)

    assert 0.0 <= hazard() <= 1.0
    assert hazard(**dict.fromkeys(WATCH, 0.0)) == 0.0
    for name in WATCH:
        assert rises([hazard(**{name: x}) for x in steps_between(0, 1, 11)]), name


@given(year=st.integers(-6, 10), supervision=share, chosen=st.floats(0, 0.999), at=st.floats(0, 0.999))
def test_a_village_is_examined_at_most_once_a_year(year, supervision, chosen, at):
    weeks = [plain(oversight.examined_now)(52 * year + w, supervision, chosen, at) for w in range(52)]
    assert sum(weeks) == (1.0 if chosen < supervision else 0.0)


@given(belief=share, seen=share, speed=share)
def test_a_belief_stays_between_itself_and_what_is_seen(belief, seen, speed):
    now = plain(oversight.learned)(belief, seen, speed)
    assert min(belief, seen) - 1e-12 <= now <= max(belief, seen) + 1e-12
