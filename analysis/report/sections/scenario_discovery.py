"""Section: when a measure makes things worse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis import LEVEL
from analysis.report.assumptions import assumption_name, explain_names
from analysis.report.prose import Row, Rows, bare_change, share_text
from analysis.report.section import TOP, Material, Section, table_section
from analysis.report.tables import Table, group_rows, top_rows
from analysis.words import Reader


def _make(given: Material) -> list[dict[str, Any]]:
    rows, reader, text = given.rows("scenario_discovery"), given.ranked, given.reader.text
    if not rows:
        return []
    drawn = [text["say_scenarios"]] if given.asked.get("scenarios") else []
    intro = [text["say_backfire"], *drawn, text["say_backfire_not"]]
    limits = {word for row in rows for word in str(row["limits"]).split()}
    notes = explain_names([word for word in limits if word.startswith(("parameters.", "potency."))], text)
    return [table_section("scenario_discovery", conditions_table(rows, reader), intro, notes, reader, "wide")]


def conditions_table(rows: Rows, reader: Reader, most: int = TOP) -> Table:
    """Conditions under which a measure backfires, those that set apart most first."""
    text = reader.text
    lines, breaks = top_rows(rows, reader.outcomes, most, lambda row: float(row["base"]) - float(row["density"]))
    cells = []
    for name, row in lines:
        ends = text["range"].format(low=share_text(row["density_low"]), high=share_text(row["density_high"]))
        cells.append(
            [
                reader.outcome_with_unit(name),
                reader.label(row["measure"]),
                rule_text(str(row["limits"]), reader),
                text["with_others"].format(
                    value=f"{share_text(row['density'])} [{ends}]", others=share_text(row["base"])
                ),
                _mean_changes(row, reader.unit(name), text),
                text["cases_of"].format(inside=int(float(row["inside"])), runs=int(float(row["runs"]))),
                share_text(row["coverage"]),
            ]
        )
    heads = [text["col_outcome"], text["col_measure"], text["col_condition"]]
    inside = text["col_worse_inside"].format(level=reader.percent(LEVEL))
    columns = [*heads, inside, text["col_change_there"], text["col_cases"], text["col_coverage"]]
    return group_rows(text["tab_backfire"], columns, cells, {0, 1, 2}, breaks)


def _mean_changes(row: Row, unit: str, text: Mapping[str, str]) -> str:
    """The mean change where a condition holds, and elsewhere."""
    both = (float(row["change"]), float(row["change_elsewhere"]))
    there, elsewhere = (bare_change(value, value, value, unit, digits=2) for value in both)
    return text["with_others"].format(value=there, others=elsewhere)


def rule_text(limits: str, reader: Reader) -> str:
    """A condition of tables/scenario_discovery.csv in words: where, who is in force or not, and where figures lie."""
    text = reader.text
    company: list[str] = []
    missing: list[str] = []
    places: list[str] = []
    bounds: list[str] = []
    for part in limits.split(" and "):
        if part.startswith(("measures.", "levers.")):
            name = reader.label_inside(part.split()[0].partition(".")[2])
            (missing if part.endswith("not in force") else company).append(name)
        elif part.startswith(("town is ", "theory is ")):
            kind, *_, value = part.split()
            name = reader.inside(reader.context(kind, value))
            places.append(text["rule_not_in"].format(name=name) if " not " in part else name)
        else:
            figures = (assumption_name(word, reader) if word[0].isalpha() else word for word in part.split())
            bounds.append(" ".join(figures).replace("<=", "≤").replace(">=", "≥"))
    parts = []
    if company:
        parts.append(text["rule_with"].format(names=reader.join(company)))
    if missing:
        joined = text["comma"].join(missing[:-1])
        names = text["rule_or"].join([joined, missing[-1]]) if joined else missing[-1]
        parts.append(text["rule_without"].format(names=names))
    return text["semicolon"].join([*places, *parts, *bounds])


SECTION = Section(110, ("scenario_discovery",), _make)
