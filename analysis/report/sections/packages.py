"""Section: which package fits a budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis import LEVEL
from analysis.report.prose import Row, Rows, bare_change, share_text, three_numbers, with_range
from analysis.report.section import Material, Section, table_section
from analysis.report.tables import Table, cell_text, group_rows, top_rows
from analysis.words import Reader

EVERY = 10_000


def _make(given: Material) -> list[dict[str, Any]]:
    rows, reader, text = given.rows("packages"), given.ranked, given.reader.text
    if not rows:
        return []
    measures = list(dict.fromkeys(str(row["measure"]) for row in given.tables.get("ranking", ())))
    shown = _unbeaten(rows)
    sure = sum(float(row["front_share"]) >= LEVEL for row in shown)
    fields = {"level": reader.percent(LEVEL), "count": len(shown), "sure": sure}
    intro = [text["say_packages"].format(seeds=int(float(rows[0]["fresh_seeds"]))), text["say_packages_not"]]
    table, notes = packages_table(rows, measures, reader), [text["note_steps"].format(**fields)]
    return [table_section("packages", table, intro, notes, reader, "wide")]


def packages_table(rows: Rows, measures: Sequence[str], reader: Reader) -> Table:
    """Packages that no other of their outcome and currency beats, each once."""
    text = reader.text
    lines, breaks = top_rows(_unbeaten(rows), reader.outcomes, EVERY)
    cells = []
    for name, row in lines:
        unit = reader.unit(name)
        numbers = three_numbers(row, "effect")
        cells.append(
            [
                reader.outcome_with_unit(name),
                _money(row, "cost", reader),
                text["cost_within"].format(
                    budget=f"{float(row['budget']):,.0f}", share=share_text(row["within_budget"])
                ),
                package_text(cell_text(row["measures"]).split(), measures, reader),
                bare_change(float(row["expected"]), *numbers[1:], unit),
                with_range(*numbers, unit, reader),
                _step_cell(row, unit, reader),
            ]
        )
    heads = [text["col_outcome"], text["col_cost"], text["col_within"], text["col_package"], text["col_proposed"]]
    measured = [text[name].format(level=reader.percent(LEVEL)) for name in ("col_came_out", "col_step")]
    return group_rows(text["tab_packages"], [*heads, *measured], cells, {0, 3, 6}, breaks)


def _unbeaten(rows: Rows) -> list[Row]:
    """Packages on the front of their outcome and currency, each once with its least budget."""
    kept = {
        (row["outcome"], row["currency"], row["measures"]): row
        for row in reversed(rows)
        if int(float(row["efficient"])) == 1
    }
    return list(reversed(kept.values()))


def _step_cell(row: Row, unit: str, reader: Reader) -> str:
    """Whether a package is surely better than the next cheaper one, and by how much; a dash for no measures."""
    if not cell_text(row["measures"]):
        return "–"
    text, step = reader.text, with_range(*three_numbers(row, "step", "step_low", "step_high"), unit, reader)
    return text["step_cell"].format(verdict=text[f"step_{row['verdict']}"], step=step)


def package_text(chosen: Sequence[str], measures: Sequence[str], reader: Reader) -> str:
    """How many measures a package has, and which: named, or those left out where these are fewer."""
    text = reader.text
    left_out = [name for name in measures if name not in chosen]
    if not chosen:
        return text["package_none"]
    if not left_out:
        return text["package_all"].format(count=len(chosen))
    form, named = ("package_of", chosen) if len(chosen) <= len(left_out) else ("package_but", left_out)
    names = reader.join([reader.label_inside(name) for name in named])
    return text[form].format(count=len(chosen), names=names)


def _money(row: Row, name: str, reader: Reader) -> str:
    """A cost or a budget with its currency."""
    return reader.text[f"cost_{row['currency']}"].format(cost=f"{float(row[name]):,.0f}")


SECTION = Section(100, ("packages",), _make)
