"""What a ranking hangs on, as the page tells it: conditions, turning points, what is worth measuring."""

from __future__ import annotations

import re

import pytest

from analysis.report.section import Material
from analysis.report.sections import SECTIONS
from analysis.report.sections.evppi import evppi_table
from analysis.report.sections.reversals import reversals_table
from analysis.report.sections.scenario_discovery import conditions_table, rule_text
from analysis.words import LANGUAGES, Reader, words

from .test_tables_of_a_ranking import LABELS, OUTCOMES, reader, through_csv

TOWN = {
    "inspected": {"en": "Inspected township", "zh": "巡视反馈乡镇"},
    "burden": {"en": "Administrative burden", "zh": "负担强度"},
    "supervision": {"en": "Supervision intensity", "zh": "监督强度"},
}
KNOWN = ("scenario_discovery", "reversals", "evppi")
POINT = "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"
BACKFIRE = {
    "outcome": "service_efficiency",
    "measure": "four",
    "rule": 1,
    "limits": "measures.one not in force and measures.two not in force and parameters.see_base >= 35.79",
    "coverage": 0.6,
    "density": 0.8,
    "density_low": 0.5,
    "density_high": 0.95,
    "base": 0.3,
    "inside": 14,
    "runs": 50,
    "change": -0.0123,
    "change_elsewhere": 0.0456,
}
INFORMATION = {
    "outcome": "satisfaction",
    "parameter": "redress_seen",
    "gain": 0.2,
    "ci_low": 0.1,
    "ci_high": 0.3,
    "changes": 0.41,
    "chosen_now": "one",
    "draws": 100,
}


def sections(tables, language, labels=LABELS, scenarios=False):
    """Sections on what a ranking hangs on."""
    asked = {"scenarios": 100} if scenarios else {}
    given = Material(Reader(language, OUTCOMES, labels), tables, lambda *figure: {}, asked=asked)
    return [made for name in KNOWN for made in SECTIONS[name].make(given)]


def flip(upper, lower, parameters="", distance=float("nan"), values="", in_reach=0.5, by_chance=0.01):
    said = {"outcome": "service_efficiency", "upper": upper, "lower": lower, "parameters": parameters, "values": values}
    return {
        **said,
        "distance": distance,
        "in_reach": in_reach,
        "direction": "",
        "fit": -0.02,
        "by_chance": by_chance,
        "draws": 100,
    }


def statement(upper, lower, circumstance, value, verdict):
    said = {"outcome": "service_efficiency", "upper": upper, "lower": lower, "verdict": verdict}
    return {**said, "context": circumstance, "value": value}


