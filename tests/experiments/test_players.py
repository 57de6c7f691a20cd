"""What is ranked, and on what: levers as players beside measures or alone, and outcomes of the user's choice."""

from __future__ import annotations

import math

import pytest

from experiments import rank, report
from experiments.ensemble.members import DesignKey
from experiments.job import study_of as compose
from experiments.ranking.questions import scenario_discovery
from experiments.ranking.rows import coalition_rows
from experiments.study import keys, ranking_spec
from sim.indicators import INDICATORS, OUTCOMES
from sim.inputs.measures import MEASURES
from sim.inputs.validators import SettingError
from sim.levers import DIALS, LEVERS

from .fake_model import SCALE
from .finished import read, rows

DIALS_ONLY = ["experiment=dials_ranking", "residents=900", "output=out", "quiet=true"]
BRIEF = ["weeks=60", "replicates=3", "output=out"]
TURNED = {"tolerance": 0.6, "burden": 0.6, "supervision": 0.2}  # as in configs/experiment/dials_ranking.yaml
TWO = list(MEASURES)[:2]
MIXED = f"""
settings:
  today: {{}}
  both:
    measures: {{{TWO[0]}: 1, {TWO[1]}: 0.5}}
    tolerance: 0.6
    levers: {{attention: 5, amplification: {{value: 0.7, start: 10}}}}
ranking: {{setting: both, levers: [amplification, tolerance]}}
"""


def number(row, key):
    return float(row[key])


@pytest.fixture
def mixed(place):
    (place / "mixed.yaml").write_text(MIXED, encoding="utf-8")
    return ["experiment=mixed.yaml", "residents=900", "quiet=true"]


# levers as players


def test_dials_alone_are_ranked_by_every_method_with_the_known_answer(place, model):
    words = ["replicates=128", "ranking.methods=[shapley,leave_one_out,add_one_in,morris,sobol]"]
    assert rank.main([*DIALS_ONLY, "weeks=60", *words]) == 0
    ranking = rows(place / "out", "ranking")
    for row in ranking:  # in the stand-in a lever adds its value less 1, whatever else is in force
        if row["method"] in ("shapley", "leave_one_out", "add_one_in", "morris"):
            wanted = SCALE[row["outcome"]] * (TURNED[row["measure"]] - 1.0)
            assert number(row, "contribution") == pytest.approx(wanted, abs=1e-9)
    assert {row["measure"] for row in ranking} == set(DIALS)
    assert {row["method"] for row in ranking} >= {"morris_strength", "sobol_first", "sobol_total"}
    assert read(place / "out", "provenance.json")["ranking"]["levers"] == list(compose("rank", {
        "experiment": "dials_ranking"}).ranking.levers)  # fmt: skip


def test_without_its_player_a_lever_keeps_the_towns_own_value_and_what_is_no_player_is_held(
    mixed, use_model, no_drawing
):
    model, seen = use_model(), set()
    model.fail = lambda kind, setting, attempt: seen.add(
        (setting.seed, tuple(u.id for u in setting.measures), setting.levers) if kind == "branch" else None
    )
    assert rank.main([*mixed, *BRIEF]) == 0
    study = compose("rank", {"experiment": "mixed.yaml"})
    assert study.players == (*TWO, "amplification", "tolerance")  # measures, then levers as in the table of levers
    ranked = study.settings["both"]
    held = {change for change in ranked.levers if change.id == "attention"}
    found = {levers for _, _, levers in filter(None, seen) if levers}
    changes = {change.id: change for change in ranked.levers}
    for levers in found:
        assert held <= set(levers)
        assert all(change == changes[change.id] for change in levers)
    assert {frozenset(c.id for c in levers) - {"attention"} for levers in found} >= {
        frozenset(), frozenset({"tolerance"}), frozenset({"amplification"}), frozenset({"tolerance", "amplification"})
    }  # fmt: skip


