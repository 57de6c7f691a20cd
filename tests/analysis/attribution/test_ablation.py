from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.attribution import Problem, ablation

PROBLEM = Problem(("a", "b", "c"), (11, 5, 7, 2), {"y": "higher"})


def with_interaction(coalitions, seeds):
    """a, b, c give 1, 2, 3; a and b together lose 1.5; a seed shifts everything and stretches c."""
    c = coalitions.astype(float)
    shift = np.array([np.random.default_rng([4, s]).normal(size=2) for s in seeds])
    both = c[:, 0] * c[:, 1]
    return (c @ [1, 2, 3] - 1.5 * both + 10 * shift[:, 0] + 0.1 * shift[:, 1] * c[:, 2])[:, None]


def contributions(method):
    design = ablation.sample(PROBLEM, method)
    rows = ablation.analyse(PROBLEM, design, with_interaction(design.coalitions, design.seeds))
    return {row["measure"]: row for row in rows}, design


def test_design_sizes_are_players_and_one_a_seed():
    for method in ablation.METHODS:
        design = ablation.sample(PROBLEM, method)
        assert len(design) == 4 * 4
        assert list(dict.fromkeys(design.seeds)) == [11, 5, 7, 2]


def test_leave_one_out_is_the_contribution_as_the_last_one():
    found, _ = contributions("leave_one_out")
    assert found["a"]["contribution"] == pytest.approx(-0.5)
    assert found["b"]["contribution"] == pytest.approx(0.5)


def test_add_one_in_is_the_contribution_as_the_first_one():
    found, _ = contributions("add_one_in")
    assert found["a"]["contribution"] == pytest.approx(1.0)
    assert found["b"]["contribution"] == pytest.approx(2.0)


def test_interval_is_the_paired_t_interval_over_seeds():
    found, design = contributions("add_one_in")
    values = with_interaction(design.coalitions, design.seeds)[:, 0].reshape(4, 4)
    gain = values[:, 3] - values[:, 0]
    low, high = stats.t.interval(0.95, 3, gain.mean(), stats.sem(gain))
    assert found["c"]["ci_low"] == pytest.approx(low)
    assert found["c"]["ci_high"] == pytest.approx(high)


def test_common_seeds_cancel_what_all_runs_of_a_seed_share():
    found, _ = contributions("leave_one_out")
    assert found["c"]["ci_high"] - found["c"]["ci_low"] < 1.0  # the shared shift has sd 10


def test_unknown_ablation_is_named():
    with pytest.raises(ValueError, match="leave_two_out"):
        ablation.sample(PROBLEM, "leave_two_out")
