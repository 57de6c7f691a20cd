"""Section: which measure moves which pain point, as a matrix of marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis import LEVEL
from analysis.report.prose import Row
from analysis.report.section import Material, Section, table_section
from analysis.report.sections.essay_points import numbered, with_indicators
from analysis.report.tables import Table
from analysis.uncertainty import verdict
from analysis.uncertainty.ignorance import whole_range
from analysis.words import Reader
from analysis.words.quantities import MINUS

MUCH = 0.1  # of an indicator's level: from there on a mark is doubled
MARKS = {"improves": "+", "worsens": MINUS, "changes": "±"}
NOT_TOLD = "·"


def _make(given: Material) -> list[dict[str, Any]]:
    rows = given.tables.get("indicator_effects") or ()
    points = given.catalogue.get("points", ())
    if not rows or not points or rows[0]["method"] == "package":
        return []
    reader = with_indicators(given)
    text, method = reader.text, str(rows[0]["method"])
    levels = {
        str(row["outcome"]): float(row["mean"])
        for row in reversed(given.tables.get("levels") or ())
        if row["period"] == "evaluation"
    }
    intro = [text["say_matrix"].format(how=text[f"matrix_{method}"], level=reader.percent(LEVEL), much=f"{MUCH:.0%}")]
    return [
        table_section(
            "indicator_effects", matrix(rows, points, levels, reader), intro, _notes(points, reader), reader, "wide"
        )
    ]


def matrix(rows: Any, points: Any, levels: Mapping[str, float], reader: Reader) -> Table:
    """A row a measure and a column a point, by its foremost indicator; `levels` of indicators without the measures."""
    found = {(row["measure"], row["indicator"]): row for row in rows}
    measures = list(dict.fromkeys(str(row["measure"]) for row in rows))
    heads = numbered(points, reader)
    cells = [
        [
            reader.label(measure),
            *(_mark(found.get((measure, point["indicators"][0])), levels, reader) for _, point in heads),
        ]
        for measure in measures
    ]
    text = reader.text
    return Table(text["tab_matrix"], [text["col_measure"], *(mark for mark, _ in heads)], cells)


def reading(row: Row, reader: Reader) -> str:
    """What mean and draws of a row say together, by which direction of the indicator is better."""
    return str(verdict(*whole_range(row), str(reader.outcomes[str(row["indicator"])].get("better", ""))))


def _mark(row: Row | None, levels: Mapping[str, float], reader: Reader) -> str:
    if row is None:
        return ""
    mark = MARKS.get(reading(row, reader), NOT_TOLD)
    much = abs(float(row["mean"])) >= MUCH * abs(levels.get(str(row["indicator"]), float("inf")))
    return mark * (1 + (much and mark != NOT_TOLD))


def _notes(points: Any, reader: Reader) -> list[str]:
    """What the columns are, and how many marks chance alone would set."""
    text = reader.text
    items = [f"{mark} {reader.pick(point)}" for mark, point in numbered(points, reader)]
    return [text["note_matrix_columns"].format(items=text["semicolon"].join(items)), text["note_matrix"]]


SECTION = Section(46, ("indicator_effects",), _make)
