"""Sections on what a ranking leaves in doubt: where its spread comes from, and whether it holds elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis import figures
from analysis.figures.circumstances import circumstance
from analysis.figures.data import outcome_labels
from analysis.figures.doubts import PACKAGE
from analysis.figures.doubts import TABLES as DRAWN
from analysis.report.beside import LEVEL, grouped, picked
from analysis.report.findings import (
    Figured,
    Labels,
    Outcomes,
    Row,
    listed,
    percent,
    running,
    three_numbers,
    with_range,
)
from analysis.report.tables import Table, with_unit
from analysis.uncertainty.stability import CELLS
from analysis.words import label, words
from analysis.words.quantities import number

Tables = Mapping[str, Sequence[Row]]
TABLES = (*DRAWN, "orders", "signs")
SAID = 4  # reversed orders that are named for an outcome
LEAST_SURE = 3  # orders of an outcome that are in the table
PAIR = ("upper", "lower")
STUDY = ("study", "study_low", "study_high")  # what a measure does in the study
SOURCES = ("seed", "behaviour", "potency", "intensity")

SECTIONS = {  # section -> its figures, each with the key of its title and how wide it is printed
    "sources": {"sources": ("fig_spread_title", "wide"), "sources_by_measure": ("fig_spread_measures", "wide")},
    "circumstances": {"circumstances": ("fig_places_title", "wide"), "statements": ("fig_statements_title", "middle")},
}


def sections(tables: Tables, outcomes: Outcomes, names: Labels, language: str, figure: Figured) -> list[dict[str, Any]]:
    """The sections for which there are tables: sources and stability with orders, circumstances and statements."""
    text = words(language)
    drawn = figures.doubt_figures(tables, outcomes=outcomes, labels=names, language=language)
    notes = {"sources": _source_notes, "circumstances": _circumstance_notes}
    printed = {"sources": orders_table, "circumstances": signs_table}
    rows = {
        "sources": tables.get("orders") or (),
        "circumstances": [row for row in tables.get("signs") or () if row["verdict"] == "reversed"],
    }
    made = []
    for section, shown in SECTIONS.items():
        pictures = []
        for name, (title, width) in shown.items():
            if name in drawn:
                said = _running(outcomes, tables[name.removesuffix("_by_measure")], language)
                alt = text[f"alt_{name}"].format(outcomes=said, count=len(_others(tables.get("circumstances", ()))))
                picture = figure(drawn[name], name, text[title], alt, text[f"cap_{name}"])
                pictures.append({**picture, "width": width})
        if pictures:
            head = {"id": section, "title": text[f"sec_{section}"], "width": "wide", "figures": pictures}
            found = [printed[section](rows[section], outcomes, names, language)] if rows[section] else []
            said_of = notes[section](tables, outcomes, names, language)
            made.append({**head, "tables": found, "notes": said_of})
    return made


def _running(outcomes: Outcomes, rows: Sequence[Row], language: str) -> str:
    shown = [name for name in outcomes if any(row["outcome"] == name for row in rows)]
    return listed([running(outcome_labels(outcomes, name, language), language) for name in shown], language)


def _others(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Circumstances beside the study's own, in order of mention."""
    found = dict.fromkeys((str(row["circumstance"]), str(row["value"])) for row in rows)
    return [at for at in found if at[0] != "study"]


def _source_notes(tables: Tables, outcomes: Outcomes, names: Labels, language: str) -> list[str]:
    """Which source owns most, and over which the order holds, for each outcome."""
    text = words(language)
    notes = []
    for name in outcomes:
        outcome = outcome_labels(outcomes, name, language)
        shares = [row for row in tables.get("sources", ()) if row["outcome"] == name and row["measure"] == PACKAGE]
        if shares:
            most = max(shares, key=lambda row: float(row["share"]))
            share, low, high = (f"{100 * float(most[key]):.0f}%" for key in ("share", "ci_low", "ci_high"))
            source = running(text[f"source_{most['factor']}"], language)
            said = {"outcome": outcome, "source": source, "share": share, "low": low, "high": high}
            notes.append(text["note_sources_most"].format(level=percent(0.95, language), **said))
        agreed = [row for row in tables.get("stability", ()) if row["outcome"] == name]
        if agreed:
            parts = [
                text["note_sources_item"].format(
                    tau=number(float(row["tau"]), 2), source=running(text[f"source_{row['factor']}"], language)
                )
                for row in agreed
            ]
            notes.append(text["note_sources_order"].format(outcome=outcome, parts=listed(parts, language)))
        notes += _order_notes([row for row in tables.get("orders", ()) if row["outcome"] == name], outcome, language)
    levels = max(int(float(row["levels"])) for row in tables["sources"])
    widths = [100 * (float(row["ci_high"]) - float(row["ci_low"])) for row in tables["sources"]]
    width = f"{sum(widths) / len(widths):.0f}"
    limits = text["note_sources_limits"]
    notes.append(limits.format(levels=levels, width=width, level=percent(LEVEL, language)))
    if tables.get("orders"):
        notes += [text["note_orders_limits"], text["note_table"].format(name="orders")]
    return notes


def _order_notes(rows: Sequence[Row], outcome: str, language: str) -> list[str]:
    """In how many cells the printed orders of an outcome hold; nothing without rows."""
    cells = [row for row in rows if row["factor"] == CELLS]
    if not cells:
        return []
    shares = [float(row["share"]) for row in cells]
    said = {"count": len(cells), "cells": int(float(cells[0]["cases"])), "outcome": outcome}
    counted = {"every": sum(share == 1.0 for share in shares), "few": sum(share < 0.5 for share in shares)}
    return [words(language)["note_orders"].format(**said, **counted)]


