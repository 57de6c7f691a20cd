"""Rules of oversight: examinations, detection and belief."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import simulate
from sim.mechanisms import beliefs, oversight
from sim.vocabulary import AVAILABILITY, BAYESIAN, HEEDED, UNHEEDED

from .rules import parameters, plain, rises, share, steps_between


@given(yearly=st.floats(0, 0.999))
def test_a_weekly_chance_makes_the_yearly_one(yearly):
    assert 1.0 - (1.0 - plain(oversight.weekly)(yearly)) ** 52 == pytest.approx(yearly, abs=1e-12)


WATCH = (
    "examined", "depth", "independent", "reach", "publicity", "platform", "bookkeeping", "data", "tender", "inside",
)  # fmt: skip


@given(p=parameters, channel=st.integers(0, 3), values=st.tuples(*[share] * 10))
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
    now = plain(beliefs.learned)(belief, seen, speed)
    assert min(belief, seen) - 1e-12 <= now <= max(belief, seen) + 1e-12


@given(p=parameters, remembered=share, planned=share)
def test_a_plan_is_heeded_beside_memory_and_by_rival_theories_not_at_all(p, remembered, planned):
    believed, weight = plain(beliefs.believed), plain(beliefs.plan_weight)
    heeded = weight(p, SimpleNamespace(belief=BAYESIAN, plan=HEEDED))
    assert believed(heeded, remembered, planned) - remembered == pytest.approx(
        p.plan_heeded * (planned - remembered), abs=1e-12
    )
    for belief, plan in ((AVAILABILITY, HEEDED), (BAYESIAN, UNHEEDED)):
        assert believed(weight(p, SimpleNamespace(belief=belief, plan=plan)), remembered, planned) == remembered


def test_what_a_campaign_has_taught_goes_in_part_on_the_day_its_end_is_announced():
    """Belief jumps with the plan, rises with memory, falls at once by what was heeded, and then fades."""

    def weekly(heeded: float) -> np.ndarray:
        campaign = {"value": 1.0, "start": 10, "end": 40}
        run = simulate(residents=4_000, weeks=60, seed=1, supervision=campaign, parameters={"plan_heeded": heeded})
        return run["believed_detection"].to_numpy()[-60:]

    taken_at_its_word, by_memory = weekly(0.8), weekly(0.2)
    jump = np.diff(taken_at_its_word)
    assert jump[9] == pytest.approx(0.8 * 0.5 * (1.0 - 0.04), abs=0.03)
    assert jump[39] == pytest.approx(-jump[9], abs=0.03)
    assert np.abs(np.delete(jump, [9, 39])).max() < 0.1
    assert by_memory[45] > taken_at_its_word[45] + 0.05
