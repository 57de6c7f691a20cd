"""No one setting of the dials is best for all, as experiments/checks/dials.py shows it in docs/checks/dials.md."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.checks.dials import GRID, apart, best_points, points, regrets
from experiments.checks.runs import DOCS, figures
from sim.indicators import OUTCOMES
from sim.levers import DIALS, LEVERS


def made_up(**means):
    """Figures of one point: eight seeds with the same noise at every point."""
    noise = np.linspace(-0.01, 0.01, 8)
    return {outcome: means[outcome] + noise for outcome in OUTCOMES}


def test_regret_is_what_is_lost_at_anothers_best_point():
    grid = {
        (0.0,): made_up(service_efficiency=0.9, micro_corruption=0.05, satisfaction=50.0),
        (1.0,): made_up(service_efficiency=0.7, micro_corruption=0.01, satisfaction=50.0),
    }
    best = best_points(grid)
    assert (best["service_efficiency"], best["micro_corruption"]) == ((0.0,), (1.0,))
    loss = {(row.best_for, row.outcome): row.loss for row in regrets(best, grid)}
    assert loss["service_efficiency", "micro_corruption"].mean == pytest.approx(0.04)
    assert loss["micro_corruption", "service_efficiency"].mean == pytest.approx(0.2)
    assert apart(regrets(best, grid))["service_efficiency", "micro_corruption"]


def test_without_a_conflict_there_is_no_regret():
    grid = {
        (0.0,): made_up(service_efficiency=0.9, micro_corruption=0.01, satisfaction=60.0),
        (1.0,): made_up(service_efficiency=0.7, micro_corruption=0.05, satisfaction=50.0),
    }
    rows = regrets(best_points(grid), grid)
    assert [row.loss.mean for row in rows] == [0.0] * 6
    assert not any(apart(rows).values())


def test_a_small_grid_has_no_point_that_is_best_for_all(compiled_model):
    small = {"tolerance": (0.0, 1.0), "burden": (0.0, 0.5, 1.0), "supervision": (0.1, 1.0)}
    settings = points(small, residents=6_000)
    best = best_points(figures(settings, range(8)))
    rows = regrets(best, figures({point: settings[point] for point in set(best.values())}, range(8, 40)))
    assert len(set(best.values())) > 1
    assert any(apart(rows).values())


def test_the_grid_keeps_to_the_bounds_of_the_dials():
    assert tuple(GRID) == DIALS
    for dial, values in GRID.items():
        assert LEVERS[dial].low <= min(values) and max(values) <= LEVERS[dial].high


def test_the_page_shows_the_picture_in_both_languages():
    text = (DOCS / "checks" / "dials.md").read_text(encoding="utf-8")
    for language in ("en", "zh"):
        assert f"../images/dials_pareto_{language}.png" in text
        assert (DOCS / "images" / f"dials_pareto_{language}.png").is_file()