def test_the_comparison_shares_the_empty_package_only_where_nothing_is_held(mixed, place, model):
    rank.main([*mixed, *BRIEF[:2], "ranking.levers=all", "output=all"])
    rank.main([*mixed, *BRIEF])
    record, plain = (read(place / folder, "provenance.json") for folder in ("all", "out"))
    assert record["runs"] == len(rows(place / "all", "coalitions"))
    assert plain["runs"] == len(rows(place / "out", "coalitions")) + 3  # today lacks the lever that is held
    for name in OUTCOMES:
        summary = read(place / "all", "summary.json")
        both = summary[f"{name}__both"] - summary[f"{name}__today"]
        assert both == pytest.approx(summary[f"package_effect_{name}"], abs=1e-12)


def test_names_say_what_is_a_lever_and_tell_it_from_a_measure_of_the_same_name(mixed, place, model):
    rank.main([*mixed, *BRIEF, "ranking.levers=all"])
    text = (place / "out" / "tables" / "names.csv").read_text(encoding="utf-8-sig").splitlines()
    named = {line.split(",")[1]: line.split(",") for line in text[1:]}
    assert named["attention"][0] == "lever" and named[TWO[0]][0] == "measure"
    assert named["attention"][3:] == [LEVERS["attention"].label_en, LEVERS["attention"].label_zh]
    assert named["tolerance"][3] == "Tolerance of honest error (lever)" != named["error_tolerance"][3]


def test_costs_and_packages_are_of_measures_only_and_hold_the_levers(mixed, place, use_model, no_drawing):
    model, seen = use_model(), []
    model.fail = lambda kind, setting, attempt: seen.append(setting) if kind == "branch" else None
    assert rank.main([*mixed, *BRIEF, "ranking.budgets=2"]) == 0
    assert {row["measure"] for row in rows(place / "out", "cost_effectiveness")} == set(TWO)
    packages = rows(place / "out", "packages")
    assert {id for row in packages for id in row["measures"].split()} <= set(TWO)
    for row in packages:  # the stand-in is additive
        assert number(row, "effect") == pytest.approx(number(row, "expected"), rel=0.2, abs=0.01)
    fresh = [setting for setting in seen if setting.seed >= 3]
    assert fresh and all(len(setting.levers) == 3 for setting in fresh)


def test_a_lever_starts_late_like_a_measure_and_only_measures_have_a_cheapest(mixed, place, use_model, no_drawing):
    model, seen = use_model(), []
    model.fail = lambda kind, setting, attempt: seen.append(setting) if kind == "branch" else None
    assert rank.main([*mixed, "weeks=104", *BRIEF[1:], "ranking.timing=3"]) == 0
    table = rows(place / "out", "timing")
    assert {row["name"] for row in table if row["kind"] == "delay"} == {*TWO, "tolerance", "amplification"}
    assert "cheapest_first" in {row["name"] for row in table}
    starts = {next(c.start for c in s.levers if c.id == "amplification") for s in seen if s.seed >= 3}
    assert {10, 10 + 26} <= starts
    assert rank.main([*DIALS_ONLY, "replicates=3", "weeks=104", "ranking.timing=3"]) == 0
    assert "cheapest_first" not in {row["name"] for row in rows(place / "out", "timing")}


def test_a_condition_of_backfiring_says_lever_where_a_lever_is_the_company():
    import numpy as np

    from analysis.attribution import Problem, sample
    from analysis.report.sections.scenario_discovery import rule_text
    from analysis.words import Reader

    problem = Problem(("one_window", "tolerance", "burden"), range(200), {"quality": "higher"})
    design = sample("shapley", problem)
    one, tolerance = design.coalitions[:, 0], design.coalitions[:, 1]
    values = (one - 3.0 * one * tolerance)[:, None]  # the window hurts beside the lever only
    found = scenario_discovery.rules_of(
        problem, scenario_discovery.of_walks(problem, design, values, (), ((), np.empty((200, 0))))
    )
    (limits,) = {row["limits"] for row in found if row["measure"] == "one_window"}
    assert limits == "levers.tolerance in force"
    assert "leniency" in rule_text(limits, Reader("en", labels={"tolerance": {"en": "Leniency", "zh": "容错"}}))


def test_a_measure_named_like_a_ranked_lever_is_refused():
    from types import SimpleNamespace

    ranked = SimpleNamespace(measures=[SimpleNamespace(id="tolerance")], levers=[SimpleNamespace(id="tolerance")])
    with pytest.raises(SettingError, match=r"^x\.yaml, ranking\.levers: tolerance is also a measure of this"):
        ranking_spec.levers("all", "x.yaml", ranked)


