"""What stays when a measure ends, from figures made up."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.attribution import Problem, persistence

NAMES = ("package", "lasts", "goes", "nothing")
PROBLEM = Problem(NAMES[1:], range(6), {"service": "higher", "diverted": "lower"})
KEPT = {"package": 3.0, "lasts": 1.0, "goes": 2.0, "nothing": 0.0}
ENDED = {"package": 1.5, "lasts": 0.8, "goes": 0.0, "nothing": 0.0}


@pytest.fixture
def values() -> np.ndarray:
    """Figures [seed, name, case, outcome]: known effects, seeds that all cases share, and a little noise."""
    noise = np.random.default_rng(1).normal(0.0, 0.01, (6, len(NAMES), 3))
    cases = np.array([[0.0, KEPT[name], ENDED[name]] for name in NAMES])
    shock = np.arange(6.0)[:, None, None]
    service = 10.0 + shock + cases + noise
    return np.stack([service, 50.0 - service], axis=3)


def test_the_part_that_stays_is_what_is_left_of_what_was_kept(values):
    rows = {(row["outcome"], row["name"]): row for row in persistence.analyse(PROBLEM, NAMES, values, 104)}
    for outcome, sign in (("service", 1.0), ("diverted", -1.0)):
        for name in NAMES:
            row = rows[outcome, name]
            assert row["kept"] == pytest.approx(sign * KEPT[name], abs=0.03)
            assert row["ended"] == pytest.approx(sign * ENDED[name], abs=0.03)
            assert row["lost"] == pytest.approx(row["ended"] - row["kept"], abs=1e-12)
            assert row["kept_low"] <= row["kept"] <= row["kept_high"] and row["weeks"] == 104 and row["seeds"] == 6
        lasts = rows[outcome, "lasts"]
        assert lasts["stays"] == pytest.approx(0.8, abs=0.03)
        assert lasts["stays_low"] < lasts["stays"] < lasts["stays_high"] < lasts["stays_low"] + 0.1
        assert rows[outcome, "package"]["stays"] == pytest.approx(0.5, abs=0.03)
        assert abs(rows[outcome, "goes"]["stays"]) < 0.03
        assert rows[outcome, "lasts"]["kept_verdict"] == "improves"


def test_nothing_is_said_of_what_stays_of_nothing(values):
    rows = [row for row in persistence.analyse(PROBLEM, NAMES, values, 104) if row["name"] == "nothing"]
    assert all(row["kept_verdict"] == "unclear" and math.isnan(row["stays"]) for row in rows)


def test_the_package_stands_first_and_the_best_measure_next(values):
    for outcome in PROBLEM.outcomes:
        rows = [row for row in persistence.analyse(PROBLEM, NAMES, values, 104) if row["outcome"] == outcome]
        assert [row["name"] for row in rows] == ["package", "goes", "lasts", "nothing"]
        assert list(rows[0]) == list(persistence.COLUMNS)


def test_a_missing_figure_is_refused(values):
    values[2, 1, 1, 0] = np.nan
    with pytest.raises(ValueError, match="service is missing"):
        persistence.analyse(PROBLEM, NAMES, values, 104)