TABLES = {
    "scenario_discovery": [BACKFIRE],
    "reversals": [flip("one", "two", "see_base idle", 2.1, "3.2 0.4"), flip("two", "three")],
    "evppi": [INFORMATION],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_a_section_with_a_sentence_a_table_and_where_the_rest_is(language):
    found = sections(TABLES, language)
    assert [one["id"] for one in found] == [name.replace("_", "-") for name in TABLES]
    for name, one in zip(TABLES, found, strict=True):
        assert one["title"] == words(language)[f"sec_{name}"]
        assert one["notes"][0] == words(language)["note_parameters"]
        assert f"tables/{name}.csv" in one["notes"][-1]
        (table,) = one["tables"]
        assert {len(row) for row in table.rows} == {len(table.columns)}
        told = " ".join([*one["intro"], *one["notes"], *(cell for row in table.rows for cell in row)])
        assert not re.search(r"\{|\bnan\b|\bNone\b", told)
    again = {name: through_csv(rows) for name, rows in TABLES.items()}
    assert sections(again, language) == found


def test_conditions_are_told_in_words():
    limits = "measures.three in force and measures.one not in force and measures.two not in force"
    assert rule_text(limits, reader("en")) == "with publicity; without one window or burden relief"
    assert rule_text(limits, reader("zh")) == "已实施宣传引导；未实施一窗受理、基层减负"
    assert rule_text("0.1 <= parameters.idle <= 0.3", reader("en")) == "0.1 ≤ idle ≤ 0.3"
    assert rule_text(BACKFIRE["limits"], reader("en")).endswith("; see_base ≥ 35.79")


def test_towns_theories_dials_and_strengths_are_told_in_words():
    names = {**LABELS, **TOWN}
    limits = "town is inspected and theory is not habit and dials.supervision >= 0.12 and 0.5 <= intensity <= 0.7"
    said = "inspected township; other than theory: habit; supervision intensity ≥ 0.12; 0.5 ≤ intensity of policy ≤ 0.7"
    assert rule_text(limits, Reader("en", OUTCOMES, names)) == said
    assert (
        rule_text("town is inspected and dials.burden <= 1.2", Reader("zh", OUTCOMES, names))
        == "巡视反馈乡镇；负担强度 ≤ 1.2"
    )
    assert rule_text("potency.one.data_sharing <= 0.5", reader("en")) == "one window: data_sharing ≤ 0.5"
    scenario = {**BACKFIRE, "limits": limits}
    (section,) = sections({"scenario_discovery": [scenario]}, "en", names, scenarios=True)
    (walks,) = sections({"scenario_discovery": [scenario]}, "en", names)
    assert words("en")["say_scenarios"] not in walks["intro"]
    assert words("en")["say_scenarios"] in section["intro"]
    assert words("en")["note_parameters"] not in section["notes"]
    (row,) = conditions_table([scenario], Reader("en", OUTCOMES, names)).rows
    assert row[3:] == ["80% [50% to 95%] (30%)", "−1.23 (+4.56)", "14 of 50", "60%"]


def test_orders_without_a_turning_point_are_counted_and_not_listed():
    rows = [
        flip("one", "two", "idle", 2.6, "0.4"),
        flip("one", "two", "see_base", 2.1, "3.2"),
        flip("two", "three"),
        flip("three", "four", "idle", 1.5, "0.2", in_reach=0.1),
        flip("four", "five", "idle", 1.5, "0.2", by_chance=0.3),
    ]
    table = reversals_table(rows, (), reader("en"))
    assert [row[1:4] for row in table.rows] == [["One window above Burden relief", f"see_base{POINT}3.2", "2.1"]]
    assert table.rows[0][5:] == ["0%"]  # a fit worse than none explains nothing
    (section,) = sections({"reversals": rows}, "en")
    assert "Of 4 such orders, 1 would turn round" in section["intro"][0]
    assert section["intro"][1].startswith("For 2 more a turning point was found")
    (none,) = sections({"reversals": rows[2:3]}, "en")
    assert none["tables"] == []
    assert "Of 1 such orders, 0 would turn round" in none["intro"][0]
    assert len(none["intro"]) == 2


def test_orders_that_a_circumstance_reverses_stand_with_those_that_an_assumption_turns():
    rows = [flip("one", "two", "potency.one.data_sharing", 2.1, "0.4"), flip("two", "three"), flip("three", "four")]
    turned = [
        statement("one", "two", "town", "inspected", "unclear"),
        statement("two", "three", "town", "inspected", "reversed"),
        statement("two", "three", "theory", "habit", "reversed"),
        statement("three", "four", "theory", "habit", "holds"),
    ]
    (section,) = sections({"reversals": rows, "statements": turned}, "en", {**LABELS, **TOWN})
    (table,) = section["tables"]
    assert [row[1:3] for row in table.rows] == [
        ["Burden relief above Publicity", "surely reversed in: inspected township and theory: habit"],
        ["One window above Burden relief", f"one window: data_sharing{POINT}0.4"],
    ]
    assert table.rows[0][3:] == ["–", "–", "–"]
    assert "named beside: 1." in section["intro"][1]
    assert words("en")["note_potency"] in section["notes"]
    assert words("en")["note_parameters"] not in section["notes"]


def test_what_is_worth_measuring_may_be_the_strength_of_a_measure():
    row = {**INFORMATION, "parameter": "potency.two.hours_per_village_cadre_week"}
    (line,) = evppi_table([row], reader("en")).rows
    assert line[2] == "burden relief: hours_per_village_cadre_week"
