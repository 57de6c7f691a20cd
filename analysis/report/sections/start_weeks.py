"""Section: what a late start costs, and whether the order of starts matters."""

from __future__ import annotations

from typing import Any

from analysis import LEVEL, figures
from analysis.figures.start_weeks import ORDERS, weeks_of
from analysis.report.prose import Row, Rows, change_text, join_some, range_text, three_numbers, with_range
from analysis.report.section import Material, Section
from analysis.report.tables import Table, period_name
from analysis.words import Reader

PERIOD = "mean"  # the period of sentences about start weeks


def _make(given: Material) -> list[dict[str, Any]]:
    rows, reader, text = given.rows("start_weeks"), given.ranked, given.reader.text
    if not rows:
        return []
    shown = [name for name in reader.outcomes if any(row["outcome"] == name for row in rows)]
    drawn = figures.start_weeks(rows, reader=reader, period=PERIOD)
    alt = text["alt_start_weeks"].format(outcomes=reader.join_outcomes(shown))
    return [
        {
            "id": "start_weeks",
            "title": text["sec_start_weeks"],
            "width": "wide",
            "points": [point for name in shown for point in points_of(rows, name, reader)],
            "figures": [given.figure(drawn, "start_weeks", text["fig_timing_title"], alt, text["cap_start_weeks"])],
            "tables": [_table(rows, name, given.last, reader) for name in shown],
            "notes": [text["note_timing"].format(level=reader.percent(LEVEL))],
        }
    ]


def points_of(rows: Rows, outcome: str, reader: Reader, period: str = PERIOD) -> list[str]:
    """A sentence for each delay, and one for the orders."""
    text = reader.text
    own = [row for row in rows if row["outcome"] == outcome and row["period"] == period]
    unit = reader.unit(outcome)
    fields = {"outcome": reader.outcome(outcome), "period": text[f"timing_period_{period}"]}
    points = []
    for weeks in dict.fromkeys(weeks_of(row) for row in own if row["kind"] == "delay"):
        late = [row for row in own if row["kind"] == "delay" and weeks_of(row) == weeks]
        costs, gains = ([row for row in late if row["verdict"] == says] for says in ("worsens", "improves"))
        if not costs:
            form = text["timing_point_only_gains" if gains else "timing_point_unclear"]
            points.append(form.format(**fields, weeks=weeks, names=_names(gains[::-1], reader)))
            continue
        three = three_numbers(costs[0], "difference")
        more = text["timing_point_more"].format(names=_names(costs[1:], reader)) if costs[1:] else ""
        more += text["timing_point_gains"].format(names=_names(gains[::-1], reader)) if gains else ""
        points.append(
            text["timing_point_costs"].format(
                **fields,
                weeks=weeks,
                measure=_names(costs[:1], reader),
                size=change_text(*three, unit, reader),
                level=reader.percent(LEVEL),
                range=range_text(*three, unit, reader),
                more=more,
            )
        )
    orders = {str(row["name"]): row for row in own if row["kind"] == "order"}
    said = [_order(orders[name], unit, reader) for name in ORDERS if name in orders]
    if said:
        apart = weeks_of(next(iter(orders.values())))
        points.append(text["timing_point_order"].format(**fields, weeks=apart, said=text["semicolon"].join(said)))
    return points


def _order(row: Row, unit: str, reader: Reader) -> str:
    text = reader.text
    size = change_text(*three_numbers(row, "difference"), unit, reader)
    order, says = text[f"timing_{row['name']}"], text[f"verdict_{row['verdict']}"]
    return text["timing_order_item"].format(order=order, size=size, verdict=says)


def _names(rows: Rows, reader: Reader) -> str:
    """Measures as a list; of many the first ones, and how many more."""
    return join_some([reader.label_inside(row["name"]) for row in rows], reader)


def _table(rows: Rows, outcome: str, last: int, reader: Reader) -> Table:
    text = reader.text
    unit = reader.unit(outcome)
    cases: dict[tuple[str, str, int], dict[str, Row]] = {}
    for row in rows:
        if row["outcome"] == outcome:
            cases.setdefault((str(row["kind"]), str(row["name"]), weeks_of(row)), {})[str(row["period"])] = row
    cells: list[list[str]] = []
    breaks = set()
    before: tuple[str, int] | None = None
    for (kind, name, weeks), found in cases.items():
        if kind == "delay" and all(row["verdict"] == "unclear" for row in found.values()):
            continue
        if (kind, weeks) != before:
            breaks.add(len(cells))
            before = kind, weeks
        cells.append(
            [
                text[f"timing_{name}"] if kind == "order" else reader.label(name),
                str(weeks),
                *(_timed(found[period], unit, reader) for period in ("year1", "evaluation", PERIOD)),
                text[f"verdict_{found[PERIOD]['verdict']}"],
            ]
        )
    caption = text["tab_timing"].format(
        outcome=reader.outcome_inside(outcome),
        unit=reader.quantity(unit).change_unit.strip() or unit,
    )
    periods = [period_name(period, last, reader) for period in ("year1", "evaluation")]
    heads = [text["col_start"], text["col_weeks"], *periods, text["col_mean_years"], text["col_verdict"]]
    return Table(caption, heads, cells, words=frozenset({0, 5}), breaks=frozenset(breaks))


def _timed(row: Row, unit: str, reader: Reader) -> str:
    return with_range(*three_numbers(row, "difference"), unit, reader)


SECTION = Section(150, ("start_weeks",), _make)
