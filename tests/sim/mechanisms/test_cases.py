"""Rules of cases: seals, waits and delays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import run
from sim.mechanisms import cases, desks, endings
from sim.state import WAIT_BINS

from .rules import plain


@given(norm=st.floats(1, 20), multiplier=st.floats(0.3, 2))
def test_seals_are_whole_at_least_one_and_right_on_average(norm, multiplier):
    seals = [plain(cases.seals_needed)(norm, multiplier, u) for u in np.arange(0.0005, 1, 0.001)]
    assert min(seals) >= 1
    assert {s % 1 for s in seals} == {0}
    assert np.mean(seals) == pytest.approx(max(1.0, norm * multiplier), abs=2e-3) or norm * multiplier < 1


@given(days=st.floats(0, 2_000))
def test_a_wait_is_counted_between_the_edges_of_its_bin(days):
    at = plain(endings.wait_bin)(days)
    low, high = run.WAIT_EDGES[at], run.WAIT_EDGES[at + 1]
    assert low - 1e-9 <= days
    assert days <= high + 1e-9 or at == WAIT_BINS - 1


def test_delays_are_exponential_with_the_given_mean():
    u = np.arange(0.5e-5, 1, 1e-5)
    days = np.array([plain(desks.delay)(x, 4.0) for x in u])
    assert days.mean() == pytest.approx(4.0, rel=1e-3)
    assert np.median(days) == pytest.approx(4.0 * np.log(2), rel=1e-3)
    assert plain(desks.delay)(0.0, 4.0) == 0.0
