"""Section: where the spread comes from, and over which of its sources the order holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis import LEVEL, figures
from analysis.figures.variance import PACKAGE
from analysis.report.prose import Rows
from analysis.report.section import Material, Section, draw_for
from analysis.report.tables import Table, group_rows, top_rows
from analysis.uncertainty.stability import CELLS
from analysis.words import Reader
from analysis.words.quantities import number

LEAST_SURE = 3  # orders of an outcome that are in the table
SOURCES = ("seed", "town", "behaviour", "potency", "intensity")
TABLES = ("variance", "stability", "orders")


def _make(given: Material) -> list[dict[str, Any]]:
    tables, reader, text = {name: given.rows(name) for name in TABLES}, given.ranked, given.reader.text
    drawn = figures.draw_figures(tables, reader, ("variance", "variance_by_measure"))
    titles = {"variance": "fig_spread_title", "variance_by_measure": "fig_spread_measures"}
    pictures = [
        draw_for(given, drawn[name], name, text[title], tables["variance"], "wide")
        for name, title in titles.items()
        if name in drawn
    ]
    if not pictures:
        return []
    return [
        {
            "id": "variance",
            "title": text["sec_variance"],
            "width": "wide",
            "figures": pictures,
            "tables": [orders_table(tables["orders"], reader)] if tables["orders"] else [],
            "notes": _notes(tables, reader),
        }
    ]


def _notes(tables: Mapping[str, Rows], reader: Reader) -> list[str]:
    """Which source owns most, and over which the order holds, for each outcome."""
    text = reader.text
    notes = []
    for name in reader.outcomes:
        outcome = reader.outcome(name)
        shares = [row for row in tables.get("variance", ()) if row["outcome"] == name and row["measure"] == PACKAGE]
        if shares:
            most = max(shares, key=lambda row: float(row["share"]))
            share, low, high = (f"{100 * float(most[key]):.0f}%" for key in ("share", "ci_low", "ci_high"))
            source = reader.inside(text[f"source_{most['factor']}"])
            said = {"outcome": outcome, "source": source, "share": share, "low": low, "high": high}
            notes.append(text["note_sources_most"].format(level=reader.percent(LEVEL), **said))
        agreed = [row for row in tables.get("stability", ()) if row["outcome"] == name]
        if agreed:
            parts = [
                text["note_sources_item"].format(
                    tau=number(float(row["tau"]), 2), source=reader.inside(text[f"source_{row['factor']}"])
                )
                for row in agreed
            ]
            notes.append(text["note_sources_order"].format(outcome=outcome, parts=reader.join(parts)))
        notes += _order_notes([row for row in tables.get("orders", ()) if row["outcome"] == name], outcome, reader)
    levels = max(int(float(row["levels"])) for row in tables["variance"])
    widths = [100 * (float(row["ci_high"]) - float(row["ci_low"])) for row in tables["variance"]]
    width = f"{sum(widths) / len(widths):.0f}"
    limits = text["note_sources_limits"]
    notes.append(limits.format(levels=levels, width=width, level=reader.percent(LEVEL)))
    if tables.get("orders"):
        notes += [text["note_orders_limits"], text["note_table"].format(name="orders")]
    return notes


def _order_notes(rows: Rows, outcome: str, reader: Reader) -> list[str]:
    """In how many cells the printed orders of an outcome hold; nothing without rows."""
    cells = [row for row in rows if row["factor"] == CELLS]
    if not cells:
        return []
    shares = [float(row["share"]) for row in cells]
    said = {"count": len(cells), "cells": int(float(cells[0]["cases"])), "outcome": outcome}
    counted = {"every": sum(share == 1.0 for share in shares), "few": sum(share < 0.5 for share in shares)}
    return [reader.text["note_orders"].format(**said, **counted)]


def orders_table(rows: Rows, reader: Reader) -> Table:
    """The printed orders of each outcome that hold in the fewest cells, and in how many levels of each source."""
    text = reader.text
    counted = {(row["outcome"], row["upper"], row["lower"], row["factor"]): row for row in rows}
    sources = [name for name in SOURCES if any(row["factor"] == name for row in rows)]
    own = [row for row in rows if row["factor"] == CELLS]
    lines, breaks = top_rows(own, reader.outcomes, LEAST_SURE, lambda row: float(row["share"]))
    cells = []
    for name, row in lines:
        share, low, high = (f"{100 * float(row[key]):.0f}%" for key in ("share", "ci_low", "ci_high"))
        levels = [counted[row["outcome"], row["upper"], row["lower"], source] for source in sources]
        first = [reader.outcome(name), *(reader.label(row[k]) for k in ("upper", "lower"))]
        held = [f"{int(float(one['holds']))}/{int(float(one['cases']))}" for one in levels]
        cells.append([*first, text["share_of_cells"].format(share=share, low=low, high=high), *held])
    heads = [text["col_outcome"], text["col_upper"], text["col_lower"]]
    columns = [
        *heads,
        text["col_cells"].format(level=reader.percent(LEVEL)),
        *(text[f"source_{s}"] for s in sources),
    ]
    return group_rows(text["tab_orders"].format(most=LEAST_SURE), columns, cells, {0, 1, 2}, breaks)


SECTION = Section(160, TABLES, _make)
