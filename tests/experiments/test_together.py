"""A ranking that is asked more: a composite, pairs, start weeks, and batches until it is precise enough."""

from __future__ import annotations

import math
import time

import pytest

from experiments import rank, report
from experiments.job import study_of as compose
from experiments.ranking.batch import later
from experiments.ranking.stopping import following
from experiments.study.ranking_spec import StoppingRule
from sim.inputs.measures import MEASURES

from .fake_model import OUTCOMES, SCALE, _unit, level
from .finished import read, rows

FOUR = list(MEASURES)[:4]
REST = ["residents=900", *(f"measures.{id}=0" for id in list(MEASURES)[4:]), "output=out", "quiet=true"]
FEW = ["weeks=60", *REST]


def number(row, key):
    return float(row[key])


# a composite with weights of one's own


def test_a_composite_is_ranked_by_every_method_with_the_same_scales(place, model):
    words = ["ranking.composite={service_efficiency: 3, micro_corruption: 1}", "ranking.budgets=2", "replicates=4"]
    assert rank.main([*FEW, *words]) == 0
    ranking, summary = rows(place / "out", "ranking"), read(place / "out", "summary.json")
    assert summary["composite_weight_service_efficiency"] == 0.75
    scale = {name: summary[f"composite_scale_{name}"] for name in ("service_efficiency", "micro_corruption")}
    found = {(r["method"], r["outcome"], r["measure"]): number(r, "contribution") for r in ranking}
    for method in ("shapley", "leave_one_out", "add_one_in"):
        for measure in FOUR:
            service, diverted = (found[method, name, measure] / scale[name] for name in scale)
            assert found[method, "composite", measure] == pytest.approx(0.75 * service - 0.25 * diverted)
    total = math.fsum(found["shapley", "composite", measure] for measure in FOUR)
    assert total == pytest.approx(summary["package_effect_composite"])
    assert read(place / "out", "provenance.json")["ranking"]["composite"]["service_efficiency"] == 3
    for table in ("package_effect", "packages", "cost_effectiveness"):
        assert "composite" in {row["outcome"] for row in rows(place / "out", table)}
    for row in rows(place / "out", "packages"):  # the stand-in is additive
        assert number(row, "effect") == pytest.approx(number(row, "expected"), rel=0.2, abs=0.2)


def test_weights_of_file_and_line_are_put_together(place):
    (place / "mine.yaml").write_text(
        "settings:\n  none: {}\n  all: {measures: {one_window: 1, publicity: 1}}\n"
        "ranking: {composite: {satisfaction: 1, service_efficiency: 2}}\n",
        encoding="utf-8",
    )
    study = compose("rank", {"experiment": "mine.yaml", "ranking.composite.satisfaction": 5})
    assert study.ranking.composite == {"satisfaction": 5.0, "service_efficiency": 2.0}


def test_a_composite_of_an_outcome_that_never_moves_is_said_and_left_out(place, use_model, no_drawing, capfd):
    model = use_model()
    whole = model.evaluate
    model.evaluate = lambda records: whole(records) | {"micro_corruption": 4.0}
    words = ["ranking.composite={service_efficiency: 1, micro_corruption: 1}", "replicates=3"]
    assert rank.main([*FEW, *words]) == 0
    assert "scale of micro_corruption is 0" in capfd.readouterr().err
    assert {row["outcome"] for row in rows(place / "out", "ranking")} == {"service_efficiency", "satisfaction"}


# pairs


def test_the_one_interaction_of_a_made_up_game_is_found(place, use_model, no_drawing):
    model = use_model()
    whole = model.evaluate

    def joined(records):
        figures = whole(records)
        if {FOUR[0], FOUR[2]} <= {use.id for use in records["setting"].measures}:
            figures["satisfaction"] += 2.0
        return figures

    model.evaluate = joined
    assert rank.main([*FEW, "replicates=6", "ranking.interactions=6"]) == 0
    table = rows(place / "out", "interactions")
    assert len(table) == 3 * 6  # outcomes, pairs
    clear = [row for row in table if row["verdict"] != "unclear"]
    assert [(row["outcome"], row["first"], row["second"]) for row in clear] == [("satisfaction", FOUR[0], FOUR[2])]
    assert number(clear[0], "interaction") == pytest.approx(2.0)
    assert clear[0]["verdict"] in ("helps", "needs")


def test_pairs_share_runs_with_the_ranking_and_have_at_most_its_replicates(place, model):
    assert rank.main([*FEW, "replicates=3", "ranking.methods=[shapley]", "ranking.interactions=50"]) == 0
    assert model.calls["branch"] == len(rows(place / "out", "coalitions"))
    assert model.calls["branch"] < 3 * (8 + 11)
    assert {row["runs"] for row in rows(place / "out", "interactions")} == {str(3 * 11)}
    assert read(place / "out", "provenance.json")["ranking"]["interactions"] == 3


