"""Sections on what a ranking hangs on: when a measure backfires, what turns an order, what is worth measuring first.

Rows are those of the tables of a ranking's folder, as made or as read back from CSV (where an empty cell is "nan").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.figures.circumstances import circumstance
from analysis.figures.data import outcome_labels
from analysis.report.beside import EQUALS, LEVEL, TOP, grouped, named, picked, said, section, share_text, unit_of
from analysis.report.findings import (
    Labels,
    Outcomes,
    Row,
    bare_change,
    listed,
    percent,
    running,
    three_numbers,
    with_range,
)
from analysis.report.tables import Table
from analysis.uncertainty.reversals import SURE
from analysis.words import label, words
from analysis.words.quantities import number

TABLES = ("backfire", "flip", "information")
PAIR = ("upper", "lower")
CHANCE = 0.05  # a flip is told of if shuffled draws explain as much in no more than this share

Rows = Sequence[Row]
Order = tuple[str, str, str]  # outcome, upper, lower


def sections(
    further: Mapping[str, Rows], outcomes: Outcomes, labels: Labels, language: str, scenarios: bool = False
) -> list[dict[str, Any]]:
    """The sections of those of TABLES that have rows in `further`; its `statements` name orders that are reversed.

    `scenarios` says that cases of backfiring come of scenarios.
    """
    found = []
    if further.get("backfire"):
        found.append(_backfire(further["backfire"], outcomes, labels, language, scenarios))
    if further.get("flip"):
        found.append(_flip(further["flip"], further.get("statements", ()), outcomes, labels, language))
    if further.get("information"):
        found.append(_information(further["information"], outcomes, labels, language))
    return found


# ---------------------------------------------------------------- when a measure backfires


def backfire_table(rows: Rows, outcomes: Outcomes, labels: Labels, language: str, most: int = TOP) -> Table:
    """Conditions under which a measure backfires, those that set apart most first."""
    text = words(language)
    lines, breaks = picked(rows, outcomes, most, lambda row: float(row["base"]) - float(row["density"]))
    cells = []
    for name, row in lines:
        ends = text["range"].format(low=share_text(row["density_low"]), high=share_text(row["density_high"]))
        cells.append(
            [
                named(outcomes, name, language),
                label(labels, str(row["measure"]), language),
                rule_text(str(row["limits"]), labels, language),
                text["with_others"].format(
                    value=f"{share_text(row['density'])} [{ends}]", others=share_text(row["base"])
                ),
                _changes(row, unit_of(outcomes, name), text),
                text["cases_of"].format(inside=int(float(row["inside"])), runs=int(float(row["runs"]))),
                share_text(row["coverage"]),
            ]
        )
    heads = [text["col_outcome"], text["col_measure"], text["col_condition"]]
    inside = text["col_worse_inside"].format(level=percent(LEVEL, language))
    columns = [*heads, inside, text["col_change_there"], text["col_cases"], text["col_coverage"]]
    return grouped(text["tab_backfire"], columns, cells, {0, 1, 2}, breaks)


def _changes(row: Row, unit: str, text: Mapping[str, str]) -> str:
    """The mean change where a condition holds, and elsewhere."""
    both = (float(row["change"]), float(row["change_elsewhere"]))
    there, elsewhere = (bare_change(value, value, value, unit, digits=2) for value in both)
    return text["with_others"].format(value=there, others=elsewhere)


def _backfire(rows: Rows, outcomes: Outcomes, labels: Labels, language: str, scenarios: bool) -> dict[str, Any]:
    text = words(language)
    drawn = [text["say_scenarios"]] if scenarios else []
    intro = [text["say_backfire"], *drawn, text["say_backfire_not"]]
    table = backfire_table(rows, outcomes, labels, language)
    words_of = {word for row in rows for word in str(row["limits"]).split()}
    notes = _explained([word for word in words_of if word.startswith(("parameters.", "potency."))], text)
    return section("backfire", table, intro, notes, language)


def rule_text(limits: str, labels: Labels, language: str) -> str:
    """A condition of tables/backfire.csv in words: where, who is in force, who is not, and where figures lie."""
    text = words(language)
    company: list[str] = []
    missing: list[str] = []
    places: list[str] = []
    bounds: list[str] = []
    for part in limits.split(" and "):
        if part.startswith(("measures.", "levers.")):
            name = running(label(labels, part.split()[0].partition(".")[2], language), language)
            (missing if part.endswith("not in force") else company).append(name)
        elif part.startswith(("town is ", "theory is ")):
            kind, *_, value = part.split()
            name = running(circumstance(kind, value, labels, language), language)
            places.append(text["rule_not_in"].format(name=name) if " not " in part else name)
        else:
            figures = (assumption(word, labels, language) if word[0].isalpha() else word for word in part.split())
            bounds.append(" ".join(figures).replace("<=", "≤").replace(">=", "≥"))
    parts = []
    if company:
        parts.append(text["rule_with"].format(names=listed(company, language)))
    if missing:
        joined = text["comma"].join(missing[:-1])
        names = text["rule_or"].join([joined, missing[-1]]) if joined else missing[-1]
        parts.append(text["rule_without"].format(names=names))
    return text["semicolon"].join([*places, *parts, *bounds])


# ---------------------------------------------------------------- what turns an order round


def flip_table(
    rows: Rows, statements: Rows, outcomes: Outcomes, labels: Labels, language: str, most: int = TOP
) -> Table:
    """Orders that turn round: the nearest point within the draws at which one does, and what else reverses it."""
    text = words(language)
    found, reversed_in = turning(rows), reversals(statements)
    orders = [
        {"outcome": o, "upper": u, "lower": v, **found.get((o, u, v), {})} for o, u, v in {**found, **reversed_in}
    ]
    lines, breaks = picked(orders, outcomes, most, lambda row: _distance(row, reversed_in))
    cells = []
    for name, row in lines:
        upper, lower = (label(labels, str(row[key]), language) for key in PAIR)
        where = [
            running(circumstance(str(one["circumstance"]), str(one["value"]), labels, language), language)
            for one in reversed_in.get((name, str(row["upper"]), str(row["lower"])), [])
        ]
        first = [outcome_labels(outcomes, name, language), text["order_above"].format(upper=upper, lower=lower)]
        point, *figures = _turn(row, labels, language)
        surely = [text["reversed_in"].format(names=listed(where, language))] if where else []
        cells.append([*first, text["semicolon"].join([*([point] if point else []), *surely]), *figures])
    columns = [
        *(text["col_outcome"], text["col_order"], text["col_turns"]),
        *(text["col_distance"], text["col_in_reach"], text["col_fit"]),
    ]
    return grouped(text["tab_flip"].format(most=most), columns, cells, {0, 1, 2}, breaks)


def _distance(row: Row, reversed_in: Mapping[Order, Any]) -> float:
    """How near an order's turning point is; what a circumstance reverses comes first."""
    if (row["outcome"], row["upper"], row["lower"]) in reversed_in:
        return -1.0
    return float(row["distance"])


