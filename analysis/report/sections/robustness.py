"""Section: whether the ranking holds in other towns, theories, election weeks and potencies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis import LEVEL, figures
from analysis.report.prose import Rows, join_some, three_numbers, with_range
from analysis.report.section import Material, Section, draw_for
from analysis.report.tables import Table, group_rows, top_rows
from analysis.words import Reader

SAID = 4  # reversed orders that are named for an outcome
STUDY = ("study", "study_low", "study_high")  # what a measure does in the study
TABLES = ("contexts", "statements", "signs")


def _make(given: Material) -> list[dict[str, Any]]:
    tables, reader, text = {name: given.rows(name) for name in TABLES}, given.ranked, given.reader.text
    drawn = figures.draw_figures(tables, reader, ("robustness_ranks", "robustness_orders"))
    shown = {"contexts": ("fig_places_title", "wide"), "statements": ("fig_statements_title", "middle")}
    count = len(_others(tables["contexts"]))
    pictures = [
        draw_for(given, drawn[name], name, text[title], tables[name], width, count=count)
        for name, (title, width) in shown.items()
        if name in drawn
    ]
    if not pictures:
        return []
    turned = [row for row in tables["signs"] if row["verdict"] == "reversed"]
    return [
        {
            "id": "contexts",
            "title": text["sec_contexts"],
            "width": "wide",
            "figures": pictures,
            "tables": [signs_table(turned, reader)] if turned else [],
            "notes": _notes(tables, reader),
        }
    ]


def _others(rows: Rows) -> list[tuple[str, str]]:
    """Circumstances beside the study's own, in order of mention."""
    found = dict.fromkeys((str(row["context"]), str(row["value"])) for row in rows)
    return [at for at in found if at[0] != "study"]


def _notes(tables: Mapping[str, Rows], reader: Reader) -> list[str]:
    """Whether the first stays first, and how the orders of two tiers fare, for each outcome."""
    text = reader.text
    notes = []
    for name in reader.outcomes:
        outcome = reader.outcome(name)
        rows = [row for row in tables["contexts"] if row["outcome"] == name]
        firsts = {(str(r["context"]), str(r["value"])): str(r["measure"]) for r in rows if float(r["rank"]) == 1}
        others = _others(rows)
        if others:
            first = firsts["study", "study"]
            held = sum(firsts[at] == first for at in others)
            measure = reader.label_inside(first)
            notes.append(text["note_places"].format(outcome=outcome, measure=measure, held=held, count=len(others)))
        cases = [row for row in tables.get("statements", ()) if row["outcome"] == name]
        if cases:
            notes.append(_statement_note(cases, outcome, len(others), reader))
    notes += _sign_notes(tables.get("signs", ()), reader)
    count = min(int(float(row["replicates"])) for row in tables["contexts"])
    return [*notes, text["note_circumstances_limits"].format(n=count)]


def _statement_note(cases: Rows, outcome: str, count: int, reader: Reader) -> str:
    text = reader.text
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
                upper=reader.label_inside(row["upper"]),
                lower=reader.label_inside(row["lower"]),
            ),
            context=reader.context(str(row["context"]), str(row["value"])),
        )
        for row in cases
        if row["verdict"] == "reversed"
    ]
    if not turned:
        return note
    return note + text["sentence_space"] + text["note_reversed"].format(cases=join_some(turned, reader, SAID))


def _sign_notes(rows: Rows, reader: Reader) -> list[str]:
    """How many measures were asked about, and in how many places what they do turns round; nothing without rows."""
    if not rows:
        return []
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("holds", "reversed", "unclear")}
    asked = len({(row["outcome"], row["measure"]) for row in rows})
    return [reader.text["note_signs"].format(cases=len(rows), asked=asked, level=reader.percent(LEVEL), **counts)]


def signs_table(rows: Rows, reader: Reader) -> Table:
    """What a measure does in the study and in a circumstance in which its sign is surely the other one."""
    text = reader.text
    lines, breaks = top_rows(rows, reader.outcomes, len(rows))
    cells = []
    for name, row in lines:
        unit = reader.unit(name)
        here = with_range(*three_numbers(row, *STUDY), unit, reader)
        there = with_range(*three_numbers(row, "contribution"), unit, reader)
        where = reader.context(str(row["context"]), str(row["value"]))
        first = reader.outcome_with_unit(name)
        cells.append([first, reader.label(row["measure"]), here, where, there])
    columns = [
        *(text["col_outcome"], text["col_measure"]),
        *(text["col_in_study"], text["col_circumstance"], text["col_there"]),
    ]
    return group_rows(text["tab_signs"], columns, cells, {0, 1, 3}, breaks)


SECTION = Section(170, TABLES, _make)
