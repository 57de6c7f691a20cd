"""What words on a command line mean: labels are text, and a mapping given whole takes the place of an earlier one."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments import calibrate, compare, store, template, validate
from experiments.cli.command_line import read_words
from experiments.job import study_of as compose
from experiments.study.study import Study
from sim.inputs.measures import MEASURES
from sim.inputs.validators import SettingError

from .finished import rows

CASE = Path(__file__).parents[1] / "cases" / "experiments" / "colon_label.yaml"
TWO = """
measures: {publicity: 0.5}
settings:
  plain: {}
  one: {burden: 0.7, measures: {one_window: 1, lead_goose: {intensity: 1, start: 9}}, levers: {attention: 4}}
  two: {measures: {burden_relief: 1}, facts: {calendar: {election_week: 30}}}
"""


def study(*words: str) -> Study:
    return compose("compare", read_words(words).values)


@pytest.fixture
def two(place) -> str:
    (place / "two.yaml").write_text(TWO, encoding="utf-8")
    return "experiment=two.yaml"


def measures(found: Study) -> dict[str, set[str]]:
    return {name: {use.id for use in setting.measures} for name, setting in found.settings.items()}


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("Relief: half of the burden", "Relief: half of the burden"),
        ("{a: 1}", "{a: 1}"),
        ("2024", "2024"),
        ("true", "true"),
        ("null", "null"),
        ("减负：负担减半, 第一年", "减负：负担减半, 第一年"),
        ("'in quotes'", "in quotes"),
        ("nan", "nan"),
        ("[Relief", "[Relief"),
    ],
)
def test_a_label_is_text_whatever_yaml_would_make_of_it(word, text):
    found = study("experiment=baseline", "settings.relief.burden=0.5", f"settings.relief.label_en={word}")
    assert found.labels["relief"] == {"en": text, "zh": text}


def test_a_label_with_a_colon_from_a_file_and_from_a_line_is_the_same(place):
    line = "settings.relief.label_en=Relief: half of the burden"
    words = ["settings.other.burden=1"]
    assert study(f"experiment={CASE}", *words).labels["relief"] == study(f"experiment={CASE}", *words, line).labels[
        "relief"
    ] | {"zh": "减负：负担减半"}


@pytest.mark.parametrize("value", [3, True, {"Relief": "half"}, ["a"], " "])
def test_a_label_from_python_that_is_no_text_is_refused(value):
    with pytest.raises(SettingError, match=r"^command line, settings.baseline.label_en: .* given, a text expected"):
        compose("run", {"experiment": "baseline", "settings.baseline.label_en": value})


def test_measures_given_whole_for_a_setting_take_the_place_of_the_experiments():
    asked = "settings.rectification.measures"
    found = study("experiment=rectification", f"{asked}={{one_window: 1}}").settings["rectification"]
    assert [(use.id, use.intensity) for use in found.measures] == [("one_window", 1.0)]
    assert study("experiment=rectification", f"{asked}={{}}").settings["rectification"].measures == ()
    in_part = study("experiment=rectification", f"{asked}.one_window=0.25").settings["rectification"]
    assert [use.id for use in in_part.measures] == list(MEASURES)
    assert in_part.measures[list(MEASURES).index("one_window")].intensity == 0.25
    windowed = study("experiment=rectification", f"{asked}={{one_window: {{intensity: 0.5, start: 9}}}}")
    assert [(use.intensity, use.start) for use in windowed.settings["rectification"].measures] == [(0.5, 9)]


def test_measures_given_whole_for_all_concern_the_settings_that_give_some(two):
    assert measures(study(two)) == {
        "plain": {"publicity"},
        "one": {"one_window", "lead_goose", "publicity"},
        "two": {"burden_relief", "publicity"},
    }
    assert measures(study(two, "measures={study_reform: 1}")) == {
        "plain": {"publicity"},
        "one": {"study_reform"},
        "two": {"study_reform"},
    }
    both = study(two, "measures={study_reform: 1}", "settings.two.measures={one_window: 1}")
    assert measures(both)["two"] == {"one_window"}
    added = study(two, "settings.new.measures={one_window: 1}")
    assert measures(added)["new"] == {"one_window"}
    assert measures(study(two, "settings={one: {measures: {one_window: 1}}}"))["one"] == {"one_window"}


def test_levers_and_facts_given_whole(two):
    found = study(two, "levers={error_shelter: 0.1}", "facts={calendar: {deadline_every: 13}}").settings
    assert [change.id for change in found["one"].levers] == ["burden", "error_shelter"]
    assert found["plain"].levers == found["two"].levers == ()
    assert found["two"].facts["calendar"]["election_week"] == 52
    assert found["two"].facts["calendar"]["deadline_every"] == 13
    assert found["one"].facts["calendar"]["deadline_every"] == 26
    dial = study(two, "levers={burden: 0.4}").settings
    assert [(change.id, change.value) for change in dial["one"].levers] == [("burden", 0.4)]
    assert dial["plain"].levers == ()
    in_part = study(two, "levers.error_shelter=0.1").settings
    assert {change.id for change in in_part["one"].levers} == {"burden", "attention", "error_shelter"}


@pytest.mark.parametrize("text", ["a, b", "a: b", "@home", "%x", "50%, at most", "甲, 乙", "&a"])
def test_a_label_in_a_mapping_is_quoted_or_the_answer_says_how(text):
    quoted = f'settings={{relief: {{label_en: "{text}", burden: 0.5}}}}'
    assert study("experiment=baseline", quoted).labels["relief"]["en"] == text
    with pytest.raises(SettingError) as caught:
        study("experiment=baseline", f"settings={{relief: {{label_en: {text}, burden: 0.5}}}}")
    assert f'is quoted, as in label_en: "{text}"; after a key of its own (label_en=)' in str(caught.value)
    found = study("experiment=baseline", "settings.relief.burden=0.5", f"settings.relief.label_en={text}")
    assert found.labels["relief"]["en"] == text


def test_a_label_in_a_mapping_that_needs_no_quotes_needs_none():
    found = study("experiment=baseline", "settings={relief: {label_en: 50% of it, label_zh: '甲, 乙'}}")
    assert found.labels["relief"] == {"en": "50% of it", "zh": "甲, 乙"}


@pytest.mark.parametrize("text", ["a, b", "=1+1", "{a: 1}", "50% @ x: y", "null"])
def test_what_a_study_is_called_and_asks_is_text(place, text):
    (place / "a, b@c.yaml").write_text(TWO, encoding="utf-8")
    found = study("experiment=a, b@c.yaml", f"question={text}", f"label_en={text}", f"label_zh={text}")
    assert found.question == text and found.label == {"en": text, "zh": text}


def test_hydra_run_dir_says_the_same_as_output_in_every_job(place, capfd):
    for job, words in ((store, ["export"]), (template, ["town"])):
        assert job.main([*words, "output=a.xlsx", "hydra.run.dir=b.xlsx"]) == 2
        assert "output: given beside hydra.run.dir" in capfd.readouterr().err
    assert template.main(["town", "hydra.run.dir=b.xlsx"]) == 0 and (place / "b.xlsx").exists()
    for job in (calibrate, validate):
        assert job.main(["hydra.run.dir=/dev/null/x"]) == 2
        assert "/dev/null/x" in capfd.readouterr().err


def test_no_label_is_a_formula_in_a_spreadsheet(place, model):
    words = ["experiment=baseline", "settings.relief.burden=0.5", "settings.relief.label_en==1+1", "replicates=1"]
    assert compare.main([*words, "output=out", "quiet=true"]) == 0
    assert {row["label_en"] for row in rows(place / "out", "names") if row["id"] == "relief"} == {"'=1+1"}
