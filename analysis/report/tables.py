"""The numbers of a page as tables: plain lists of text, ready for any form."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.figures.data import outcome_labels
from analysis.figures.style import ACTIVITIES
from analysis.report.findings import (
    Labels,
    Outcomes,
    Row,
    bare_change,
    percent,
    range_text,
    running,
    three_numbers,
    with_range,
)
from analysis.uncertainty import verdict
from analysis.words import label, words
from analysis.words.quantities import (
    clear_of_zero,
    interval_digits,
    level_text,
    number,
    quantity,
)

METHODS = ("shapley", "leave_one_out", "add_one_in")
AMONG = 3  # the ranking tells how likely a measure is to be among so many first


@dataclass(frozen=True)
class Table:
    """A caption, column heads and rows of text; the first `heads` cells of a row are its heads.

    `breaks` start a new group.

    `words` are the columns of plain words, set to the left; all others are numbers.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    heads: int = 1
    words: frozenset[int] = frozenset({0})
    breaks: frozenset[int] = field(default_factory=frozenset)


def period_name(period: str, last_year: int, language: str) -> str:
    """Name of a period of evaluation."""
    return words(language)[f"period_{period}"].format(n=last_year)


def effect_table(effects: Sequence[Row], outcomes: Outcomes, labels: Labels, last_year: int, language: str) -> Table:
    """Effect of one package by outcome and period, with interval, reading and variance ratio."""
    text = words(language)
    first = effects[0]
    rows: list[Any] = []
    breaks: set[int] = set()
    for name, described in outcomes.items():
        for row in (row for row in effects if row["outcome"] == name):
            unit = str(described.get("unit", ""))
            numbers = three_numbers(row, "difference")
            says = verdict(numbers[1], numbers[2], str(described.get("better", "")))
            if row["period"] == "year1":
                breaks.add(len(rows))
            rows.append(
                [
                    with_unit(outcome_labels(outcomes, name, language), unit, language),
                    period_name(str(row["period"]), last_year, language),
                    _level(float(row["base_mean"]), unit, language),
                    _level(float(row["other_mean"]), unit, language),
                    bare_change(*numbers, unit),
                    range_text(*numbers, unit, language),
                    text[f"verdict_{says}"],
                    _ratio(float(row.get("variance_ratio", math.nan))),
                ]
            )
    base = label(labels, str(first["base"]), language)
    other = label(labels, str(first["other"]), language)
    return Table(
        text["tab_effect"].format(base=base, other=other),
        [
            text["col_outcome"],
            text["col_period"],
            base,
            other,
            text["col_difference"],
            text["col_interval"].format(level=percent(float(first.get("level", 0.95)), language)),
            text["col_verdict"],
            text["col_ratio"],
        ],
        rows,
        heads=2,
        words=frozenset({0, 1, 6}),
        breaks=frozenset(breaks),
    )


def with_unit(name: str, unit: str, language: str) -> str:
    """An outcome with the unit of its changes."""
    change = quantity(unit, language).change_unit.strip()
    return words(language)["outcome_in"].format(outcome=name, unit=change) if change else name


def _once(unit: str, language: str) -> bool:
    """Whether levels and changes have the same unit: it then stands beside the outcome and not behind each number."""
    found = quantity(unit, language)
    return found.level_unit == found.change_unit


def _named(name: str, unit: str, language: str) -> str:
    """An outcome, with its unit where that stands beside it."""
    return with_unit(name, unit, language) if _once(unit, language) else name


def _level(value: float, unit: str, language: str) -> str:
    """A level, with its unit where that does not stand beside the outcome."""
    said = level_text(value, unit, language)
    return said.removesuffix(quantity(unit, language).level_unit) if _once(unit, language) else said


def _ratio(value: float) -> str:
    if math.isinf(value):
        return "∞"
    return f"× {number(value, 1 if value < 10 else 0)}" if math.isfinite(value) else "–"


