"""Sentences written from the numbers.

Direction and certainty come from the interval alone: it lies on the better side (improves), on the
worse side (worsens), or holds zero (cannot be told apart from no effect). No sentence says more
than its interval does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis.figures.data import outcome_labels
from analysis.uncertainty import verdict
from analysis.words import label, words
from analysis.words.quantities import MINUS, interval_digits, level_text, number, quantity

Row = Mapping[str, Any]
Labels = Mapping[str, Mapping[str, str]]
Outcomes = Mapping[str, Mapping[str, Any]]
Figured = Callable[[Any, str, str, str, str], dict[str, str]]
"""Takes a drawn figure with its name, title, description and caption, puts it where it belongs (a page, a folder of
pictures), and gives back what a section is to hold of it."""


def percent(level: float, language: str) -> str:
    """A level of confidence as text: 95%."""
    return words(language)["percent_level"].format(level=f"{100 * level:g}")


def three_numbers(row: Row, value: str, low: str = "ci_low", high: str = "ci_high") -> tuple[float, float, float]:
    """The value of a row and the ends of its interval."""
    return float(row[value]), float(row[low]), float(row[high])


def running(name: str, language: str) -> str:
    """A label as it stands inside an English sentence.

    Without its capital, unless it is an abbreviation.
    """
    if language != "en" or len(name) < 2 or not (name[0].isupper() and name[1].islower()):
        return name
    return name[0].lower() + name[1:]


def listed(names: Sequence[str], language: str) -> str:
    """Names joined as a list in a sentence."""
    text = words(language)
    if len(names) < 2:
        return "".join(names)
    return text["comma"].join(names[:-1]) + text["and"] + names[-1]


def change_text(value: float, low: float, high: float, unit: str, language: str) -> str:
    """A signed change with its unit, in the decimals its interval supports."""
    return bare_change(value, low, high, unit) + quantity(unit, language).change_unit


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


def range_text(value: float, low: float, high: float, unit: str, language: str, digits: int | None = None) -> str:
    """The interval of a change as "low to high"; a dash where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    first, second = ends_text(value, low, high, unit, digits=digits)
    return words(language)["range"].format(low=first, high=second)


def with_range(value: float, low: float, high: float, unit: str, language: str, digits: int | None = None) -> str:
    """A change without its unit, its interval behind it in brackets."""
    ends = range_text(value, low, high, unit, language, digits)
    return f"{bare_change(value, low, high, unit, digits)} [{ends}]"


def effect_clause(row: Row, described: Mapping[str, Any], language: str) -> str:
    """What the package does to one outcome, as a clause whose subject is the package."""
    text = words(language)
    unit = str(described.get("unit", ""))
    value, low, high = three_numbers(row, "difference")
    says = verdict(low, high, str(described.get("better", "")))
    fields = {
        "outcome": running(outcome_labels({"": described}, "", language), language),
        "a": level_text(float(row["base_mean"]), unit, language),
        "b": level_text(float(row["other_mean"]), unit, language),
        "level": percent(float(row.get("level", 0.95)), language),
    }
    if says in ("unclear", "unknown"):
        fields["size"] = change_text(value, low, high, unit, language)
        fields["low"], fields["high"] = ends_text(value, low, high, unit)
        return text[f"find_clause_{says}"].format(**fields)
    if value < 0.0:  # the size of a fall, with its interval turned over
        value, low, high, direction = -value, -high, -low, "down"
    else:
        direction = "up"
    fields["size"] = change_text(value, low, high, unit, language).lstrip("+" + MINUS)
    fields["low"], fields["high"] = ends_text(value, low, high, unit, sign=False)
    return text[f"find_clause_{says}_{direction}"].format(**fields)


def lead_sentences(
    effects: Sequence[Row],
    outcomes: Outcomes,
    labels: Labels,
    town: str,
    last_year: int,
    language: str,
) -> list[str]:
    """The main findings: what each package does to each outcome by the evaluation year."""
    text = words(language)
    when = text["find_by_year"].format(n=last_year)
    sentences: list[str] = []
    for other in dict.fromkeys(row["other"] for row in effects):
        rows = {row["outcome"]: row for row in effects if row["other"] == other and row["period"] == "evaluation"}
        shown = [name for name in outcomes if name in rows]
        if not shown:
            continue
        clauses = [effect_clause(rows[name], outcomes[name], language) for name in shown]
        sentences.append(
            text["find_lead_next" if sentences else "find_lead"].format(
                town=town,
                when=when,
                When=when[:1].upper() + when[1:],
                base=label(labels, str(rows[shown[0]]["base"]), language),
                other=label(labels, str(other), language),
                clauses=text["semicolon"].join(clauses),
            )
        )
    return sentences


