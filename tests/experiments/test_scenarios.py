"""Random scenarios, and the rules for when a measure backfires in them, on made-up outcomes whose answer is known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from experiments import rank, report
from experiments.job import study_of as compose
from experiments.ranking.effect_draws import by_seed
from experiments.ranking.questions import scenario_discovery, scenarios
from experiments.study import contexts
from experiments.study.contexts import TOWNS
from sim import world
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.vocabulary import THEORIES

from .fake_model import BASE, OUTCOMES, SCALE, _unit
from .finished import SMALL, read, rows

FEW = list(MEASURES)[:4]
WORDS = [*SMALL, *(f"measures.{id}=0" for id in list(MEASURES)[4:]), "output=out", "quiet=true"]
ASKED = {"experiment": "quick_ranking", "behaviour": "average", "ranking.scenarios": 200}


def settings(study):
    return [one.setting for one in scenarios.draw_all(study)]


def test_scenarios_move_everything_at_once_and_each_is_the_same_whoever_asks_for_more():
    study = compose("rank", ASKED)
    made = settings(study)
    own = study.ranked
    assert {one.town.id for one in made} == set(TOWNS)
    for question, theories in THEORIES.items():
        assert {one.theory[question] for one in made} == set(theories)
    assert all(one.potency == "draw" for one in made)
    assert [one.seed for one in made] == list(range(own.seed, own.seed + 200))
    assert made[7].parameters == study.draws[7]
    for dial, (low, high) in contexts.SPANS.items():
        values = [next(change.value for change in one.levers if change.id == dial) for one in made]
        assert low <= min(values) < low + 0.1 * (high - low)
        assert high - 0.1 * (high - low) < max(values) <= high
    fewer = settings(compose("rank", {**ASKED, "ranking.scenarios": 100}))
    assert fewer == made[:100]
    assert settings(compose("rank", {"experiment": "quick_ranking"})) == []


def test_a_dial_that_the_setting_changes_and_a_town_of_its_own_stay():
    words = {"experiment": "quick_ranking", "burden": 0.5, "residents": 3000, "ranking.scenarios": 100}
    study = compose("rank", words)
    for one in settings(study):
        assert [change.value for change in one.levers if change.id == "burden"] == [0.5]
        assert one.town.residents == 3000
    names, figures = scenarios.features(study, scenarios.draw_all(study))
    assert "dials.burden" not in names
    assert figures.shape == (100, len(names))
    assert figures[:, [name.startswith("town is") for name in names]].sum(axis=1).tolist() == [1.0] * 100


@pytest.mark.parametrize("experiment", ["dials_ranking", "dials_range"])
def test_of_levers_alone_scenarios_move_how_far_they_are_turned_or_nothing_of_a_range(experiment):
    study = compose("rank", {"experiment": experiment, "ranking.scenarios": 100})
    names, figures = scenarios.features(study, scenarios.draw_all(study))
    assert not any(name.startswith("dials.") for name in names)
    assert ("intensity" in names) == (experiment == "dials_ranking")
    made = scenarios.members(study, SimpleNamespace(players=study.players))
    assert len(made) == 100 * 4
    for k in (0, 57):
        whole = next(one for one in made if one.replicate == k and str(one.key) == "scenarios/111").setting
        none = next(one for one in made if one.replicate == k and str(one.key) == "scenarios/000").setting
        found, left = ({change.id: change.value for change in one.levers} for one in (whole, none))
        assert whole.potency == "mode"  # there is nothing to draw
        if study.ranking.ranges:
            assert (found["burden"], left["burden"]) == (1.5, 0.5)
        else:
            part = figures[k, names.index("intensity")]
            assert found["burden"] == pytest.approx(1.0 + part * (0.6 - 1.0))
            assert left == {}


def test_measures_join_one_by_one_under_the_same_seed():
    study = compose("rank", {**ASKED, "ranking.scenarios": 100})
    made = scenarios.members(study, SimpleNamespace(players=study.players))
    assert len(made) == 100 * (len(study.players) + 1)
    one = [member for member in made if member.replicate == 3]
    assert len({member.setting.history_key for member in one}) == 1
    assert [len(member.base.measures) for member in one] == list(range(len(study.players) + 1))
    assert {member.seed for member in one} == {settings(study)[3].seed}


def test_strengths_are_those_with_which_the_runs_are_made():
    own = setting("average", measures={"one_window": 1}, potency="draw", seed=4)
    names, figures = by_seed(own, 3, ["one_window", "publicity"])
    assert {name.split(".")[1] for name in names} == {"one_window"}  # publicity is not in force
    entries = MEASURES["one_window"].entries
    for k in range(3):
        drawn = world.policy_of(own.replace(seed=4 + k)).entry_value
        for i, entry in enumerate(entries):
            assert figures[k, names.index(f"potency.one_window.{entry.lever}")] == drawn[i]
    assert by_seed(own.replace(potency="mode"), 3, ["one_window"])[0] == ()


def game(model):
    """The first measure does harm in the inspected town, the second under strong supervision, the third by itself.

    The fourth always helps, and mends what the third does.
    """
    whole = model.evaluate

    def evaluate(records):
        one = records["setting"]
        there = {use.id for use in one.measures}
        supervision = next((change.value for change in one.levers if change.id == "supervision"), 0.0)
        sizes = {
            FEW[0]: -2.0 if one.town.id == "inspected" else 3.0,
            FEW[1]: -2.0 if supervision > 0.2 else 3.0,
            FEW[2]: 3.0 if FEW[3] in there else -2.0,
            FEW[3]: 9.0,
        }
        found = whole(records)
        for name in OUTCOMES:
            added = sum(sizes[id] + 0.2 * (_unit(one.seed, id, name) - 0.5) for id in there)
            found[name] = BASE[name] + SCALE[name] * (added + _unit(one.seed, name))
        return found

    model.evaluate = evaluate
    return model


@pytest.fixture
def turning(use_model, no_drawing):
    return game(use_model())


def test_rules_name_the_town_the_dial_and_the_company(place, turning):
    assert rank.main([*WORDS, "replicates=3", "behaviour=average", "ranking.scenarios=200"]) == 0
    found = [row for row in rows(place / "out", "scenario_discovery") if row["rule"] == "1"]
    limits = {(row["outcome"], row["measure"]): row["limits"] for row in found}
    for outcome in OUTCOMES:
        assert limits[outcome, FEW[0]] == "town is inspected"
        dial, above, at = limits[outcome, FEW[1]].split()
        assert (dial, above) == ("dials.supervision", ">=")
        assert float(at) == pytest.approx(0.2, abs=0.02)
        assert (outcome, FEW[3]) not in limits
        assert limits[outcome, FEW[2]] == f"measures.{FEW[3]} not in force"
    assert all(float(row["density"]) > 0.9 and float(row["coverage"]) > 0.8 for row in found)
    assert {row["runs"] for row in found} == {"100"}  # the half on which rules are counted
    assert read(place / "out", "provenance.json")["ranking"]["scenarios"] == 200


def test_without_scenarios_few_replicates_give_no_rules(place, turning):
    assert rank.main([*WORDS, "replicates=3"]) == 0
    assert not (place / "out" / "tables" / "scenario_discovery.csv").exists()


def test_a_composite_backfires_too(place, turning):
    words = ["replicates=3", "ranking.scenarios=100", "ranking.composite={satisfaction: 1, service_efficiency: 1}"]
    assert rank.main([*WORDS, *words]) == 0
    found = {
        row["measure"]: row["limits"]
        for row in rows(place / "out", "scenario_discovery")
        if row["outcome"] == "composite"
    }
    assert found[FEW[0]] == "town is inspected"


def test_an_outcome_that_is_missing_in_some_scenario_has_no_rules_and_is_said(place, turning, capfd):
    whole = turning.evaluate

    def evaluate(records):
        found = whole(records)
        there = records["setting"].town.id == "subdistrict"
        found["wrong_closures"] = float("nan") if there else -found["satisfaction"]
        return found

    turning.evaluate = evaluate
    words = ["ranking.outcomes=[satisfaction, wrong_closures]", "replicates=3", "ranking.scenarios=100"]
    assert rank.main([*WORDS, *words]) == 0
    assert {row["outcome"] for row in rows(place / "out", "ranking")} == {"satisfaction", "wrong_closures"}
    assert {row["outcome"] for row in rows(place / "out", "scenario_discovery")} == {"satisfaction"}
    assert capfd.readouterr().err.count("backfires on wrong_closures: missing in some cases") == 1


def test_features_and_cases_belong_together(place, turning):
    """Each measure's change in each scenario is what its own rule of the game says."""
    kept = {}
    whole = scenario_discovery.rules_of

    def keep(problem, cases):
        kept["cases"] = cases
        return whole(problem, cases)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenario_discovery, "rules_of", keep)
        assert rank.main([*WORDS, "replicates=3", "ranking.scenarios=100"]) == 0
    cases = kept["cases"]
    inspected = cases.said[1][:, cases.said[0].index("town is inspected")] == 1.0
    supervised = cases.said[1][:, cases.said[0].index("dials.supervision")] > 0.2
    mended, late = cases.before[:, 2, 3] == 1.0, cases.before[:, 3, 2] == 1.0
    sizes = [
        np.where(inspected, -2.0, 3.0),
        np.where(supervised, -2.0, 3.0),
        np.where(mended, 3.0, -2.0),
        np.where(late, 14.0, 9.0),
    ]
    for k, name in enumerate(OUTCOMES):
        assert np.abs(cases.change[:, :, k] / SCALE[name] - np.column_stack(sizes)).max() < 0.11


def test_a_dial_has_its_name_on_the_page_also_when_the_page_is_made_again(place, use_model):
    game(use_model())
    assert rank.main([*WORDS, "replicates=3", "ranking.scenarios=100", "language=zh"]) == 0
    first = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert report.main(["from=out", "language=zh"]) == 0
    again = (place / "out" / "report_zh.html").read_text(encoding="utf-8")
    for page in (first, again):
        assert "监督强度 ≥" in page
        assert "supervision ≥" not in page
    assert "lever,supervision," in (place / "out" / "tables" / "names.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(("table", "column"), [("scenario_discovery", "change"), ("ranking", "tier")])
def test_a_folder_without_a_newer_column_is_refused_in_one_sentence(place, turning, capfd, table, column):
    assert rank.main([*WORDS, "replicates=3", "ranking.scenarios=100"]) == 0
    path = place / "out" / "tables" / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(column, "older", 1), encoding="utf-8")
    capfd.readouterr()
    assert report.main(["from=out"]) == 2
    assert f"{table}.csv: no column {column}, made by an older version" in capfd.readouterr().err
