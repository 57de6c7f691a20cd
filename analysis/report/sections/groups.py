"""Section: which groups of measures matter, each screened as one."""

from __future__ import annotations

from typing import Any

from analysis import LEVEL
from analysis.report.section import Material, Section
from analysis.report.tables import group_rows, rank_of, ranks_text, size_text, top_rows


def _make(given: Material) -> list[dict[str, Any]]:
    groups, reader, text = given.rows("groups"), given.ranked, given.reader.text
    if not groups:
        return []
    lines, breaks = top_rows(groups, reader.outcomes, len(groups), rank_of)
    cells = []
    for name, row in lines:
        size, could = size_text(row, reader.unit(name), reader), ranks_text(row, reader)
        heading = reader.outcome_with_unit(name)
        cells.append([heading, reader.label(row["measure"]), size, str(int(rank_of(row))), could])
    columns = [
        *(text["col_outcome"], text["col_group"], text["col_strength"].format(level=reader.percent(LEVEL))),
        *(text["col_rank"], text["col_ranks"]),
    ]
    return [
        {
            "id": "groups",
            "title": text["sec_groups"],
            "width": "middle",
            "intro": [text["say_groups"]],
            "figures": [],
            "tables": [group_rows(text["tab_groups"], columns, cells, {0, 1}, breaks)],
            "notes": [text["note_table"].format(name="groups")],
        }
    ]


SECTION = Section(70, ("groups",), _make)
