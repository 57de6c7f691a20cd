"""Section: what the package, or each of several, does to the outcomes in year 1 and at the end."""

from __future__ import annotations

import math
from typing import Any

from analysis import LEVEL, figures
from analysis.report.prose import Rows, bare_change, range_text, three_numbers
from analysis.report.section import Material, Section
from analysis.report.tables import Table, level_cell, period_name
from analysis.uncertainty import verdict
from analysis.words import Reader
from analysis.words.quantities import number


def _make(given: Material) -> list[dict[str, Any]]:
    reader, text, effects = given.reader, given.reader.text, given.tables["effects"]
    drawn = figures.package_effect(effects, reader=reader)
    first = effects[0]
    others = dict.fromkeys(row["other"] for row in effects)
    fields = {
        "base": reader.label(first["base"]),
        "other": reader.label(first["other"]),
        "level": reader.percent(float(first.get("level", LEVEL))),
        "n": int(float(first["replicates"])),
    }
    alt = text["alt_effect"].format(outcomes=reader.join_outcomes())
    several = "_several" if len(others) > 1 else ""
    title = text[f"fig_effect_title{several}"].format(**fields)
    caption = text["cap_effect"].format(**fields)
    return [
        {
            "id": "effect",
            "title": text[f"sec_effect{several}"],
            "width": "middle",
            "figures": [given.figure(drawn, "effect", title, alt, caption)],
            "tables": [
                effect_table([row for row in effects if row["other"] == other], given.last, reader) for other in others
            ],
            "notes": [text["note_ratio"]],
        }
    ]


def effect_table(effects: Rows, last_year: int, reader: Reader) -> Table:
    """Effect of one package by outcome and period, with interval, reading and variance ratio."""
    text = reader.text
    first = effects[0]
    rows: list[Any] = []
    breaks: set[int] = set()
    for name, described in reader.outcomes.items():
        for row in (row for row in effects if row["outcome"] == name):
            unit = str(described.get("unit", ""))
            numbers = three_numbers(row, "difference")
            says = verdict(numbers[1], numbers[2], str(described.get("better", "")))
            if row["period"] == "year1":
                breaks.add(len(rows))
            rows.append(
                [
                    reader.outcome_with_unit(name),
                    period_name(str(row["period"]), last_year, reader),
                    level_cell(float(row["base_mean"]), unit, reader),
                    level_cell(float(row["other_mean"]), unit, reader),
                    bare_change(*numbers, unit),
                    range_text(*numbers, unit, reader),
                    text[f"verdict_{says}"],
                    _ratio(float(row.get("variance_ratio", math.nan))),
                ]
            )
    base = reader.label(first["base"])
    other = reader.label(first["other"])
    return Table(
        text["tab_effect"].format(base=base, other=other),
        [
            text["col_outcome"],
            text["col_period"],
            base,
            other,
            text["col_difference"],
            text["col_interval"].format(level=reader.percent(float(first.get("level", LEVEL)))),
            text["col_verdict"],
            text["col_ratio"],
        ],
        rows,
        heads=2,
        words=frozenset({0, 1, 6}),
        breaks=frozenset(breaks),
    )


def _ratio(value: float) -> str:
    if math.isinf(value):
        return "∞"
    return f"× {number(value, 1 if value < 10 else 0)}" if math.isfinite(value) else "–"


SECTION = Section(10, ("effects",), _make)
