"""Section: the essay's fifteen pain points and the four causes it sees behind them, by their indicators.

Before and after where there is one setting, one setting against another where there are two, and every package against
the first setting where there are more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis import LEVEL
from analysis.report.prose import Row, bare_change, range_text, three_numbers, with_range
from analysis.report.section import Material, Section
from analysis.report.tables import Table, level_cell, name_with_unit, period_name
from analysis.uncertainty import verdict
from analysis.words import Reader

Point = Mapping[str, Any]
KINDS = ("pain", "cause")


def _make(given: Material) -> list[dict[str, Any]]:
    points, reader = given.catalogue.get("points", ()), with_indicators(given)
    effects = [row for row in given.tables.get("effects") or () if row["period"] == "evaluation"]
    by_other: dict[str, dict[str, Row]] = {}
    for row in effects:
        by_other.setdefault(str(row["other"]), {})[str(row["outcome"])] = row
    levels = {(row["outcome"], row["period"]): row for row in given.tables.get("levels") or ()}
    if len(by_other) == 1:
        ((other, rows),) = by_other.items()
        tables, intro = [_compared(points, rows, reader)], _sentences(points, rows, other, reader)
    elif by_other:
        tables = [several_table(points, by_other, reader)]
        intro = [said for other, rows in by_other.items() for said in _sentences(points, rows, other, reader)[:1]]
    else:
        tables, intro = [_before_after(points, levels, given.last, reader)], []
    if not tables[0].rows:
        return []
    text = reader.text
    return [
        {
            "id": "pain-points",
            "title": text["sec_pain_points"],
            "width": "wide",
            "intro": [text["say_pain_points"], *intro],
            "figures": [],
            "tables": tables,
            "notes": [text["note_pain_points"]],
        }
    ]


def with_indicators(given: Material) -> Reader:
    """The reader with all indicators among its outcomes."""
    return given.reader.of({**given.catalogue.get("indicators", {}), **given.reader.outcomes})


def numbered(points: Any, reader: Reader) -> list[tuple[str, Point]]:
    """Pain points with 1, 2, ..., causes with letters."""
    counts = dict.fromkeys(KINDS, 0)
    found = []
    for point in points:
        counts[point["kind"]] += 1
        count = counts[point["kind"]]
        found.append((str(count) if point["kind"] == "pain" else reader.text["cause_letters"][count - 1], point))
    return found


def foremost_verdict(point: Point, rows: Mapping[str, Row], reader: Reader) -> str:
    """What became of a point's foremost indicator; nothing where it is not among the rows."""
    name = point["indicators"][0]
    if name not in rows:
        return ""
    _, low, high = three_numbers(rows[name], "difference")
    return str(verdict(low, high, str(reader.outcomes[name].get("better", ""))))


def _sentences(points: Any, rows: Mapping[str, Row], other: str, reader: Reader) -> list[str]:
    """How many pain points get better, which get worse and which are not told; then the same of the causes."""
    text, said = reader.text, []
    for kind in KINDS:
        groups: dict[str, list[str]] = {}
        for point in points:
            if point["kind"] == kind:
                groups.setdefault(foremost_verdict(point, rows, reader), []).append(reader.inside(reader.pick(point)))
        parts = [
            text[f"points_{name}"].format(count=len(groups[name]), names=text["points_comma"].join(groups[name]))
            for name in ("improves", "worsens", "changes", "unclear", "unknown")
            if name in groups
        ]
        if parts:
            fields = {"other": reader.label(other), "parts": text["semicolon"].join(parts)}
            said.append(text[f"points_of_{kind}"].format(**fields))
    return said


def _named(points: Any, there: Any, reader: Reader) -> list[tuple[str, str, bool]]:
    """Indicators that are there, each with its point's name at the first one, and whether it is the first."""
    found = []
    for mark, point in numbered(points, reader):
        kept = [name for name in point["indicators"] if name in there]
        for place, name in enumerate(kept):
            found.append((f"{mark} {reader.pick(point)}" if place == 0 else "", name, place == 0))
    return found


def _compared(points: Any, rows: Mapping[str, Row], reader: Reader) -> Table:
    """One setting against another, every indicator."""
    text = reader.text
    cells: list[list[str]] = []
    breaks: set[int] = set()
    for label, name, first in _named(points, rows, reader):
        row, unit = rows[name], reader.unit(name)
        numbers = three_numbers(row, "difference")
        says = verdict(numbers[1], numbers[2], str(reader.outcomes[name].get("better", "")))
        breaks |= {len(cells)} if first else set()
        cells.append(
            [
                label,
                name_with_unit(reader.outcome(name), unit, reader),
                level_cell(float(row["base_mean"]), unit, reader),
                level_cell(float(row["other_mean"]), unit, reader),
                bare_change(*numbers, unit),
                range_text(*numbers, unit, reader),
                text[f"verdict_{says}"],
            ]
        )
    first_row = next(iter(rows.values()))
    base, other = reader.label(str(first_row["base"])), reader.label(str(first_row["other"]))
    heads = [text["col_point"], text["col_indicator"], base, other, text["col_difference"]]
    heads += [text["col_interval"].format(level=reader.percent(LEVEL)), text["col_verdict"]]
    caption = text["tab_points"].format(base=base, other=other)
    return Table(caption, heads, cells, heads=2, words=frozenset({0, 1, 6}), breaks=frozenset(breaks))


def several_table(points: Any, by_other: Mapping[str, Mapping[str, Row]], reader: Reader) -> Table:
    """Each package against the first setting, by the foremost indicator of each point."""
    text, rows = reader.text, next(iter(by_other.values()))
    cells = []
    for label, name, first in _named(points, rows, reader):
        if first:
            unit = reader.unit(name)
            line = [label, name_with_unit(reader.outcome(name), unit, reader)]
            line.append(level_cell(float(rows[name]["base_mean"]), unit, reader))
            found = (own.get(name) for own in by_other.values())
            line += [with_range(*three_numbers(row, "difference"), unit, reader) if row else "–" for row in found]
            cells.append(line)
    base = reader.label(str(next(iter(rows.values()))["base"]))
    heads = [text["col_point"], text["col_indicator"], base, *(reader.label(other) for other in by_other)]
    caption = text["tab_points_several"].format(base=base, level=reader.percent(LEVEL))
    return Table(caption, heads, cells, heads=2, words=frozenset({0, 1}))


def _before_after(points: Any, levels: Mapping[Any, Row], last: int, reader: Reader) -> Table:
    """The year before and the evaluation year of one setting."""
    text = reader.text
    cells: list[list[str]] = []
    breaks: set[int] = set()
    periods = ("baseline", "evaluation")
    there = {name for name, period in levels if period == periods[0]}
    for label, name, first in _named(points, there, reader):
        unit = reader.unit(name)
        breaks |= {len(cells)} if first else set()
        shown = [level_cell(float(levels[name, period]["mean"]), unit, reader) for period in periods]
        cells.append([label, name_with_unit(reader.outcome(name), unit, reader), *shown])
    heads = [text["col_point"], text["col_indicator"], *(period_name(period, last, reader) for period in periods)]
    return Table(text["tab_points_before"], heads, cells, heads=2, words=frozenset({0, 1}), breaks=frozenset(breaks))


SECTION = Section(35, ("levels", "effects"), _make)
