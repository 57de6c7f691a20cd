"""Rules of implementation: orders, attention, fading and faking, and how levers are composed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.levers import LEVERS
from sim.mechanisms import implementation

from .rules import falls, parameters, plain, rises, share, steps_between


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


@given(persistence=share, rules=share)
def test_what_is_kept_of_a_measure_is_a_share_that_rules_raise(persistence, rules):
    kept = plain(implementation.floor_kept)(persistence, rules)
    assert persistence - 1e-12 <= kept <= 1.0
    assert rises([plain(implementation.floor_kept)(persistence, x) for x in steps_between(0, 1)])


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
