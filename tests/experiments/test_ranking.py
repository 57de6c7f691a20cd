"""Rankings as jobs: one table of all methods, packages under a budget, and what stays in doubt."""

from __future__ import annotations

import pytest

from experiments import compare, rank, report
from experiments.study import keys
from sim.inputs.measures import MEASURES
from sim.vocabulary import COSTS

from .fake_model import OUTCOMES
from .finished import SMALL, read, rows


def test_a_ranking_has_its_columns_and_shares_its_runs(place, model):
    assert rank.main([*SMALL, "replicates=3", "output=out", "quiet=true"]) == 0
    ranking = rows(place / "out", "ranking")
    assert list(ranking[0]) == [
        "method", "outcome", "measure", "contribution", "ci_low", "ci_high", "rank", "rank_low",
        "rank_high", "runs", "tier", "median", "q05", "q95", "p_better", "p_first", "p_top3", "p_top5", "chance",
        "own_hours",
    ]  # fmt: skip
    assert len(ranking) == 3 * 3 * 19
    assert {row["measure"] for row in ranking} == set(MEASURES)
    members = len(rows(place / "out", "coalitions"))
    assert model.calls["branch"] == members < 3 * (20 + 20 + 38)
    assert 3 <= model.calls["history"] < 12  # two threads at two seeds may make one over


def test_shapley_contributions_add_up_to_the_package_effect(place, model):
    rank.main([*SMALL, "replicates=3", "output=out", "quiet=true"])
    summary = read(place / "out", "summary.json")
    for outcome in OUTCOMES:
        total = sum(
            float(row["contribution"])
            for row in rows(place / "out", "ranking")
            if row["method"] == "shapley" and row["outcome"] == outcome
        )
        effect = summary[f"package_effect_{outcome}"]
        assert total == pytest.approx(effect, abs=1e-12)
        both = summary[f"{outcome}__rectification"] - summary[f"{outcome}__baseline"]
        assert both == pytest.approx(effect, abs=1e-12)


def test_a_ranking_runs_the_comparison_too(place, model):
    words = [*SMALL, "replicates=3", "quiet=true"]
    rank.main([*words, "output=ranked"])
    compare.main([*words, "output=compared"])
    for table in ("effects", "levels", "runs"):
        assert rows(place / "ranked", table) == rows(place / "compared", table)


def test_a_setting_that_is_no_coalition_is_run_beside_the_ranking(place, model):
    words = ["settings.relief.burden=0.5", "ranking.setting=rectification", "replicates=3"]
    assert rank.main([*SMALL, *words, "output=out", "quiet=true"]) == 0
    found = {row["setting"] for row in rows(place / "out", "runs")}
    assert found == {"baseline", "rectification", "relief"}


def test_methods_can_be_chosen(place, model):
    words = ["ranking.methods=[add_one_in]", "replicates=3", "output=out", "quiet=true"]
    assert rank.main([*SMALL, *words]) == 0
    assert {row["method"] for row in rows(place / "out", "ranking")} == {"add_one_in"}
    assert "package_effect_satisfaction" in read(place / "out", "summary.json")