def ranking_sentences(
    ranking: Sequence[Row], outcomes: Outcomes, labels: Labels, method: str, language: str
) -> list[str]:
    """For each outcome: who comes first, who might, and what makes it worse."""
    sentences = []
    for outcome, described in outcomes.items():
        rows = [row for row in ranking if row["method"] == method and row["outcome"] == outcome]
        if rows:
            rows.sort(key=lambda row: int(float(row["rank"])))
            sentences.append(_ranking_sentence(rows, described, labels, method, language))
    return sentences


def _ranking_sentence(
    rows: Sequence[Row],
    described: Mapping[str, Any],
    labels: Labels,
    method: str,
    language: str,
) -> str:
    text = words(language)
    unit, better = str(described.get("unit", "")), str(described.get("better", "higher"))
    name = outcome_labels({"": described}, "", language)

    def says(row: Row) -> str:
        return verdict(float(row["ci_low"]), float(row["ci_high"]), better)

    first = rows[0]
    if says(first) != "improves":
        sentence = text["find_top_unclear"].format(outcome=name)
    else:
        numbers = three_numbers(first, "contribution")
        share = _share(rows, method, language) if method == "shapley" else ""
        rivals = [label(labels, row["measure"], language) for row in rows[1:] if int(float(row["rank_low"])) == 1]
        shown = rivals if len(rivals) <= 4 else rivals[:3]
        others = listed([running(rival, language) for rival in shown], language)
        if len(rivals) > len(shown):
            joined = text["comma"].join(running(rival, language) for rival in shown)
            others = text["find_top_more"].format(names=joined, count=len(rivals) - len(shown))
        sentence = text["find_top_several" if rivals else "find_top_single"].format(
            outcome=name,
            measure=running(label(labels, first["measure"], language), language),
            size=change_text(*numbers, unit, language),
            level=percent(0.95, language),
            range=range_text(*numbers, unit, language),
            share=share,
            others=others,
        )
    against = [
        running(label(labels, row["measure"], language), language) for row in reversed(rows) if says(row) == "worsens"
    ]
    if against:
        if len(against) > 4:
            joined = text["comma"].join(against[:3])
            names = text["find_top_more"].format(names=joined, count=len(against) - 3)
        else:
            names = listed(against, language)
        sentence += text["sentence_space"] + text["find_against"].format(names=names)
    return sentence


def _share(rows: Sequence[Row], method: str, language: str) -> str:
    """The first measure's share of the package effect, where it is smaller than the whole.

    Else nothing.
    """
    total = sum(float(row["contribution"]) for row in rows)
    first = float(rows[0]["contribution"])
    if total == 0.0 or not 0.0 < first / total < 1.0:
        return ""
    return words(language)["find_share"].format(share=f"{100 * first / total:.0f}%")


def run_sentences(
    levels: Sequence[Row],
    outcomes: Outcomes,
    labels: Labels,
    town: str,
    last_year: int,
    language: str,
) -> list[str]:
    """One sentence a setting: each outcome in the evaluation year and in the year before."""
    text = words(language)
    sentences = []
    for setting in dict.fromkeys(str(row["setting"]) for row in levels):
        found = {(row["outcome"], row["period"]): row for row in levels if row["setting"] == setting}
        clauses = []
        for name, described in outcomes.items():
            if (name, "evaluation") not in found or (name, "baseline") not in found:
                continue
            unit = str(described.get("unit", ""))
            row = found[name, "evaluation"]
            low, high = float(row["ci_low"]), float(row["ci_high"])
            interval = ""
            if math.isfinite(low) and math.isfinite(high):
                interval = text["find_run_interval"].format(
                    level=percent(float(row.get("level", 0.95)), language),
                    low=level_text(low, unit, language),
                    high=level_text(high, unit, language),
                )
            outcome = outcome_labels({"": described}, "", language)
            clauses.append(
                text["find_run_clause"].format(
                    outcome=running(outcome, language),
                    n=last_year,
                    a=level_text(float(found[name, "baseline"]["mean"]), unit, language),
                    b=level_text(float(row["mean"]), unit, language),
                    interval=interval,
                )
            )
        if clauses:
            sentences.append(
                text["find_run"].format(
                    town=town,
                    setting=label(labels, setting, language),
                    clauses=text["semicolon"].join(clauses),
                )
            )
    return sentences
