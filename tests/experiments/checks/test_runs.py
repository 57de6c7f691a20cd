"""Paired t, and cells of the tables."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.checks.runs import figures, paired_t, printed, table
from sim import run
from sim.inputs.settings import setting


def test_paired_t_is_that_of_the_textbook():
    base, other = np.array([1.0, 2.0, 4.0, 3.0]), np.array([1.5, 2.2, 4.1, 3.9])
    assert paired_t(base, other) == pytest.approx(stats.ttest_rel(other, base).statistic)


def test_nothing_that_differs_is_0_and_the_same_everywhere_is_infinite():
    base = np.arange(5.0)
    assert paired_t(base, base) == 0.0
    assert paired_t(base, base - 2.0) == -np.inf
    assert np.isnan(paired_t(base, np.array([1.0, 2.0, np.nan, 4.0, 5.0])))


def test_cells():
    assert [printed(x) for x in (0.0, 12_345.6, -0.01234, 3e-6)] == ["0", "+12,346", "−0.0123", "+3.00e−06"]
    assert [printed(x, 2) for x in (99.7, -140.2, 5.16)] == ["+100", "−140", "+5.2"]
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_shared_histories_give_what_single_runs_give(compiled_model):
    low, high = (setting(residents=2_000, weeks=52, burden=burden) for burden in (0.5, 1.5))
    found = figures({"low": low, "high": high, "other town": setting("remote_town", residents=2_000, weeks=52)}, (3, 4))
    alone = high.replace(seed=4)
    assert found["high"]["satisfaction"][1] == run.evaluate(run.branch(run.history(alone), alone))["satisfaction"]
    assert found["low"]["satisfaction"].shape == (2,)
