from __future__ import annotations

import numpy as np
import pytest

from analysis.uncertainty import reversals
from tests.benchmarks.coverage import exact

NAMES = tuple("pqrst")


def drawn(draws, draw=0, noise=0.3):
    """A - B = 1 - 0.8 p' + 0.5 q' (both in standard deviations); r, s and t do nothing."""
    keyed = np.random.default_rng(draw)
    x = keyed.normal(size=(draws, 5))
    scaled = x * [2.0, 0.1, 1.0, 30.0, 1.0] + [5.0, 0.0, 1.0, 9.0, -4.0]
    return scaled, 1.0 - 0.8 * x[:, 0] + 0.5 * x[:, 1] + noise * keyed.normal(size=draws)


def by_parameters(rows):
    return {row["parameters"]: row for row in rows}


def test_the_nearest_reversal_is_found_with_its_place_and_direction():
    """On average over fifteen sets of draws, so that no lucky one is picked."""
    tables = [by_parameters(reversals.reversal_distance(*drawn(400, draw=[1, k]), NAMES)) for k in range(15)]
    mean = {which: np.mean([table[which]["distance"] for table in tables]) for which in (("p",), ("q",))}
    assert mean["p",] == pytest.approx(1 / 0.8, abs=0.04)
    assert mean["q",] == pytest.approx(1 / 0.5, abs=0.1)
    both = [table["p", "q"]["distance"] for table in tables if ("p", "q") in table]
    assert len(both) >= 10
    assert np.mean(both) == pytest.approx(1 / np.hypot(0.8, 0.5), abs=0.06)
    assert np.mean([table["p",]["values"][0] for table in tables]) == pytest.approx(5.0 + 2.0 / 0.8, abs=0.1)
    assert {table["p",]["direction"] for table in tables} == {"+"}
    assert {table["q",]["direction"] for table in tables} == {"-"}
    assert tables[0]["p",]["fit"] == pytest.approx(0.89 / 0.98, abs=0.03)


def test_what_does_nothing_cannot_reverse_it_and_no_idle_pair_is_listed():
    rows = reversals.reversal_distance(*drawn(400), NAMES)
    found = by_parameters(rows)
    for name in "rst":
        assert found[name,]["distance"] == np.inf
        assert found[name,]["in_reach"] < 0.05
    assert [row["parameters"] for row in rows if len(row["parameters"]) == 2] == [("p", "q")]
    assert rows[0]["parameters"] == ("p", "q")


def test_a_bend_is_seen():
    """Never below zero on one side, so the reversal lies on the other or nowhere."""
    x = np.random.default_rng(1).uniform(-1, 1, size=(600, 1))
    noise = np.random.default_rng(2).normal(0, 0.05, 600)
    (turned,) = reversals.reversal_distance(x, 0.5 - x[:, 0] ** 2 + noise, ("p",))
    assert turned["distance"] == pytest.approx(np.sqrt(0.5) / x.std(), abs=0.1)
    (never,) = reversals.reversal_distance(x, 0.5 + x[:, 0] ** 2 + noise, ("p",))
    assert never["distance"] == np.inf


@pytest.mark.slow
def test_intervals_hold_the_true_distance():
    held = 0
    for draw in range(40):
        row = by_parameters(reversals.reversal_distance(*drawn(150, draw=[7, draw], noise=0.8), NAMES))["p",]
        centre = drawn(150, draw=[7, draw])[0]
        at, width = (5.0 - centre[:, 0].mean()) / 2.0, centre[:, 0].std() / 2.0
        side = 0.5 * centre[:, 1].mean() / 0.1
        held += row["ci_low"] <= (1.0 + 0.8 * at + side) / 0.8 / width <= row["ci_high"]
    assert exact(held, 40)[1] >= 0.95, held


@pytest.mark.parametrize("columns", [7, 90])
def test_slopes_are_those_of_the_normal_equations_with_few_columns_and_with_many(columns):
    generator = np.random.default_rng(8)
    x, y, weight = generator.normal(size=(40, columns)), generator.normal(size=40), generator.poisson(1.0, 40)
    found = reversals._fitted(x, y, weight, 0.3)
    mean, middle = np.average(x, axis=0, weights=weight), np.average(y, weights=weight)
    inside = (x - mean).T * weight
    slopes = np.linalg.solve(inside @ (x - mean) + 0.3 * weight.sum() * np.eye(columns), inside @ (y - middle))
    np.testing.assert_allclose(found, [middle - mean @ slopes, *slopes], rtol=1e-9, atol=1e-12)


def test_many_parameters_and_few_draws_claim_no_fit():
    x = np.random.default_rng(3).normal(size=(60, 40))
    rows = reversals.reversal_distance(x, np.random.default_rng(4).normal(1.0, 1.0, 60), [f"p{k}" for k in range(40)])
    assert rows[0]["fit"] < 0.2


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda x, y: (x[:20], y[:20]), "at least 30 draws"),
        (lambda x, y: (x, np.where(np.arange(len(y)) == 3, np.nan, y)), "1 parameters or differences are missing"),
        (lambda x, y: (x * [1, 0, 1, 1, 1], y), "q is 0 in every draw"),
        (lambda x, y: (x, 0 * y + 2), "difference is 2 in every draw"),
        (lambda x, y: (x[:, :4], y), "5 parameters need"),
    ],
)
def test_figures_that_cannot_be_used_are_refused(spoil, said):
    with pytest.raises(ValueError, match=said):
        reversals.reversal_distance(*spoil(*drawn(50)), NAMES)


@pytest.mark.parametrize(("driver", "least"), [(0, 8), (100, 7)])
def test_what_moves_a_difference_is_found_among_hundreds_whether_it_belongs_to_the_two_measures_or_not(driver, least):
    """A difference of 1 - 0.8 p, half of its spread; the first eight of 343 parameters are the measures' own."""
    told, fits = 0, []
    names = [f"p{k}" for k in range(343)]
    for draw in range(10):
        keyed = np.random.default_rng([11, draw])
        x = keyed.normal(size=(128, 343))
        y = 1.0 - 0.8 * x[:, driver] + 0.8 * keyed.normal(size=128)
        row = reversals.reversal_distance(x, y, names, own=set(names[:8]))[0]
        told += f"p{driver}" in row["parameters"] and row["by_chance"] <= 0.05 and row["in_reach"] >= reversals.SURE
        fits.append(row["fit"])
    assert told >= least, told
    assert np.mean(fits) == pytest.approx(0.4, abs=0.15)


def test_a_statement_that_fails_at_the_middle_of_the_draws_is_reversed_there():
    x = np.random.default_rng(3).normal(size=(300, 1))
    y = 0.58 * x[:, 0] ** 2 - 0.3 + np.random.default_rng(4).normal(0, 0.02, 300)  # its mean is above zero
    (row,) = reversals.reversal_distance(x, y, ("p",))
    assert row["distance"] == 0.0
    assert row["in_reach"] == 1.0


@pytest.mark.slow
def test_a_difference_that_nothing_explains_is_explained_by_chance():
    rare = 0
    for draw in range(40):
        keyed = np.random.default_rng([12, draw])
        x, y = keyed.normal(size=(60, 30)), 0.3 + keyed.normal(size=60)
        rare += (
            reversals.reversal_distance(x, y, [f"p{k}" for k in range(30)], own={"p0", "p1"})[0]["by_chance"] <= 0.05
        )
    assert exact(rare, 40)[0] <= 0.05
