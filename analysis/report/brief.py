"""The brief: how large, how sure, at what cost and when it turns round, in sentences by rule from the tables.

Every number is one of a table of the folder, rounded, in per cent or per so many (NATURAL). How sure something is, is
said of draws of behaviour, strengths and towns where the folder has them (analysis/words/likelihood.py). Where it has
not, only chance was counted; then it is said whether the runs tell a direction or a first measure, and no word of
probability stands for what nobody asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.figures.contributions import leading_method
from analysis.report.assumptions import assumption_name
from analysis.report.blocks import Block, Text
from analysis.report.prose import Row, Rows, join_some, three_numbers
from analysis.report.section import Material
from analysis.report.sections.reversals import reversed_orders, turning_points
from analysis.report.sections.scenario_discovery import rule_text
from analysis.report.tables import EQUALS, cell_text
from analysis.words import Reader
from analysis.words.likelihood import likelihood_text
from analysis.words.quantities import decimals, number

NATURAL = {"service_efficiency": 100.0, "micro_corruption": 10_000.0, "share_satisfied": 100.0}
"""Shares that are told as so many of a number of hours, yuan or residents."""
MOST = 2  # sentences of each kind on what turns round
REFS = {
    "size": ("figure-effect", "table-effect"),
    "sure": ("figure-ranking", "table-ranking"),
    "cost": ("table-cost-effectiveness", "table-packages"),
    "turns": ("table-reversals", "table-scenario-discovery", "figure-statements", "table-contexts"),
}


def brief_blocks(given: Material, there: Sequence[str]) -> list[Block]:
    """A labelled paragraph for each question that the folder bears on; `there` are ids of figures and tables."""
    text, effects = given.reader.text, given.tables.get("effects") or ()
    ranking = given.rows("ranking")
    first = _first_measures(ranking)
    said = {
        "size": _sizes(effects, given) if effects else [],
        "sure": _sure(first, effects, given) if effects or ranking else [],
        "cost": _costs(first, given) if ranking else [],
        "turns": _turns(first, given) if ranking else [],
    }
    blocks: list[Block] = []
    for name, sentences in said.items():
        if sentences:
            refs = tuple(ref for ref in REFS[name] if ref in there)
            blocks.append(Text(text["sentence_space"].join(sentences), label=text[f"brief_{name}"], refs=refs))
    return blocks


def _evaluated(effects: Rows) -> dict[str, list[Row]]:
    """Effects in the evaluation year by the setting that has them."""
    found: dict[str, list[Row]] = {}
    for row in effects:
        if row["period"] == "evaluation":
            found.setdefault(str(row["other"]), []).append(row)
    return found


def _sizes(effects: Rows, given: Material) -> list[str]:
    """Changes in natural units that can be told from none."""
    text, sentences = given.reader.text, []
    when = text["find_by_year"].format(n=given.last)
    for other, rows in _evaluated(effects).items():
        sizes = []
        for row in rows:
            name = str(row["outcome"])
            value, low, high = three_numbers(row, "difference")
            if name in NATURAL and low * high > 0.0:
                factor = NATURAL[name]
                digits = decimals(factor * (high - low) / 2.0, fewest=0, most=1)
                form = text[f"natural_{name}_{'up' if value > 0 else 'down'}"]
                sizes.append(form.format(n=number(abs(factor * value), digits)))
        fields = {"when": when[:1].upper() + when[1:], "other": given.reader.label(other)}
        form = "brief_size_of" if sizes else "brief_size_none"
        sentences.append(text[form].format(**fields, sizes=text["semicolon"].join(sizes)))
    return sentences


def _sure(first: dict[str, str], effects: Rows, given: Material) -> list[str]:
    """How likely the package improves each outcome and each first measure is the first, over draws; else by chance."""
    package = [row for row in given.rows("package_effect") if over_draws(row)]
    if package:
        return [*_improvements(package, given.ranked), *_firsts(first, given)]
    return [*_directions(effects, given.reader), *_first_by_chance(first, given)]


def over_draws(row: Row) -> bool:
    """Whether a row has probabilities over draws."""
    return math.isfinite(float(row.get("p_better", "nan")))


def _improvements(package: Rows, reader: Reader) -> list[str]:
    """How likely the package improves each outcome, over draws."""
    words: dict[str, list[str]] = {}
    for row in package:
        word = likelihood_text(float(row["p_better"]), reader)
        words.setdefault(word, []).append(reader.outcome_inside(str(row["outcome"])))
    items = _items(words, reader)
    return [reader.text["brief_sure_draws"].format(items=items)]


def _items(words: dict[str, list[str]], reader: Reader) -> str:
    item = reader.text["brief_sure_item"]
    said = [item.format(word=word, outcomes=reader.join(names)) for word, names in words.items()]
    return reader.text["semicolon"].join(said)


def _directions(effects: Rows, reader: Reader) -> list[str]:
    """Which directions the runs tell from none, as far as their intervals go."""
    text, sentences = reader.text, []
    for other, rows in _evaluated(effects).items():
        told: dict[bool, list[str]] = {True: [], False: []}
        for row in rows:
            _, low, high = three_numbers(row, "difference")
            if row["outcome"] in reader.outcomes and math.isfinite(low):
                told[low * high > 0.0].append(reader.outcome_inside(str(row["outcome"])))
        for known, names in told.items():
            if names:
                form = text["brief_sure_told" if known else "brief_sure_open"]
                sentences.append(form.format(other=reader.label(other), outcomes=reader.join(names)))
    return [*sentences, text["brief_sure_chance"]] if sentences else []


def _first_measures(ranking: Rows) -> dict[str, str]:
    """The measure that comes first for each outcome by the leading method."""
    method = leading_method(ranking) if ranking else ""
    return {
        str(row["outcome"]): str(row["measure"])
        for row in ranking
        if row["method"] == method and int(float(row["rank"])) == 1
    }


def _firsts(first: dict[str, str], given: Material) -> list[str]:
    """In how many draws the first measure is the first."""
    reader = given.ranked
    method = leading_method(given.rows("ranking"))
    return [
        reader.text["brief_sure_first"].format(
            measure=reader.label(str(row["measure"])),
            outcome=reader.outcome_inside(str(row["outcome"])),
            word=likelihood_text(float(row["p_first"]), reader),
        )
        for row in given.rows("ranking")
        if row["method"] == method and first.get(str(row["outcome"])) == row["measure"] and over_draws(row)
    ]


def _first_by_chance(first: dict[str, str], given: Material) -> list[str]:
    """Whether the runs tell the first measure from the second."""
    reader, method = given.ranked, leading_method(given.rows("ranking"))
    known = {
        str(row["outcome"]): int(float(row["rank_high"])) == 1
        for row in given.rows("ranking")
        if row["method"] == method and first.get(str(row["outcome"])) == row["measure"]
    }
    return [
        reader.text["brief_first_told" if told else "brief_first_open"].format(
            measure=reader.label_inside(first[outcome]), outcome=reader.outcome_inside(outcome)
        )
        for outcome, told in known.items()
    ]


def _costs(first: dict[str, str], given: Material) -> list[str]:
    """What the first measures cost a year, at their most likely costs."""
    reader, text = given.ranked, given.reader.text
    rows = given.rows("cost_effectiveness")
    if not rows:
        return [text["brief_cost_none"]]
    sentences = []
    for measure in dict.fromkeys(first.values()):
        own = {str(row["currency"]): float(row["cost"]) for row in rows if row["measure"] == measure}
        costs = [
            text[f"brief_cost_{currency}"].format(cost=number(own[currency], 0))
            for currency in ("hours", "yuan")
            if currency in own
        ]
        if costs:
            sentences.append(text["brief_cost_of"].format(measure=reader.label(measure), costs=reader.join(costs)))
    return sentences


def _turns(first: dict[str, str], given: Material) -> list[str]:
    """Where an order of the first measures turns round, their sign changes, or they make things worse."""
    text = given.reader.text
    if not any(given.tables.get(name) for name in ("reversals", "statements", "signs", "scenario_discovery")):
        return [text["brief_turns_unasked"]]
    found = [*_turned_orders(first, given), *_turned_signs(first, given), *_rules(first, given)]
    return found or [text["brief_turns_none"]]


def _turned_orders(first: dict[str, str], given: Material) -> list[str]:
    reader, text = given.ranked, given.reader.text
    places = reversed_orders(given.rows("statements"))
    points = turning_points(given.rows("reversals"))
    sentences = []
    for (outcome, upper, lower), cases in places.items():
        if first.get(outcome) == upper:
            names = [reader.inside(reader.context(str(one["context"]), str(one["value"]))) for one in cases]
            said = {"order": _order(upper, lower, reader), "outcome": reader.outcome_inside(outcome)}
            sentences.append(text["brief_turns_in"].format(names=join_some(names, reader), **said))
    at = []
    for (outcome, upper, lower), row in sorted(points.items(), key=lambda item: float(item[1]["distance"])):
        if first.get(outcome) == upper:
            pairs = zip(cell_text(row["parameters"]).split(), cell_text(row["values"]).split(), strict=True)
            point = text["comma"].join(f"{assumption_name(name, reader)}{EQUALS}{value}" for name, value in pairs)
            said = {"order": _order(upper, lower, reader), "outcome": reader.outcome_inside(outcome)}
            at.append(text["brief_turns_at"].format(point=point, **said))
    return [*sentences[:MOST], *at[:MOST]]


def _order(upper: str, lower: str, reader: Reader) -> str:
    return reader.text["order_above"].format(upper=reader.label(upper), lower=reader.label(lower))


def _turned_signs(first: dict[str, str], given: Material) -> list[str]:
    reader, sentences = given.ranked, []
    for outcome, measure in first.items():
        names = [
            reader.inside(reader.context(str(row["context"]), str(row["value"])))
            for row in given.rows("signs")
            if row["outcome"] == outcome and row["measure"] == measure and row["verdict"] == "reversed"
        ]
        if names:
            said = {"measure": reader.label(measure), "outcome": reader.outcome_inside(outcome)}
            sentences.append(reader.text["brief_turns_sign"].format(names=join_some(names, reader), **said))
    return sentences[:MOST]


def _rules(first: dict[str, str], given: Material) -> list[str]:
    reader = given.ranked
    return [
        reader.text["brief_turns_rule"].format(
            measure=reader.label(str(row["measure"])),
            outcome=reader.outcome_inside(str(row["outcome"])),
            rule=rule_text(str(row["limits"]), reader),
        )
        for row in given.rows("scenario_discovery")
        if row["measure"] in first.values()
    ][:MOST]