# start weeks


def whole_years(model):
    """The stand-in's first year as the mean of its weeks, so that a late start is felt in it."""
    last = model.evaluate

    def evaluate(records):
        figures, setting = last(records), records["setting"]
        for name in OUTCOMES:
            figures[f"{name}__year1"] = math.fsum(level(setting, name, week) for week in range(52)) / 52
        return figures

    model.evaluate = evaluate
    return model


def test_a_late_start_costs_what_the_measure_would_have_done_meanwhile(place, use_model, no_drawing):
    whole_years(use_model())
    assert rank.main([*REST, "weeks=120", "replicates=3", "ranking.start_weeks=6"]) == 0
    table = rows(place / "out", "start_weeks")
    assert {row["seeds"] for row in table} == {"6"}
    found = {(r["outcome"], r["name"], r["weeks"], r["period"]): r for r in table}
    for outcome in OUTCOMES:
        for measure in FOUR:
            effect = SCALE[outcome] * (_unit(measure, outcome) - 0.2)
            noise = 0.03 * abs(SCALE[outcome])
            for weeks, lost in (("26", 0.5), ("104", 1.0)):
                row = found[outcome, measure, weeks, "year1"]
                assert number(row, "difference") == pytest.approx(-lost * effect, abs=noise)
                late = found[outcome, measure, weeks, "evaluation"]
                assert (number(late, "difference"), late["verdict"]) == (0.0, "unclear")
        first, last = (found[outcome, name, "20", "year1"] for name in ("best_first", "best_last"))
        both = number(found[outcome, "first_or_last", "20", "year1"], "difference")
        assert both == pytest.approx(number(first, "difference") - number(last, "difference"))
        assert (both > 0) == (outcome != "micro_corruption")


def test_start_weeks_have_seeds_of_their_own_and_are_counted_before(place, use_model, no_drawing):
    model = use_model()
    seen = set()
    model.fail = lambda kind, setting, attempt: seen.add((setting.seed, tuple(use.start for use in setting.measures)))
    assert rank.main([*FEW, "replicates=3", "ranking.start_weeks=4", "ranking.methods=[shapley]"]) == 0
    assert {seed for seed, starts in seen if any(starts)} == {3, 4, 5, 6}
    study = compose("rank", {"weeks": 60, **dict.fromkeys((f"measures.{id}" for id in list(MEASURES)[4:]), 0),
                             "replicates": 3, "ranking.start_weeks": 4, "ranking.methods": ["shapley"]})  # fmt: skip
    made = model.calls["branch"] - len(rows(place / "out", "coalitions"))
    assert made <= later(study, 3 * 8) == 4 * (1 + 4 + 6 + 1)


def test_the_estimate_names_what_follows(place, use_model, no_drawing, capfd):
    use_model(wait=lambda: time.sleep(0.001))
    words = [word for word in FEW if word != "quiet=true"]
    assert rank.main([*words, "replicates=3", "ranking.start_weeks=3", "ranking.methods=[shapley]"]) == 0
    assert "; up to 36 more runs follow, about" in capfd.readouterr().err


def test_start_weeks_of_which_runs_failed_are_never_analysed(place, use_model, no_drawing, capfd):
    def fail(kind, setting, attempt):
        if kind == "branch" and any(use.start == 26 for use in setting.measures):
            raise RuntimeError("made to fail")

    use_model(fail=fail)
    assert rank.main([*FEW, "replicates=3", "ranking.start_weeks=3"]) == 1
    assert "made to fail" in capfd.readouterr().err
    assert (place / "out" / "failures.csv").is_file()
    assert [path.name for path in (place / "out" / "tables").iterdir()] == ["finished.csv"]


# until it is precise enough


def half_widths(folder, outcome="service_efficiency"):
    ranking = [r for r in rows(folder, "ranking") if (r["method"], r["outcome"]) == ("shapley", outcome)]
    return [(number(r, "ci_high") - number(r, "ci_low")) / 2 for r in ranking]


def test_a_noisy_game_is_run_until_it_is_known_well_enough(place, model):
    wish = ["replicates=3", "ranking.until.half_width=0.02", "ranking.until.most=64"]
    assert rank.main([*FEW, *wish, "ranking.methods=[shapley]"]) == 0
    summary, record = read(place / "out", "summary.json"), read(place / "out", "provenance.json")
    assert summary["precision_reached"] == 1
    made = int(summary["precision_replicates"])
    assert 3 < made < 64
    assert record["replicates"] == made == len(record["seeds"]["baseline"])
    # percentage points, as the share is printed
    assert summary["precision_half_width"] == pytest.approx(100 * max(half_widths(place / "out")))
    assert summary["precision_half_width"] <= 0.02
    assert {int(r["seed"]) for r in rows(place / "out", "coalitions")} == set(range(made))
    assert model.calls["branch"] == len(rows(place / "out", "coalitions"))  # no run was made twice
    assert len(rows(place / "out", "runs")) == 2 * made


