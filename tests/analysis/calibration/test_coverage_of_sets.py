"""A set of accepted draws covers a truth that is one of them as often as it says, and a wrong rule does not."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.calibration.coverage import FEWEST, covered

DRAWS, TOWNS = 1500, 300


@pytest.fixture(scope="module")
def pool():
    """Three parameters: two that two figures tell much of, one that they do not."""
    keyed = np.random.default_rng(3)
    parameters = keyed.triangular([0, 0, 0], [0.3, 0.5, 0.5], [1, 1, 1], (DRAWS, 3))
    figures = np.column_stack([parameters[:, 0] * (1 + parameters[:, 1]), parameters[:, 1]])
    return figures + keyed.normal(0, 0.03, figures.shape), parameters


def count(pool, places, widths=(0.3, 0.4)):
    places = np.broadcast_to(places, (TOWNS, 2))
    return covered(*pool, np.array(widths), np.arange(TOWNS), 10_000, places)


def test_towns_anywhere_in_their_ranges_are_covered_nine_times_in_ten(pool):
    found = count(pool, np.random.default_rng(1).random((TOWNS, 2)))
    assert found.mean == pytest.approx(0.9, abs=3 * found.error)
    assert found.held.mean(axis=0) == pytest.approx([0.9] * 3, abs=3 * found.single_error)
    assert found.error < found.single_error == pytest.approx(0.3 / np.sqrt(found.different))


def test_towns_in_the_middle_are_covered_more_often_where_targets_teach(pool):
    by_parameter = count(pool, 0.5).held.mean(axis=0)
    assert (by_parameter[:2] > 0.94).all()
    assert by_parameter[2] == pytest.approx(0.9, abs=0.05)


def test_ranges_that_miss_their_town_are_noticed(pool):
    by_parameter = count(pool, 1.4).held.mean(axis=0)
    assert by_parameter[:2].min() < 0.7 and by_parameter[2] == pytest.approx(0.9, abs=0.05)


def test_a_town_is_no_draw_of_its_own_set_and_small_sets_are_left_out(pool):
    figures, parameters = pool[0][: FEWEST + 1], pool[1][: FEWEST + 1]
    wide, narrow = np.array([9.0, 9.0]), np.array([1e-9, 9.0])
    one = covered(figures, parameters, wide, np.arange(5), 10_000, np.full((5, 2), 0.5))
    assert one.sizes.tolist() == [FEWEST] * 5 and one.left_out == 0 and one.different == 5
    assert covered(figures, parameters, narrow, np.arange(5), 10_000, np.full((5, 2), 0.5)).left_out == 5


def test_a_figure_that_the_town_lacks_is_not_asked_of_its_set(pool):
    figures = pool[0].copy()
    figures[0, 1] = np.nan
    found = covered(figures, pool[1], np.array([9.0, 1e-9]), np.array([0]), 10_000, np.full((1, 2), 0.5))
    assert found.sizes.tolist() == [DRAWS - 1]
