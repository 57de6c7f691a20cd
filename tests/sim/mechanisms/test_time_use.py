"""Rules of time use: paper, blame, effort and the choice of activities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import run
from sim.inputs.settings import setting
from sim.mechanisms import priorities, time_use

from .rules import MODE, falls, parameters, plain, rises, share, steps_between

ONSET, HALF = MODE.fabrication_onset, MODE.fabrication_half


def ticked(demanded, onset=ONSET, half=HALF, third_party=0.0, outsiders=0.0):
    return plain(time_use.fabricated_share)(demanded, 1.0, onset, half, outsiders, third_party)


@given(p=parameters, demanded=st.floats(0, 10), third_party=share)
def test_fabricated_share_is_zero_up_to_its_onset_and_rises_after_it(p, demanded, third_party):
    def of(demanded, third_party=third_party):
        return ticked(demanded, p.fabrication_onset, p.fabrication_half, third_party, p.fabrication_checked)

    assert 0.0 <= of(demanded) <= 1.0
    assert of(min(demanded, p.fabrication_onset)) == 0.0
    assert of(p.fabrication_onset + 1e-3, 0.0) > 0.0
    assert rises([of(x) for x in steps_between(0, 10)])
    assert falls([of(demanded, x) for x in steps_between(0, 1)])


@given(p=parameters)
def test_fabricated_share_is_convex_up_to_a_quarter_of_all_paper(p):
    """Above it the share must bend back, since no more than everything can be ticked."""
    last = p.fabrication_onset + p.fabrication_half / 3**0.5
    shares = np.array([ticked(x, p.fabrication_onset, p.fabrication_half) for x in steps_between(0, last, 101)])
    assert np.all(np.diff(shares, 2) >= -1e-12)
    assert shares[-1] == pytest.approx(0.25)


@given(demanded=st.floats(0, 200), fabricated=share, tick=share, available=st.floats(1, 60), most=share)
def test_paper_takes_no_more_than_there_is_and_ticking_relieves(demanded, fabricated, tick, available, most):
    def hours(demanded, fabricated):
        return plain(time_use.paper_hours)(demanded, fabricated, tick, available, most)

    assert 0.0 <= hours(demanded, fabricated) <= min(demanded, most * available) * (1 + 1e-12)
    assert falls([hours(demanded, x) for x in steps_between(0, 1)])
    assert rises([hours(x, fabricated) for x in steps_between(0, 200)])


BLAME = ("examined", "inspected", "complained", "tolerance_believed", "failure", "loss", "caution")


@given(values=st.tuples(*[share] * 5, st.floats(0, 5), st.floats(0, 5)))
def test_blame_rises_with_eyes_and_stakes_and_falls_with_tolerance(values):
    def blame(**changed):
        return plain(priorities.blame_of_a_try)(**{**dict(zip(BLAME, values, strict=True)), **changed})

    loss, caution = values[-2:]
    assert 0.0 <= blame() <= loss * caution * (1 + 1e-12)
    assert blame(tolerance_believed=1.0) == 0.0
    assert blame(examined=0.0, inspected=0.0, complained=0.0) == 0.0
    for name in BLAME:
        path = [blame(**{name: x}) for x in steps_between(0, 1)]
        assert falls(path) if name == "tolerance_believed" else rises(path), name


@given(p=parameters, motivation=share, fatigue=share, appraised=share, risk=st.floats(0, 10))
def test_effort_keeps_its_bounds_and_rises_with_motive_reward_and_risk(p, motivation, fatigue, appraised, risk):
    def effort(motivation=motivation, fatigue=fatigue, appraised=appraised, risk=risk, blame=0.0):
        return plain(priorities.effort)(p, motivation, fatigue, appraised, risk, blame)

    assert p.effort_least <= effort() <= p.effort_most
    for name in ("motivation", "appraised", "risk"):
        assert rises([effort(**{name: x}) for x in steps_between(0, 1)]), name
    assert falls([effort(fatigue=x) for x in steps_between(0, 1)])
    assert falls([effort(blame=x) for x in steps_between(0, 1)])


@given(values=st.tuples(*[st.floats(-30, 30)] * 5), temperature=st.floats(0.2, 3), shift=st.floats(-100, 100))
def test_shares_of_a_choice_sum_to_one_and_hang_on_differences_only(values, temperature, shift):
    shares = plain(priorities.choose)(*values, temperature)
    assert sum(shares) == pytest.approx(1.0, abs=1e-12)
    assert all(0.0 <= part <= 1.0 for part in shares)
    moved = plain(priorities.choose)(*(v + shift for v in values), temperature)
    assert moved == pytest.approx(shares, abs=1e-9)
    assert [shares[i] for i in np.argsort(values)] == sorted(shares)


@given(values=st.tuples(*[st.floats(-5, 5)] * 5), temperature=st.floats(0.2, 3), which=st.integers(0, 4))
def test_an_activity_gets_more_when_it_is_worth_more(values, temperature, which):
    def part(value):
        changed = [*values]
        changed[which] = value
        return plain(priorities.choose)(*changed, temperature)[which]

    assert rises([part(x) for x in steps_between(-5, 5)])


@given(p=parameters, motivation=share, fatigue=share, appraised=share, prospects=share, blame=st.floats(0, 3))
def test_values_of_activities_follow_their_reasons(p, motivation, fatigue, appraised, prospects, blame):
    value = plain(priorities.value_of_initiative)
    grid = steps_between(0, 1)
    assert falls([value(p, motivation, appraised, prospects, x) for x in grid])
    assert rises([value(p, x, appraised, prospects, blame) for x in grid])
    slack = plain(priorities.value_of_slack)
    assert falls([slack(p, fatigue, motivation, appraised, x) for x in grid])
    assert rises([slack(p, x, motivation, appraised, blame) for x in grid])
    casework = plain(priorities.value_of_casework)
    assert rises([casework(p, x, 10.0, motivation, appraised) for x in steps_between(0, 100)])
    policy = plain(priorities.value_of_policy)
    assert rises([policy(p, 0.0, x, appraised, 1.0) for x in grid])
    assert policy(p, 1.0, prospects, appraised, 1.0) >= policy(p, 0.0, prospects, appraised, 1.0)


# --- when hours are short


@given(p=parameters, hours=st.floats(10, 60), paper=share, field=share)
def test_overtime_makes_up_part_of_what_is_short_and_has_a_limit(p, hours, paper, field):
    short = plain(time_use.hours_short)(p, hours, paper * hours, field * hours)
    worked = plain(time_use.overtime_worked)(p, hours, short)
    assert 0.0 <= worked <= min(short, 0.25 * hours + 1e-9)
    assert (worked > 0.0) == (short > 0.0)
    assert (short > 0.0) == (paper * hours + field * hours > p.paper_usual * hours)


WISHES = st.tuples(*[st.floats(0, 40)] * 7)


@given(wanted=WISHES, spare=st.floats(0, 4), part=share)
def test_cuts_add_up_to_what_has_to_go_and_nothing_falls_below_zero(wanted, spare, part):
    weights = plain(priorities.late_weights)(spare)
    cut = part * sum(wanted)
    depth = plain(priorities.depth_of_cut)(wanted, weights, cut)
    left = [plain(priorities.left)(hours, depth, weight) for hours, weight in zip(wanted, weights, strict=True)]
    assert sum(left) == pytest.approx(sum(wanted) - cut, abs=1e-9)
    assert all(0.0 <= kept <= hours for kept, hours in zip(left, wanted, strict=True))
    parts = [kept / hours for kept, hours in zip(left, wanted, strict=True) if hours > 1e-6]
    assert rises(parts)  # what is cut late keeps the greater part


shares_of_five = st.tuples(*[st.floats(0.01, 1)] * 5).map(lambda x: tuple(v / sum(x) for v in x))


@given(shares=shares_of_five, usual=st.floats(5, 40), part=st.floats(0.1, 1), needed=st.floats(0, 40), seen=share)
def test_without_an_order_of_cuts_everything_shrinks_alike(shares, usual, part, needed, seen):
    """The fifth model: what there is of hours is shared out as it was chosen."""
    weights = plain(priorities.late_weights)(0.0)
    found = plain(priorities.after_cuts)(shares, usual, part * usual, needed, seen, weights)
    assert found == pytest.approx(shares, abs=1e-9)


@given(shares=shares_of_five, usual=st.floats(5, 40), part=st.floats(0.1, 1), needed=st.floats(0, 40), seen=share)
def test_what_others_wait_for_is_cut_last(shares, usual, part, needed, seen):
    def hours(spare):
        weights = plain(priorities.late_weights)(spare)
        found = plain(priorities.after_cuts)(shares, usual, part * usual, needed, seen, weights)
        assert sum(found) == pytest.approx(1.0)
        return [share * part * usual for share in found]

    alike, ordered = hours(0.0), hours(2.0)
    assert ordered[4] <= alike[4] + 1e-9  # rest
    waiting = min(shares[0] * usual, needed)
    if waiting == shares[0] * usual:  # a desk that is full keeps more
        assert ordered[0] >= alike[0] - 1e-9
    assert ordered[0] >= waiting * min(1.0, alike[0] / (shares[0] * usual)) - 1e-9


@given(pull=share, wanted=st.floats(0.2, 1.5), others=st.floats(0.2, 1.5))
def test_effort_beside_colleagues_lies_between_ones_own_and_theirs(pull, wanted, others):
    found = plain(priorities.effort_beside)(pull, wanted, others)
    assert min(wanted, others) - 1e-12 <= found <= max(wanted, others) + 1e-12


def test_colleagues_who_compare_themselves_work_more_alike(compiled_model):
    spread = {}
    for theory in ("own", "peers"):
        facts = {"staffing": {"peer_pull": 0.6}}
        chosen = setting(residents=6_000, weeks=52, facts=facts, theory={"peer_effort": theory})
        cadres = run.history(chosen).units[0].state.cadres
        groups = [cadres["village"] == v for v in set(cadres["village"][cadres["village"] >= 0])]
        spread[theory] = np.mean([cadres["intensity"][group].std() for group in groups])
    assert spread["peers"] < 0.7 * spread["own"]


def test_nobody_is_compared_with_another_office_or_with_the_week_that_is_being_set():
    """Two in a village, two in a cluster, one alone: each goes half of the way to what the other did last week."""
    rows = [(0, 1, 1.0, 0.6), (0, 4, 1.0, 1.0), (-1, 2, 1.5, 0.8), (-1, 2, 0.5, 1.2), (-1, 3, 1.0, 0.7)]
    cadres = np.array(rows, [("village", "i8"), ("role", "i8"), ("posts", "f8"), ("intensity", "f8")]).view(np.recarray)

    def compared(first: int, c: int) -> float:
        total, posts = plain(priorities.effort_around)(first, cadres)
        return plain(priorities.compared)(0.5, 0.9, cadres[c], total, posts)

    found = [compared(first, c) for c, first in enumerate((0, 0, 2, 2, 4))]
    assert found == pytest.approx([0.95, 0.75, 1.05, 0.85, 0.9])
