"""What every measure does to every indicator: the same numbers as the ranking's, from runs that are there anyway."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import compare, rank
from experiments.output.effects_by_indicator import COLUMNS, effect_rows

from .finished import SMALL, rows

NAMES = ["service_efficiency", "satisfaction"]


def test_what_chance_adds_is_taken_out_where_draws_were_run_twice():
    rng = np.random.default_rng(4)
    draws = rng.normal(2.0, 1.0, size=(40_000, 1))
    once, twice = (draws + rng.normal(0.0, 2.0, size=draws.shape) for _ in range(2))
    (row,) = effect_rows("m", NAMES[:1], once, twice[:20_000], True, "add_one_in")
    assert row["spread"] == "draws" and tuple(row) == COLUMNS
    assert (row["q95"] - row["q05"]) / (2 * 1.645) == pytest.approx(1.0, abs=0.1)
    (row,) = effect_rows("m", NAMES[:1], once, None, True, "add_one_in")
    assert row["spread"] == "both"
    assert (row["q95"] - row["q05"]) / (2 * 1.645) == pytest.approx(5**0.5, abs=0.1)
    assert effect_rows("m", NAMES[:1], once, None, False, "add_one_in")[0]["spread"] == "chance"


def test_missing_figures_are_left_out_and_a_column_of_them_has_no_row():
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    (row,) = effect_rows("m", NAMES, values, None, False, "add_one_in")
    assert (row["indicator"], row["mean"], row["replicates"]) == ("service_efficiency", 2.0, 2)


@pytest.mark.parametrize("method", ["add_one_in", "leave_one_out", "shapley"])
def test_effects_of_the_outcomes_are_the_contributions_of_the_ranking(method, place, model):
    line = [*SMALL, "replicates=3", "quiet=true"]
    assert rank.main([*line, f"ranking.methods=[{method}]", "output=out"]) == 0
    found = {(r["measure"], r["indicator"]): r for r in rows(place / "out", "indicator_effects")}
    assert {r["method"] for r in found.values()} == {method}
    for row in rows(place / "out", "ranking"):
        own = found[row["measure"], row["outcome"]]
        assert float(own["mean"]) == pytest.approx(float(row["contribution"]), abs=1e-12)
    moved = {row["measure"]: row for row in rows(place / "out", "measures")}
    assert float(moved["one_window"]["hours_low"]) < float(moved["one_window"]["hours_high"])


def test_a_comparison_has_the_effects_of_its_packages(place, model):
    assert compare.main([*SMALL, "experiment=rectification", "replicates=3", "output=out", "quiet=true"]) == 0
    effects = {r["outcome"]: r for r in rows(place / "out", "effects") if r["period"] == "evaluation"}
    for row in rows(place / "out", "indicator_effects"):
        assert row["measure"] == "rectification"
        if row["mean"] and effects[row["indicator"]]["difference"]:
            assert float(row["mean"]) == pytest.approx(float(effects[row["indicator"]]["difference"]), abs=1e-9)