# groups of players


def test_groups_are_screened_as_one_beside_those_in_none(mixed, place, model):
    groups = f"ranking.groups.soft=[{TWO[1]}, amplification]"
    assert rank.main([*mixed, *BRIEF, "ranking.methods=[add_one_in]", groups]) == 0
    found = {(row["outcome"], row["measure"]): row for row in rows(place / "out", "groups")}
    assert {measure for _, measure in found} == {TWO[0], "soft", "tolerance"}
    assert {row["method"] for row in found.values()} == {"morris_strength"}
    assert all(number(row, "contribution") >= 0.0 for row in found.values())
    record = read(place / "out", "provenance.json")["ranking"]
    assert record["groups"] == {"soft": [TWO[1], "amplification"]}


@pytest.mark.parametrize(("given", "said"), [
    (["ranking.groups.a=publicity"], "command line, ranking.groups.a: 'publicity' given, a list of ranked measures"),
    (["ranking.groups.a=[nobody]"], "nobody"),
    ([f"ranking.groups.a=[{TWO[0]}]"], "two or more ranked measures and levers expected"),
    ([f"ranking.groups.{TWO[0]}=[{TWO[1]}, tolerance]"], "is ranked itself, another name for the group expected"),
    (
        [f"ranking.groups.a=[{TWO[0]}, tolerance]", f"ranking.groups.b=[{TWO[0]}, amplification]"],
        "is in another group too",
    ),
    ([f"ranking.groups.a=[{TWO[0]}, {TWO[1]}, amplification, tolerance]"], "all are in a, at least two to compare"),
])  # fmt: skip
def test_groups_that_cannot_be_are_refused(mixed, capfd, given, said):
    assert rank.main([*mixed, *BRIEF, *given]) == 2
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert said in line and line.startswith("command line, ranking.groups")


# who is among the first


def test_the_chances_of_the_first_places_add_up_for_each_outcome(mixed, place, model):
    assert rank.main([*mixed, *BRIEF]) == 0
    found = rows(place / "out", "among_first")
    assert {row["places"] for row in found} == {"1", "3"}  # four players: five places are no question
    for outcome in OUTCOMES:
        for count in (1, 3):
            own = [number(r, "probability") for r in found if r["outcome"] == outcome and r["places"] == str(count)]
            assert len(own) == 4 and math.isclose(sum(own), count)


# outcomes of one's choice


def test_the_chosen_outcomes_are_those_of_every_table(mixed, place, model, capfd):
    words = [
        "ranking.outcomes=[satisfaction, wrong_closures, micro_corruption]", "ranking.composite.micro_corruption=1",
        "ranking.levers=all", "weeks=60", "replicates=12", "output=out", "ranking.budgets=1",
        "ranking.timing=3", "ranking.interactions=3",
        "ranking.circumstances=3", "ranking.sources=5", "ranking.until.half_width=9", "ranking.until.most=20",
    ]  # fmt: skip
    assert rank.main([*mixed, *words]) == 0
    assert "wrong_closures is missing" in capfd.readouterr().err
    for table in ("ranking", "package_effect", "ties", "cost_effectiveness", "packages", "timing", "interactions",
                  "circumstances", "statements", "sources", "unranked"):  # fmt: skip
        path = place / "out" / "tables" / f"{table}.csv"
        assert path.is_file() or table == "ties"
        if path.is_file():
            found = {row["outcome"] for row in rows(place / "out", table)}
            allowed = {"satisfaction", "micro_corruption", "composite", "wrong_closures"}
            assert found <= allowed, table
            assert table == "unranked" or "micro_corruption" in found or table in ("ties", "sources"), table
    assert {row["outcome"] for row in rows(place / "out", "unranked")} == {"wrong_closures"}
    assert list(rows(place / "out", "coalitions")[0])[-4:] == [
        "satisfaction", "wrong_closures", "micro_corruption", "composite"
    ]  # fmt: skip
    record = read(place / "out", "provenance.json")["ranking"]
    assert record["outcomes"] == ["satisfaction", "wrong_closures", "micro_corruption"]
    assert record["until"]["outcome"] == "satisfaction"  # the first one


