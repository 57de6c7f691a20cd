"""What a ranking leaves beside itself, a section each: what it says and does not say, the top rows, where the rest is.

Rows are those of the tables of a ranking's folder, as made or as read back from CSV (where an empty cell is "nan").
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis.figures.data import outcome_labels
from analysis.report.findings import (
    Labels,
    Outcomes,
    Row,
    bare_change,
    listed,
    percent,
    range_text,
    running,
    three_numbers,
    with_range,
)
from analysis.report.tables import Table, with_unit
from analysis.words import label, words

TABLES = ("unranked", "ties", "cost_effectiveness", "packages")
"""Tables beside a ranking that the page tells of; `unranked` is told by the methods' own sections."""

WIDE = ("cost_effectiveness", "packages", "backfire", "flip")
TOP = 3
EVERY = 10_000
LEVEL = 0.95
PER_COST_DIGITS = 3
EQUALS = "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"
Rows = Sequence[Row]


def sections(
    further: Mapping[str, Rows], measures: Sequence[str], outcomes: Outcomes, labels: Labels, language: str
) -> list[dict[str, Any]]:
    """The sections of those tables in `further` (name -> rows) that this file knows; `measures` are all ranked ones."""
    makers: dict[str, Callable[[Rows], tuple[Table, list[str], list[str]]]] = {
        "ties": lambda rows: _ties(rows, outcomes, labels, language),
        "cost_effectiveness": lambda rows: _per_cost(rows, outcomes, labels, language),
        "packages": lambda rows: _packages(rows, measures, outcomes, labels, language),
    }
    return [section(name, *make(further[name]), language) for name, make in makers.items() if further.get(name)]


def section(name: str, table: Table, said: Sequence[str], notes: Sequence[str], language: str) -> dict[str, Any]:
    """The section on tables/<name>.csv: what it says, its top rows, notes and where the rest is."""
    text = words(language)
    return {
        "id": name.replace("_", "-"),
        "title": text[f"sec_{name}"],
        "width": "wide" if name in WIDE else "middle",
        "intro": said,
        "figures": [],
        "tables": [table] if table.rows else [],
        "notes": [*notes, text["note_table"].format(name=name)],
    }


# ---------------------------------------------------------------- the tables


def ties_table(rows: Rows, outcomes: Outcomes, labels: Labels, language: str, most: int = TOP) -> Table:
    """Neighbours that cannot be told apart, those that the fewest further runs would split first."""
    text = words(language)
    lines, breaks = picked(rows, outcomes, most, lambda row: float(row["runs_more"]))
    cells = []
    for name, row in lines:
        unit = unit_of(outcomes, name)
        numbers = three_numbers(row, "difference")
        cells.append(
            [
                named(outcomes, name, language),
                label(labels, str(row["upper"]), language),
                label(labels, str(row["lower"]), language),
                bare_change(*numbers, unit),
                range_text(*numbers, unit, language),
                _about(float(row["runs_more"]), language),
            ]
        )
    interval = text["col_interval_all"].format(level=percent(LEVEL, language))
    heads = [text["col_outcome"], text["col_upper"], text["col_lower"], text["col_ahead"]]
    columns = [*heads, interval, text["col_runs_more"]]
    return grouped(text["tab_ties"], columns, cells, {0, 1, 2}, breaks)


def cost_table(rows: Rows, outcomes: Outcomes, labels: Labels, language: str, most: int = TOP) -> Table:
    """The best of each outcome for their cost, place by place: a column for hours and one for yuan."""
    text = words(language)
    cells: list[list[str]] = []
    breaks: set[int] = set()
    for name in outcomes:
        own = {
            (int(float(row["rank"])), str(row["currency"])): row
            for row in rows
            if row["outcome"] == name and int(float(row["rank"])) <= most
        }
        breaks.add(len(cells))
        for place in sorted({place for place, _ in own}):
            both = [own.get((place, currency)) for currency in ("hours", "yuan")]
            shown = [_per_cost_cell(row, unit_of(outcomes, name), labels, language) for row in both]
            cells.append([named(outcomes, name, language), str(place), *shown])
    columns = [text["col_outcome"], text["col_place"], text["col_per_hours"], text["col_per_yuan"]]
    caption = text["tab_cost_effectiveness"].format(most=most)
    return grouped(caption, columns, cells, {0, 2, 3}, frozenset(breaks))


def packages_table(
    rows: Rows,
    measures: Sequence[str],
    outcomes: Outcomes,
    labels: Labels,
    language: str,
) -> Table:
    """Packages that no other of their outcome and currency beats, each once."""
    text = words(language)
    lines, breaks = picked(_unbeaten(rows), outcomes, EVERY)
    cells = []
    for name, row in lines:
        unit = unit_of(outcomes, name)
        numbers = three_numbers(row, "effect")
        cells.append(
            [
                named(outcomes, name, language),
                _money(row, "cost", language),
                text["cost_within"].format(
                    budget=f"{float(row['budget']):,.0f}", share=share_text(row["within_budget"])
                ),
                package_text(said(row["measures"]).split(), measures, labels, language),
                bare_change(float(row["expected"]), *numbers[1:], unit),
                with_range(*numbers, unit, language),
                _step_cell(row, unit, language),
            ]
        )
    heads = [text["col_outcome"], text["col_cost"], text["col_within"], text["col_package"], text["col_proposed"]]
    measured = [text[name].format(level=percent(LEVEL, language)) for name in ("col_came_out", "col_step")]
    return grouped(text["tab_packages"], [*heads, *measured], cells, {0, 3, 6}, breaks)


