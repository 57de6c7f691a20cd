"""Sentences written from the numbers, and numbers as they stand in sentences and cells.

Direction and certainty come from the interval alone. It lies on the better side (improves), on the worse side
(worsens), or holds zero (cannot be told apart from no effect). No sentence claims more than its interval supports.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from analysis import LEVEL
from analysis.uncertainty import verdict
from analysis.words import Reader
from analysis.words.quantities import MINUS, interval_digits, level_text, number, quantity

Row = Mapping[str, Any]
Rows = Sequence[Row]


def three_numbers(row: Row, value: str, low: str = "ci_low", high: str = "ci_high") -> tuple[float, float, float]:
    """The value of a row and the ends of its interval."""
    return float(row[value]), float(row[low]), float(row[high])


def change_text(value: float, low: float, high: float, unit: str, reader: Reader) -> str:
    """A signed change with its unit, in the decimals its interval supports."""
    return bare_change(value, low, high, unit) + reader.quantity(unit).change_unit


def bare_change(value: float, low: float, high: float, unit: str, digits: int | None = None) -> str:
    """The same without its unit, or in a given number of decimals."""
    shown = interval_digits(value, low, high, unit) if digits is None else digits
    return number(quantity(unit, "en").factor * value, shown, sign=True)


def ends_text(
    value: float, low: float, high: float, unit: str, sign: bool = True, digits: int | None = None
) -> tuple[str, str]:
    """Both ends of the interval of a change, without unit."""
    factor = quantity(unit, "en").factor
    shown = interval_digits(value, low, high, unit) if digits is None else digits
    return number(factor * low, shown, sign=sign), number(factor * high, shown, sign=sign)


def range_text(value: float, low: float, high: float, unit: str, reader: Reader, digits: int | None = None) -> str:
    """The interval of a change as "low to high"; a dash where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    first, second = ends_text(value, low, high, unit, digits=digits)
    return reader.text["range"].format(low=first, high=second)


def with_range(value: float, low: float, high: float, unit: str, reader: Reader, digits: int | None = None) -> str:
    """A change without its unit, its interval behind it in brackets."""
    ends = range_text(value, low, high, unit, reader, digits)
    return f"{bare_change(value, low, high, unit, digits)} [{ends}]"


def share_text(value: Any) -> str:
    """A share in whole percent."""
    return f"{100 * float(value):.0f}%"


def join_some(names: Sequence[str], reader: Reader, most: int = 4) -> str:
    """Names as a list in a sentence; of more than `most` the first ones, and how many more."""
    if len(names) <= most:
        return reader.join(names)
    first = reader.text["comma"].join(names[: most - 1])
    return reader.text["find_top_more"].format(names=first, count=len(names) - most + 1)


def effect_clause(row: Row, reader: Reader) -> str:
    """What the package does to one outcome, as a clause whose subject is the package."""
    text, name = reader.text, str(row["outcome"])
    unit = reader.unit(name)
    value, low, high = three_numbers(row, "difference")
    says = verdict(low, high, str(reader.outcomes[name].get("better", "")))
    fields = {
        "outcome": reader.outcome_inside(name),
        "a": level_text(float(row["base_mean"]), unit, reader.language),
        "b": level_text(float(row["other_mean"]), unit, reader.language),
        "level": reader.percent(float(row.get("level", LEVEL))),
    }
    if says in ("unclear", "unknown"):
        fields["size"] = change_text(value, low, high, unit, reader)
        fields["low"], fields["high"] = ends_text(value, low, high, unit)
        return text[f"find_clause_{says}"].format(**fields)
    if value < 0.0:  # the size of a fall, with its interval turned over
        value, low, high, direction = -value, -high, -low, "down"
    else:
        direction = "up"
    fields["size"] = change_text(value, low, high, unit, reader).lstrip("+" + MINUS)
    fields["low"], fields["high"] = ends_text(value, low, high, unit, sign=False)
    return text[f"find_clause_{says}_{direction}"].format(**fields)


def lead_sentences(effects: Rows, town: str, last_year: int, reader: Reader) -> list[str]:
    """The main findings: what each package does to each outcome by the evaluation year."""
    text = reader.text
    when = text["find_by_year"].format(n=last_year)
    sentences: list[str] = []
    for other in dict.fromkeys(row["other"] for row in effects):
        rows = {row["outcome"]: row for row in effects if row["other"] == other and row["period"] == "evaluation"}
        shown = [name for name in reader.outcomes if name in rows]
        if not shown:
            continue
        clauses = [effect_clause(rows[name], reader) for name in shown]
        sentences.append(
            text["find_lead_next" if sentences else "find_lead"].format(
                town=town,
                when=when,
                When=when[:1].upper() + when[1:],
                base=reader.label(rows[shown[0]]["base"]),
                other=reader.label(other),
                clauses=text["semicolon"].join(clauses),
            )
        )
    return sentences


