"""Section: what a measure brings for its cost."""

from __future__ import annotations

from typing import Any

from analysis.report.prose import Row, Rows, three_numbers, with_range
from analysis.report.section import TOP, Material, Section, table_section
from analysis.report.tables import Table, group_rows
from analysis.words import Reader

DIGITS = 3


def _make(given: Material) -> list[dict[str, Any]]:
    rows, reader, text = given.rows("cost_effectiveness"), given.ranked, given.reader.text
    if not rows:
        return []
    intro = [text["say_cost_effectiveness"], text["say_cost_effectiveness_not"]]
    return [table_section("cost_effectiveness", cost_table(rows, reader), intro, [], reader, "wide")]


def cost_table(rows: Rows, reader: Reader, most: int = TOP) -> Table:
    """The best of each outcome for their cost, place by place: a column for hours and one for yuan."""
    text = reader.text
    cells: list[list[str]] = []
    breaks: set[int] = set()
    for name in reader.outcomes:
        own = {
            (int(float(row["rank"])), str(row["currency"])): row
            for row in rows
            if row["outcome"] == name and int(float(row["rank"])) <= most
        }
        breaks.add(len(cells))
        for place in sorted({place for place, _ in own}):
            both = [own.get((place, currency)) for currency in ("hours", "yuan")]
            shown = [_per_cost_cell(row, reader.unit(name), reader) for row in both]
            cells.append([reader.outcome_with_unit(name), str(place), *shown])
    columns = [text["col_outcome"], text["col_place"], text["col_per_hours"], text["col_per_yuan"]]
    caption = text["tab_cost_effectiveness"].format(most=most)
    return group_rows(caption, columns, cells, {0, 2, 3}, frozenset(breaks))


def _per_cost_cell(row: Row | None, unit: str, reader: Reader) -> str:
    if row is None:
        return "–"
    measure = reader.label(row["measure"])
    effect = with_range(*three_numbers(row, "effect"), unit, reader, DIGITS)
    effect = effect.replace(" ", "\N{NO-BREAK SPACE}")
    return reader.text["cost_cell"].format(measure=measure, effect=effect)


SECTION = Section(90, ("cost_effectiveness",), _make)
