"""The sections that a ranking has on a page: who carries the package, and what stands beside it, table by table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis import figures
from analysis.figures import data
from analysis.report import assumptions, beside, doubts, findings, screening, tables, together
from analysis.report.findings import Figured, Labels, Outcomes, Row
from analysis.words import label, words
from analysis.words.quantities import number, quantity

Rows = Sequence[Row]
TABLES = ("among_first", *screening.TABLES, *beside.TABLES, *assumptions.TABLES, *together.TABLES, *doubts.TABLES)
"""Tables beside ranking.csv of which there are sections."""


def sections(
    ranking: Rows,
    further: Mapping[str, Rows],
    outcomes: Outcomes,
    names: Labels,
    last: int,
    language: str,
    figure: Figured,
    asked: Mapping[str, Any],
    summary: Mapping[str, float] | None,
    rest: Outcomes | None = None,
) -> list[dict[str, Any]]:
    """All of them, from the rows of the ranking and of those of TABLES that there are.

    `last` is the number of the evaluation year; `asked` and `summary` (the job's record of what was asked, and its
    figures) tell of a composite and of ranked levers. Of the outcomes in `rest` there is a sentence each, and no more.
    """
    every = data.with_composite(outcomes, ranking)
    measures = list(dict.fromkeys(str(row["measure"]) for row in ranking))
    others = _rest(ranking, rest, names, language) if rest else []
    ranking = [row for row in ranking if row["outcome"] in every]
    further = {name: [row for row in rows if row.get("outcome") in every] for name, rows in further.items()}
    unranked = further.get("unranked", ())
    chances = further.get("among_first", ())
    first = [_ranking(ranking, chances, unranked, every, names, language, figure)] if lead_of(ranking) else []
    for section in first:
        weighed = {**outcomes, **(rest or {})}
        section["notes"] += _lever_notes(asked, names, language)
        section["notes"] += together.composite_notes(asked.get("composite"), summary, weighed, language)
    return [
        *first,
        *others,
        *screening.sections(ranking, unranked, every, names, language, figure, asked),
        *screening.group_sections(further.get("groups", ()), every, names, language),
        *beside.sections(further, measures, every, names, language),
        *assumptions.sections(further, every, names, language, bool(asked.get("scenarios"))),
        *together.sections(further, every, names, last, language, figure),
        *doubts.sections(further, every, names, language, figure),
    ]


def lead_of(ranking: Rows) -> str:
    """The method shown first: Shapley where there is one; none ("") if only sizes without a sign could be had."""
    found = {row["method"] for row in ranking}
    return next((method for method in tables.METHODS if method in found), "")


def _lever_notes(asked: Mapping[str, Any], names: Labels, language: str) -> list[str]:
    """That levers were ranked too, some over a range, and what it means for one to be in force."""
    text = words(language)
    named = {lever: findings.running(label(names, lever, language), language) for lever in asked.get("levers", ())}
    notes = [text["note_levers"].format(names=findings.listed([*named.values()], language))] if named else []
    items = [
        text["range_item"].format(
            name=findings.running(label(names, lever, language), language), low=f"{low:g}", high=f"{high:g}"
        )
        for lever, (low, high) in asked.get("ranges", {}).items()
    ]
    return notes + ([text["note_ranges"].format(names=findings.listed(items, language))] if items else [])


def _rest(ranking: Rows, rest: Outcomes, names: Labels, language: str) -> list[dict[str, Any]]:
    """The section of the outcomes that have no panels and tables of their own."""
    text = words(language)
    lead = lead_of(ranking)
    ranked = {row["outcome"] for row in ranking if row["method"] == lead}
    missing = [
        findings.running(data.outcome_labels(rest, name, language), language) for name in rest if name not in ranked
    ]
    notes = [text["note_rest_unranked"].format(outcomes=findings.listed(missing, language))] if missing else []
    return [
        {
            "id": "rest",
            "title": text["sec_rest"],
            "width": "middle",
            "intro": [text["say_rest"]],
            "points": findings.ranking_sentences(ranking, rest, names, lead, language),
            "figures": [],
            "tables": [],
            "notes": notes,
        }
    ]


def _ranking(
    ranking: Rows,
    chances: Rows,
    unranked: Rows,
    outcomes: Outcomes,
    names: Labels,
    language: str,
    figure: Figured,
) -> dict[str, Any]:
    text = words(language)
    method = lead_of(ranking)
    drawn = figures.ranking(ranking, outcomes=outcomes, labels=names, language=language, method=method)
    ranked = [
        name for name in outcomes if any(row["outcome"] == name and row["method"] in tables.METHODS for row in ranking)
    ]
    every = [data.outcome_labels(outcomes, name, language) for name in ranked]
    alt = text["alt_ranking"].format(
        count=len({row["measure"] for row in ranking}),
        outcomes=findings.listed([findings.running(name, language) for name in every], language),
    )
    caption = text["cap_ranking" if method == "shapley" else f"cap_ranking_{method}"]
    notes = [text["note_ranking"].format(level=findings.percent(0.95, language))]
    notes += [text["note_among_first"]] if chances else []
    if method == "shapley":
        notes.append(_sums(ranking, ranked, outcomes, language))
    notes += screening.unranked_notes(unranked, tables.METHODS, outcomes, language)
    title = text[f"fig_ranking_title_{method}"]
    return {
        "id": "ranking",
        "title": text["sec_ranking"],
        "width": "wide",
        "figures": [figure(drawn, "ranking", title, alt, caption)],
        "tables": [tables.ranking_table(ranking, chances, name, outcomes, names, language) for name in ranked],
        "notes": notes,
    }


def _sums(
    ranking: Rows,
    ranked: Sequence[str],
    outcomes: Outcomes,
    language: str,
) -> str:
    """What the Shapley values of each outcome add up to."""
    text = words(language)
    sums = []
    rows = [row for row in ranking if row["method"] == "shapley"]
    for outcome in (name for name in ranked if any(row["outcome"] == name for row in rows)):
        unit = quantity(str(outcomes[outcome].get("unit", "")), language)
        own = (float(row["contribution"]) for row in rows if row["outcome"] == outcome)
        sums.append(
            text["note_sum_item"].format(
                outcome=findings.running(data.outcome_labels(outcomes, outcome, language), language),
                sum=number(unit.factor * sum(own), 2, sign=True) + unit.change_unit,
            )
        )
    return text["note_sum"].format(runs=f"{int(float(rows[0]['runs'])):,}", sums=text["comma"].join(sums))
