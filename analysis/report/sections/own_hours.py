"""Section: how much of what a measure brings, or costs, are the hours that it takes itself."""

from __future__ import annotations

from typing import Any

from analysis import LEVEL
from analysis.report.prose import Rows, three_numbers, with_range
from analysis.report.section import TOP, Material, Section, table_section
from analysis.report.tables import Table, group_rows, top_rows
from analysis.words import Reader
from analysis.words.quantities import number


def _make(given: Material) -> list[dict[str, Any]]:
    rows, reader, text = given.rows("own_hours"), given.ranked, given.reader.text
    if not rows:
        return []
    whole = {(row["method"], row["outcome"], row["measure"]): row for row in given.rows("ranking")}
    intro = [text["say_own_hours"]]
    return [table_section("own_hours", hours_table(rows, whole, reader), intro, [], reader, "wide")]


def hours_table(rows: Rows, whole: dict[Any, Any], reader: Reader, most: int = TOP) -> Table:
    """The measures whose own hours cost an outcome most, in the package and alone: with those hours, and without."""
    text = reader.text
    lines, breaks = top_rows(rows, reader.outcomes, most, lambda row: -abs(float(row["hours_cost"])))
    cells = []
    for name, row in lines:
        unit, found = reader.unit(name), whole.get((row["method"], name, row["measure"]))
        both = ["–", "–"]
        if found is not None:
            cost, there = float(row["hours_cost"]), float(found["contribution"])
            both = [number(reader.quantity(unit).factor * value, 2, sign=True) for value in (there, there - cost)]
        cells.append(
            [
                reader.outcome_with_unit(name),
                reader.label(row["measure"]),
                text[f"method_{row['method']}"],
                with_range(*three_numbers(row, "hours_cost"), unit, reader),
                *both,
            ]
        )
    heads = [text["col_outcome"], text["col_measure"], text["col_how"]]
    changed = text["col_hours_cost"].format(level=reader.percent(LEVEL))
    columns = [*heads, changed, text["col_with_hours"], text["col_free"]]
    return group_rows(text["tab_own_hours"].format(most=most), columns, cells, {0, 1, 2}, breaks)


SECTION = Section(47, ("own_hours",), _make)