def test_a_wish_out_of_reach_ends_at_the_limit_and_says_so(place, model, capfd):
    wish = ["replicates=3", "ranking.until.half_width=0.00001", "ranking.until.most=7"]
    assert rank.main([*(word for word in FEW if word != "quiet=true"), *wish]) == 0
    summary = read(place / "out", "summary.json")
    assert (summary["precision_reached"], summary["precision_replicates"]) == (0, 7)
    assert summary["precision_half_width"] > 0.00001
    out, err = capfd.readouterr()
    assert "The wanted precision was not reached with 7 replicates" in out
    assert "going on to 6" in err


def test_batches_double_where_the_order_is_asked_about(place, model):
    wish = ["replicates=3", "ranking.until.top=1", "ranking.until.rank_width=1", "ranking.until.most=48"]
    assert rank.main([*FEW, *wish, "ranking.until.outcome=satisfaction"]) == 0
    summary = read(place / "out", "summary.json")
    assert summary["precision_reached"] == 1
    assert summary["precision_replicates"] in (3, 6, 12, 24, 48)
    assert summary["precision_rank_width"] == 1.0
    assert summary["precision_top"] == 3
    assert summary["precision_replicates"] == 3 * 2 ** (summary["precision_batches"] - 1)
    assert summary["precision_askings"] == 5


@pytest.mark.parametrize(("first", "most", "known"), [(3, 6, 2), (9, 210, 6), (10, 11, 2), (10, 20, 2), (10, 21, 3)])
def test_how_often_is_asked_is_known_beforehand(first, most, known):
    assert StoppingRule("satisfaction", first, most, top=1).n_looks == known
    assert StoppingRule("satisfaction", first, most, half_width=1.0).n_looks == 1
    count, asked = first, 1
    while count < most:
        count, asked = min(2 * count, most), asked + 1
    assert asked == known


def test_the_rows_of_sobol_are_extended_two_by_two():
    import numpy as np

    from analysis.attribution import Problem, sample

    def block(count):
        design = sample("sobol", Problem(("a", "b", "c"), range(count), {"y": "higher"}))
        return {(int(s), c.tobytes()) for s, c in zip(design.seeds, np.asarray(design.coalitions, float), strict=True)}

    assert block(128) < block(130)
    values = {
        "experiment": "full_ranking",
        "replicates": 200,
        "ranking.until.half_width": 0.1,
        "ranking.until.most": 220,
    }
    study = compose("rank", values)
    wish = study.ranking.stopping
    assert following(study, wish, {"estimates_more": 11.0}) == 212


# the folder again


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_a_finished_folder_has_the_sections_again(place, use_model, language):
    whole_years(use_model())
    words = ["replicates=3", "ranking.composite={satisfaction: 1, service_efficiency: 1}", "ranking.interactions=3"]
    words += ["ranking.start_weeks=3", "ranking.until.half_width=5", "ranking.until.most=4", f"language={language}"]
    assert rank.main([*FEW, *words]) == 0
    names = {path.name for path in (place / "out" / "figures").iterdir()}
    assert {"start_weeks.png", "interactions_satisfaction.svg", "interactions_composite.pdf"} <= names
    first = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert report.main(["from=out", f"language={language}"]) == 0
    again = (place / "out" / f"report_{language}.html").read_text(encoding="utf-8")
    for id in ("interactions", "start_weeks"):
        assert f'<h2 id="{id}">' in first
        assert f'<h2 id="{id}">' in again
    from analysis.words import words as of

    assert of(language)["outcome_composite"] in first
    assert of(language)["composite_note"][:12] in first
    known = [row for row in rows(place / "out", "names") if row.get("id") == "composite"]
    assert known[0]["label_zh"] == "加权综合"


def test_a_tiny_town_is_asked_everything(place):
    """The model itself, end to end."""
    few = [f"measures.{id}=0" for id in MEASURES if id not in ("one_window", "burden_relief", "asset_platform")]
    words = ["town=demo_village", "weeks=60", "replicates=3", "ranking.methods=[shapley]", "output=out", "quiet=true"]
    words += ["ranking.composite={service_efficiency: 1, satisfaction: 1}", "ranking.interactions=3"]
    words += ["ranking.start_weeks=3", "ranking.until.half_width=0.1", "ranking.until.most=4"]
    assert rank.main([*few, *words]) == 0
    summary = read(place / "out", "summary.json")
    assert summary["precision_reached"] in (0, 1)
    assert len(rows(place / "out", "interactions")) == 4 * 3
    table = rows(place / "out", "start_weeks")
    assert {row["kind"] for row in table} == {"delay", "order"}
    assert any(number(row, "difference") != 0.0 for row in table)
    assert (place / "out" / "report.html").is_file()
