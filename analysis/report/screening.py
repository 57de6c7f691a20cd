"""The sections of Morris (of groups too) and Sobol, and what is said where a method is of no use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis import figures
from analysis.attribution.sobol import ENOUGH_ROWS
from analysis.figures.data import outcome_labels
from analysis.figures.indices import METHODS as SIZES
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
from analysis.report.tables import Table, ranks_text, with_unit
from analysis.words import label, words
from analysis.words.quantities import number

TOP = 5
PANELS = 2  # outcomes whose panels fit into the width of the text
TABLES = ("groups",)  # tables of a folder that have a section here
Rows = Sequence[Row]


def sections(
    ranking: Rows,
    unranked: Rows,
    outcomes: Outcomes,
    labels: Labels,
    language: str,
    figure: Figured,
    asked: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """A section for each of the two designs that was asked for; `figure` numbers a figure of the page.

    `asked` says whether some players are levers moved over a range (words on switching alone would be false then),
    and the replicates.
    """
    found = []
    for design, (lead, *_) in (("morris", SIZES["morris"]), ("sobol", SIZES["sobol"])):
        rows = [row for row in ranking if row["method"] == lead]
        not_used = unranked_notes(unranked, (design,), outcomes, language)
        if rows or not_used:
            found.append(_section(design, ranking if rows else (), not_used, outcomes, labels, language, figure, asked))
    return found


def group_sections(groups: Rows, outcomes: Outcomes, labels: Labels, language: str) -> list[dict[str, Any]]:
    """The section of the groups that were screened as one; none without `groups`."""
    if not groups:
        return []
    text = words(language)
    lines, breaks = picked(groups, outcomes, len(groups), _rank)
    cells = []
    for name, row in lines:
        unit = str(outcomes[name].get("unit", ""))
        heading = with_unit(outcome_labels(outcomes, name, language), unit, language)
        size, could = _size(row, unit, language), ranks_text(row, language)
        cells.append([heading, label(labels, str(row["measure"]), language), size, str(int(_rank(row))), could])
    columns = [
        *(text["col_outcome"], text["col_group"], text["col_strength"].format(level=percent(LEVEL, language))),
        *(text["col_rank"], text["col_ranks"]),
    ]
    section = {
        "id": "groups",
        "title": text["sec_groups"],
        "width": "middle",
        "intro": [text["say_groups"]],
        "figures": [],
        "tables": [grouped(text["tab_groups"], columns, cells, {0, 1}, breaks)],
        "notes": [text["note_table"].format(name="groups")],
    }
    return [section]


def unranked_notes(unranked: Rows, methods: Sequence[str], outcomes: Outcomes, language: str) -> list[str]:
    """A sentence for each outcome that one of `methods` could not be used for."""
    text = words(language)
    return [
        text[f"unranked_{row['reason']}"].format(
            method=text[f"method_{row['method']}"],
            outcome=running(outcome_labels(outcomes, str(row["outcome"]), language), language),
        )
        for row in unranked
        if row["method"] in methods and row["outcome"] in outcomes
    ]


def _section(
    design: str,
    ranking: Rows,
    not_used: list[str],
    outcomes: Outcomes,
    labels: Labels,
    language: str,
    figure: Figured,
    asked: Mapping[str, Any],
) -> dict[str, Any]:
    text = words(language)

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
        lead = SIZES[design][0]
        ranked = [name for name in outcomes if any(row["method"] == lead and row["outcome"] == name for row in ranking)]
        names = [running(outcome_labels(outcomes, name, language), language) for name in ranked]
        count = len({row["measure"] for row in ranking if row["method"] == lead})
        alt = text[f"alt_ranking_{design}"].format(count=count, outcomes=listed(names, language))
        drawn = figures.sizes(ranking, outcomes=outcomes, labels=labels, language=language, design=design)
        title, caption = text[f"fig_sizes_title_{design}"], of(f"cap_ranking_{design}")
        width = "wide" if len(ranked) > PANELS else "middle"
        section["figures"] = [{**figure(drawn, design, title, alt, caption), "width": width}]
        make = morris_table if design == "morris" else sobol_table
        section["tables"] = [make(ranking, outcomes, labels, language)]
        drawn_rows = int(asked.get("replicates") or 2 * ENOUGH_ROWS) // 2  # two seeds a row
        few = design == "sobol" and drawn_rows < ENOUGH_ROWS
        scarce = [text["note_sobol_rows"].format(rows=drawn_rows)] if few else []
        section["notes"] = [*scarce, *not_used, text["note_table"].format(name="ranking")]
    return section


def morris_table(ranking: Rows, outcomes: Outcomes, labels: Labels, language: str, most: int = TOP) -> Table:
    """The strongest measures of each outcome: strength, mean effect, and how far the two agree."""
    text = words(language)
    means = {(row["outcome"], row["measure"]): row for row in ranking if row["method"] == "morris"}
    lines, breaks = picked(_led(ranking, "morris_strength"), outcomes, most, _rank)
    cells = []
    for name, row in lines:
        unit = str(outcomes[name].get("unit", ""))
        strength, mean = float(row["contribution"]), means.get((name, row["measure"]))
        size = _size(row, unit, language)
        share = mean and size.split()[0].strip("0.,")  # of a strength that is printed as zero it would mean nothing
        cells.append(
            [
                with_unit(outcome_labels(outcomes, name, language), unit, language),
                label(labels, str(row["measure"]), language),
                size,
                with_range(*three_numbers(mean, "contribution"), unit, language) if mean else "–",
                f"{100 * abs(float(mean['contribution'])) / strength:.0f}%" if mean and share else "–",
            ]
        )
    level = percent(LEVEL, language)
    columns = [
        *(text["col_outcome"], text["col_measure"], text["col_strength"].format(level=level)),
        *(text["col_mean_effect"].format(level=level), text["col_one_way"]),
    ]
    return grouped(text["tab_morris"].format(most=most), columns, cells, {0, 1}, breaks)


def sobol_table(ranking: Rows, outcomes: Outcomes, labels: Labels, language: str, most: int = TOP) -> Table:
    """The measures with the largest total shares of each outcome, and their first shares."""
    text = words(language)
    first = {(row["outcome"], row["measure"]): row for row in ranking if row["method"] == "sobol_first"}
    lines, breaks = picked(_led(ranking, "sobol_total"), outcomes, most, _rank)
    cells = []
    for name, row in lines:
        alone = first.get((name, row["measure"]))
        cells.append(
            [
                outcome_labels(outcomes, name, language),
                label(labels, str(row["measure"]), language),
                _share(row, language),
                _share(alone, language) if alone else "–",
            ]
        )
    level = percent(LEVEL, language)
    heads = [text["col_outcome"], text["col_measure"]]
    columns = [*heads, text["col_total"].format(level=level), text["col_first"].format(level=level)]
    return grouped(text["tab_sobol"].format(most=most), columns, cells, {0, 1}, breaks)


def _led(ranking: Rows, method: str) -> list[Row]:
    return [row for row in ranking if row["method"] == method]


def _rank(row: Row) -> float:
    return float(row["rank"])


def _size(row: Row, unit: str, language: str) -> str:
    """A strength and its interval: a size has no sign."""
    return with_range(*three_numbers(row, "contribution"), unit, language).replace("+", "")


def _share(row: Row, language: str) -> str:
    """A share and its interval in per cent."""
    shown = [number(100 * value, 1) for value in three_numbers(row, "contribution")]
    return f"{shown[0]}% [{words(language)['range'].format(low=shown[1], high=shown[2])}]"
