"""Columns of the workbook: what they are called, which unit they have, and how their numbers are shown."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.report.sections.scenario_discovery import rule_text
from analysis.words import Reader

SUFFIXES = {"__year1": "book_year1", "__baseline": "book_baseline"}
# fmt: off
IN_UNIT = frozenset({
    "contribution", "ci_low", "ci_high", "change", "change_low", "change_high", "change_elsewhere", "effect",
    "base_mean", "other_mean", "difference", "gain", "interaction", "first_without", "first_with", "second_without",
    "second_with", "mean", "expected", "step", "step_low", "step_high", "study", "study_low", "study_high",
    "deviation", "kept", "kept_low", "kept_high", "ended", "ended_low", "ended_high", "lost", "lost_low",
    "lost_high", "median", "q05", "q95", "own_hours", "hours_cost",
})
"""Columns in the unit of the row's outcome."""
SHARES = frozenset({
    "probability", "coverage", "density", "density_low", "density_high", "in_reach", "by_chance", "fit", "share",
    "front_share", "within_budget", "changes", "first_share", "level", "stays", "stays_low", "stays_high",
    "p_better", "p_first", "p_top3", "p_top5", "chance",
})
NAMES = frozenset({
    "outcome", "measure", "setting", "base", "other", "upper", "lower", "chosen_now", "first", "second", "name",
    "town", "lever", "value", "label", "indicator",
})
"""Columns of ids, which are shown by their names."""
# fmt: on
UNITLESS = frozenset({"sobol_first", "sobol_total"})  # methods whose numbers are shares of a spread
WORDS = {"period": "period_", "verdict": "verdict_", "kept_verdict": "verdict_", "ended_verdict": "verdict_",
         "factor": "source_", "method": "method_", "name": "timing_", "spread": "spread_", "nature": "nature_",
         "op": "op_"}  # fmt: skip
TEXT = frozenset({"id", "label_en", "label_zh", "parameters", "values", "direction", "parameter"})
PERCENT, FINE, WHOLE = "0.0%", "0.00%", "#,##0"


@dataclass(frozen=True)
class Cell:
    """A value of a cell and the format in which it is shown; a string is never a formula."""

    value: float | int | str | None
    form: str = "General"


def heading(column: str, columns: Collection[str], reader: Reader) -> str:
    """What one of the columns is called: its word, an indicator with its unit, or its id where it has no name."""
    text = reader.text
    if column == "base" and "density" in columns:
        return text["column_base_rate"]
    for suffix, form in SUFFIXES.items():
        if column.endswith(suffix):
            return text[form].format(name=heading(column.removesuffix(suffix), columns, reader))
    if f"column_{column}" in text:
        return text[f"column_{column}"]
    if column in reader.outcomes:
        name, unit = reader.outcome(column), reader.quantity_of(column).axis_unit
        return text["book_head_unit"].format(name=name, unit=unit) if unit else name
    return reader.label(column)


def cell(column: str, row: Mapping[str, str], reader: Reader, digits: int) -> Cell:
    """The cell of a column: a number as it is, with the format of its kind, an id by its name, an empty one empty."""
    given = row[column]
    if given in ("", "nan", None):
        return Cell(None)
    if column in TEXT:
        return Cell(given)
    number = _number(given)
    if number is None:
        return Cell(_word(column, row, reader))
    if not math.isfinite(number):
        return Cell("∞" if number > 0 else "−∞")
    return Cell(int(number) if given.lstrip("-").isdigit() else number, _form(column, number, row, reader, digits))


def unit_of(row: Mapping[str, str], reader: Reader) -> str:
    """The unit in which a row's changes are shown; nothing where its numbers are shares of a spread."""
    outcome = outcome_of(row)
    if outcome not in reader.outcomes or row.get("method") in UNITLESS:
        return ""
    unit = reader.quantity_of(outcome)
    return unit.axis_unit or unit.change_unit.strip()


def outcome_of(row: Mapping[str, str]) -> str:
    """The outcome, or the indicator, that a row's numbers are of."""
    return row.get("outcome") or row.get("indicator") or ""


def is_share(outcome: str, reader: Reader) -> bool:
    """Whether values of an outcome are shares, which are shown in per cent."""
    return outcome in reader.outcomes and reader.quantity_of(outcome).factor == 100.0


def _form(column: str, number: float, row: Mapping[str, str], reader: Reader, digits: int) -> str:
    """The format of a number. Ends of an interval are of the distance or the share where a row has one."""
    base = column
    for suffix in SUFFIXES:
        base = base.removesuffix(suffix)
    ends = column in ("ci_low", "ci_high")
    if column in SHARES or (ends and "share" in row) or (column == "base" and "density" in row):
        return PERCENT
    if ends and "distance" in row:
        return decimal(2)
    if column in IN_UNIT and outcome_of(row):
        if row.get("method") in UNITLESS:
            return PERCENT
        return FINE if is_share(outcome_of(row), reader) else decimal(digits)
    if base in reader.outcomes:
        return FINE if is_share(base, reader) else decimal(digits)
    if number.is_integer():
        return "0" if column == "seed" else WHOLE
    return decimal(digits)


def decimal(digits: int) -> str:
    """The format of a number with so many decimals."""
    return "#,##0" if digits <= 0 else "#,##0." + "0" * digits


def decimals_of(values: Sequence[float]) -> int:
    """Decimals that show three figures of the middle one of the values, at most six."""
    sizes = sorted(abs(value) for value in values if value and math.isfinite(value))
    if not sizes:
        return 0
    return max(0, min(6, 2 - math.floor(math.log10(sizes[len(sizes) // 2]))))


def _number(given: str) -> float | None:
    try:
        return float(given) if "_" not in given else None
    except ValueError:
        return None


def _word(column: str, row: Mapping[str, Any], reader: Reader) -> str:
    """An id or a word of a table in the reader's language."""
    text, given = reader.text, str(row[column])
    if column == "limits":
        return rule_text(given, reader)
    if column == "value" and "circumstance" in row:
        return reader.context(str(row["circumstance"]), given)
    if column == "measures":
        return text["comma"].join(reader.label(name) for name in given.split())
    if column in WORDS and f"{WORDS[column]}{given}" in text and "{" not in text[f"{WORDS[column]}{given}"]:
        return text[f"{WORDS[column]}{given}"]
    if column == "unit":
        return reader.quantity(given).axis_unit or given
    if given in reader.outcomes:
        return reader.outcome(given)
    if column in NAMES and reader.label(given) != given:
        return reader.label(given)
    return text.get(f"value_{given}", reader.label(given))