def ranking_sentences(ranking: Rows, method: str, reader: Reader) -> list[str]:
    """For each outcome: who comes first, who might, and what makes it worse."""
    sentences = []
    for outcome in reader.outcomes:
        rows = [row for row in ranking if row["method"] == method and row["outcome"] == outcome]
        if rows:
            rows.sort(key=lambda row: int(float(row["rank"])))
            sentences.append(_ranking_sentence(rows, outcome, method, reader))
    return sentences


def _ranking_sentence(rows: Rows, outcome: str, method: str, reader: Reader) -> str:
    text, name, unit = reader.text, reader.outcome(outcome), reader.unit(outcome)
    better = str(reader.outcomes[outcome].get("better", "higher"))

    def says(row: Row) -> str:
        return verdict(float(row["ci_low"]), float(row["ci_high"]), better)

    first = rows[0]
    if says(first) != "improves":
        sentence = text["find_top_unclear"].format(outcome=name)
    else:
        numbers = three_numbers(first, "contribution")
        rivals = [reader.label_inside(row["measure"]) for row in rows[1:] if int(float(row["rank_low"])) == 1]
        sentence = text["find_top_several" if rivals else "find_top_single"].format(
            outcome=name,
            measure=reader.label_inside(first["measure"]),
            size=change_text(*numbers, unit, reader),
            level=reader.percent(LEVEL),
            range=range_text(*numbers, unit, reader),
            share=_share(rows, reader) if method == "shapley" else "",
            others=join_some(rivals, reader),
        )
    against = [reader.label_inside(row["measure"]) for row in reversed(rows) if says(row) == "worsens"]
    if against:
        sentence += text["sentence_space"] + text["find_against"].format(names=join_some(against, reader))
    return sentence


def _share(rows: Rows, reader: Reader) -> str:
    """The first measure's share of the package effect, where it is smaller than the whole.

    Else nothing.
    """
    total = sum(float(row["contribution"]) for row in rows)
    first = float(rows[0]["contribution"])
    if total == 0.0 or not 0.0 < first / total < 1.0:
        return ""
    return reader.text["find_share"].format(share=f"{100 * first / total:.0f}%")


def run_sentences(levels: Rows, town: str, last_year: int, reader: Reader) -> list[str]:
    """One sentence a setting: each outcome in the evaluation year and in the year before."""
    text = reader.text
    sentences = []
    for setting in dict.fromkeys(str(row["setting"]) for row in levels):
        found = {(row["outcome"], row["period"]): row for row in levels if row["setting"] == setting}
        clauses = [
            _run_clause(found[name, "baseline"], found[name, "evaluation"], last_year, reader)
            for name in reader.outcomes
            if (name, "evaluation") in found and (name, "baseline") in found
        ]
        if clauses:
            fields = {"town": town, "setting": reader.label(setting), "clauses": text["semicolon"].join(clauses)}
            sentences.append(text["find_run"].format(**fields))
    return sentences


def _run_clause(before: Row, row: Row, last_year: int, reader: Reader) -> str:
    """What one outcome is in the evaluation year, and what it was in the year before."""
    text, name = reader.text, str(row["outcome"])
    unit, language = reader.unit(name), reader.language
    low, high = float(row["ci_low"]), float(row["ci_high"])
    interval = ""
    if math.isfinite(low) and math.isfinite(high):
        interval = text["find_run_interval"].format(
            level=reader.percent(float(row.get("level", LEVEL))),
            low=level_text(low, unit, language),
            high=level_text(high, unit, language),
        )
    return text["find_run_clause"].format(
        outcome=reader.outcome_inside(name),
        n=last_year,
        a=level_text(float(before["mean"]), unit, language),
        b=level_text(float(row["mean"]), unit, language),
        interval=interval,
    )


def unranked_notes(unranked: Rows, methods: Sequence[str], reader: Reader) -> list[str]:
    """A sentence for each outcome that one of `methods` could not be used for."""
    text = reader.text
    return [
        text[f"unranked_{row['reason']}"].format(
            method=text[f"method_{row['method']}"],
            outcome=reader.outcome_inside(str(row["outcome"])),
        )
        for row in unranked
        if row["method"] in methods and row["outcome"] in reader.outcomes
    ]