def test_packages_under_a_budget_are_run_again_with_fresh_seeds(place, model):
    words = ["replicates=12", "ranking.budgets=3", "ranking.methods=[shapley]", "output=out", "quiet=true"]
    assert rank.main([*SMALL, *words]) == 0
    packages = rows(place / "out", "packages")
    assert len(packages) == 3 * 2 * 3  # outcomes, currencies, budgets
    for row in packages:
        assert float(row["cost"]) <= float(row["budget"]) * (1 + 1e-9)
        assert row["fresh_seeds"] == "12"
        assert 0.0 <= float(row["within_budget"]) <= 1.0
        # the stand-in is additive, so what is proposed comes true but for the seeds' own noise
        assert float(row["effect"]) == pytest.approx(float(row["expected"]), rel=0.2, abs=0.01)
    assert list(packages[0])[-6:] == ["efficient", "step", "step_low", "step_high", "verdict", "front_share"]
    for row in packages:
        assert (row["step"] != "") == (row["efficient"] == "1") == (row["verdict"] != "")
        assert 0.0 <= float(row["front_share"]) <= 1.0
    for outcome, currency in {(row["outcome"], row["currency"]) for row in packages}:
        own = [row for row in packages if (row["outcome"], row["currency"]) == (outcome, currency)]
        front = {row["measures"]: row for row in own if row["efficient"] == "1"}
        climbed = 0.0
        for row in sorted(front.values(), key=lambda row: float(row["cost"])):
            climbed += float(row["step"])  # steps lead from nothing to the package
            assert float(row["effect"]) == pytest.approx(climbed)
            assert float(row["step_low"]) <= float(row["step"]) <= float(row["step_high"])
    record = read(place / "out", "provenance.json")
    fresh = len({row["measures"] for row in packages} | {""}) * 12
    assert record["runs_beside"]["packages"]["runs"] == fresh
    assert model.calls["branch"] == record["runs"] + fresh
    seeds = {int(row["seed"]) for row in rows(place / "out", "coalitions")}
    assert seeds == set(range(12))
    assert len({row["within_budget"] for row in packages}) > 2
    costs = rows(place / "out", "cost_effectiveness")
    assert {row["measure"] for row in costs} == set(MEASURES)
    assert model.calls["history"] >= 24  # twelve seeds for the ranking, twelve others for the packages


def test_costs_of_measures_go_with_intensity_and_with_cadres():
    from experiments.ranking.questions.packages import costs_of
    from sim.inputs.settings import setting

    measure = MEASURES["one_window"]
    found = costs_of(setting("average", measures={"one_window": 0.5}))["one_window"]
    for k, end in enumerate(("low", "mode", "high")):
        village, township, yuan = (getattr(getattr(measure, name), end) for name in COSTS)
        assert [part[k] for part in found["hours"]] == pytest.approx([26 * 154 * village, 26 * 110 * township])
        assert [part[k] for part in found["yuan"]] == pytest.approx([500 * yuan])
    county = costs_of(setting("county", measures={"one_window": 0.5}))["one_window"]
    assert county["yuan"][0] == pytest.approx([15 * one for one in found["yuan"][0]])


def test_where_all_runs_share_one_draw_of_the_costs_these_are_known():
    from experiments.ranking.questions.packages import costs_of
    from sim.inputs.settings import setting
    from sim.world import policy_of

    words = {"measures": {"one_window": 1.0}}
    mode, drawn = (costs_of(setting(potency=potency, **words))["one_window"] for potency in ("mode", 5))
    assert costs_of(setting(potency="draw", **words))["one_window"] == mode
    policy = policy_of(setting(potency=5, **words))
    hours = [52 * 154 * policy.village_hours[0], 52 * 110 * policy.township_hours[0]]
    assert drawn["hours"] == [pytest.approx((one, one, one)) for one in hours]
    low, likeliest, high = mode["yuan"][0]
    assert low < drawn["yuan"][0][0] == drawn["yuan"][0][2] < high
    assert drawn["yuan"][0][0] != likeliest


def test_in_the_full_ranking_no_draw_comes_twice_and_no_method_is_left_out():
    from experiments.job import study_of as compose
    from experiments.study.keys import METHODS

    study = compose("rank", {"experiment": "full_ranking"})
    assert keys.SOBOL_REPLICATES <= study.replicates <= len(study.draws)
    assert set(study.ranking.methods) == set(METHODS)


def test_all_methods_stand_in_one_table_and_leave_their_doubts(place, model):
    few = [f"measures.{id}=0" for id in list(MEASURES)[4:]]
    words = ["experiment=full_ranking", "replicates=128", "output=out", "quiet=true"]
    assert rank.main([*SMALL, *few, *words]) == 0
    found = {row["method"] for row in rows(place / "out", "ranking")}
    assert found >= {"shapley", "leave_one_out", "add_one_in", "morris", "morris_strength", "sobol_first"}
    flips = rows(place / "out", "reversals")
    assert {row["outcome"] for row in flips} == set(OUTCOMES)
    assert all(row["parameters"] == row["distance"] == "" for row in flips)  # the stand-in reads no parameter


