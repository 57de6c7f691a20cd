"""Section: which measures make the difference, by the leading method, and what was ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from analysis import LEVEL, figures
from analysis.figures.contributions import METHODS, leading_method
from analysis.report.prose import Row, Rows, three_numbers, unranked_notes, with_range
from analysis.report.section import Material, Section
from analysis.report.tables import Table, ranks_text
from analysis.words import Reader
from analysis.words.quantities import clear_of_zero, interval_digits, number

AMONG = 3  # the ranking tells how likely a measure is to be among so many first


def _make(given: Material) -> list[dict[str, Any]]:
    ranking, reader = given.rows("ranking"), given.ranked
    method = leading_method(ranking)
    if not method:
        return []
    text, chances = reader.text, given.rows("among_first")
    drawn = figures.contributions(ranking, reader=reader, method=method)
    signed = {row["outcome"] for row in ranking if row["method"] in METHODS}
    shown = [name for name in reader.outcomes if name in signed]
    count = len({row["measure"] for row in ranking})
    alt = text["alt_ranking"].format(count=count, outcomes=reader.join_outcomes(shown))
    caption = text["cap_ranking" if method == "shapley" else f"cap_ranking_{method}"]
    title = text[f"fig_ranking_title_{method}"]
    notes = [text["note_ranking"].format(level=reader.percent(LEVEL))]
    notes += [text["note_among_first"]] if chances else []
    if method == "shapley":
        notes.append(_sums(ranking, shown, reader))
    notes += unranked_notes(given.rows("unranked"), METHODS, reader)
    notes += _lever_notes(given.asked, reader)
    weighed = given.reader.of({**given.reader.outcomes, **given.rest})
    notes += composite_notes(given.asked.get("composite"), given.summary, weighed)
    return [
        {
            "id": "ranking",
            "title": text["sec_ranking"],
            "width": "wide",
            "figures": [given.figure(drawn, "ranking", title, alt, caption)],
            "tables": [ranking_table(ranking, chances, name, reader) for name in shown],
            "notes": notes,
        }
    ]


def ranking_table(ranking: Rows, chances: Rows, outcome: str, reader: Reader) -> Table:
    """All measures for one outcome.

    Tier, rank, rank set and (where `chances` has it) the chance to be among the first few, by the leading method;
    contributions of every method.
    """
    text = reader.text
    described = reader.outcomes[outcome]
    unit = str(described.get("unit", ""))
    by_method = {
        method: {str(row["measure"]): row for row in ranking if row["method"] == method and row["outcome"] == outcome}
        for method in METHODS
    }
    shown = [method for method in METHODS if by_method[method]]
    leading = sorted(by_method[shown[0]].values(), key=lambda row: int(float(row["rank"])))
    numbers = [three_numbers(row, "contribution") for row in leading]
    digits = Counter(interval_digits(*three, unit) for three in numbers).most_common(1)[0][0]
    among = [row for row in chances if row["outcome"] == outcome and int(row["places"]) <= AMONG]
    few = max((int(row["places"]) for row in among), default=0)
    chance = {str(row["measure"]): float(row["probability"]) for row in among if int(row["places"]) == few}
    rows: list[Any] = []
    breaks: set[int] = set()
    for place, row in enumerate(leading):
        measure = str(row["measure"])
        if place and row["tier"] != leading[place - 1]["tier"]:
            breaks.add(place)
        cells = [
            reader.label(measure),
            str(row["tier"]),
            str(int(float(row["rank"]))),
            ranks_text(row, reader),
            *([_chance(chance[measure])] if chance else []),
        ]
        for method in shown:
            found = by_method[method].get(measure)
            cells.append(_with_interval(found, unit, reader, digits) if found else "–")
        rows.append(cells)
    return Table(
        text["tab_ranking"].format(
            outcome=reader.outcome_inside(outcome),
            unit=reader.quantity(unit).change_unit.strip() or unit,
        ),
        [
            text["col_measure"],
            text["col_tier"],
            text["col_rank"],
            text["col_ranks"],
            *([text["col_among_first"].format(count=few)] if chance else []),
            *(text[f"method_{method}"] for method in shown),
        ],
        rows,
        breaks=frozenset(breaks),
    )


def _chance(probability: float) -> str:
    """A share of resamples in per cent; never said to be all or none."""
    return "<1%" if probability < 0.01 else ">99%" if probability > 0.99 else f"{100 * probability:.0f}%"


def _with_interval(row: Row, unit: str, reader: Reader, digits: int) -> str:
    """A contribution and its interval in the decimals of the table.

    or one more where it would seem to hold zero.
    """
    three = three_numbers(row, "contribution")
    shown = clear_of_zero(digits, three[1], three[2], unit)
    return with_range(*three, unit, reader, shown)


def _sums(ranking: Rows, ranked: Sequence[str], reader: Reader) -> str:
    """What the Shapley values of each outcome add up to."""
    text = reader.text
    sums = []
    rows = [row for row in ranking if row["method"] == "shapley"]
    for outcome in (name for name in ranked if any(row["outcome"] == name for row in rows)):
        unit = reader.quantity_of(outcome)
        own = (float(row["contribution"]) for row in rows if row["outcome"] == outcome)
        sums.append(
            text["note_sum_item"].format(
                outcome=reader.outcome_inside(outcome),
                sum=number(unit.factor * sum(own), 2, sign=True) + unit.change_unit,
            )
        )
    return text["note_sum"].format(runs=f"{int(float(rows[0]['runs'])):,}", sums=text["comma"].join(sums))


def _lever_notes(asked: Mapping[str, Any], reader: Reader) -> list[str]:
    """That levers were ranked too, some over a range, and what it means for one to be in force."""
    text = reader.text
    named = {lever: reader.label_inside(lever) for lever in asked.get("levers", ())}
    notes = [text["note_levers"].format(names=reader.join([*named.values()]))] if named else []
    items = [
        text["range_item"].format(name=reader.label_inside(lever), low=f"{low:g}", high=f"{high:g}")
        for lever, (low, high) in asked.get("ranges", {}).items()
    ]
    return notes + ([text["note_ranges"].format(names=reader.join(items))] if items else [])


def composite_notes(
    weights: Mapping[str, float] | None, summary: Mapping[str, float] | None, reader: Reader
) -> list[str]:
    """What the composite weighs and in which scales; nothing where there is none."""
    text, known = reader.text, summary or {}
    used = [name for name in weights or {} if f"composite_scale_{name}" in known]
    if not used:
        return []

    def item(name: str, value: str) -> str:
        outcome = reader.outcome_inside(name)
        return text["composite_item"].format(outcome=outcome, value=value)

    shares = [item(name, f"{100 * known[f'composite_weight_{name}']:.0f}%") for name in used]
    scales = []
    for name in used:
        unit = reader.quantity_of(name)
        scales.append(item(name, number(unit.factor * known[f"composite_scale_{name}"], 2) + unit.change_unit))
    joined = {"weights": text["comma"].join(shares), "scales": text["comma"].join(scales)}
    return [text["composite_note"].format(**joined)]


SECTION = Section(40, ("ranking", "among_first"), _make)