def _turn(row: Row, labels: Labels, language: str) -> list[str]:
    """Where an order turns, how far that is, how often it was found again and how much is explained."""
    if "distance" not in row:
        return ["", "–", "–", "–"]
    points = zip(said(row["parameters"]).split(), said(row["values"]).split(), strict=True)
    point = words(language)["comma"].join(f"{assumption(name, labels, language)}{EQUALS}{at}" for name, at in points)
    fit = share_text(max(0.0, float(row["fit"])))
    return [point, number(float(row["distance"]), 1), share_text(row["in_reach"]), fit]


def _flip(rows: Rows, statements: Rows, outcomes: Outcomes, labels: Labels, language: str) -> dict[str, Any]:
    text = words(language)
    orders = {(row["outcome"], row["upper"], row["lower"]) for row in rows}
    found, every = turning(rows), turning(rows, 0.0, 1.0)
    fields = {"count": len(orders), "found": len(found), "draws": int(float(rows[0]["draws"]))}
    intro = [text["say_flip"].format(**fields)]
    if len(every) > len(found):
        shares = {"share": f"{100 * SURE:.0f}%", "chance": f"{100 * CHANCE:.0f}%"}
        intro.append(text["say_flip_weak"].format(count=len(every) - len(found), **shares))
    if statements:
        intro.append(text["say_flip_elsewhere"].format(count=len(reversals(statements))))
    intro.append(text["say_flip_not"])
    table = flip_table(rows, statements, outcomes, labels, language)
    names = [name for row in found.values() for name in said(row["parameters"]).split()]
    return section("flip", table, intro, _explained(names, text), language)


