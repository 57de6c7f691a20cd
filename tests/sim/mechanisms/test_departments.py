"""Rules of departments: what is reported, and what relief brings back."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import run
from sim.inputs.settings import setting
from sim.levers import LEVERS
from sim.mechanisms import departments
from sim.town import hidden_share

from .rules import falls, levers, parameters, plain, rises, share, steps_between


@given(p=parameters, trouble=share, part=share, hides=share, aid=share, checked=share)
def test_what_is_reported_is_hidden_left_out_and_made_up_unless_it_is_checked(p, trouble, part, hides, aid, checked):
    report, taken = plain(departments.report_of), part * trouble
    assert 0.0 <= report(p, trouble, taken, hides, aid, checked) <= 1.0
    assert report(p, trouble, taken, hides, aid, 1.0) == pytest.approx(trouble)
    assert report(p, trouble, taken, hides, 0.0, checked) <= trouble + 1e-12
    assert report(p, trouble, 0.0, 0.0, aid, checked) >= trouble - 1e-12
    assert falls([report(p, trouble, taken, x, aid, checked) for x in steps_between(0, 1)])
    assert rises([report(p, trouble, taken, hides, x, checked) for x in steps_between(0, 1)])
    assert rises([report(p, trouble, taken, hides, 0.0, x) for x in steps_between(0, 1)])


def test_some_towns_hide_nothing_and_the_mean_town_hides_what_was_found():
    hidden = np.array([hidden_share(setting(residents=1_000, seed=seed), 0) for seed in range(400)])
    assert 0.22 < (hidden == 0.0).mean() < 0.38
    assert hidden.mean() == pytest.approx(0.26, abs=0.03)


@given(p=parameters, taken_away=st.floats(-60, 60), pressure=share)
def test_what_relief_took_away_is_asked_again_as_far_as_departments_are_pressed(p, taken_away, pressure):
    asked = plain(departments.asked_again)
    assert 0.0 <= asked(p, taken_away, pressure) <= max(0.0, taken_away)
    assert asked(p, min(taken_away, 0.0), pressure) == 0.0
    assert asked(p, taken_away, 0.0) == 0.0
    assert rises([asked(p, x, pressure) for x in steps_between(-60, 60)])
    assert rises([asked(p, taken_away, x) for x in steps_between(0, 1)])


TODAY = {lever.id: lever.default for lever in LEVERS.values()}


def answer(p, believed, **changed):
    """The township's row after departments have answered a week in which some levers stand away from today's."""
    facts = SimpleNamespace(repeat_form_time=0.5, village_cadres=6.0)
    place = SimpleNamespace(pressure=0.4, incidents_recent=0.0)
    villages = np.array([(0.0,), (2.0 * believed,)], [("believed_trouble", "f8")]).view(np.recarray)
    levers, base = (SimpleNamespace(**{**TODAY, **more}) for more in (changed, {}))
    plain(departments.respond)(p, facts, [levers], [base], place, villages)
    return place


@given(p=parameters, believed=st.floats(0, 0.5))
def test_under_a_greater_burden_nothing_is_asked_again_and_under_a_smaller_one_what_it_spared(p, believed):
    now, today = answer(p, believed), SimpleNamespace(**TODAY)
    aim = plain(departments.pressure_target)(p, believed, 0.0)
    assert now.pressure == pytest.approx(0.4 + p.pressure_speed * (aim - 0.4))
    assert now.form_push == plain(departments.push)(p, p.push_forms, now.pressure)
    assert now.visit_push == plain(departments.push)(p, p.push_visits, now.pressure)
    forms = today.forms_per_village_year / 52 * today.hours_per_form * (1 - 0.5 * today.duplicate_form_share) / 6
    forms *= 1.0 - p.forms_spared * today.data_sharing
    usual = forms * today.amplification**2 + today.meeting_hours * today.amplification
    for burden in (0.0, 0.5, 1.0, 1.5, 2.5):  # the burden is a multiple of all paper
        again = answer(p, believed, burden=burden).informal_hours
        spared = max(0.0, 1.0 - burden) * usual
        assert again == pytest.approx(p.rebound * p.informal_cost * now.pressure * spared)
        assert (again > 0.0) == (burden < 1.0 and p.rebound * now.pressure > 0.0)
    assert answer(p, believed, hours_per_form=LEVERS["hours_per_form"].low).informal_hours > 0.0
    assert answer(p, believed, hours_per_form=LEVERS["hours_per_form"].high).informal_hours == 0.0


@given(p=parameters, changed=levers("burden", "forms_per_village_year", "duplicate_form_share"), pressure=share)
def test_calls_tell_as_much_as_the_part_of_the_forms_taken_away_that_is_asked_again(p, changed, pressure):
    tell, before = plain(departments.forms_that_tell), SimpleNamespace(**TODAY)
    calls = plain(departments.calls_that_tell)(p, tell(before), tell(changed), pressure)
    assert calls == pytest.approx(p.rebound * pressure * max(0.0, tell(before) - tell(changed)))


def test_a_form_that_repeats_another_and_one_that_a_level_adds_tell_nothing_new():
    tell = plain(departments.forms_that_tell)
    town = {lever.id: lever.default for lever in LEVERS.values()}
    assert tell(SimpleNamespace(**town)) == pytest.approx(1300 / 52 * 0.55)
    for lever in ("amplification", "hours_per_form", "meeting_hours", "trace_burden"):
        assert tell(SimpleNamespace(**{**town, lever: LEVERS[lever].high})) == tell(SimpleNamespace(**town))
    assert falls([tell(SimpleNamespace(**{**town, "duplicate_form_share": x})) for x in steps_between(0, 0.8)])


@given(p=parameters, report=share, learned=st.floats(0.0, 0.9))
def test_what_is_reported_for_ever_is_known_and_what_no_news_comes_of_is_forgotten(p, report, learned):
    later = plain(departments.believed_later)
    believed = 0.5
    for _ in range(2000):
        believed = later(p, believed, report, learned)
    assert believed == pytest.approx(report * learned / (learned + p.trouble_forgotten), abs=1e-6)


@given(trouble=share, believed=share)
def test_a_belief_is_off_by_what_is_not_there_and_by_what_is_missed(trouble, believed):
    off = plain(departments.misjudgement)
    assert 0.0 <= off(trouble, believed) <= 1.0
    assert off(trouble, trouble) == 0.0
    assert off(trouble, believed) == pytest.approx(off(believed, trouble))
    assert trouble < 1e-6 or off(trouble, 0.0) == pytest.approx(1.0)


def test_without_news_the_belief_fades_and_with_all_channels_it_stays_close(compiled_model):
    quiet = {"burden": 0.0, "reporting_reach": 0.0, "third_party": 0.0, "data_sharing": 0.0, "benefit_platform": 0.0}
    loud = {"burden": 1.0, "reporting_reach": 1.0, "third_party": 1.0, "data_sharing": 1.0, "benefit_platform": 1.0}
    past = run.history(setting("average", residents=4_000))
    off = [
        run.evaluate(run.branch(past, setting("average", residents=4_000, weeks=104, levers=levers)))["misjudged"]
        for levers in (quiet, loud)
    ]
    assert off[0] > 0.4 > 0.15 > off[1] > 0.0
