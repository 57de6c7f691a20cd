"""Rules of users: what a case feels like, and who hears of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import run
from sim.inputs.settings import setting
from sim.mechanisms import opinion, users
from sim.state import TIES

from .rules import falls, parameters, plain, rises, share, steps_between

manners = st.floats(-1, 1)
waits = st.floats(0, 20)


@given(p=parameters, wait=waits, expected=st.floats(0, 3), trips=st.floats(0, 20), redone=share, manner=manners)
def test_a_case_feels_worse_the_longer_the_further_and_the_ruder(p, wait, expected, trips, redone, manner):
    feels = plain(users.case_quality)
    assert falls([feels(p, x, expected, trips, redone, manner) for x in steps_between(0, 20)])
    assert falls([feels(p, wait, expected, x, redone, manner) for x in steps_between(0, 20)])
    assert falls([feels(p, wait, expected, trips, x, manner) for x in steps_between(0, 1)])
    assert rises([feels(p, wait, expected, trips, redone, x) for x in steps_between(-1, 1)])
    assert rises([feels(p, wait, x, trips, redone, manner) for x in steps_between(0, 3)])


@given(p=parameters, wait=waits, expected=st.floats(0, 3), promised=share)
def test_a_promise_that_is_not_kept_costs_satisfaction(p, wait, expected, promised):
    def feels(promise: float) -> float:
        return plain(users.case_quality)(p, wait, plain(users.expected_now)(expected, promise), 0.0, 0.0, 0.0)

    assert feels(promised) <= feels(0.0)


@given(quality=st.floats(-200, 300), disposition=st.floats(-30, 30))
def test_a_judgement_is_a_point_of_a_hundred_and_easier_people_give_more(quality, disposition):
    points = plain(users.judged)
    assert 0.0 <= points(quality, disposition) <= 100.0
    assert points(quality, disposition) <= points(quality, disposition + 5.0)


def test_as_many_hear_of_a_case_as_it_took_hours():
    told = plain(users.told)
    u = np.arange(0.0005, 1, 0.001)
    means = [np.mean([told(hours, x) for x in u]) for hours in (0.0, 0.2, 1.5, 6.0, 15.0)]
    assert means == pytest.approx([0.0, 0.2, 1.5, TIES, TIES], abs=2e-3)


@given(
    p=parameters,
    seen=st.floats(0, 100),
    known=st.floats(0, 1e5),
    people=st.integers(1, 10_000),
    points=st.floats(0, 100),
)
def test_the_picture_of_the_service_begins_with_the_first_case_and_then_follows_each(p, seen, known, people, points):
    picture = plain(users.picture_later)
    assert picture(p, seen, 0.0, people, 1.0, points) == pytest.approx(points)
    later = picture(p, seen, known, max(people, 10), 1.0, points)
    assert min(seen, points) - 1e-9 <= later <= max(seen, points) + 1e-9


@given(target=st.floats(0, 100), seen=st.floats(0, 100), met=st.floats(0, 1), weight=share, speed=st.floats(0.001, 1))
def test_a_view_drifts_to_a_place_between_government_and_its_service(target, seen, met, weight, speed):
    aim = plain(opinion.with_service)
    found = aim(target, seen, met, weight, speed)
    assert min(target, seen) - 1e-9 <= found <= max(target, seen) + 1e-9
    assert aim(target, seen, 0.0, weight, speed) == target


def test_fewer_cases_make_nobody_less_content():
    """Where service pleases more than government does: half of the usual causes of cases, all else as it was."""
    moved = []
    for seed in range(6):
        chosen = setting(residents=6_000, weeks=156, seed=seed, knock_out=["needs"])
        chosen = chosen.replace(parameters={**chosen.parameters, "case_best": 120.0})
        history = run.history(chosen)
        usual = history.units[0].state.means_villages.view(history.units[0].state.villages.dtype)
        found = []
        for part in (1.0, 0.5):
            usual["repeat"] *= part
            found.append(run.evaluate(run.branch(history, chosen)))
        assert found[1]["cases_raised"] < 0.7 * found[0]["cases_raised"]
        assert found[1]["user_satisfaction"] > found[1]["satisfaction"]
        moved.append(found[1]["satisfaction"] - found[0]["satisfaction"])
    assert np.mean(moved) > -0.1


def figures(**orders):
    chosen = setting(residents=4_000, weeks=104, seed=3, **orders)
    return run.evaluate(run.branch(run.history(chosen), chosen))


def test_matters_closed_on_paper_are_on_time_and_leave_users_dissatisfied():
    """A choking town in which only closings count: with paper closing, files are closed sooner and satisfy less."""
    busy = {"facts": {"case_kinds": {"hotline": {"rate": 1.2}}}, "levers": {"results_weight": 1.0}}
    answered = figures(**busy, parameters={"unanswered": 0.1})
    on_paper = figures(**busy, parameters={"unanswered": 1.0})
    assert on_paper["on_time_hotline"] > answered["on_time_hotline"]
    assert on_paper["service_efficiency"] > answered["service_efficiency"]
    assert on_paper["answered_hotline"] < answered["answered_hotline"]
    assert on_paper["user_satisfaction_hotline"] < answered["user_satisfaction_hotline"]


def test_residents_learn_from_users_they_know_in_their_own_village():
    """Whoever never had a case keeps what is expected of waits, unless an acquaintance tells."""
    for switch in (0.0, 1.0):
        chosen = setting(
            residents=2_000,
            seed=1,
            facts={"switches": {"learning_from_users": switch}, "calendar": {"settling_weeks": 0}},
        )
        residents = run.history(chosen).units[0].state.residents
        untouched = residents["expected_wait"][residents["visits"] == 0]
        begun = np.float32(chosen.facts["start"]["expected_wait"]["value"])
        assert np.all(untouched == begun) == (switch == 0.0)
