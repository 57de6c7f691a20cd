from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from scipy import stats

from analysis.uncertainty import stability
from experiments.ranking.questions.variance import array
from tests.benchmarks import shares as counted
from tests.benchmarks.coverage import exact

COLUMNS = ("theory", "town", "unused", "idle", "spare", "last")
FACTORS = {"theory": ["theory"], "town": ["town"], "none": ["unused", "idle"]}


def table(score, levels=5):
    """A row for every cell and player; `score`(cell) gives the players' contributions."""
    cells = [dict(zip(COLUMNS, cell, strict=True)) for cell in array(levels)]
    return [
        {**cell, "measure": player, "contribution": value}
        for cell in cells
        for player, value in zip("abc", score(cell), strict=True)
    ]


def turned(cell):
    """Theories 3 and 4 reverse the ranking, the town only shifts all measures alike."""
    return [(-1.0 if cell["theory"] > 2 else 1.0) * base + 5.0 * cell["town"] for base in (3.0, 2.0, 1.0)]


def test_tau_is_kendalls():
    scores = np.random.default_rng(0).normal(size=(4, 7))
    tau = stability.kendall(scores)
    for i in range(4):
        for j in range(4):
            assert tau[i, j] == pytest.approx(stats.kendalltau(scores[i], scores[j]).statistic)


def test_the_exact_interval_is_that_of_clopper_and_pearson():
    for held, count in ((0, 5), (3, 8), (8, 8)):
        known = stats.binomtest(held, count).proportion_ci(0.95, "exact")
        assert stability.exact_interval(held, count) == pytest.approx((known.low, known.high))


def test_a_factor_that_turns_the_order_round_is_told_from_one_that_does_not():
    theory, town, none = stability.stability(table(turned), FACTORS)
    assert theory["tau_least"] == -1.0
    assert theory["tau"] == pytest.approx(1 - 2 * 6 / 10)  # six of ten pairs of levels are reversed
    assert (theory["first"], theory["first_share"]) == ("a", 0.6)
    for row in (town, none):
        assert (row["tau"], row["levels"], row["first"], row["first_share"]) == (1.0, 5, "a", 1.0)


def test_columns_that_no_source_uses_tell_what_interplay_alone_does():
    keyed = np.random.default_rng(3)
    rows = table(lambda cell: np.array([0.6, 0.3, 0.0]) + keyed.normal(size=3))
    owning = table(lambda cell: np.array([0.6, 0.3, 0.0]) * (4 - 2 * cell["theory"]))
    theory, town, none = stability.stability(rows, FACTORS)
    assert max(row["tau"] for row in (theory, town, none)) < 0.9
    assert abs(none["tau"] - (theory["tau"] + town["tau"]) / 2) < 0.5
    theory, town, none = stability.stability(owning, FACTORS)
    assert theory["tau_least"] == -1.0


def test_an_order_is_counted_over_cells_and_over_the_levels_of_each_source():
    cells, theory, town = stability.order(table(turned), ("theory", "town"), "a", "c", chosen=("town",))
    assert (cells["factor"], cells["cases"], cells["holds"], cells["share"]) == ("cells", 25, 15, 0.6)
    assert (theory["cases"], theory["holds"]) == (5, 3)
    # The theory alone decides: 25 cells say no more than its five levels.
    assert (cells["ci_low"], cells["ci_high"]) == pytest.approx(stability.exact_interval(3, 5))
    assert (theory["ci_low"], theory["ci_high"]) == stability.exact_interval(3, 5)
    assert (town["holds"], town["share"]) == (5, 1.0)
    assert isnan(town["ci_low"]) and isnan(town["ci_high"])  # chosen levels are no draws


def test_where_every_cell_agrees_the_interval_is_that_of_the_levels():
    cells, *_ = stability.order(table(lambda cell: (3, 2, 1)), ("theory", "town"), "a", "b")
    assert (cells["share"], cells["ci_high"]) == (1.0, 1.0)
    assert cells["ci_low"] == pytest.approx(0.025 ** (1 / 5))


@pytest.mark.parametrize("name", counted.ORDERS)
def test_intervals_of_orders_hold_the_true_share(name):
    """150 repeats of seven levels: never surely below 95 %; `python -m tests.benchmarks.shares` counts more."""
    for ahead in (0.7, 1.3):
        _, held, width = counted.order_interval(*counted.ORDERS[name], ahead, 7, 150)
        assert exact(held, 150)[1] >= 0.95
        assert width < 0.65


def test_lower_may_be_better():
    rows = table(lambda cell: (1.0, 2.0, 3.0))
    assert stability.stability(rows, FACTORS, better="lower")[0]["first"] == "a"
    assert stability.order(rows, ("theory", "town"), "a", "b", better="lower")[0]["share"] == 1.0


def test_refusals():
    rows = table(turned)
    with pytest.raises(ValueError, match="missing"):
        stability.stability(rows[1:], FACTORS)
    with pytest.raises(ValueError, match="'x' is not among those ranked: a, b, c"):
        stability.order(rows, ("theory", "town"), "a", "x")
    with pytest.raises(ValueError, match="one measure only"):
        stability.stability([r for r in rows if r["measure"] == "a"], FACTORS)