def ranking_table(
    ranking: Sequence[Row], chances: Sequence[Row], outcome: str, outcomes: Outcomes, labels: Labels, language: str
) -> Table:
    """All measures for one outcome.

    Tier, rank, rank set and (where `chances` has it) the chance to be among the first few, by the leading method;
    contributions of every method.
    """
    text = words(language)
    described = outcomes[outcome]
    unit = str(described.get("unit", ""))
    by_method = {
        method: {str(row["measure"]): row for row in ranking if row["method"] == method and row["outcome"] == outcome}
        for method in METHODS
    }
    shown = [method for method in METHODS if by_method[method]]
    leading = sorted(by_method[shown[0]].values(), key=lambda row: int(float(row["rank"])))
    numbers = [three_numbers(row, "contribution") for row in leading]
    digits = Counter(interval_digits(*three, unit) for three in numbers).most_common(1)[0][0]
    among = [row for row in chances if row["outcome"] == outcome and int(row["places"]) <= AMONG]
    few = max((int(row["places"]) for row in among), default=0)
    chance = {str(row["measure"]): float(row["probability"]) for row in among if int(row["places"]) == few}
    rows: list[Any] = []
    breaks: set[int] = set()
    for place, row in enumerate(leading):
        measure = str(row["measure"])
        if place and row["tier"] != leading[place - 1]["tier"]:
            breaks.add(place)
        cells = [
            label(labels, measure, language),
            str(row["tier"]),
            str(int(float(row["rank"]))),
            ranks_text(row, language),
            *([_chance(chance[measure])] if chance else []),
        ]
        for method in shown:
            found = by_method[method].get(measure)
            cells.append(_with_interval(found, unit, language, digits) if found else "–")
        rows.append(cells)
    return Table(
        text["tab_ranking"].format(
            outcome=running(outcome_labels(outcomes, outcome, language), language),
            unit=quantity(unit, language).change_unit.strip() or unit,
        ),
        [
            text["col_measure"],
            text["col_tier"],
            text["col_rank"],
            text["col_ranks"],
            *([text["col_among_first"].format(count=few)] if chance else []),
            *(text[f"method_{method}"] for method in shown),
        ],
        rows,
        breaks=frozenset(breaks),
    )


def ranks_text(row: Row, language: str) -> str:
    """The rank set of a row: one place, or from the first to the last."""
    low, high = int(float(row["rank_low"])), int(float(row["rank_high"]))
    return str(low) if low == high else words(language)["rank_range"].format(low=low, high=high)


def _chance(probability: float) -> str:
    """A share of resamples in per cent; never said to be all or none."""
    return "<1%" if probability < 0.01 else ">99%" if probability > 0.99 else f"{100 * probability:.0f}%"


def _with_interval(row: Row, unit: str, language: str, digits: int) -> str:
    """A contribution and its interval in the decimals of the table.

    or one more where it would seem to hold zero.
    """
    three = three_numbers(row, "contribution")
    shown = clear_of_zero(digits, three[1], three[2], unit)
    return with_range(*three, unit, language, shown)


def level_table(levels: Sequence[Row], outcomes: Outcomes, labels: Labels, last_year: int, language: str) -> Table:
    """Every outcome in every setting.

    The year before, year 1 and the evaluation year, with intervals where there are any.
    """
    text = words(language)
    found = {(row["setting"], row["outcome"], row["period"]): row for row in levels}
    periods = [p for p in ("baseline", "year1", "evaluation") if any(p == key[2] for key in found)]
    rows: list[Any] = []
    breaks: set[int] = set()
    for setting in dict.fromkeys(key[0] for key in found):
        if rows:
            breaks.add(len(rows))
        for name, described in outcomes.items():
            if not any((setting, name, period) in found for period in periods):
                continue
            unit = str(described.get("unit", ""))
            rows.append(
                [
                    label(labels, str(setting), language),
                    _named(outcome_labels(outcomes, name, language), unit, language),
                    *(_level_cell(found.get((setting, name, period)), unit, language) for period in periods),
                ]
            )
    return Table(
        text["tab_levels"],
        [
            text["col_setting"],
            text["col_outcome"],
            *(period_name(period, last_year, language) for period in periods),
        ],
        rows,
        heads=2,
        words=frozenset({0, 1}),
        breaks=frozenset(breaks),
    )


def _level_cell(row: Row | None, unit: str, language: str) -> str:
    if row is None:
        return "–"
    mean, low, high = (float(row[key]) for key in ("mean", "ci_low", "ci_high"))
    shown = _level(mean, unit, language)
    if not (math.isfinite(low) and math.isfinite(high)):
        return shown
    ends = words(language)["range"].format(low=_level(low, unit, language), high=_level(high, unit, language))
    return f"{shown} [{ends}]"


def hours_table(shown: Sequence[tuple[str, Any]], language: str) -> Table:
    """Shares of hours by activity for the columns of the hours figure."""
    text = words(language)
    rows = [
        [text[f"activity_{activity}"], *(f"{100 * shares[a]:.1f}%" for _, shares in shown)]
        for a, activity in enumerate(ACTIVITIES)
    ]
    joined = [" ".join(heading.split("\n")) for heading, _ in shown]
    return Table(text["tab_hours"], [text["col_activity"], *joined], rows)


def pair_table(caption: str, columns: tuple[str, str], items: Mapping[str, Any], more: str) -> Table:
    """Nested plain data as two columns, dotted names left.

    A long value is cut and ends in `more`.
    """
    rows = [[name, _cut(value, more)] for name, value in _flat(items)]
    return Table(caption, list(columns), rows, words=frozenset({0, 1}))


def _flat(items: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in items.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and value:
            pairs += _flat(value, f"{name}.")
        elif isinstance(value, list | tuple) and all(not isinstance(v, Mapping | list | tuple) for v in value):
            pairs.append((name, ", ".join(map(str, value))))
        else:
            pairs.append((name, value))
    return pairs


def _cut(value: Any, more: str, longest: int = 240) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    shown = str(value)
    return shown if len(shown) <= longest else shown[:longest].rstrip() + more
