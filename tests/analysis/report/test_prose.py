# ruff: noqa: E501 (whole sentences)
from __future__ import annotations

import pytest

from analysis.report.prose import effect_clause, ranking_sentences, run_sentences
from analysis.words import LANGUAGES, Reader

HIGHER = {"en": "Service efficiency", "zh": "服务效率", "unit": "share", "better": "higher"}
LOWER = {"en": "Micro-corruption", "zh": "微腐败", "unit": "share", "better": "lower"}


def effect(difference, low, high):
    return {
        "outcome": "y",
        "period": "evaluation",
        "base": "a",
        "other": "b",
        "base_mean": 0.5,
        "other_mean": 0.5 + difference,
        "difference": difference,
        "ci_low": low,
        "ci_high": high,
        "level": 0.95,
        "replicates": 9,
    }


@pytest.mark.parametrize(
    ("described", "numbers", "en", "zh"),
    [
        (HIGHER, (0.1, 0.08, 0.12), "raises service efficiency from 50.0% to 60.0% (an improvement of 10.0 percentage points, 95% interval 8.0 to 12.0)", "升至 60.0%（改善 10.0 个百分点，95% 区间 8.0 至 12.0）"),
        (HIGHER, (-0.1, -0.12, -0.08), "lowers service efficiency from 50.0% to 40.0% (this worsens it by 10.0 percentage points, 95% interval 8.0 to 12.0)", "降至 40.0%（恶化 10.0 个百分点，95% 区间 8.0 至 12.0）"),
        (LOWER, (-0.1, -0.12, -0.08), "lowers micro-corruption from 50.0% to 40.0% (an improvement of 10.0", "降至 40.0%（改善 10.0"),
        (LOWER, (0.1, 0.08, 0.12), "raises micro-corruption from 50.0% to 60.0% (this worsens it by 10.0", "升至 60.0%（恶化 10.0"),
        (HIGHER, (0.01, -0.02, 0.04), "cannot be told apart from no effect (+1.0 percentage points, 95% interval \N{MINUS SIGN}2.0 to +4.0)", "与零效果无法区分（+1.0 个百分点，95% 区间 \N{MINUS SIGN}2.0 至 +4.0）"),
        (LOWER, (-0.01, -0.04, 0.02), "cannot be told apart from no effect", "与零效果无法区分"),
        (HIGHER, (0.1, float("nan"), float("nan")), "nothing can be said about its certainty", "无从判断其确定程度"),
        ({**HIGHER, "better": "neither"}, (0.1, 0.08, 0.12), "from 50.0% to 60.0% (by 10.0", "升至 60.0%（变化 10.0"),
    ],
)  # fmt: skip
def test_clauses_say_what_the_interval_says(described, numbers, en, zh):
    assert en in effect_clause(effect(*numbers), Reader("en", {"y": described}))
    assert zh in effect_clause(effect(*numbers), Reader("zh", {"y": described}))


def rank_row(measure, rank, low, high, contribution, ci_low, ci_high):
    return {
        "method": "shapley",
        "outcome": "y",
        "measure": measure,
        "contribution": contribution,
        "ci_low": ci_low,
        "ci_high": ci_high,
        "rank": rank,
        "rank_low": low,
        "rank_high": high,
        "runs": 456,
    }


LABELS = {
    "a": {"en": "Burden relief", "zh": "基层减负"},
    "b": {"en": "One window", "zh": "一窗受理"},
    "c": {"en": "Publicity", "zh": "宣传"},
}


def sentence(rows, described=HIGHER, language="en"):
    [only] = ranking_sentences(rows, "shapley", Reader(language, {"y": described}, LABELS))
    return only


def test_a_clear_first_is_named_alone_with_its_share():
    rows = [
        rank_row("a", 1, 1, 1, 0.06, 0.05, 0.07),
        rank_row("b", 2, 2, 3, 0.03, 0.02, 0.04),
        rank_row("c", 3, 2, 3, 0.01, -0.01, 0.03),
    ]
    said = sentence(rows)
    assert "comes from burden relief (+6.0 percentage points" in said
    assert "60% of the whole package" in said
    assert "worsened" not in said


def test_a_first_that_others_could_hold_is_said_to_be_unsure():
    rows = [
        rank_row("a", 1, 1, 2, 0.06, 0.05, 0.07),
        rank_row("b", 2, 1, 2, 0.05, 0.04, 0.06),
        rank_row("c", 3, 3, 3, -0.02, -0.03, -0.01),
    ]
    said = sentence(rows)
    assert "first place could also belong to one window" in said
    assert said.endswith("It is worsened by publicity.")
    assert "起反作用的是宣传" in sentence(rows, language="zh")


def test_a_fall_is_an_improvement_where_lower_is_better():
    rows = [
        rank_row("a", 1, 1, 1, -0.06, -0.07, -0.05),
        rank_row("b", 2, 2, 3, 0.0, -0.01, 0.01),
        rank_row("c", 3, 2, 3, 0.02, 0.01, 0.03),
    ]
    said = sentence(rows, LOWER)
    assert "comes from burden relief (\N{MINUS SIGN}6.0 percentage points" in said
    assert "worsened by publicity" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_clear_improvement_is_said_plainly(language):
    rows = [
        rank_row("a", 1, 1, 3, 0.001, -0.02, 0.02),
        rank_row("b", 2, 1, 3, 0.0, -0.02, 0.02),
        rank_row("c", 3, 1, 3, 0.0, -0.02, 0.02),
    ]
    said = sentence(rows, language=language)
    assert ("no measure improves it" if language == "en" else "没有一项措施的改善") in said


def test_levels_of_one_run_are_told_without_an_interval():
    nan = float("nan")
    rows = [
        {"setting": "a", "outcome": "y", "period": period, "mean": mean, "ci_low": nan, "ci_high": nan, "level": 0.95, "replicates": 1}
        for period, mean in (("baseline", 0.69), ("year1", 0.7), ("evaluation", 0.72))
    ]  # fmt: skip
    [said] = run_sentences(rows, "average", 4, Reader("en", {"y": HIGHER}, LABELS))
    assert "service efficiency is 72.0% in year 4, after 69.0% in the year before" in said
    assert "interval" not in said


def test_labels_lose_their_capital_inside_a_sentence_but_abbreviations_do_not():
    assert Reader("en").inside("Burden relief") == "burden relief"
    assert Reader("en").inside("GDP growth") == "GDP growth"
    assert Reader("zh").inside("基层减负") == "基层减负"


def test_a_table_that_a_page_reads_is_handed_to_it():
    """Tables of a folder reach a page by the names in `reads`; one that is not named there is silently empty."""
    import re
    from pathlib import Path

    import analysis.report
    from analysis.report.sections import TABLES

    room = Path(analysis.report.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in room.rglob("*.py"))
    named = set(re.findall(r'given\.rows\("(\w+)"\)', code)) | set(re.findall(r'given\.tables\.get\("(\w+)"', code))
    assert len(named) > 15 and named <= {"levels", "effects", "ranking", *TABLES}
