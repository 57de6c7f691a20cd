"""Section: neighbours in the ranking that these runs cannot tell apart."""

from __future__ import annotations

import math
from typing import Any

from analysis import LEVEL
from analysis.report.prose import Rows, bare_change, range_text, three_numbers
from analysis.report.section import TOP, Material, Section, table_section
from analysis.report.tables import Table, group_rows, top_rows
from analysis.words import Reader


def _make(given: Material) -> list[dict[str, Any]]:
    rows, reader = given.rows("ties"), given.ranked
    if not rows:
        return []
    return [table_section("ties", ties_table(rows, reader), [reader.text["say_ties"].format(most=TOP)], [], reader)]


def ties_table(rows: Rows, reader: Reader, most: int = TOP) -> Table:
    """Neighbours that cannot be told apart, those that the fewest further runs would split first."""
    text = reader.text
    lines, breaks = top_rows(rows, reader.outcomes, most, lambda row: float(row["runs_more"]))
    cells = []
    for name, row in lines:
        unit = reader.unit(name)
        numbers = three_numbers(row, "difference")
        cells.append(
            [
                reader.outcome_with_unit(name),
                reader.label(row["upper"]),
                reader.label(row["lower"]),
                bare_change(*numbers, unit),
                range_text(*numbers, unit, reader),
                _about_runs(float(row["runs_more"]), reader),
            ]
        )
    interval = text["col_interval_all"].format(level=reader.percent(LEVEL))
    heads = [text["col_outcome"], text["col_upper"], text["col_lower"], text["col_ahead"]]
    columns = [*heads, interval, text["col_runs_more"]]
    return group_rows(text["tab_ties"], columns, cells, {0, 1, 2}, breaks)


def _about_runs(runs: float, reader: Reader) -> str:
    """A rough number of runs: two figures, or a word where that is too many."""
    text = reader.text
    if not math.isfinite(runs):
        return text["runs_endless"]
    if runs > 1e6:
        return text["runs_million"]
    step = 10 ** max(0, math.floor(math.log10(max(runs, 1.0))) - 1)
    return f"{round(runs / step) * step:,}"


SECTION = Section(80, ("ties",), _make)
