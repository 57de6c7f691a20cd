"""The laws: their files, and a light version of experiments/checks/sanity.py (few draws, a small town, a glance)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.calibration.laws import Found
from experiments.checks import loops, sanity, sanity_figure, sanity_page
from experiments.checks.desks import busy_on_time
from experiments.checks.draws import Draws, observed
from experiments.checks.laws import WHOLE, expanded, merged, read_helps, read_laws, settings_of
from experiments.checks.trial import changes_of, run_trial, verdict_of
from experiments.ensemble.executors import Executor
from experiments.study.behaviour import draw_priors
from experiments.validation import request
from sim.indicators import INDICATORS, OUTCOMES
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.inputs.validators import SettingError
from sim.vocabulary import MECHANISMS

LAWS = read_laws()
MUST = [id for id, law in LAWS.items() if law.must_hold]
LIGHT = [id for id in LAWS if id != "scale"]  # a town of 100,000 is not light
SEEDS, RESIDENTS = 3, 3_000
LARGER = {"money": (8, 10_000)}  # what is left of diversion is skewed: a glance at few people tells nothing


def asked_of(store: Path) -> request.Asked:
    return request.Asked("sanity", {}, "sanity", 0, Executor("threads", 2), str(store), "en", True, store, "")


def test_there_are_ten_laws_in_both_languages_and_four_of_them_must_hold():
    assert [law.number for law in LAWS.values()] == list(range(1, 11))
    assert MUST == ["end", "toll", "money", "squeeze"]
    for law in LAWS.values():
        for words in (law.label, law.statement, *(law.clauses | law.breaks | law.told).values()):
            en, zh = words.get("en", words.get("label_en")), words.get("zh", words.get("label_zh"))
            assert en.isascii() and zh


def test_every_law_but_that_of_users_breaks_with_something_and_every_setting_is_used():
    assert [id for id, law in LAWS.items() if not law.breaks] == ["users"]
    for law in LAWS.values():
        named = {name for one in (*law.clauses.values(), *law.told.values()) for name in settings_of(one)}
        assert named == set(law.settings), law.id


def test_every_setting_of_every_law_can_be_built():
    for law in LAWS.values():
        for change in changes_of(law):
            for name in {name for id in law.concerned(change) for name in settings_of(law.clauses[id])}:
                law.built(name, change, RESIDENTS)
        for name in {name for told in law.told.values() for name in settings_of(told)}:
            law.built(name, "", RESIDENTS)


def test_a_law_that_cannot_be_used_is_refused_by_name(tmp_path):
    import yaml

    given = {
        "number": 1, "must_hold": False, "label_en": "x", "label_zh": "x", "statement_en": "x", "statement_zh": "x",
        "settings": {"a": {}}, "clauses": {"one": {"of": "satisfaction", "sum": {"a": 1}, "above": 0}},
    }  # fmt: skip
    for change, named in (
        ({"clauses": {"one": {"of": "satisfaction", "sum": {"b": 1}, "above": 0}}}, "one.b"),
        ({"clauses": {"one": {"of": "luck", "sum": {"a": 1}, "above": 0}}}, "one.of luck"),
        ({"told": {"two": {"of": "luck", "sum": {"a": 1}}}}, "two.of luck"),
        ({"clauses": {"one": {"of": "satisfaction", "sum": {"a": 1}}}}, "no test"),
        ({"breaks": {"off": {"clauses": ["two"], "change": {}}}}, "breaks.off.two"),
        ({"wihtout": 1}, "wihtout"),
    ):
        (tmp_path / "one.yaml").write_text(yaml.safe_dump({**given, **change}), encoding="utf-8")
        with pytest.raises(SettingError, match=named):
            read_laws(tmp_path)


def test_a_change_is_laid_over_a_setting_group_by_group():
    setting = {"supervision": 1.0, "facts": {"switches": {"a": 1}}, "levers": {"exposure": 0.5}}
    change = {"facts": {"switches": {"b": 0}}, "levers": {"error_shelter": 0.0}}
    assert merged(setting, change) == {
        "supervision": 1.0,
        "facts": {"switches": {"a": 1, "b": 0}},
        "levers": {"exposure": 0.5, "error_shelter": 0.0},
    }
    assert expanded({"package": 1, "measures": {"publicity": 0.5}})["measures"]["publicity"] == 0.5
    assert len(expanded({"package": 1})["measures"]) == len(MEASURES)


def test_helps_name_an_indicator_a_route_and_a_headline():
    for id, given in read_helps().items():
        assert given["indicator"] in INDICATORS and given["outcome"] in OUTCOMES, id
        assert set(given["route"]) <= set(MECHANISMS)
        assert given["route_en"].isascii() and not given["route_zh"].isascii()


def test_observed_targets_only_are_screened_for():
    assert {record["standing"] for record in observed().records.values()} <= {"observed", "derived"}
    assert observed().records


def roughly(clause, there: Found) -> bool:
    """Whether a clause holds at a glance, for a few draws and seeds: its mean on the right side, or most draws."""
    mean = float(np.nanmean(there.effect))
    if "above" in clause:
        return mean > clause["above"]
    if "below" in clause:
        return mean < clause["below"]
    return 2 * there.count > there.asked


@pytest.fixture(scope="module")
def trial(tmp_path_factory, compiled_model):
    draws = dict(enumerate([{}, *draw_priors([0, 1])]))
    store = tmp_path_factory.mktemp("laws") / "store"
    small = run_trial(asked_of(store), {id: LAWS[id] for id in LIGHT if id not in LARGER}, draws, SEEDS, RESIDENTS)
    others = {id: run_trial(asked_of(store), {id: LAWS[id]}, draws, *LARGER[id]) for id in LARGER}
    return {id: others.get(id, small) for id in LIGHT}


@pytest.mark.parametrize("id", LIGHT)
def test_a_law_holds_at_a_glance_and_breaks_with_its_knock_outs(id, trial):
    law = LAWS[id]
    for change in changes_of(law):
        verdict = verdict_of(trial[id], law, change)
        rough = {clause.id: roughly(law.clauses[clause.id], clause.found) for clause in verdict.clauses}
        if law.must_hold:
            assert all(rough.values()) == (change == WHOLE), (change, rough)
        assert rough.keys() == set(law.concerned(change))


def test_the_page_says_what_became_of_every_law(trial):
    verdicts = {id: {c: verdict_of(trial[id], LAWS[id], c) for c in changes_of(LAWS[id])} for id in LIGHT}
    draws = Draws(trial["end"].draws, 0, (), "average")
    told = {id: {} for id in LIGHT}
    whole = replace(trial["end"], laws={id: LAWS[id] for id in LIGHT})
    report = sanity_page.Report(whole, draws, verdicts, told, None, (), (), None, 1.0)
    text = sanity_page.page(report, "")
    for id in LIGHT:
        assert LAWS[id].statement["en"] in text and LAWS[id].statement["zh"] in text
    assert "Changes made after the first run" in text
    assert len(sanity_figure.clause_rows(report)) == sum(len(LAWS[id].clauses) for id in LIGHT)


def test_a_push_dies_out_and_one_that_stays_is_found(compiled_model):
    given = {"late": {"push": {"place": "incidents_recent"}, "watch": ["pressure"]}}
    for wrong in ({"push": {"place": "luck"}}, {"push": {"place": "incidents_recent"}, "watch": ["luck"]}):
        with pytest.raises(SettingError, match="late luck"):
            loops.check_names("late", {**given["late"], **wrong})
    (row,) = loops.watched_of(given, [{}], 2, 2_000, 1)
    assert row.peak > 0 and abs(row.later) < abs(row.peak)
    stays = loops._judged(
        "x", given["late"], "pressure", np.ones((4, loops.WEEKS)) + 1e-3 * np.arange(4)[:, None], True
    )
    assert not stays.damped


def test_only_busy_desks_are_looked_at(compiled_model):
    busy = {"case_kinds": {"insurance": {"rate": 1.7}, "certificate": {"rate": 1.8}}}
    given = {
        name: [setting(residents=6_000, burden=burden, facts=busy)] for name, burden in (("base", 1.0), ("more", 2.0))
    }
    asked = {"base": "base", "role": "service", "kinds": ["insurance", "certificate"], "threads": 1}
    found = busy_on_time(given, 3, **asked, busier_than=0.8)
    assert np.nanmean(found["more"]) < np.nanmean(found["base"]) < 1.0
    assert np.isnan(busy_on_time(given, 1, **asked, busier_than=1.1)["base"]).all()


@pytest.mark.parametrize("word", ["laws=luck", "draws=1", "seeds=2", "residents=7", "luck=1", "threads=0", "quiet=2"])
def test_a_bad_word_is_one_sentence(word, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert sanity.main([word]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_glance_goes_by_the_mean_or_by_most_draws():
    found = Found(np.array([1.0, 1.0, 0.0]), np.array([0.5, 0.1, -0.2]))
    assert roughly({"above": 0}, found) and not roughly({"below": 0}, found)
    assert roughly({"within": [0, 1]}, found)
