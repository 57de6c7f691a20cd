"""Rules of conduct: fear, conscience and what stays hidden."""

from __future__ import annotations

from types import SimpleNamespace

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import channels, conduct, projects

from .rules import falls, levers, parameters, plain, rises, share, steps_between


@given(net=st.floats(-1e6, 1e6), noise=st.floats(10, 1e5))
def test_an_opportunity_is_taken_with_a_probability_that_rises_with_its_gain(net, noise):
    takes = plain(conduct.takes)
    assert 0.0 < takes(net, noise) < 1.0
    assert takes(0.0, noise) == 0.5
    assert rises([takes(x, noise) for x in steps_between(-1e5, 1e5)])


LOSS = ("detected", "shelter", "tolerance", "follow_through", "severity", "pay", "caution")


@given(values=st.tuples(*[share] * 4, st.floats(0, 5), st.floats(0, 1e6), st.floats(0, 5)))
def test_what_a_taker_fears_hangs_on_detection_and_on_what_follows(values):
    def loss(**changed):
        return plain(conduct.expected_loss)(**{**dict(zip(LOSS, values, strict=True)), **changed})

    assert loss() >= 0.0
    assert loss(detected=0.0) == loss(follow_through=0.0) == loss(shelter=1.0, tolerance=1.0) == 0.0
    for name in LOSS:
        path = [loss(**{name: x}) for x in steps_between(0, 1)]
        assert falls(path) if name in ("shelter", "tolerance") else rises(path), name
    assert loss(shelter=0.0, tolerance=0.0) == loss(shelter=0.0, tolerance=1.0), "tolerance alone shelters nobody"


@given(
    p=parameters,
    channel=st.integers(0, 3),
    lever=levers(
        "accounts_publicity",
        "benefit_platform",
        "asset_platform",
        "data_sharing",
        "township_bookkeeping",
        "tender_compliance",
    ),
    hidden=share,
)
def test_opacity_is_a_share_that_every_light_lowers(p, channel, lever, hidden):
    opacity = plain(channels.opacity)
    village = SimpleNamespace(opacity=hidden)
    assert 0.0 <= opacity(channel, village, lever, p) <= 1.0
    seen = plain(channels.seen_by_machine)
    assert 0.0 <= seen(channel, lever, p) <= 1.0
    for name in vars(lever):
        paths = [SimpleNamespace(**{**vars(lever), name: x}) for x in steps_between(0, 1, 11)]
        assert falls([opacity(channel, village, changed, p) for changed in paths]), name
        assert rises([seen(channel, changed, p) for changed in paths]), name


@given(integrity=st.floats(0, 2), norm=share, stake=st.floats(0, 1e6), weight=st.floats(0, 3), by_norm=st.floats(0, 3))
def test_conscience_costs_in_proportion_to_what_is_at_stake(integrity, norm, stake, weight, by_norm):
    cost = plain(conduct.moral_cost)
    assert cost(integrity, norm, 2 * stake, weight, by_norm) == pytest.approx(
        2 * cost(integrity, norm, stake, weight, by_norm)
    )
    assert rises([cost(x, norm, stake, weight, by_norm) for x in steps_between(0, 2)])
    assert rises([cost(integrity, x, stake, weight, by_norm) for x in steps_between(0, 1)])


@given(p=parameters, integrity=st.floats(0, 2), motivation=share)
def test_conviction_stiffens_conscience_unless_it_is_switched_off(p, integrity, motivation):
    steadfast = plain(conduct.steadfast)
    on, off = (SimpleNamespace(conviction=x) for x in (1.0, 0.0))
    assert steadfast(p, on, integrity, 0.5) == steadfast(p, off, integrity, motivation) == integrity
    assert rises([steadfast(p, on, integrity, x) for x in steps_between(0, 1)])


def test_project_sizes_have_the_given_mean():
    rng = np.random.default_rng(0)
    sizes = numba.vectorize(projects.project_size.py_func)(100.0, 0.9, rng.random(400_000), rng.random(400_000))
    assert sizes.mean() == pytest.approx(100.0, rel=0.01)
    assert sizes.min() > 0.0
