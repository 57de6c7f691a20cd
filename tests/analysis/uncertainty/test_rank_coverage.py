"""The light profile of tests.benchmarks.rank_sets: fewer repeats, the same counting."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.uncertainty import MINIMUM
from tests.benchmarks.coverage import exact
from tests.benchmarks.rank_sets import MEASURES, SHAPES, case, made, places

REPEATS = 60


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [MINIMUM, 30])
@pytest.mark.parametrize("shape", ["normal", "exponential", "lognormal", "one in thirty"])
def test_rank_sets_hold_under_skew(shape, seeds):
    found = case(shape, seeds, REPEATS, made())
    assert exact(found.alike, REPEATS)[1] >= 0.95, found
    assert exact(found.apart, REPEATS)[1] >= 0.95, found
    if shape in ("lognormal", "one in thirty"):
        assert exact(found.t, REPEATS)[1] < 0.95, "the former method fails the same count"
    if shape == "normal" and seeds == 30:
        assert found.places < found.places_t + 0.5 < MEASURES - 3, "and the sets say something"


@pytest.mark.slow
def test_what_is_said_of_the_first_places_comes_true():
    said, was = places("normal", 30, REPEATS, made())
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 0.8)):
        there = (said >= low) & (said < high)
        error = 3 * np.sqrt(0.25 / there.sum()) + 0.03
        assert was[there].mean() == pytest.approx(said[there].mean(), abs=error)


def test_every_shape_has_no_mean_and_a_spread_of_one():
    z = np.random.default_rng(0).standard_normal((400_000, 2))
    for name, shape in SHAPES.items():
        found = shape(z)
        assert found.mean() == pytest.approx(0.0, abs=0.02), name
        assert found.std() == pytest.approx(1.0, abs=0.05), name
