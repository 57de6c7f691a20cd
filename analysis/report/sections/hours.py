"""Section: where the week's hours go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis import figures
from analysis.figures.hours import columns
from analysis.figures.style import ACTIVITIES
from analysis.report.section import Material, Section
from analysis.report.tables import Table
from analysis.words import Reader


def _make(given: Material) -> list[dict[str, Any]]:
    reader, text, dataset = given.reader, given.reader.text, given.dataset
    if not all(activity in dataset for activity in ACTIVITIES):
        return []
    drawn = figures.hours(dataset, reader=reader)
    picture = given.figure(drawn, "hours", text["fig_hours_title"], text["alt_hours"], text["cap_hours"])
    return [
        {
            "id": "hours",
            "title": text["sec_hours"],
            "width": "middle",
            "figures": [picture],
            "tables": [hours_table(columns(dataset, reader=reader), reader)],
            "notes": [],
        }
    ]


def hours_table(shown: Sequence[tuple[str, Any]], reader: Reader) -> Table:
    """Shares of hours by activity for the columns of the hours figure."""
    text = reader.text
    rows = [
        [text[f"activity_{activity}"], *(f"{100 * shares[a]:.1f}%" for _, shares in shown)]
        for a, activity in enumerate(ACTIVITIES)
    ]
    joined = [" ".join(heading.split("\n")) for heading, _ in shown]
    return Table(text["tab_hours"], [text["col_activity"], *joined], rows)


SECTION = Section(180, ("dataset",), _make)
