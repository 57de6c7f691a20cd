"""The measure files and their reader."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import yaml

from sim.inputs.files import CONFIGS
from sim.inputs.measures import MEASURES, NATURES, Cost, Measure, measure_from_dict, read_measures
from sim.inputs.settings import setting
from sim.inputs.validators import SettingError
from sim.levers import LEVERS
from sim.vocabulary import COSTS, OPERATIONS

ESSAY_ORDER = [
    "study_reform",
    "responsibility_list",
    "supervision_ledger",
    "one_window",
    "frontline_work",
    "benefit_platform",
    "error_tolerance",
    "results_appraisal",
    "burden_relief",
    "asset_platform",
    "project_rules",
    "four_in_one",
    "branch_standards",
    "member_pipeline",
    "lead_goose",
    "leading_group",
    "assessment",
    "institutionalise",
    "publicity",
]


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """A configs folder that a test may spoil."""
    for part in ("measures", "town", "facts", "parameters"):
        shutil.copytree(CONFIGS / part, tmp_path / part)
    return tmp_path


def spoil(configs: Path, measure: str, changes: dict) -> None:
    path = configs / "measures" / f"{measure}.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, value in changes.items():
        if value is None:
            del data[key]
        else:
            data[key] = value
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def test_the_essays_measures_come_first_in_its_order():
    assert list(MEASURES)[: len(ESSAY_ORDER)] == ESSAY_ORDER


def test_every_cost_of_the_essays_measures_ranges_from_half_to_twice_its_mode():
    for measure in map(MEASURES.__getitem__, ESSAY_ORDER):
        for key in COSTS:
            cost = getattr(measure, key)
            assert cost == Cost(cost.mode / 2, cost.mode, 2 * cost.mode), (measure.id, key)


def test_a_measure_is_complete_in_both_languages(subtests):
    for id in MEASURES:
        with subtests.test(id=id):
            measure = MEASURES[id]
            assert measure.id == id
            assert measure.nature in NATURES
            assert "assumption" in measure.source
            for words in (measure.label_en, measure.sentence_en, measure.risk_en, measure.source):
                assert words.isascii()
            for words in (measure.label_zh, measure.sentence_zh, measure.risk_zh):
                assert any("\u4e00" <= letter <= "\u9fff" for letter in words)
            assert {entry.lever for entry in measure.entries} <= set(LEVERS)
            assert {entry.op for entry in measure.entries} <= set(OPERATIONS)


def test_every_measure_moves_some_lever_of_the_average_town():
    for measure in MEASURES.values():
        moved = []
        for entry in measure.entries:
            now = LEVERS[entry.lever].default
            moved.append(
                {
                    "scale": now * entry.mode != now,
                    "close": entry.mode > 0 and now < 1,
                    "norm": entry.mode > now,
                }[entry.op]
            )
        assert any(moved), measure.id


def test_a_measure_goes_through_plain_data_and_back():
    for measure in MEASURES.values():
        assert measure_from_dict(measure.as_dict()) == measure


def test_a_new_file_is_a_new_measure(configs):
    text = (configs / "measures" / "publicity.yaml").read_text(encoding="utf-8")
    text = text.replace("id: publicity", "id: village_radio").replace("order: 19\n", "")
    (configs / "measures" / "village_radio.yaml").write_text(text, encoding="utf-8")
    measures = read_measures(configs)
    assert list(measures) == [*MEASURES, "village_radio"]
    assert isinstance(measures["village_radio"], Measure)
    assert setting(measures={"village_radio": 1}, configs=configs).measures[0].id == "village_radio"


def test_a_cost_is_a_triangle_or_a_number_that_is_exact_or_nothing(configs):
    spoil(configs, "publicity", {"costs": {COSTS[0]: {"low": 0, "mode": 0.1, "high": 3}, COSTS[2]: 150}})
    found = read_measures(configs)["publicity"]
    assert getattr(found, COSTS[0]) == Cost(0.0, 0.1, 3.0)
    assert getattr(found, COSTS[1]) == Cost(0.0, 0.0, 0.0)
    assert getattr(found, COSTS[2]) == Cost(150.0, 150.0, 150.0)
    assert measure_from_dict(found.as_dict()) == found


def test_another_range_of_a_cost_is_another_measure(configs):
    before = setting(measures={"publicity": 1}, configs=configs).fingerprint
    spoil(configs, "publicity", {"costs": {COSTS[0]: {"low": 0.05, "mode": 0.05, "high": 0.06}}})
    os.utime(configs / "measures" / "publicity.yaml", ns=(1, 1))
    assert setting(measures={"publicity": 1}, configs=configs).fingerprint != before


def test_an_edited_file_is_read_again_and_changes_the_fingerprint(configs):
    before = setting(measures={"publicity": 1}, configs=configs).fingerprint
    other = setting(measures={"one_window": 1}, configs=configs).fingerprint
    spoil(configs, "publicity", {"ramp_weeks": 9})
    path = configs / "measures" / "publicity.yaml"
    os.utime(path, ns=(1, 1))
    assert read_measures(configs)["publicity"].ramp_weeks == 9
    assert setting(measures={"publicity": 1}, configs=configs).fingerprint != before
    assert setting(measures={"one_window": 1}, configs=configs).fingerprint == other


def test_a_reworded_file_keeps_the_fingerprint(configs):
    before = setting(measures={"publicity": 1}, configs=configs).fingerprint
    spoil(configs, "publicity", {"label_en": "Press work"})
    os.utime(configs / "measures" / "publicity.yaml", ns=(1, 1))
    after = setting(measures={"publicity": 1}, configs=configs)
    assert after.definitions["publicity"].label_en == "Press work"
    assert after.fingerprint == before


ENTRY = {"lever": "exposure", "op": "close", "weak": 0.1, "mode": 0.2, "strong": 0.3}
BAD_FILES = {
    "an unknown key": ({"natur": "rule"}, "natur", "did you mean nature?"),
    "another id": ({"id": "one_windows"}, "id", "publicity"),
    "no sentence": ({"sentence_zh": None}, "sentence_zh", "missing"),
    "no source": ({"source": None}, "source", "missing"),
    "a nature nobody knows": ({"nature": "driv"}, "nature", "did you mean drive?"),
    "a ramp of more than can be": ({"ramp_weeks": 1e5}, "ramp_weeks", "between 0 and"),
    "a negative start": ({"start": -1}, "start", "between 0 and"),
    "a ramp in words": ({"ramp_weeks": "soon"}, "ramp_weeks", "a number"),
    "an unknown cost": ({"costs": {"hours": 1}}, "costs.hours", "no such key"),
    "a negative cost": (
        {"costs": {"hours_per_village_cadre_week": -1}},
        "costs.hours_per_village_cadre_week",
        "{low, mode, high} or a number between 0 and 1000000",
    ),
    "a cost in words": ({"costs": {COSTS[0]: "little"}}, f"costs.{COSTS[0]}", "{low, mode, high} or a number between"),
    "a cost with a spare key": (
        {"costs": {COSTS[2]: {"low": 1, "mode": 2, "high": 3, "max": 4}}},
        f"costs.{COSTS[2]}.max",
        "no such key",
    ),
    "a cost without a mode": ({"costs": {COSTS[2]: {"low": 1, "high": 3}}}, f"costs.{COSTS[2]}.mode", "missing"),
    "a low cost below nothing": (
        {"costs": {COSTS[1]: {"low": -1, "mode": 1, "high": 2}}},
        f"costs.{COSTS[1]}.low: -1 given",
        "between 0 and",
    ),
    "a low cost above the mode": (
        {"costs": {COSTS[1]: {"low": 1.5, "mode": 1, "high": 2}}},
        f"costs.{COSTS[1]}: 'low 1.5, mode 1, high 2' given",
        "low <= mode <= high expected",
    ),
    "a high cost below the mode": (
        {"costs": {COSTS[1]: {"low": 0.5, "mode": 1, "high": 0.7}}},
        f"costs.{COSTS[1]}: 'low 0.5, mode 1, high 0.7' given",
        "low <= mode <= high expected",
    ),
    "no entries": ({"entries": []}, "entries", "a list"),
    "an entry of a lever nobody knows": (
        {"entries": [ENTRY | {"lever": "exposur"}]},
        "entries[0].lever",
        "did you mean exposure?",
    ),
    "an op nobody knows": ({"entries": [ENTRY | {"op": "add"}]}, "entries[0].op", "norm"),
    "a mode outside": ({"entries": [ENTRY | {"mode": 0.5}]}, "entries[0].mode", "between weak"),
    "a share above 1": ({"entries": [ENTRY | {"strong": 30}]}, "entries[0].strong", "0.3"),
    "the same lever twice": ({"entries": [ENTRY, ENTRY]}, "exposure", "once"),
    "an entry with a spare key": ({"entries": [ENTRY | {"max": 1}]}, "entries[0].max", "no such"),
    "an entry without strength": (
        {"entries": [{"lever": "exposure", "op": "close"}]},
        "entries[0].weak",
        "missing",
    ),
    "closing what has no 1": (
        {"entries": [ENTRY | {"lever": "duplicate_form_share"}]},
        "entries[0].op",
        "scale or norm",
    ),
    "a floor outside the lever": (
        {"entries": [ENTRY | {"op": "norm", "strong": 1.5}]},
        "entries[0].strong",
        "between 0 and 1",
    ),
}


def test_a_bad_measure_file_is_refused_in_one_sentence(configs, subtests):
    for case in BAD_FILES:
        with subtests.test(case=case):
            changes, key, hint = BAD_FILES[case]
            shutil.copy(CONFIGS / "measures" / "publicity.yaml", configs / "measures")
            spoil(configs, "publicity", changes)
            with pytest.raises(SettingError) as caught:
                read_measures(configs)
            message = str(caught.value)
            assert "\n" not in message
            assert message.startswith("publicity.yaml, ")
            assert key in message and hint in message
