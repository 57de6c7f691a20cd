"""The data of figures that are drawn from the dataset, as tables: what a line, a band or a bar shows."""

from __future__ import annotations

from typing import Any

from analysis import LEVEL
from analysis.figures import datasets
from analysis.figures.hours import columns
from analysis.figures.paths import smoothed
from analysis.figures.style import ACTIVITIES
from analysis.report.workbook_columns import Cell, decimal
from analysis.uncertainty import band
from analysis.words import Reader

Sheet = tuple[list[str], list[list[Cell]]]


def paths_sheet(dataset: Any, reader: Reader) -> Sheet:
    """Each outcome by setting and week: the line of the figure and the ends of its band."""
    text, week = reader.text, datasets.weeks(dataset)
    heads, found = [text["book_week"]], []
    names = datasets.setting_names(dataset)
    for outcome in reader.outcomes:
        if outcome not in dataset:
            continue
        form = "0.00%" if reader.quantity_of(outcome).factor == 100.0 else decimal(2)
        values = smoothed(dataset, outcome)
        for place, setting in enumerate(names):
            shown = band(values[place], "interval_of_mean", LEVEL)
            name = text["settings_pair"].format(name=reader.label(setting), value=reader.outcome(outcome))
            heads += [name, text["book_lower"].format(name=name), text["book_upper"].format(name=name)]
            found += [(line, form) for line in (shown.middle, shown.low, shown.high)]
    rows = [[Cell(int(at), "0"), *(_cell(line[i], form) for line, form in found)] for i, at in enumerate(week)]
    return heads, rows


def hours_sheet(dataset: Any, reader: Reader) -> Sheet:
    """Shares of hours by activity, a column for each of the figure."""
    shown, text = columns(dataset, reader=reader), reader.text
    heads = [text["col_activity"], *(" ".join(head.split("\n")) for head, _ in shown)]
    rows = [
        [Cell(text[f"activity_{activity}"]), *(_cell(shares[a], "0.0%") for _, shares in shown)]
        for a, activity in enumerate(ACTIVITIES)
    ]
    return heads, rows


def _cell(value: Any, form: str) -> Cell:
    number = float(value)
    return Cell(number, form) if number == number else Cell(None)
