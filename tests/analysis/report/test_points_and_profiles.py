"""Pain points, the matrix of marks and the profiles of measures, from tables of a folder alone."""

from __future__ import annotations

import re

import pytest

from analysis.report.blocks import Grid
from analysis.words import LANGUAGES

from .test_formats import report_of
from .test_page import content  # noqa: F401 (a fixture)

POINTS = [
    {
        "kind": "pain",
        "id": "slow",
        "en": "Slow service",
        "zh": "服务低效",
        "indicators": ["service_efficiency", "gone"],
    },
    {"kind": "pain", "id": "leak", "en": "Money leaks", "zh": "资金流失", "indicators": ["micro_corruption"]},
    {"kind": "cause", "id": "mood", "en": "Mood", "zh": "人心", "indicators": ["satisfaction"]},
]
HARMS = {"one_window": {"en": "Counters close", "zh": "窗口减少"}}


def effect(measure, indicator, mean, half):
    return {
        "measure": measure, "indicator": indicator, "median": mean, "q05": mean - 2 * half, "q95": mean + 2 * half,
        "ci_low": mean - half, "ci_high": mean + half, "unit": "share", "mean": mean, "replicates": 8,
        "spread": "chance", "method": "add_one_in",
    }  # fmt: skip


@pytest.fixture(scope="module")
def further():
    rows = [
        effect("one_window", "service_efficiency", 0.05, 0.01),  # better, less than a tenth of the level
        effect("one_window", "micro_corruption", 0.09, 0.01),  # worse, most of the level
        effect("one_window", "satisfaction", 0.1, 0.2),  # not told
        effect("assessment", "service_efficiency", -0.05, 0.01),
    ]
    measures = [
        {"measure": "one_window", "intensity": 1.0, "start": 3, "ramp_weeks": 17.0, "nature": "built"}
        | {f"{c}_{e}": v for c, low in (("hours", 1234.0), ("yuan", 56789.0)) for e, v in ends(low).items()}
    ]
    levers = [
        {"measure": "one_window", "lever": "tolerance", "op": "scale", "weak": 0.9, "mode": 0.81, "strong": 0.7},
        {"measure": "one_window", "lever": "tolerance", "op": "close", "weak": 0.1, "mode": 0.37, "strong": 0.4},
    ]
    return {"indicator_effects": rows, "measures": measures, "measure_levers": levers}


def ends(low):
    return {"low": low, "mode": 2 * low, "high": 4 * low}


@pytest.fixture(scope="module")
def reports(dataset, content, further, made, levels, effects, ranking):  # noqa: F811
    tables = {"levels": levels, "effects": effects, "ranking": ranking, "further": further}
    definition = {"sentence_en": "A window.", "sentence_zh": "一个窗口。", "risk_en": "Queues.", "risk_zh": "排队。"}
    settings = {
        name: {**one, "setting": {**one["setting"], "definitions": {"one_window": definition}}}
        for name, one in content["settings"].items()
    }
    labels = {**content["labels"], "tolerance": {"en": "Tolerance", "zh": "容错度"}}
    given = {**content, "settings": settings, "labels": labels}
    known = {"indicators": made.OUTCOMES, "points": POINTS, "harms": HARMS}
    return {language: report_of(dataset, given, language, tables, catalogue=known) for language in LANGUAGES}


def grids(report, part):
    found = next(one for one in report.parts if one.id == part)
    return [block.table for block in found.blocks if isinstance(block, Grid)]


def test_pain_points_are_set_side_by_side_with_the_numbers_of_the_effects(reports, effects):
    (table,) = grids(reports["en"], "pain-points")
    assert [row[0] for row in table.rows] == ["1 Slow service", "2 Money leaks", "A Mood"]
    row = next(r for r in effects if r["outcome"] == "service_efficiency" and r["period"] == "evaluation")
    assert table.rows[0][2:4] == [f"{100 * row[key]:.1f}%" for key in ("base_mean", "other_mean")]
    said = " ".join(block.said for block in next(p for p in reports["en"].parts if p.id == "pain-points").blocks[:3])
    assert "2 get better (slow service; money leaks)" in said


def test_marks_follow_interval_direction_and_size(reports):
    (table,) = grids(reports["en"], "indicator-effects")
    cells = {row[0]: list(row[1:]) for row in table.rows}
    assert list(table.columns[1:]) == ["1", "2", "A"]
    assert cells["One window"] == ["+", "\N{MINUS SIGN}\N{MINUS SIGN}", "·"]
    assert cells["Progress assessment"] == ["\N{MINUS SIGN}", "", ""]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_a_profile_stands_in_a_table(reports, further, ranking, language):
    tables = [*further["measures"], *further["measure_levers"], *ranking]
    values = [float(v) for row in tables for v in row.values() if isinstance(v, int | float)]
    (table,) = grids(reports[language], "profiles")
    checked = 0
    for said in (line.replace("0–100", "").replace(" 1 ", " ") for _, line in table.rows):
        for found in re.findall(r"(?<![\d=.])\d[\d,]*\.?\d*", re.sub(r"ranking\.\w+=\d+|gap to 1", "", said)):
            number, digits = float(found.replace(",", "")), len(found.partition(".")[2])
            near = 0.5001 * 10**-digits
            assert any(abs(abs(f * value) - number) <= near for value in values for f in (1, 100)), (found, said)
            checked += 1
    assert checked > 15


def test_a_profile_says_what_route_risk_and_harm(reports):
    (table,) = grids(reports["zh"], "profiles")
    said = dict(table.rows)
    assert said["内容"] == "一个窗口。" and said["风险"] == "排队。" and said["可能的危害"] == "窗口减少。"
    assert said["途径（全力实施时的杠杆）"] == "容错度 × 0.81；容错度：与 1 的差距缩小 37%"
    assert said["涉及的痛点"] == "改善：服务低效；恶化：资金流失"
    assert said["每年成本"].startswith("2,468 个干部工时（1,234 至 4,936）")


def test_a_chinese_report_with_these_parts_has_no_english_word(reports):
    for part in ("pain-points", "indicator-effects", "profiles"):
        for table in grids(reports["zh"], part):
            said = " ".join([table.caption, *table.columns, *(cell for row in table.rows for cell in row)])
            left = re.findall("[A-Za-z]{2,}", re.sub(r"ranking\.\w+", "", said))
            assert not left, left


def test_there_is_no_matrix_of_packages_nor_a_profile_without_its_tables(dataset, content, further, made, levels):  # noqa: F811
    packages = [{**row, "method": "package"} for row in further["indicator_effects"]]
    known = {"indicators": made.OUTCOMES, "points": POINTS, "harms": HARMS}
    tables = {"levels": levels, "further": {"indicator_effects": packages}}
    report = report_of(dataset, content, "en", tables, catalogue=known)
    ids = [part.id for part in report.parts]
    assert "pain-points" in ids and not {"indicator-effects", "profiles"} & set(ids)
