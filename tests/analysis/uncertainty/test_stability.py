from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.uncertainty import stability


def table(data, factors, players):
    rows = []
    for at in np.ndindex(*data.shape):
        rows.append({**dict(zip(factors, at[:-1], strict=True)), "measure": players[at[-1]], "contribution": data[at]})
    return rows


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
    """Theory reverses the ranking, town only shifts all measures alike."""
    base = np.array([3.0, 2.0, 1.0])
    data = np.array([[[turn * b + shift for b in base] for shift in (0.0, 5.0, 9.0)] for turn in (1, -1)])
    rows = table(data, ("theory", "town"), "abc")
    theory, town = stability.stability(rows, ("theory", "town"))
    assert theory["tau"] == theory["tau_least"] == -1.0
    assert theory["first_share"] == 0.5
    town_ = stability.stability([r for r in rows if r["theory"] == 0], ("town", "theory")[:1])[0]
    assert town_["tau"] == 1.0
    assert (town_["first"], town_["first_share"]) == ("a", 1.0)
    assert town["levels"] == 3
    for row in stability.statement(rows, ("theory", "town"), "a", "c"):
        if row["factor"] == "theory":
            assert (row["holds"], row["levels"]) == (1, 2)
            assert row["ci_low"] < 0.5 < row["ci_high"]


def test_lower_may_be_better():
    rows = table(np.array([[1.0, 2.0], [1.0, 3.0]]), ("seed",), "ab")
    assert stability.stability(rows, ("seed",), better="lower")[0]["first"] == "a"
    assert stability.statement(rows, ("seed",), "a", "b", better="lower")[0]["share"] == 1.0


def test_refusals():
    rows = table(np.random.default_rng(1).normal(size=(2, 3)), ("seed",), "abc")
    with pytest.raises(ValueError, match="missing"):
        stability.stability(rows[1:], ("seed",))
    with pytest.raises(ValueError, match="'x' is not among those ranked: a, b, c"):
        stability.statement(rows, ("seed",), "a", "x")
    with pytest.raises(ValueError, match="one level only"):
        stability.stability(rows[:3], ("seed",))
    with pytest.raises(ValueError, match="one measure only"):
        stability.stability([r for r in rows if r["measure"] == "a"], ("seed",))
