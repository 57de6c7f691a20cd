"""Rules of tasks: deadlines, forms and visits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import tasks

from .rules import falls, plain, share, steps_between


@given(length=st.integers(1, 26), every=st.integers(26, 52), now=st.integers(-400, 400))
def test_a_deadline_is_felt_in_the_weeks_before_it(length, every, now):
    near = plain(tasks.near_deadline)
    assert near(now, every, length) in (0.0, 1.0)
    assert sum(near(week, every, length) for week in range(now, now + every)) == length


@given(forms=st.floats(0, 3_000), hours=st.floats(0.3, 4), duplicate=share, repeat=share, shared=share, spared=share)
def test_shared_data_and_quick_repeats_spare_hours_of_forms(forms, hours, duplicate, repeat, shared, spared):
    def took(shared, duplicate):
        return plain(tasks.form_hours)(forms, hours, duplicate, repeat, shared, spared)

    assert 0.0 <= took(shared, duplicate) <= forms / 52 * hours * (1 + 1e-12)
    assert falls([took(x, duplicate) for x in steps_between(0, 1)])
    assert falls([took(shared, x) for x in steps_between(0, 1)])


@given(seen=st.lists(st.floats(0.05, 1), min_size=2, max_size=30), bias=share, bunching=st.floats(0, 5))
def test_bias_and_bunching_move_visits_about_but_add_none(seen, bias, bunching):
    every, length = 26, 3
    mean = float(np.mean(seen))
    total = np.mean(
        [
            plain(tasks.visits_expected)(12.0, bias, v, mean, float(week < length), bunching, length / every)
            for v in seen
            for week in range(every)
        ]
    )
    assert total == pytest.approx(12.0 / 52, rel=1e-9)


@given(expected=st.floats(0, 20))
def test_a_whole_number_has_the_expected_mean(expected):
    values = [plain(tasks.whole_number)(expected, u) for u in np.arange(0.0005, 1, 0.001)]
    assert np.mean(values) == pytest.approx(expected, abs=2e-3)
    assert {v % 1 for v in values} == {0.0}
