"""Sections on what a ranking leaves in doubt: where its spread comes from, and whether it holds elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis import figures
from analysis.figures.circumstances import circumstance
from analysis.figures.data import outcome_labels
from analysis.figures.doubts import PACKAGE
from analysis.report.findings import Figured, Labels, Outcomes, Row, listed, percent, running
from analysis.words import label, words
from analysis.words.quantities import number

Tables = Mapping[str, Sequence[Row]]
SAID = 4  # reversed orders that are named for an outcome


SECTIONS = {  # section -> its figures, each with the key of its title and how wide it is printed
    "sources": {"sources": ("fig_spread_title", "wide"), "sources_by_measure": ("fig_spread_measures", "wide")},
    "circumstances": {"circumstances": ("fig_places_title", "wide"), "statements": ("fig_statements_title", "middle")},
}


def sections(tables: Tables, outcomes: Outcomes, names: Labels, language: str, figure: Figured) -> list[dict[str, Any]]:
    """The sections for which there are tables: sources and stability, circumstances and statements."""
    text = words(language)
    drawn = figures.doubt_figures(tables, outcomes=outcomes, labels=names, language=language)
    notes = {"sources": _source_notes, "circumstances": _circumstance_notes}
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
            head = {"id": section, "title": text[f"sec_{section}"], "width": "wide", "figures": pictures, "tables": []}
            made.append({**head, "notes": notes[section](tables, outcomes, names, language)})
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
    levels = min(int(float(row["levels"])) for row in tables["sources"] if int(float(row["levels"])))
    return [*notes, text["note_sources_limits"].format(levels=levels)]


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
