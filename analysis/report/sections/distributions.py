"""Section: how effects differ between draws of behaviour, strengths and towns, and how likely each is better."""

from __future__ import annotations

import math
from typing import Any

from analysis import LEVEL, figures
from analysis.figures.contributions import leading_method
from analysis.report.prose import Row, Rows, change_text, ends_text, range_text, three_numbers, with_range
from analysis.report.section import Material, Section, draw_for
from analysis.report.tables import Table
from analysis.uncertainty.ignorance import PLACES, column_of
from analysis.words import Reader
from analysis.words.likelihood import likelihood_text, probability_text


def _make(given: Material) -> list[dict[str, Any]]:
    reader, text = given.ranked, given.reader.text
    method = leading_method(given.rows("ranking"))
    rows = [row for row in given.rows("ranking") if row["method"] == method and told(row)]
    if not rows:
        return []
    title = text[f"fig_ranking_title_{method}"]
    drawn = figures.distributions(rows, reader=reader)
    shown = [name for name in reader.outcomes if any(row["outcome"] == name for row in rows)]
    package = {row["outcome"]: row for row in given.rows("package_effect") if told(row)}
    intro = [text["say_distributions"], *(package_sentence(package[name], reader) for name in shown if name in package)]
    return [
        {
            "id": "distributions",
            "title": text["sec_distributions"],
            "width": "wide",
            "intro": intro,
            "figures": [draw_for(given, drawn, "distributions", title, rows, "wide")],
            "tables": [distribution_table(rows, name, reader) for name in shown],
            "notes": [text["note_distributions"], text["note_likelihood"]],
        }
    ]


def told(row: Row) -> bool:
    """Whether a row has figures over draws."""
    return math.isfinite(float(row.get("median", "nan")))


def package_sentence(row: Row, reader: Reader) -> str:
    """How likely the package makes an outcome better in this model, by how much, and how well the mean is known."""
    text, name = reader.text, str(row["outcome"])
    unit = reader.unit(name)
    over, mean = three_numbers(row, "median", "q05", "q95"), three_numbers(row, "effect")
    low, high = ends_text(*over, unit)
    return text["say_package_over_draws"].format(
        outcome=reader.outcome_inside(name),
        likely=likelihood_text(float(row["p_better"]), reader),
        share=probability_text(float(row["p_better"])),
        median=change_text(*over, unit, reader),
        low=low,
        high=high,
        mean=change_text(*mean, unit, reader),
        range=range_text(*mean, unit, reader),
        level=reader.percent(LEVEL),
    )


def distribution_table(rows: Rows, outcome: str, reader: Reader) -> Table:
    """All measures for one outcome: median and range over draws, probabilities, and the interval of the mean."""
    text, unit = reader.text, reader.unit(outcome)
    own = sorted((row for row in rows if row["outcome"] == outcome), key=lambda row: int(float(row["rank"])))
    cells = [
        [
            reader.label(row["measure"]),
            with_range(*three_numbers(row, "median", "q05", "q95"), unit, reader),
            f"{probability_text(float(row['p_better']))} ({likelihood_text(float(row['p_better']), reader)})",
            *(probability_text(float(row[column_of(count)])) for count in PLACES),
            range_text(*three_numbers(row, "contribution"), unit, reader),
        ]
        for row in own
    ]
    change = reader.quantity(unit).change_unit.strip() or unit
    return Table(
        text["tab_distributions"].format(outcome=reader.outcome_inside(outcome), unit=change),
        [
            text["col_measure"],
            text["col_over_draws"],
            text["col_better"],
            *(text["col_among_first"].format(count=count) for count in PLACES),
            text["col_mean_interval"].format(level=reader.percent(LEVEL)),
        ],
        cells,
        words=frozenset({0, 2}),
    )


SECTION = Section(45, ("ranking", "package_effect"), _make)
