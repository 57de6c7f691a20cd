from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.attribution import METHODS, Problem, analyse, sample, scales_of, with_composite

PROBLEM = Problem(("a", "b", "c"), range(6), {"service": "higher", "graft": "lower", "trips": "lower"})


def runs(method="shapley"):
    design = sample(method, PROBLEM)
    noise = np.random.default_rng(0).normal(0, 0.1, (6, 3))[design.seeds]
    return design, design.coalitions @ np.array([[1.0, 0.2, 3.0], [0.5, -0.1, 0.0], [0.0, -0.3, 1.0]]) + noise


def test_a_composite_is_the_weighted_mean_of_standardised_improvements():
    design, values = runs()
    scales = {"service": 2.0, "graft": 0.1}
    problem, more = with_composite(PROBLEM, values, {"service": 3, "graft": 1}, scales)
    assert list(problem.outcomes) == ["service", "graft", "trips", "composite"]
    rows = {(r["outcome"], r["measure"]): r["contribution"] for r in analyse(problem, design, more)}
    for name in PROBLEM.players:
        expected = 0.75 * rows["service", name] / 2.0 - 0.25 * rows["graft", name] / 0.1
        assert rows["composite", name] == pytest.approx(expected)


def test_contributions_to_a_composite_sum_to_the_package_effect():
    design, values = runs()
    problem, more = with_composite(PROBLEM, values, {"service": 1, "graft": 2}, scales_of(PROBLEM, values))
    rows = analyse(problem, design, more)
    size, column = design.coalitions.sum(axis=1), list(problem.outcomes).index("composite")
    effect = more[size == size.max(), column].mean() - more[size == 0, column].mean()
    total = math.fsum(r["contribution"] for r in rows if r["outcome"] == "composite")
    assert total == pytest.approx(effect, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_weight_on_one_outcome_gives_its_order(method):
    design, values = runs(method)
    problem, more = with_composite(PROBLEM, values, {"graft": 1}, scales_of(PROBLEM, values))
    rows = analyse(problem, design, more)
    order = {o: [r["measure"] for r in rows if r["outcome"] == o] for o in problem.outcomes}
    assert order["composite"] == order["graft"]


@pytest.mark.parametrize(
    ("weights", "scales", "said"),
    [
        ({}, {}, "one of them positive"),
        ({"service": -1}, {"service": 1}, "0 or above"),
        ({"votes": 1}, {"votes": 1}, "'votes' has a weight but is not among"),
        ({"service": 1}, {"service": 0.0}, "scale of service is 0"),
        ({"service": 1}, {}, "scale of service is nan"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(weights, scales, said):
    _, values = runs()
    with pytest.raises(ValueError, match=said):
        with_composite(PROBLEM, values, weights, scales)
