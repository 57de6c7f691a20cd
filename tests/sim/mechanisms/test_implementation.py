"""Rules of implementation: orders, attention, fading and faking, and how levers are composed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.levers import LEVERS
from sim.mechanisms import implementation
from sim.vocabulary import BUILT, DRIVE, RULE

from .rules import MODE, falls, parameters, plain, share, steps_between


@given(intensity=share, start=st.integers(0, 200), length=st.integers(1, 200), now=st.integers(-300, 500))
def test_a_measure_is_ordered_in_its_window_only(intensity, start, length, now):
    value = plain(implementation.ordered)(intensity, start, start + length, now)
    assert value == (intensity if start <= now < start + length else 0.0)


@given(attention=st.floats(0.5, 20), load=st.floats(0, 19))
def test_attention_is_shared_out_and_never_more_than_there_is(attention, load):
    carry = plain(implementation.carried)(attention, load)
    assert 0.0 < carry <= 1.0
    assert carry * load <= max(attention, 0.0) * (1 + 1e-12) or carry == 1.0
    assert falls([plain(implementation.carried)(attention, x) for x in steps_between(0, 19)])


@given(p=parameters, real=share, rules=share, reach=share, follow=share)
def test_nobody_goes_on_with_a_drive_that_is_no_rule(p, real, rules, reach, follow):
    def own(nature, rules=rules):
        return plain(implementation.own_accord)(nature, real, reach, follow, rules, p.own_built)

    assert own(DRIVE) == rules
    assert own(BUILT) >= rules <= own(RULE)
    assert {own(nature, 1.0) for nature in range(3)} == {1.0}


@given(p=parameters, weeks=st.floats(1, 400))
def test_people_tire_of_a_drive_but_not_of_what_is_new(p, weeks):
    left = plain(implementation.energy_left)
    assert left(0.0, p.tired_half, p.tired_least) == 1.0
    assert p.tired_least <= left(weeks, p.tired_half, p.tired_least) < 1.0
    assert left(p.tired_half, p.tired_half, 0.0) == pytest.approx(0.5)


@given(stock=share, run=share, wear=st.floats(0, 3.5))
def test_what_is_run_does_not_wear_and_what_nobody_runs_goes_by_its_rate(stock, run, wear):
    worn = plain(implementation.worn)
    assert worn(stock, 1.0, wear) == stock
    left = 1.0
    for _ in range(52):
        left = worn(left, 0.0, wear)
    assert left == pytest.approx(np.exp(-wear), rel=0.13)
    assert worn(stock, run, wear) >= worn(stock, 0.0, wear)


@given(faked=share, reasons=share)
def test_faking_is_a_habit_that_outlives_its_order(faked, reasons):
    later = plain(implementation.faked_later)
    assert min(faked, reasons) <= later(faked, reasons, 0.03, True) <= max(faked, reasons)
    assert later(faked, reasons, 0.03, False) >= faked


@given(hours=st.floats(0.01, 2), ramp=st.integers(1, 60), carry=st.floats(0.1, 1), intensity=st.floats(0.01, 1))
def test_trying_to_set_up_costs_the_same_each_week_and_the_longer_the_less_attention_there_is(
    hours, ramp, carry, intensity
):
    stock, paid, weeks = 0.0, 0.0, 0
    while stock < intensity:
        before, stock = stock, plain(implementation.built_up)(stock, intensity, carry, ramp)
        paid += plain(implementation.own_hours)(hours, 0.0, 0.0, 0.5, (stock - before) / carry, 12.0)
        weeks += 1
    assert weeks == pytest.approx(ramp / carry, abs=1.01)
    assert paid == pytest.approx(12.0 * hours * intensity / carry)


def test_an_announcement_is_heard_within_weeks_and_remembered_for_years():
    memory = 0.0
    for _ in range(13):
        memory = plain(implementation.remembered)(19.0, memory, MODE.load_heard, MODE.load_forgotten)
    assert memory > 0.9 * 19.0
    for _ in range(77):
        memory = plain(implementation.remembered)(0.0, memory, MODE.load_heard, MODE.load_forgotten)
    assert memory == pytest.approx(19.0 / 2, rel=0.06)


@given(p=parameters, carry=share, third_party=share)
def test_faking_is_a_share_that_rises_with_scarce_attention_and_falls_with_outsiders(p, carry, third_party):
    def faked(carry, third_party):
        return plain(implementation.faked_share)(carry, third_party, p.fake_base, p.fake_scarce, p.fake_outsiders)

    assert 0.0 <= faked(carry, third_party) <= 1.0
    assert falls([faked(x, third_party) for x in steps_between(0, 1)])
    assert falls([faked(carry, x) for x in steps_between(0, 1)])


@given(
    lever=st.sampled_from(list(LEVERS.values())),
    at=share,
    norm=share,
    strengths=st.lists(st.tuples(share, share), max_size=5),
    factors=st.lists(st.tuples(share, st.floats(0.1, 3)), max_size=5),
    shuffle=st.randoms(use_true_random=False),
)
def test_a_lever_under_measures_stays_within_bounds_and_hangs_on_no_order(lever, at, norm, strengths, factors, shuffle):
    value = lever.low + at * (lever.high - lever.low)
    floor = lever.low + norm * (lever.high - lever.low)

    def composed(strengths, factors):
        close = float(np.prod([1.0 - s * a for s, a in strengths]))
        scale = float(np.prod([f**s for s, f in factors]))
        return plain(implementation.composed)(value, floor, close, scale, lever.low, lever.high)

    found = composed(strengths, factors)
    assert lever.low <= found <= lever.high
    shuffle.shuffle(strengths)
    shuffle.shuffle(factors)
    assert composed(strengths, factors) == pytest.approx(found, rel=1e-12, abs=1e-12)


@given(lever=st.sampled_from(list(LEVERS.values())), at=share)
def test_a_lever_that_no_measure_moves_stays_what_it_is(lever, at):
    value = lever.low + at * (lever.high - lever.low)
    assert plain(implementation.composed)(value, 0.0, 1.0, 1.0, lever.low, lever.high) == value


@given(value=share, strength=share, target=share)
def test_closing_shrinks_the_gap_and_never_overshoots(value, strength, target):
    closed = plain(implementation.composed)(value, 0.0, 1.0 - strength * target, 1.0, 0.0, 1.0)
    assert value - 1e-12 <= closed <= 1.0
    assert 1.0 - closed == pytest.approx((1.0 - value) * (1.0 - strength * target), abs=1e-12)
