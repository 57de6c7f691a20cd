"""Rules of departments: what is reported, and what relief brings back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.levers import LEVERS
from sim.mechanisms import departments

from .rules import parameters, plain, rises, share, steps_between


@given(p=parameters, true=share, fabricated=share, faked=share, third_party=share)
def test_reports_are_never_worse_than_the_truth_and_outsiders_bring_them_down_to_it(
    p, true, fabricated, faked, third_party
):
    reported = plain(departments.reported_performance)
    assert true - 1e-12 <= reported(true, fabricated, faked, third_party, p.shine) <= 1.0
    assert reported(true, fabricated, faked, 1.0, p.shine) == true
    assert rises([reported(true, x, faked, third_party, p.shine) for x in steps_between(0, 1)])


@given(p=parameters, taken_away=st.floats(-60, 60), pressure=share)
def test_what_relief_took_away_is_asked_again_as_far_as_departments_are_pressed(p, taken_away, pressure):
    asked = plain(departments.asked_again)
    assert 0.0 <= asked(p, taken_away, pressure) <= max(0.0, taken_away)
    assert asked(p, min(taken_away, 0.0), pressure) == 0.0
    assert asked(p, taken_away, 0.0) == 0.0
    assert rises([asked(p, x, pressure) for x in steps_between(-60, 60)])
    assert rises([asked(p, taken_away, x) for x in steps_between(0, 1)])


def test_paper_against_today_is_one_today():
    town = SimpleNamespace(**{lever.id: lever.default for lever in LEVERS.values()})
    assert plain(departments.paper_against_today)(town, town, 300.0) == pytest.approx(1.0)
    half = SimpleNamespace(**{**vars(town), "burden": 0.5 * town.burden})
    assert plain(departments.paper_against_today)(half, town, 300.0) == pytest.approx(0.5)
