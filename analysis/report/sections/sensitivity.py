"""Sections of Morris and Sobol: sizes without a sign, in random company."""

from __future__ import annotations

from typing import Any

from analysis import LEVEL, figures
from analysis.attribution.sobol import ENOUGH_ROWS
from analysis.figures.sensitivity import METHODS
from analysis.report.prose import Row, Rows, three_numbers, unranked_notes, with_range
from analysis.report.section import Material, Section
from analysis.report.tables import Table, group_rows, rank_of, size_text, top_rows
from analysis.words import Reader
from analysis.words.quantities import number

TOP = 5
PANELS = 2  # outcomes whose panels fit into the width of the text


def _make(given: Material) -> list[dict[str, Any]]:
    """A section for each of the two designs that was asked for.

    Words on switching alone would be false where some players are levers moved over a range.
    """
    found = []
    for design in ("morris", "sobol"):
        ranking = given.rows("ranking")
        has = any(row["method"] == METHODS[design][0] for row in ranking)
        if has or any(row["method"] == design for row in given.rows("unranked")):
            found.append(_section(design, ranking if has else [], given))
    return found


def _section(design: str, ranking: Rows, given: Material) -> dict[str, Any]:
    reader, asked = given.ranked, given.asked
    text = reader.text
    not_used = unranked_notes(given.rows("unranked"), (design,), reader)

    def of(key: str) -> str:
        return text.get(f"{key}_ranges", text[key]) if asked.get("ranges") else text[key]

    section: dict[str, Any] = {
        "id": design,
        "title": text[f"sec_{design}"],
        "width": "wide",
        "intro": [of(f"say_{design}"), of(f"say_{design}_not")],
        "figures": [],
        "tables": [],
        "notes": not_used,
    }
    if ranking:
        lead = METHODS[design][0]
        ranked = [
            name for name in reader.outcomes if any(row["method"] == lead and row["outcome"] == name for row in ranking)
        ]
        names = [reader.outcome_inside(name) for name in ranked]
        count = len({row["measure"] for row in ranking if row["method"] == lead})
        alt = text[f"alt_ranking_{design}"].format(count=count, outcomes=reader.join(names))
        drawn = figures.sensitivity(ranking, reader=reader, design=design)
        title, caption = text[f"fig_sizes_title_{design}"], of(f"cap_ranking_{design}")
        width = "wide" if len(ranked) > PANELS else "middle"
        section["figures"] = [{**given.figure(drawn, design, title, alt, caption), "width": width}]
        make = morris_table if design == "morris" else sobol_table
        section["tables"] = [make(ranking, reader)]
        drawn_rows = int(asked.get("replicates") or 2 * ENOUGH_ROWS) // 2  # two seeds a row
        few = design == "sobol" and drawn_rows < ENOUGH_ROWS
        scarce = [text["note_sobol_rows"].format(rows=drawn_rows)] if few else []
        section["notes"] = [*scarce, *not_used, text["note_table"].format(name="ranking")]
    return section


def morris_table(ranking: Rows, reader: Reader, most: int = TOP) -> Table:
    """The strongest measures of each outcome: strength, mean effect, and how far the two agree."""
    text = reader.text
    means = {(row["outcome"], row["measure"]): row for row in ranking if row["method"] == "morris"}
    lines, breaks = top_rows(_led(ranking, "morris_strength"), reader.outcomes, most, rank_of)
    cells = []
    for name, row in lines:
        unit = reader.unit(name)
        strength, mean = float(row["contribution"]), means.get((name, row["measure"]))
        size = size_text(row, unit, reader)
        share = mean and size.split()[0].strip("0.,")  # of a strength that is printed as zero it would mean nothing
        cells.append(
            [
                reader.outcome_with_unit(name),
                reader.label(row["measure"]),
                size,
                with_range(*three_numbers(mean, "contribution"), unit, reader) if mean else "–",
                f"{100 * abs(float(mean['contribution'])) / strength:.0f}%" if mean and share else "–",
            ]
        )
    level = reader.percent(LEVEL)
    columns = [
        *(text["col_outcome"], text["col_measure"], text["col_strength"].format(level=level)),
        *(text["col_mean_effect"].format(level=level), text["col_one_way"]),
    ]
    return group_rows(text["tab_morris"].format(most=most), columns, cells, {0, 1}, breaks)


def sobol_table(ranking: Rows, reader: Reader, most: int = TOP) -> Table:
    """The measures with the largest total shares of each outcome, and their first shares."""
    text = reader.text
    first = {(row["outcome"], row["measure"]): row for row in ranking if row["method"] == "sobol_first"}
    lines, breaks = top_rows(_led(ranking, "sobol_total"), reader.outcomes, most, rank_of)
    cells = []
    for name, row in lines:
        alone = first.get((name, row["measure"]))
        cells.append(
            [
                reader.outcome(name),
                reader.label(row["measure"]),
                _share(row, reader),
                _share(alone, reader) if alone else "–",
            ]
        )
    level = reader.percent(LEVEL)
    heads = [text["col_outcome"], text["col_measure"]]
    columns = [*heads, text["col_total"].format(level=level), text["col_first"].format(level=level)]
    return group_rows(text["tab_sobol"].format(most=most), columns, cells, {0, 1}, breaks)


def _led(ranking: Rows, method: str) -> list[Row]:
    return [row for row in ranking if row["method"] == method]


def _share(row: Row, reader: Reader) -> str:
    """A share and its interval in per cent."""
    shown = [number(100 * value, 1) for value in three_numbers(row, "contribution")]
    return f"{shown[0]}% [{reader.text['range'].format(low=shown[1], high=shown[2])}]"


SECTION = Section(60, ("ranking", "unranked"), _make)
