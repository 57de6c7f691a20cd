"""What words on a command line mean: labels are text, and a mapping given whole takes the place of an earlier one."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.cli.command_line import read_words
from experiments.job import study_of as compose
from experiments.study.study import Study
from sim.inputs.measures import MEASURES
from sim.inputs.validators import SettingError

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
