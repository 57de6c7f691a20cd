"""Which source owns the spread, on made-up outcomes whose owner is known."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from experiments import rank
from experiments.ranking.questions.variance import PACKAGE, SOURCES, array, intensity
from sim.inputs.measures import MEASURES
from tests.benchmarks.shares import FACTORS

from .fake_model import BASE, OUTCOMES, SCALE
from .finished import SMALL, read, rows

FEW = list(MEASURES)[:4]
WORDS = [*SMALL, *(f"measures.{id}=0" for id in list(MEASURES)[4:]), "replicates=12", "output=out", "quiet=true"]
WEIGHTS = {
    "seed": lambda setting, use: 1.0 + setting.seed,
    "behaviour": lambda setting, use: setting.parameters["moral_weight"],
    "potency": lambda setting, use: 1.0 + setting.potency if isinstance(setting.potency, int) else 1.0,
    "intensity": lambda setting, use: use.intensity,
}


@pytest.fixture
def weighted(use_model, no_drawing):
    """Function: a model in which measure i adds i + 1 times `weight`(setting, use) to each outcome."""

    def put(weight):
        model = use_model()
        whole = model.evaluate

        def evaluate(records):
            setting = records["setting"]
            added = sum((FEW.index(use.id) + 1) * weight(setting, use) for use in setting.measures)
            return {**whole(records), **{name: BASE[name] + SCALE[name] * added for name in OUTCOMES}}

        model.evaluate = evaluate
        return model

    return put


@pytest.mark.parametrize("levels", SOURCES)
def test_two_levels_of_two_columns_meet_in_exactly_one_cell(levels):
    cells = array(levels)
    assert len(cells) == levels**2
    for one, other in combinations(zip(*cells, strict=True), 2):
        assert len(set(zip(one, other, strict=True))) == levels**2
    assert len(cells[0]) == levels + 1


def test_intensities_are_evenly_spaced_and_stand_for_half_to_all():
    assert [intensity(level, 5) for level in range(5)] == pytest.approx([0.55, 0.65, 0.75, 0.85, 0.95])


@pytest.mark.parametrize("owner", FACTORS)
def test_the_source_that_moves_the_effect_owns_all_of_its_spread(owner, place, weighted):
    weighted(WEIGHTS[owner])
    assert rank.main([*WORDS, "behaviour=average", "ranking.variance=5"]) == 0
    found = rows(place / "out", "variance")
    assert {row["outcome"] for row in found} == set(OUTCOMES)
    assert {row["measure"] for row in found} == {PACKAGE, *FEW}
    assert {row["factor"] for row in found} == {*FACTORS, "together"}
    for row in found:
        assert float(row["share"]) == pytest.approx(float(row["factor"] == owner), abs=1e-6), row
    for row in rows(place / "out", "stability"):
        assert float(row["tau"]) == 1.0
        assert row["first"] == FEW[-1]


@pytest.mark.parametrize("experiment", ["dials_ranking", "dials_range"])
def test_of_a_lever_the_intensity_is_how_far_it_is_turned_and_potency_is_no_source(
    experiment, place, use_model, no_drawing
):
    use_model()  # an outcome is linear in the value of a lever
    words = [*SMALL, f"experiment={experiment}", "ranking.methods=[shapley]", "replicates=3", "ranking.variance=5"]
    assert rank.main([*words, "behaviour=average", "output=out", "quiet=true"]) == 0
    found = rows(place / "out", "variance")
    assert {row["measure"] for row in found} == {PACKAGE, "tolerance", "burden", "supervision"}
    assert {row["factor"] for row in found} == {*FACTORS, "together"} - {"potency"}
    for row in found:
        assert float(row["share"]) == pytest.approx(float(row["factor"] == "intensity"), abs=1e-6), row
    record = read(place / "out", "provenance.json")["ranking"]
    ends = record.get("ranges", {"burden": (1.0, 0.6)})["burden"]
    turns = [(ends[1] - ends[0]) * intensity(level, 5) for level in range(5)]
    for row in found:
        if (row["measure"], row["factor"]) == ("burden", "intensity"):
            assert float(row["deviation"]) == pytest.approx(abs(SCALE[row["outcome"]]) * np.std(turns))


def test_a_source_that_turns_the_order_round_is_told_from_those_that_do_not(place, weighted):
    weighted(lambda setting, use: -1.0 if setting.potency == 1 else 1.0)
    assert rank.main([*WORDS, "ranking.variance=5"]) == 0
    found = {row["factor"]: row for row in rows(place / "out", "stability") if row["outcome"] == "satisfaction"}
    assert set(found) == {*FACTORS, "none"} - {"behaviour"}  # without a set there are three sources
    assert float(found["potency"]["tau_least"]) == -1.0
    assert float(found["potency"]["tau"]) == pytest.approx(1 - 2 * 4 / 10)  # four of ten pairs of levels are reversed
    for other in ("seed", "intensity", "none"):
        assert float(found[other]["tau_least"]) == 1.0
    orders = [row for row in rows(place / "out", "orders") if row["outcome"] == "satisfaction"]
    assert len(orders) == 3 * 4  # four tiers; all cells and three sources
    for row in orders:
        assert FEW.index(row["upper"]) == FEW.index(row["lower"]) + 1
        held = {"cells": ("20", "25"), "potency": ("4", "5")}.get(row["factor"], ("5", "5"))
        assert (row["holds"], row["cases"]) == held
        assert (row["ci_low"] == "") == (row["factor"] == "intensity")


def test_a_composite_is_divided_like_any_outcome_with_the_scales_of_the_ranking(place, weighted):
    weighted(lambda setting, use: 1.0 + setting.seed + use.intensity)
    weights = {"service_efficiency": 3, "micro_corruption": 1}
    asked = [f"ranking.composite.{name}={weight}" for name, weight in weights.items()]
    assert rank.main([*WORDS, "ranking.variance=5", *asked]) == 0
    summary = read(place / "out", "summary.json")
    found = {(row["outcome"], row["measure"], row["factor"]): row for row in rows(place / "out", "variance")}
    for measure in (PACKAGE, *FEW):
        for factor in ("seed", "potency", "intensity", "together"):
            # the weighed outcomes improve together, so that the spreads of their effects add up
            parts = [
                summary[f"composite_weight_{name}"]
                * float(found[name, measure, factor]["deviation"])
                / summary[f"composite_scale_{name}"]
                for name in weights
            ]
            assert float(found["composite", measure, factor]["deviation"]) == pytest.approx(sum(parts), abs=1e-6)
    assert float(found["composite", PACKAGE, "seed"]["deviation"]) > 0.1
    for table in ("stability", "orders"):
        assert "composite" in {row["outcome"] for row in rows(place / "out", table)}


def test_runs_are_those_of_the_cells_and_nothing_is_run_once_for_a_seed(place, model):
    assert rank.main([*WORDS]) == 0
    before = model.calls["branch"]
    assert rank.main([*WORDS, "ranking.variance=5", "store=other"]) == 0
    # All five seeds have been run without measures by the ranking itself.
    assert model.calls["branch"] == before + before + 5 * 5 * (len(FEW) + 1)


def test_a_failed_run_of_a_cell_fails_the_job(place, use_model, no_drawing, capfd):
    def fail(kind, setting, attempt):
        if kind == "branch" and setting.potency == 1:
            raise ValueError("broken on purpose")

    use_model(fail=fail)
    assert rank.main([*WORDS, "ranking.variance=5"]) == 1
    assert "broken on purpose" in capfd.readouterr().err
    failed = (place / "out" / "failures.csv").read_text(encoding="utf-8")
    assert "variance/0/0/1/" in failed
    assert not (place / "out" / "tables" / "variance.csv").exists()


def test_what_never_moves_is_said_and_left_out(place, weighted, capfd):
    weighted(lambda setting, use: 1.0 if use.id == FEW[0] else 1.0 + setting.seed)
    assert rank.main([*WORDS, "ranking.variance=5"]) == 0
    assert {row["measure"] for row in rows(place / "out", "variance")} == {PACKAGE, *FEW[1:]}
    assert f"Not in the sources of satisfaction: {FEW[0]}; effect is" in capfd.readouterr().err


def test_more_levels_than_draws_are_refused(place, model, capfd):
    from experiments.study.behaviour import read_set, write_set

    draws = read_set("average").draws
    write_set(place, "four", dict(list(draws.items())[:4]), {})
    words = ["replicates=4" if word.startswith("replicates") else word for word in WORDS]
    assert rank.main([*words, "behaviour=four.csv", "ranking.variance=5"]) == 2
    assert "ranking.variance: 5 given, at most the 4 draws of behaviour=four expected" in capfd.readouterr().err
    assert not (place / "out").exists()


def test_of_towns_that_are_sampled_the_town_is_a_source(place, weighted):
    weighted(lambda setting, use: setting.drawn.residents / 1e4)
    words = [word for word in WORDS if not word.startswith("residents=")]
    assert rank.main([*words, "town=sample", "behaviour=average", "ranking.variance=5"]) == 0
    found = rows(place / "out", "variance")
    assert {row["factor"] for row in found} == {"town", *FACTORS, "together"}
    for row in found:
        assert float(row["share"]) == pytest.approx(float(row["factor"] == "town"), abs=1e-6), row
