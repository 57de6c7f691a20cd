"""Section: what stays when each measure, and the package, ends half-way."""

from __future__ import annotations

import math
from typing import Any

from analysis import LEVEL, PACKAGE
from analysis.figures.persistence import endings, name_of
from analysis.report.prose import Rows, change_text, join_some, three_numbers, with_range
from analysis.report.section import Material, Section
from analysis.report.tables import Table
from analysis.words import Reader

LASTS, GOES = 0.5, 0.25  # of an effect stays, with its whole interval: half or more, a quarter or less


def _make(given: Material) -> list[dict[str, Any]]:
    rows, reader, text = given.rows("persistence"), given.ranked, given.reader.text
    if not rows:
        return []
    shown = [name for name in reader.outcomes if any(row["outcome"] == name for row in rows)]
    drawn = endings(rows, reader=reader)
    alt = text["alt_persistence"].format(outcomes=reader.join_outcomes(shown))
    return [
        {
            "id": "persistence",
            "title": text["sec_persistence"],
            "width": "wide",
            "points": [point for name in shown for point in points_of(rows, name, reader)],
            "figures": [given.figure(drawn, "persistence", text["fig_endings_title"], alt, text["cap_persistence"])],
            "tables": [_table(rows, name, reader) for name in shown],
            "notes": [text["note_endings"].format(level=reader.percent(LEVEL))],
        }
    ]


def points_of(rows: Rows, outcome: str, reader: Reader) -> list[str]:
    """A sentence on the package, and one on the measures whose effect stays or goes."""
    text, unit = reader.text, reader.unit(outcome)
    own = [row for row in rows if row["outcome"] == outcome]
    fields = {"outcome": reader.outcome(outcome), "weeks": int(float(own[0]["weeks"]))}
    points = []
    for row in own:
        if row["name"] == PACKAGE:
            sizes = {case: change_text(*_numbers(row, case), unit, reader) for case in ("kept", "ended")}
            form = "endings_point_package_unclear" if math.isnan(float(row["stays"])) else "endings_point_package"
            points.append(text[form].format(**fields, **sizes, share=_share(row, reader)))
    measures = [row for row in own if row["name"] != PACKAGE]
    for form, chosen in (
        ("endings_point_stays", [row for row in measures if float(row["stays_low"]) >= LASTS]),
        ("endings_point_goes", [row for row in measures if float(row["stays_high"]) <= GOES and not _turns(row)]),
        ("endings_point_turns", [row for row in measures if _turns(row)]),
    ):
        if chosen:
            names = join_some([reader.label_inside(str(row["name"])) for row in chosen], reader)
            points.append(text[form].format(**fields, names=names))
    return points


def _turns(row: Any) -> bool:
    """Whether the effect after the end is surely on the other side."""
    return {row["kept_verdict"], row["ended_verdict"]} == {"improves", "worsens"}


def _numbers(row: Any, case: str) -> tuple[float, float, float]:
    return three_numbers(row, case, f"{case}_low", f"{case}_high")


def _share(row: Any, reader: Reader) -> str:
    """The part that stays, with its interval; a dash where it cannot be told."""
    stays = [float(row[key]) for key in ("stays", "stays_low", "stays_high")]
    if any(map(math.isnan, stays)):
        return "–"
    share, low, high = (reader.percent(round(value, 2)) for value in stays)
    return reader.text["endings_share"].format(share=share, low=low, high=high)


def _table(rows: Rows, outcome: str, reader: Reader) -> Table:
    text, unit = reader.text, reader.unit(outcome)
    cells = [
        [
            name_of(row, reader),
            *(with_range(*_numbers(row, case), unit, reader) for case in ("kept", "ended", "lost")),
            _share(row, reader),
        ]
        for row in rows
        if row["outcome"] == outcome
    ]
    caption = text["tab_endings"].format(
        outcome=reader.outcome_inside(outcome), unit=reader.quantity(unit).change_unit.strip() or unit
    )
    heads = [
        text["col_measure"],
        text["col_endings_kept"],
        text["col_endings_ended"],
        text["col_endings_lost"],
        text["col_endings_stays"],
    ]
    return Table(caption, heads, cells, words=frozenset({0}))


SECTION = Section(155, ("persistence",), _make)