def test_all_are_those_with_a_direction_and_the_headline_ones_come_first():
    study = compose("rank", {"ranking.outcomes": "all"})
    assert study.ranking.outcomes[:3] == OUTCOMES == keys.HEADLINE
    assert set(study.ranking.outcomes) == {i.id for i in INDICATORS.values() if i.better in ("higher", "lower")}
    assert compose("rank", {}).ranking.outcomes == OUTCOMES
    assert compose("rank", {"ranking.outcomes": ["petitions", "petitions"]}).ranking.outcomes == ("petitions",)


def test_a_lever_and_an_outcome_of_one_name_have_columns_of_their_own():
    from types import SimpleNamespace

    import numpy as np

    member = SimpleNamespace(key=DesignKey(levels=(1, 0)), seed=7)
    (row,) = coalition_rows(("amplification", "burden"), ["amplification"], [member], np.array([[0.7]]))
    assert row == {"seed": 7, "levers.amplification": 1, "burden": 0, "amplification": 0.7}


def test_every_unit_of_an_outcome_has_a_chinese_name():
    from analysis.words.quantities import quantity

    for indicator in INDICATORS.values():
        if indicator.better in ("higher", "lower"):
            assert not any(c.isascii() and c.isalpha() for c in quantity(indicator.unit, "zh").change_unit), indicator


def test_a_ranking_of_dials_in_a_tiny_town_on_many_outcomes_from_runs_to_page(place, compiled_model, capfd):
    named = ["trips_per_case", "service_efficiency", "skill", "compliance_share", "fatigue", "response_days"]
    words = ["experiment=dials_ranking", "town=demo_village", "residents=300", "weeks=52", "replicates=4", "output=out"]
    assert rank.main([*words, f"ranking.outcomes=[{', '.join(named)}]", "ranking.methods=[shapley]"]) == 0
    out = capfd.readouterr().out
    ranked = {row["outcome"] for row in rows(place / "out", "ranking")}
    assert set(named) - {"response_days"} <= ranked
    assert f"of {len(ranked)} ranked outcomes" in out and "measure or lever" in out
    summary = read(place / "out", "summary.json")
    for name in ranked:
        own = [number(row, "contribution") for row in rows(place / "out", "ranking") if row["outcome"] == name]
        effect = summary[f"package_effect_{name}"]
        assert math.fsum(own) == pytest.approx(effect, abs=1e-9)
        assert effect == pytest.approx(summary[f"{name}__together"] - summary[f"{name}__today"], abs=1e-9)
    assert number(next(r for r in rows(place / "out", "ranking") if r["outcome"] == "compliance_share"), "rank") == 1
    figures = {path.stem for path in (place / "out" / "figures").glob("*.png")}
    assert {"ranking", "ranking_fatigue"} <= figures and "ranking_skill" not in figures
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert "The other outcomes" in page and "Ranked like measures: " in page
    assert report.main(["from=out", "language=zh"]) == 0
    again = (place / "out" / "report_zh.html").read_text(encoding="utf-8")
    assert "其余各项结果" in again and "与措施一样参加排序的还有" in again
    assert LEVERS["burden"].label_zh in again


def test_only_the_named_measures_are_ranked_and_the_others_are_left_out():
    named = ["one_window", "burden_relief"]
    study = compose("rank", {"ranking.measures": named})
    assert set(study.players) == set(named) == {use.id for use in study.ranked.measures}
    assert len(compose("rank", {}).players) > 2
    for given, said in (([*named, "one_windw"], "did you mean one_window"), ("one_window", "a list"), ([], "a list")):
        with pytest.raises(SettingError, match=said):
            compose("rank", {"ranking.measures": given})


def test_a_mapping_on_the_line_replaces_the_measures_of_one_setting():
    study = compose("rank", {"settings.rectification.measures": {"one_window": 1, "burden_relief": 0.5}})
    assert {use.id: use.intensity for use in study.ranked.measures} == {"one_window": 1, "burden_relief": 0.5}
