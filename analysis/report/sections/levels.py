"""Section: every outcome in every setting, in numbers."""

from __future__ import annotations

import math
from typing import Any

from analysis.report.prose import Row, Rows
from analysis.report.section import Material, Section
from analysis.report.tables import Table, level_cell, name_with_unit, period_name
from analysis.words import Reader


def _make(given: Material) -> list[dict[str, Any]]:
    return [
        {
            "id": "levels",
            "title": given.reader.text["sec_levels"],
            "width": "wide",
            "figures": [],
            "tables": [level_table(given.tables["levels"], given.last, given.reader)],
            "notes": [],
        }
    ]


def level_table(levels: Rows, last_year: int, reader: Reader) -> Table:
    """Every outcome in every setting.

    The year before, year 1 and the evaluation year, with intervals where there are any.
    """
    text = reader.text
    found = {(row["setting"], row["outcome"], row["period"]): row for row in levels}
    periods = [p for p in ("baseline", "year1", "evaluation") if any(p == key[2] for key in found)]
    rows: list[Any] = []
    breaks: set[int] = set()
    for setting in dict.fromkeys(key[0] for key in found):
        if rows:
            breaks.add(len(rows))
        for name, described in reader.outcomes.items():
            if not any((setting, name, period) in found for period in periods):
                continue
            unit = str(described.get("unit", ""))
            rows.append(
                [
                    reader.label(setting),
                    name_with_unit(reader.outcome(name), unit, reader),
                    *(_level_cell(found.get((setting, name, period)), unit, reader) for period in periods),
                ]
            )
    return Table(
        text["tab_levels"],
        [
            text["col_setting"],
            text["col_outcome"],
            *(period_name(period, last_year, reader) for period in periods),
        ],
        rows,
        heads=2,
        words=frozenset({0, 1}),
        breaks=frozenset(breaks),
    )


def _level_cell(row: Row | None, unit: str, reader: Reader) -> str:
    if row is None:
        return "–"
    mean, low, high = (float(row[key]) for key in ("mean", "ci_low", "ci_high"))
    shown = level_cell(mean, unit, reader)
    if not (math.isfinite(low) and math.isfinite(high)):
        return shown
    ends = reader.text["range"].format(low=level_cell(low, unit, reader), high=level_cell(high, unit, reader))
    return f"{shown} [{ends}]"


SECTION = Section(30, ("levels",), _make)
