"""Section: which assumptions could turn a printed order round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.report.assumptions import assumption_name, explain_names
from analysis.report.prose import Row, Rows, share_text
from analysis.report.section import TOP, Material, Section, table_section
from analysis.report.tables import EQUALS, Table, cell_text, group_rows, top_rows
from analysis.uncertainty.reversals import SURE
from analysis.words import Reader
from analysis.words.quantities import number

PAIR = ("upper", "lower")
CHANCE = 0.05  # a reversal is told of if shuffled draws explain as much in no more than this share
Order = tuple[str, str, str]  # outcome, upper, lower


def _make(given: Material) -> list[dict[str, Any]]:
    rows, statements = given.rows("reversals"), given.rows("statements")
    return [_section(rows, statements, given.ranked)] if rows else []


def _section(rows: Rows, statements: Rows, reader: Reader) -> dict[str, Any]:
    text = reader.text
    orders = {(row["outcome"], row["upper"], row["lower"]) for row in rows}
    found, every = turning_points(rows), turning_points(rows, 0.0, 1.0)
    fields = {"count": len(orders), "found": len(found), "draws": int(float(rows[0]["draws"]))}
    intro = [text["say_flip"].format(**fields)]
    if len(every) > len(found):
        shares = {"share": f"{100 * SURE:.0f}%", "chance": f"{100 * CHANCE:.0f}%"}
        intro.append(text["say_flip_weak"].format(count=len(every) - len(found), **shares))
    if statements:
        intro.append(text["say_flip_elsewhere"].format(count=len(reversed_orders(statements))))
    intro.append(text["say_flip_not"])
    table = reversals_table(rows, statements, reader)
    names = [name for row in found.values() for name in cell_text(row["parameters"]).split()]
    return table_section("reversals", table, intro, explain_names(names, text), reader, "wide")


def reversals_table(rows: Rows, statements: Rows, reader: Reader, most: int = TOP) -> Table:
    """Orders that turn round: the nearest point within the draws at which one does, and what else reverses it."""
    text = reader.text
    found, reversed_in = turning_points(rows), reversed_orders(statements)
    orders = [
        {"outcome": o, "upper": u, "lower": v, **found.get((o, u, v), {})} for o, u, v in {**found, **reversed_in}
    ]
    lines, breaks = top_rows(orders, reader.outcomes, most, lambda row: _distance(row, reversed_in))
    cells = []
    for name, row in lines:
        upper, lower = (reader.label(row[key]) for key in PAIR)
        where = [
            reader.inside(reader.context(str(one["context"]), str(one["value"])))
            for one in reversed_in.get((name, str(row["upper"]), str(row["lower"])), [])
        ]
        first = [reader.outcome(name), text["order_above"].format(upper=upper, lower=lower)]
        point, *figures = _turn(row, reader)
        surely = [text["reversed_in"].format(names=reader.join(where))] if where else []
        cells.append([*first, text["semicolon"].join([*([point] if point else []), *surely]), *figures])
    columns = [
        *(text["col_outcome"], text["col_order"], text["col_turns"]),
        *(text["col_distance"], text["col_in_reach"], text["col_fit"]),
    ]
    return group_rows(text["tab_flip"].format(most=most), columns, cells, {0, 1, 2}, breaks)


def _distance(row: Row, reversed_in: Mapping[Order, Any]) -> float:
    """How near an order's turning point is; what a circumstance reverses comes first."""
    if (row["outcome"], row["upper"], row["lower"]) in reversed_in:
        return -1.0
    return float(row["distance"])


def _turn(row: Row, reader: Reader) -> list[str]:
    """Where an order turns, how far that is, how often it was found again and how much is explained."""
    if "distance" not in row:
        return ["", "–", "–", "–"]
    points = zip(cell_text(row["parameters"]).split(), cell_text(row["values"]).split(), strict=True)
    point = reader.text["comma"].join(f"{assumption_name(name, reader)}{EQUALS}{at}" for name, at in points)
    fit = share_text(max(0.0, float(row["fit"])))
    return [point, number(float(row["distance"]), 1), share_text(row["in_reach"]), fit]


def turning_points(rows: Rows, sure: float = SURE, chance: float = CHANCE) -> dict[Order, Row]:
    """The nearest reversal of each order within the draws: so surely found again, so rarely explained by chance."""
    found: dict[Order, Row] = {}
    for row in rows:
        order = (str(row["outcome"]), str(row["upper"]), str(row["lower"]))
        if not cell_text(row["parameters"]) or float(row["in_reach"]) < sure or float(row["by_chance"]) > chance:
            continue
        if order not in found or float(row["distance"]) < float(found[order]["distance"]):
            found[order] = row
    return found


def reversed_orders(statements: Rows) -> dict[Order, list[Row]]:
    """The circumstances in which each order is surely reversed, from the rows of tables/statements.csv."""
    found: dict[Order, list[Row]] = {}
    for row in statements:
        if row["verdict"] == "reversed":
            found.setdefault((str(row["outcome"]), str(row["upper"]), str(row["lower"])), []).append(row)
    return found


SECTION = Section(120, ("reversals",), _make)
