"""Top rows of the tables that only some rankings have, in words: for docs/results.py.

    interactions.csv    what two measures do together beyond what each does by itself
    timing.csv          late starts and the order of starts
    circumstances.csv   the ranking in other towns, under rival theories, ...
    statements.csv      whether each printed order of two tiers holds there
    sources.csv         which source owns how much of the spread
    stability.csv       how far the rankings over a source agree

A table that has other columns than expected is shown as it is, its first rows only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis.figures import sentence
from analysis.figures.data import outcome_labels
from analysis.report.findings import bare_change, range_text, three_numbers
from analysis.report.tables import with_unit
from analysis.words import label, words
from analysis.words.quantities import number

TOP = 5
PACKAGE = "package"
Row = Mapping[str, Any]
Rows = Sequence[Row]
Names = Mapping[str, Mapping[str, str]]

# ruff: noqa: E501 (prose: a sentence stays on its line)
# name -> title, sentence and heads, by language
WORDS: dict[str, dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "interactions": {
        "en": (
            "What measures do together",
            "Pairs whose joint surplus these runs can tell from nothing, the largest first: what both bring beyond the sum "
            "of what each brings by itself, on average over companies of other measures. Intervals hold for all pairs of "
            "an outcome together; a pair that is not here may still work together, by less than these runs can see.",
            ("Outcome", "What the runs say", "Joint surplus (95% interval)"),
        ),
        "zh": (
            "措施搭配的效果",
            "在这些运行中搭配效应能与零区分的各对措施，大的在前：两项一起所带来的，超出各自单独之和的部分，对其他措施的各种组合取平均。"
            "区间对同一结果的所有搭配同时成立；未列出的搭配也可能有效应，只是小到这些运行看不出来。",
            ("结果", "运行所示", "搭配效应（95% 区间）"),
        ),
    },
    "timing": {
        "en": (
            "When measures start",
            "Late starts and orders of starts whose difference in the last year these runs can tell from nothing, the "
            "largest first, against the same package with every measure on time.",
            ("Outcome", "What starts late or in order", "Weeks", "Change in the last year (95% interval)"),
        ),
        "zh": (
            "何时开始",
            "与全部措施按时开始相比，最后一年的差别在这些运行中能与零区分的推迟与先后次序，大的在前。",
            ("结果", "推迟或依次开始的措施", "周数", "最后一年的变化（95% 区间）"),
        ),
    },
    "circumstances": {
        "en": (
            "The ranking in other circumstances",
            "Contributions that moved most and by more than chance when the same ranking was made in another town, under a "
            "rival theory, or with another potency. A few circumstances were tried; others may differ.",
            ("Outcome", "Circumstance", "Measure", "Place there", "Change of the contribution (95% interval)"),
        ),
        "zh": (
            "换一种情形后的排序",
            "在另一个乡镇、另一种理论或另一种效力之下重做同一排序，贡献变动最大且超出偶然的各项。只试过少数几种情形，其他情形可能不同。",
            ("结果", "情形", "措施", "在该情形下的位次", "贡献的变化（95% 区间）"),
        ),
    },
    "statements": {
        "en": (
            "Orders that turn round in other circumstances",
            "Printed orders of two tiers that are reversed in another circumstance by more than chance, the clearest first. An "
            "order that is not here holds there or cannot be told; the table says which.",
            ("Outcome", "Order", "Circumstance", "Difference there (95% interval)"),
        ),
        "zh": (
            "换一种情形便颠倒的先后",
            "相邻两档的先后中，在另一种情形下颠倒且超出偶然的，最明显的在前。未列出的先后，在该情形下成立，或无法判断；表中逐一注明。",
            ("结果", "先后", "情形", "在该情形下的差（95% 区间）"),
        ),
    },
    "sources": {
        "en": (
            "Where the spread of the package's effect comes from",
            "Share of the spread of the whole package's effect that each source owns when all are varied together, over the "
            "levels tried; a source with few levels has a wide interval.",
            ("Outcome", "Source", "Share of the spread (95% interval)"),
        ),
        "zh": (
            "整套措施效果的差异来自哪里",
            "各来源同时变动时，在整套措施效果的差异中各占多大份额（以所试的水平为限）；某一来源取的水平少，区间就宽。",
            ("结果", "来源", "在差异中所占份额（95% 区间）"),
        ),
    },
    "stability": {
        "en": (
            "Whether the order holds",
            "How far the rankings under the levels of one source agree: Kendall's tau is 1 where two agree, 0 where they are "
            "unrelated, −1 where one is the other reversed.",
            ("Outcome", "Source", "Mean tau", "Least tau", "Most often first", "In"),
        ),
        "zh": (
            "先后是否稳定",
            "某一来源取不同水平时，各个排序的一致程度：肯德尔系数为 1 表示两个排序相同，为 0 表示无关，为 −1 表示完全颠倒。",
            ("结果", "来源", "平均系数", "最低系数", "最常居首", "占比"),
        ),
    },
}
TABLES = tuple(WORDS)
USES = {"packages": {"en": "packages", "zh": "预算组合"}, "timing": {"en": "start weeks", "zh": "开始时间"}}
KINDS: dict[str, dict[str, str]] = {
    "best_first": {"en": "best first", "zh": "最好的先开始"},
    "best_last": {"en": "best last", "zh": "最好的后开始"},
    "first_or_last": {"en": "best first against best last", "zh": "最好的先开始与后开始相比"},
    "cheapest_first": {"en": "cheapest hours first", "zh": "最省工时的先开始"},
}
PLACES: dict[str, dict[str, str]] = {  # a circumstance by what it changes; others are shown as they are
    "town": {"en": "{value}", "zh": "{value}"},
    "theory": {"en": "theory: {value}", "zh": "理论：{value}"},
    "election": {"en": "election in week {value}", "zh": "第 {value} 周换届"},
    "potency": {"en": "all measures {value}", "zh": "各项措施力度{value}"},
}
STRENGTHS = {"weak": {"en": "weak", "zh": "偏弱"}, "strong": {"en": "strong", "zh": "偏强"}}


def use(name: str, language: str) -> str:
    """What runs beside those of the ranking were for."""
    return USES[name][language] if name in USES else name


def top(
    name: str, rows: Rows, outcomes: Names, labels: Names, language: str
) -> tuple[str, str, Sequence[str], list[list[str]]]:
    """Title, sentence, heads and cells of the top rows of a table of TABLES."""
    title, said, heads = WORDS[name][language]
    make, needed = _MAKERS[name]
    if not {"outcome", *needed.split()} <= rows[0].keys():
        return title, said, list(rows[0]), [[str(cell) for cell in row.values()] for row in rows[:TOP]]
    cells = [
        [_outcome(outcomes, outcome, language), *line]
        for outcome in outcomes
        for line in make([row for row in rows if row["outcome"] == outcome], outcomes[outcome], labels, language)
    ]
    return title, said, heads, cells


def _interactions(rows: Rows, described: Row, labels: Names, language: str) -> list[list[str]]:
    clear = [row for row in _plain(rows) if row["verdict"] != "unclear"]
    clear.sort(key=lambda row: -abs(float(row["interaction"])))
    return [[sentence(row, labels, language), _change(row, "interaction", described, language)] for row in clear[:TOP]]


def _timing(rows: Rows, described: Row, labels: Names, language: str) -> list[list[str]]:
    kept = [row for row in rows if row["period"] == "evaluation" and _clear(row, "ci_low", "ci_high")]
    kept.sort(key=lambda row: -abs(float(row["difference"])))
    names = {**labels, **KINDS}
    return [
        [label(names, str(row["name"]), language), str(row["weeks"]), _change(row, "difference", described, language)]
        for row in kept[:TOP]
    ]


def _circumstances(rows: Rows, described: Row, labels: Names, language: str) -> list[list[str]]:
    kept = [row for row in rows if row["circumstance"] != "study" and _clear(row, "change_low", "change_high")]
    kept.sort(key=lambda row: -abs(float(row["change"])))
    return [
        [
            _circumstance(row, labels, language),
            label(labels, str(row["measure"]), language),
            _places(row, language),
            _change(row, "change", described, language, "change_low", "change_high"),
        ]
        for row in kept[:TOP]
    ]


def _statements(rows: Rows, described: Row, labels: Names, language: str) -> list[list[str]]:
    kept = sorted((row for row in rows if row["verdict"] == "reversed"), key=lambda row: float(row["ci_high"]))
    form = words(language)["order_above"]
    return [
        [
            form.format(**{end: label(labels, str(row[end]), language) for end in ("upper", "lower")}),
            _circumstance(row, labels, language),
            _change(row, "difference", described, language),
        ]
        for row in kept[:TOP]
    ]


def _circumstance(row: Row, labels: Names, language: str) -> str:
    """A circumstance in words, from the two columns that say it."""
    kind, value = str(row["circumstance"]), str(row["value"])
    named = label({**labels, **STRENGTHS}, value, language)
    if kind == "theory":
        named = words(language).get(f"theory_{value}", value)
    return PLACES[kind][language].format(value=named) if kind in PLACES else f"{kind} {value}"


def _sources(rows: Rows, described: Row, labels: Names, language: str) -> list[list[str]]:
    return [
        [_source(row, language), _share(row, language)] for row in rows if str(row.get("measure", PACKAGE)) == PACKAGE
    ]


def _stability(rows: Rows, described: Row, labels: Names, language: str) -> list[list[str]]:
    return [
        [
            _source(row, language),
            number(float(row["tau"]), 2),
            number(float(row["tau_least"]), 2),
            label(labels, str(row["first"]), language),
            f"{100 * float(row['first_share']):.0f}%",
        ]
        for row in rows
    ]


# name -> what makes the lines of one outcome, and the columns it needs beside the outcome
_MAKERS: dict[str, tuple[Callable[[Rows, Row, Names, str], list[list[str]]], str]] = {
    "interactions": (
        _interactions,
        "first second interaction ci_low ci_high first_with second_with verdict needy",
    ),
    "timing": (_timing, "name weeks period difference ci_low ci_high"),
    "circumstances": (
        _circumstances,
        "circumstance value measure rank rank_low rank_high change change_low change_high",
    ),
    "statements": (_statements, "upper lower circumstance value difference ci_low ci_high verdict"),
    "sources": (_sources, "factor share ci_low ci_high"),
    "stability": (_stability, "factor tau tau_least first first_share"),
}


def _plain(rows: Rows) -> list[dict[str, Any]]:
    """Rows whose empty cells are empty words."""
    return [{key: "" if value == "nan" else value for key, value in row.items()} for row in rows]


def _clear(row: Row, low: str, high: str) -> bool:
    return float(row[low]) * float(row[high]) > 0.0


def _outcome(outcomes: Names, name: str, language: str) -> str:
    return with_unit(outcome_labels(outcomes, name, language), str(outcomes[name].get("unit", "")), language)


def _change(row: Row, value: str, described: Row, language: str, low: str = "ci_low", high: str = "ci_high") -> str:
    numbers = three_numbers({value: row[value], "ci_low": row[low], "ci_high": row[high]}, value)
    unit = str(described.get("unit", ""))
    return f"{bare_change(*numbers, unit)} [{range_text(*numbers, unit, language)}]"


def _source(row: Row, language: str) -> str:
    text = words(language)
    return text.get(f"source_{row['factor']}", str(row["factor"]))


def _share(row: Row, language: str) -> str:
    shown = [f"{100 * float(row[key]):.0f}%" for key in ("share", "ci_low", "ci_high")]
    return f"{shown[0]} [{words(language)['range'].format(low=shown[1], high=shown[2])}]"


def _places(row: Row, language: str) -> str:
    low, high = int(float(row["rank_low"])), int(float(row["rank_high"]))
    return str(low) if low == high else words(language)["rank_range"].format(low=low, high=high)