def turning(rows: Rows, sure: float = SURE, chance: float = CHANCE) -> dict[Order, Row]:
    """The nearest flip of each order within the draws: so surely found again, so rarely explained by chance."""
    found: dict[Order, Row] = {}
    for row in rows:
        order = (str(row["outcome"]), str(row["upper"]), str(row["lower"]))
        if not said(row["parameters"]) or float(row["in_reach"]) < sure or float(row["by_chance"]) > chance:
            continue
        if order not in found or float(row["distance"]) < float(found[order]["distance"]):
            found[order] = row
    return found


def reversals(statements: Rows) -> dict[Order, list[Row]]:
    """The circumstances in which each order is surely reversed, from the rows of tables/statements.csv."""
    found: dict[Order, list[Row]] = {}
    for row in statements:
        if row["verdict"] == "reversed":
            found.setdefault((str(row["outcome"]), str(row["upper"]), str(row["lower"])), []).append(row)
    return found


# ---------------------------------------------------------------- what is worth measuring


def information_table(rows: Rows, outcomes: Outcomes, labels: Labels, language: str, most: int = TOP) -> Table:
    """The assumptions whose measurement would improve the choice of the first measure most."""
    text = words(language)
    lines, breaks = picked(rows, outcomes, most, lambda row: -float(row["gain"]))
    cells = []
    for name, row in lines:
        numbers = three_numbers(row, "gain")
        cells.append(
            [
                named(outcomes, name, language),
                label(labels, str(row["chosen_now"]), language),
                assumption(str(row["parameter"]), labels, language),
                with_range(*numbers, unit_of(outcomes, name), language),
                share_text(row["changes"]),
            ]
        )
    heads = [text["col_outcome"], text["col_chosen_now"], text["col_parameter"]]
    columns = [*heads, text["col_gain"].format(level=percent(LEVEL, language)), text["col_changes"]]
    return grouped(text["tab_information"].format(most=most), columns, cells, {0, 1, 2}, breaks)


def _information(rows: Rows, outcomes: Outcomes, labels: Labels, language: str) -> dict[str, Any]:
    text = words(language)
    fields = {"count": len({row["parameter"] for row in rows}), "draws": int(float(rows[0]["draws"]))}
    intro = [text["say_information"].format(**fields), text["say_information_not"].format(**fields)]
    table = information_table(rows, outcomes, labels, language)
    return section("information", table, intro, _explained([str(row["parameter"]) for row in rows], text), language)


# ---------------------------------------------------------------- names


def assumption(name: str, labels: Labels, language: str) -> str:
    """A parameter by its name, a dial in words, what was drawn of a measure with the measure's name."""
    kind, _, rest = name.partition(".")
    text = words(language)
    if kind == "dials":
        return running(label(labels, rest, language), language)
    if kind == "intensity":
        return running(text["source_intensity"], language)
    if kind == "potency":
        measure, _, figure = rest.partition(".")
        return text["potency_of"].format(measure=running(label(labels, measure, language), language), name=figure)
    return rest or name


def _explained(names: Sequence[str], text: Mapping[str, str]) -> list[str]:
    """Where the names are explained that stand in a table as they are."""
    potency = [name.startswith("potency.") for name in names]
    notes = {"note_parameters": not all(potency), "note_potency": any(potency)}
    return [text[note] for note, needed in notes.items() if needed]
