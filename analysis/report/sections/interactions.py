"""Section: what works only together, and what gets in the way."""

from __future__ import annotations

from typing import Any

from analysis import figures
from analysis.figures.interactions import SAID
from analysis.report.prose import Row, Rows, three_numbers, with_range
from analysis.report.section import Material, Section
from analysis.report.tables import Table
from analysis.words import Reader
from analysis.words.quantities import number

SHOWN = 12  # pairs in the table of an outcome
COMPANIES = ("without", "with")


def _make(given: Material) -> list[dict[str, Any]]:
    rows = given.rows("interactions")
    return [_section(rows, given)] if rows else []


def _section(rows: Rows, given: Material) -> dict[str, Any]:
    """The section on pairs, from rows of analysis.attribution.interactions."""
    reader, text = given.ranked, given.reader.text
    shown = [name for name in reader.outcomes if any(row["outcome"] == name for row in rows)]
    measures = {str(row[who]) for row in rows for who in ("first", "second")}
    pairs = len(measures) * (len(measures) - 1) // 2
    runs = int(float(rows[0]["runs"]))
    fields = {"count": pairs, "n": runs // (pairs + len(measures) + 1), "runs": f"{runs:,}"}
    drawn, points, made = [], [], []
    for name in shown:
        outcome = reader.outcome(name)
        own = [row for row in rows if row["outcome"] == name]
        clear = [row for row in own if row["verdict"] != "unclear"]
        said = [figures.sentence(row, reader) for row in clear[:SAID]]
        form = text["interaction_point" if said else "interaction_point_none"]
        points.append(form.format(outcome=outcome, said=text["semicolon"].join(said), n=fields["n"]))
        if clear:  # a picture of nothing would say no more than the sentence
            picture = figures.interactions(own, outcome=name, reader=reader)
            alt = text["alt_interactions"].format(outcome=outcome, count=pairs)
            title = text["fig_interactions_title"].format(outcome=outcome)
            caption = text["cap_interactions"].format(outcome=outcome)
            drawn.append(given.figure(picture, f"interactions-{name}", title, alt, caption))
            made.append(_pair_table(clear[:SHOWN], outcome, reader.unit(name), reader))
    return {
        "id": "interactions",
        "title": text["sec_interactions"],
        "width": "middle",
        "points": points,
        "figures": drawn,
        "tables": made,
        "notes": [text["note_interactions"].format(**fields)],
    }


def _pair_table(rows: Rows, outcome: str, unit: str, reader: Reader) -> Table:
    text = reader.text
    factor = reader.quantity(unit).factor

    def effects(row: Row, who: str) -> str:
        without, beside = (number(factor * float(row[f"{who}_{company}"]), 2, sign=True) for company in COMPANIES)
        return text["interaction_both"].format(without=without, beside=beside)

    cells = []
    for row in rows:
        one, other = (reader.label(row[who]) for who in ("first", "second"))
        three = three_numbers(row, "interaction")
        cells.append(
            [
                text["interaction_pair"].format(one=one, other=other),
                with_range(*three, unit, reader),
                effects(row, "first"),
                effects(row, "second"),
                figures.sentence(row, reader),
            ]
        )
    heads = [text[name] for name in ("col_pair", "col_joint", "col_without", "col_beside", "col_verdict")]
    caption = text["tab_interactions"].format(
        outcome=reader.inside(outcome), unit=reader.quantity(unit).change_unit.strip() or unit
    )
    return Table(caption, heads, cells, words=frozenset({0, 4}))


SECTION = Section(140, ("interactions",), _make)
