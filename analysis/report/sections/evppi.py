"""Section: which assumption is worth measuring first."""

from __future__ import annotations

from typing import Any

from analysis import LEVEL
from analysis.report.assumptions import assumption_name, explain_names
from analysis.report.prose import Rows, share_text, three_numbers, with_range
from analysis.report.section import TOP, Material, Section, table_section
from analysis.report.tables import Table, group_rows, top_rows
from analysis.words import Reader


def _make(given: Material) -> list[dict[str, Any]]:
    rows, reader, text = given.rows("evppi"), given.ranked, given.reader.text
    if not rows:
        return []
    names = [str(row["parameter"]) for row in rows]
    fields = {"count": len(set(names)), "draws": int(float(rows[0]["draws"]))}
    intro = [text["say_information"].format(**fields), text["say_information_not"].format(**fields)]
    return [table_section("evppi", evppi_table(rows, reader), intro, explain_names(names, text), reader)]


def evppi_table(rows: Rows, reader: Reader, most: int = TOP) -> Table:
    """The assumptions whose measurement would improve the choice of the first measure most."""
    text = reader.text
    lines, breaks = top_rows(rows, reader.outcomes, most, lambda row: -float(row["gain"]))
    cells = []
    for name, row in lines:
        numbers = three_numbers(row, "gain")
        cells.append(
            [
                reader.outcome_with_unit(name),
                reader.label(row["chosen_now"]),
                assumption_name(str(row["parameter"]), reader),
                with_range(*numbers, reader.unit(name), reader),
                share_text(row["changes"]),
            ]
        )
    heads = [text["col_outcome"], text["col_chosen_now"], text["col_parameter"]]
    columns = [*heads, text["col_gain"].format(level=reader.percent(LEVEL)), text["col_changes"]]
    return group_rows(text["tab_information"].format(most=most), columns, cells, {0, 1, 2}, breaks)


SECTION = Section(130, ("evppi",), _make)