def _unbeaten(rows: Rows) -> list[Row]:
    """Packages on the front of their outcome and currency, each once with its least budget."""
    kept = {
        (row["outcome"], row["currency"], row["measures"]): row
        for row in reversed(rows)
        if int(float(row["efficient"])) == 1
    }
    return list(reversed(kept.values()))


def _step_cell(row: Row, unit: str, language: str) -> str:
    """Whether a package is surely better than the next cheaper one, and by how much; a dash for no measures."""
    if not said(row["measures"]):
        return "–"
    text, step = words(language), with_range(*three_numbers(row, "step", "step_low", "step_high"), unit, language)
    return text["step_cell"].format(verdict=text[f"step_{row['verdict']}"], step=step)


# ---------------------------------------------------------------- the sections: table, what it says, notes


def _ties(rows: Rows, outcomes: Outcomes, labels: Labels, language: str) -> tuple[Table, list[str], list[str]]:
    table = ties_table(rows, outcomes, labels, language)
    return table, [words(language)["say_ties"].format(most=TOP)], []


def _per_cost(rows: Rows, outcomes: Outcomes, labels: Labels, language: str) -> tuple[Table, list[str], list[str]]:
    text = words(language)
    table = cost_table(rows, outcomes, labels, language)
    return table, [text["say_cost_effectiveness"], text["say_cost_effectiveness_not"]], []


def _packages(
    rows: Rows, measures: Sequence[str], outcomes: Outcomes, labels: Labels, language: str
) -> tuple[Table, list[str], list[str]]:
    text = words(language)
    seeds = int(float(rows[0]["fresh_seeds"]))
    table = packages_table(rows, measures, outcomes, labels, language)
    shown = _unbeaten(rows)
    sure = sum(float(row["front_share"]) >= LEVEL for row in shown)
    fields = {"level": percent(LEVEL, language), "count": len(shown), "sure": sure}
    notes = [text["note_steps"].format(**fields)]
    return table, [text["say_packages"].format(seeds=seeds), text["say_packages_not"]], notes


# ---------------------------------------------------------------- cells


def picked(
    rows: Rows, outcomes: Outcomes, most: int, key: Callable[[Row], float] | None = None
) -> tuple[list[tuple[str, Row]], frozenset[int]]:
    """At most `most` rows of each outcome with its name, least `key` first, and where each outcome begins."""
    lines: list[tuple[str, Row]] = []
    breaks = set()
    for name in outcomes:
        own = [row for row in rows if row["outcome"] == name]
        breaks.add(len(lines))
        lines += [(name, row) for row in (sorted(own, key=key) if key else own)[:most]]
    return lines, frozenset(breaks)


def grouped(
    caption: str, columns: Sequence[str], cells: Sequence[list[str]], text: set[int], breaks: frozenset[int]
) -> Table:
    """A table whose outcome, in the first column, is named once at the head of its group."""
    rows = [cell if place in breaks else ["", *cell[1:]] for place, cell in enumerate(cells)]
    return Table(caption, columns, rows, heads=2, words=frozenset(text), breaks=breaks)


def said(cell: Any) -> str:
    """A cell of words; nothing where it was empty."""
    return "" if str(cell) == "nan" else str(cell)


def package_text(chosen: Sequence[str], measures: Sequence[str], labels: Labels, language: str) -> str:
    """How many measures a package has, and which: named, or those left out where these are fewer."""
    text = words(language)
    left_out = [name for name in measures if name not in chosen]
    if not chosen:
        return text["package_none"]
    if not left_out:
        return text["package_all"].format(count=len(chosen))
    form, named = ("package_of", chosen) if len(chosen) <= len(left_out) else ("package_but", left_out)
    names = listed([running(label(labels, name, language), language) for name in named], language)
    return text[form].format(count=len(chosen), names=names)


def _per_cost_cell(row: Row | None, unit: str, labels: Labels, language: str) -> str:
    if row is None:
        return "–"
    measure = label(labels, str(row["measure"]), language)
    effect = with_range(*three_numbers(row, "effect"), unit, language, PER_COST_DIGITS)
    effect = effect.replace(" ", "\N{NO-BREAK SPACE}")
    return words(language)["cost_cell"].format(measure=measure, effect=effect)


def _money(row: Row, name: str, language: str) -> str:
    """A cost or a budget with its currency."""
    return words(language)[f"cost_{row['currency']}"].format(cost=f"{float(row[name]):,.0f}")


def unit_of(outcomes: Outcomes, name: str) -> str:
    """The unit of an outcome, as its values have it."""
    return str(outcomes[name].get("unit", ""))


def named(outcomes: Outcomes, name: str, language: str) -> str:
    """An outcome's name with the unit of its changes."""
    return with_unit(outcome_labels(outcomes, name, language), unit_of(outcomes, name), language)


def share_text(value: Any) -> str:
    """A share in whole percent."""
    return f"{100 * float(value):.0f}%"


def _about(runs: float, language: str) -> str:
    """A rough number of runs: two figures, or a word where that is too many."""
    text = words(language)
    if not math.isfinite(runs):
        return text["runs_endless"]
    if runs > 1e6:
        return text["runs_million"]
    step = 10 ** max(0, math.floor(math.log10(max(runs, 1.0))) - 1)
    return f"{round(runs / step) * step:,}"