def orders_table(rows: Sequence[Row], outcomes: Outcomes, names: Labels, language: str) -> Table:
    """The printed orders of each outcome that hold in the fewest cells, and in how many levels of each source."""
    text = words(language)
    counted = {(row["outcome"], row["upper"], row["lower"], row["factor"]): row for row in rows}
    sources = [name for name in SOURCES if any(row["factor"] == name for row in rows)]
    own = [row for row in rows if row["factor"] == CELLS]
    lines, breaks = picked(own, outcomes, LEAST_SURE, lambda row: float(row["share"]))
    cells = []
    for name, row in lines:
        share, low, high = (f"{100 * float(row[key]):.0f}%" for key in ("share", "ci_low", "ci_high"))
        levels = [counted[row["outcome"], row["upper"], row["lower"], source] for source in sources]
        first = [outcome_labels(outcomes, name, language), *(label(names, str(row[k]), language) for k in PAIR)]
        held = [f"{int(float(one['holds']))}/{int(float(one['cases']))}" for one in levels]
        cells.append([*first, text["share_of_cells"].format(share=share, low=low, high=high), *held])
    heads = [text["col_outcome"], text["col_upper"], text["col_lower"]]
    columns = [
        *heads,
        text["col_cells"].format(level=percent(LEVEL, language)),
        *(text[f"source_{s}"] for s in sources),
    ]
    return grouped(text["tab_orders"].format(most=LEAST_SURE), columns, cells, {0, 1, 2}, breaks)


def signs_table(rows: Sequence[Row], outcomes: Outcomes, names: Labels, language: str) -> Table:
    """What a measure does in the study and in a circumstance in which its sign is surely the other one."""
    text = words(language)
    lines, breaks = picked(rows, outcomes, len(rows))
    cells = []
    for name, row in lines:
        unit = str(outcomes[name].get("unit", ""))
        here = with_range(*three_numbers(row, *STUDY), unit, language)
        there = with_range(*three_numbers(row, "contribution"), unit, language)
        where = circumstance(str(row["circumstance"]), str(row["value"]), names, language)
        first = with_unit(outcome_labels(outcomes, name, language), unit, language)
        cells.append([first, label(names, str(row["measure"]), language), here, where, there])
    columns = [
        *(text["col_outcome"], text["col_measure"]),
        *(text["col_in_study"], text["col_circumstance"], text["col_there"]),
    ]
    return grouped(text["tab_signs"], columns, cells, {0, 1, 3}, breaks)


def _sign_notes(rows: Sequence[Row], language: str) -> list[str]:
    """How many measures were asked about, and in how many places what they do turns round; nothing without rows."""
    if not rows:
        return []
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("holds", "reversed", "unclear")}
    asked = len({(row["outcome"], row["measure"]) for row in rows})
    return [
        words(language)["note_signs"].format(cases=len(rows), asked=asked, level=percent(LEVEL, language), **counts)
    ]


def _circumstance_notes(tables: Tables, outcomes: Outcomes, names: Labels, language: str) -> list[str]:
    """Whether the first stays first, and how the orders of two tiers fare, for each outcome."""
    text = words(language)
    notes = []
    for name in outcomes:
        outcome = outcome_labels(outcomes, name, language)
        rows = [row for row in tables["circumstances"] if row["outcome"] == name]
        firsts = {(str(r["circumstance"]), str(r["value"])): str(r["measure"]) for r in rows if float(r["rank"]) == 1}
        others = _others(rows)
        if others:
            first = firsts["study", "study"]
            held = sum(firsts[at] == first for at in others)
            measure = running(label(names, first, language), language)
            notes.append(text["note_places"].format(outcome=outcome, measure=measure, held=held, count=len(others)))
        cases = [row for row in tables.get("statements", ()) if row["outcome"] == name]
        if cases:
            notes.append(_statement_note(cases, outcome, len(others), names, language))
    notes += _sign_notes(tables.get("signs", ()), language)
    count = min(int(float(row["replicates"])) for row in tables["circumstances"])
    return [*notes, text["note_circumstances_limits"].format(n=count)]


def _statement_note(cases: Sequence[Row], outcome: str, count: int, names: Labels, language: str) -> str:
    text = words(language)
    verdicts = [str(row["verdict"]) for row in cases]
    note = text["note_statements"].format(
        outcome=outcome,
        orders=len({(row["upper"], row["lower"]) for row in cases}),
        count=count,
        cells=len(cases),
        **{verdict: verdicts.count(verdict) for verdict in ("holds", "reversed", "unclear")},
    )
    turned = [
        text["note_reversed_item"].format(
            order=text["order_item"].format(
                upper=running(label(names, str(row["upper"]), language), language),
                lower=running(label(names, str(row["lower"]), language), language),
            ),
            circumstance=circumstance(str(row["circumstance"]), str(row["value"]), names, language),
        )
        for row in cases
        if row["verdict"] == "reversed"
    ]
    if not turned:
        return note
    shown = listed(turned, language)
    if len(turned) > SAID:
        more = {"names": text["comma"].join(turned[: SAID - 1]), "count": len(turned) - SAID + 1}
        shown = text["find_top_more"].format(**more)
    return note + text["sentence_space"] + text["note_reversed"].format(cases=shown)