def test_the_jobs_know_the_methods_that_the_analysis_has_and_what_sobol_needs():
    from analysis.attribution import METHODS, RANGE_METHODS, sobol

    assert set(keys.DEFAULT_METHODS) == set(METHODS)
    assert set(keys.METHODS) == {*METHODS, *RANGE_METHODS}
    assert keys.SOBOL_REPLICATES == 2 * sobol.MIN_ROWS


def test_an_outcome_that_never_moves_is_said_and_left_out_of_all_that_follows(place, use_model, no_drawing, capfd):
    model = use_model()
    whole = model.evaluate

    def flat(records):
        return {name: 4.0 if name.startswith("micro") else value for name, value in whole(records).items()}

    model.evaluate = flat
    words = ["replicates=4", "ranking.budgets=2", "output=out", "quiet=true"]
    assert rank.main([*SMALL, *words]) == 0
    assert "micro_corruption is 4 in every run" in capfd.readouterr().err
    left_out = rows(place / "out", "unranked")
    assert {row["method"] for row in left_out} == set(keys.DEFAULT_METHODS)
    assert {(row["outcome"], row["reason"]) for row in left_out} == {("micro_corruption", "constant")}
    for table in ("ranking", "packages", "cost_effectiveness", "ties"):
        assert {row["outcome"] for row in rows(place / "out", table)} <= {"service_efficiency", "satisfaction"}
    assert rows(place / "out", "packages")


def test_where_nothing_can_be_ranked_there_is_one_sentence_and_no_folder(place, use_model, no_drawing, capfd):
    model = use_model()
    whole = model.evaluate
    model.evaluate = lambda records: dict.fromkeys(whole(records), 4.0)
    assert rank.main([*SMALL, "replicates=4", "ranking.budgets=2", "output=out", "quiet=true"]) == 1
    assert "cannot be ranked" in capfd.readouterr().err
    assert not (place / "out").exists()


def test_it_is_said_which_method_could_not_be_used_for_an_outcome_and_why():
    import numpy as np

    from analysis.attribution import Problem, sample
    from experiments.ranking.batch import Designed
    from experiments.ranking.rows import ranking_rows, unranked_rows

    problem = Problem(("a", "b", "c"), range(4), {"quality": "higher", "gap": "higher", "flat": "lower"})
    designs = [sample(method, problem) for method in ("shapley", "morris")]
    values = [np.random.default_rng(1).normal(size=(len(design), 3)) for design in designs]
    for own in values:
        own[:, 2] = 1.0
    values[1][0, 1] = np.nan
    methods = [Designed(problem, design, own) for design, own in zip(designs, values, strict=True)]
    ranking = ranking_rows(problem, methods)
    assert unranked_rows(problem, methods, ranking) == [
        {"method": "shapley", "outcome": "flat", "reason": "constant"},
        {"method": "morris", "outcome": "gap", "reason": "missing"},
        {"method": "morris", "outcome": "flat", "reason": "constant"},
    ]
    quiet = [row for row in ranking if (row["method"], row["outcome"]) != ("shapley", "quality")]
    assert unranked_rows(problem, methods, quiet)[0]["reason"] == "chance"


def test_a_page_of_a_folder_without_tiers_is_refused_in_one_sentence(place, model, capfd):
    assert rank.main([*SMALL, "replicates=3", "output=out", "quiet=true"]) == 0
    table = place / "out" / "tables" / "ranking.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",tier,", ",level,", 1), encoding="utf-8")
    capfd.readouterr()
    assert report.main(["from=out"]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert "ranking.csv: no column tier" in line
