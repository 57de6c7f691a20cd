from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.uncertainty.evppi import natural_spline, value_of_information


def drawn(draws, middle=0.0, draw=0):
    """Two options; the first is better by middle + p + q / 2 and noise, so the values are known."""
    keyed = np.random.default_rng(draw)
    x = keyed.normal(size=(draws, 3))
    return x, np.column_stack([middle + x[:, 0] + 0.5 * x[:, 1] + keyed.normal(size=draws), np.zeros(draws)])


def known(middle, slope):
    """E max(middle + slope z, 0) - max(middle, 0)."""
    z = middle / slope
    return slope * (stats.norm.pdf(z) + z * stats.norm.cdf(z)) - max(middle, 0.0)


@pytest.mark.parametrize("middle", [0.0, 0.4])
def test_the_value_is_that_of_the_normal_case(middle):
    x, effects = drawn(6000, middle)
    found = {row["parameter"]: row for row in value_of_information(x, effects, "pqr", ("A", "B"))}
    for name, slope in (("p", 1.0), ("q", 0.5)):
        assert found[name]["gain"] == pytest.approx(known(middle, slope), abs=0.04)
        assert found[name]["ci_low"] <= known(middle, slope) <= found[name]["ci_high"]
    assert found["r"]["ci_low"] <= 0.0
    assert list(found)[:2] == ["p", "q"]


def test_knowing_what_does_not_matter_is_not_said_to_be_worth_something():
    said = 0
    for draw in range(100):
        x, effects = drawn(200, draw=[1, draw])
        rows = value_of_information(x, effects, "pqr", ("A", "B"))
        said += next(row["ci_low"] > 0.0 for row in rows if row["parameter"] == "r")
    assert said <= 5


def test_a_parameter_that_never_changes_the_choice_is_worth_nothing():
    x, effects = drawn(500, middle=10.0)
    for row in value_of_information(x, effects, "pqr", ("A", "B")):
        assert row["gain"] == 0.0
        assert row["changes"] == 0.0
        assert row["chosen_now"] == "A"


def test_lower_may_be_better():
    x, effects = drawn(3000)
    up = value_of_information(x, effects, "pqr", ("A", "B"))
    down = value_of_information(x, -effects, "pqr", ("A", "B"), better="lower")
    assert [row["gain"] for row in up] == [row["gain"] for row in down]


def test_a_threshold_is_followed_and_so_is_a_parameter_of_two_values():
    keyed = np.random.default_rng(5)
    x = np.column_stack([keyed.uniform(0, 1, 3000), keyed.integers(0, 2, 3000)])
    effects = np.column_stack([np.where(x[:, 0] > 0.7, 3.0, -1.0), np.where(x[:, 1] == 1, 0.5, -0.5)])
    rows = {row["parameter"]: row["gain"] for row in value_of_information(x, effects, "pq", ("A", "B"))}
    # Nothing known: A is worth .2 and B 0. Knowing p: 3 in .3 of the cases, else 0. Knowing q: .5 or .2.
    assert rows["p"] == pytest.approx(0.9 - 0.2, abs=0.1)
    assert rows["q"] == pytest.approx(0.35 - 0.2, abs=0.05)
    assert natural_spline(x[:, 1]).shape == (3000, 2)


def test_figures_that_cannot_be_used_are_refused():
    x, effects = drawn(60)
    with pytest.raises(ValueError, match="with one option"):
        value_of_information(x, effects[:, :1], "pqr", ("A",))
    with pytest.raises(ValueError, match="at least 50 draws"):
        value_of_information(x[:40], effects[:40], "pqr", ("A", "B"))
    with pytest.raises(ValueError, match="not finite"):
        value_of_information(np.where(x > 2, np.nan, x), effects, "pqr", ("A", "B"))
    with pytest.raises(ValueError, match="q is 0 in every draw"):
        value_of_information(x * [1, 0, 1], effects, "pqr", ("A", "B"))
