"""Parts of a ranking's page: pairs of measures, start weeks, the user's composite and the precision that was wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis import COMPOSITE, figures
from analysis.figures.data import outcome_labels
from analysis.figures.interactions import SAID
from analysis.figures.timing import ORDERS, weeks_of
from analysis.report import findings
from analysis.report.findings import Figured, Labels, Outcomes, Row
from analysis.report.tables import Table, period_name
from analysis.words import label, words
from analysis.words.quantities import number, quantity

SHOWN = 12  # pairs in the table of an outcome
PERIOD = "mean"  # the period of sentences about start weeks
COMPANIES = ("without", "with")
TABLES = ("interactions", "timing")  # tables of a folder that have a section here


def sections(
    further: Mapping[str, Sequence[Row]], outcomes: Outcomes, names: Labels, last: int, language: str, figure: Figured
) -> list[dict[str, Any]]:
    """The sections of those of TABLES that have rows in `further`."""
    found = []
    if further.get("interactions"):
        found.append(interactions(further["interactions"], outcomes, names, language, figure))
    if further.get("timing"):
        found.append(timing(further["timing"], outcomes, names, last, language, figure))
    return found


def interactions(
    rows: Sequence[Row], outcomes: Outcomes, names: Labels, language: str, figure: Figured
) -> dict[str, Any]:
    """The section on pairs, from rows of analysis.attribution.interactions."""
    text = words(language)
    shown = [name for name in outcomes if any(row["outcome"] == name for row in rows)]
    measures = {str(row[who]) for row in rows for who in ("first", "second")}
    pairs = len(measures) * (len(measures) - 1) // 2
    runs = int(float(rows[0]["runs"]))
    fields = {"count": pairs, "n": runs // (pairs + len(measures) + 1), "runs": f"{runs:,}"}
    drawn, points, made = [], [], []
    for name in shown:
        outcome = outcome_labels(outcomes, name, language)
        own = [row for row in rows if row["outcome"] == name]
        clear = [row for row in own if row["verdict"] != "unclear"]
        said = [figures.sentence(row, names, language) for row in clear[:SAID]]
        form = text["interaction_point" if said else "interaction_point_none"]
        points.append(form.format(outcome=outcome, said=text["semicolon"].join(said), n=fields["n"]))
        if clear:  # a picture of nothing would say no more than the sentence
            picture = figures.heat_map(own, outcome=name, outcomes=outcomes, labels=names, language=language)
            alt = text["alt_interactions"].format(outcome=outcome, count=pairs)
            title = text["fig_interactions_title"].format(outcome=outcome)
            caption = text["cap_interactions"].format(outcome=outcome)
            drawn.append(figure(picture, f"interactions-{name}", title, alt, caption))
            made.append(_pair_table(clear[:SHOWN], outcome, str(outcomes[name].get("unit", "")), names, language))
    return {
        "id": "interactions",
        "title": text["sec_interactions"],
        "width": "middle",
        "points": points,
        "figures": drawn,
        "tables": made,
        "notes": [text["note_interactions"].format(**fields)],
    }


def _pair_table(rows: Sequence[Row], outcome: str, unit: str, names: Labels, language: str) -> Table:
    text = words(language)
    factor = quantity(unit, language).factor

    def effects(row: Row, who: str) -> str:
        without, beside = (number(factor * float(row[f"{who}_{company}"]), 2, sign=True) for company in COMPANIES)
        return text["interaction_both"].format(without=without, beside=beside)

    cells = []
    for row in rows:
        one, other = (label(names, str(row[who]), language) for who in ("first", "second"))
        three = findings.three_numbers(row, "interaction")
        cells.append(
            [
                text["interaction_pair"].format(one=one, other=other),
                findings.with_range(*three, unit, language),
                effects(row, "first"),
                effects(row, "second"),
                figures.sentence(row, names, language),
            ]
        )
    heads = [text[name] for name in ("col_pair", "col_joint", "col_without", "col_beside", "col_verdict")]
    caption = text["tab_interactions"].format(
        outcome=findings.running(outcome, language), unit=quantity(unit, language).change_unit.strip() or unit
    )
    return Table(caption, heads, cells, words=frozenset({0, 4}))


def timing(
    rows: Sequence[Row], outcomes: Outcomes, names: Labels, last: int, language: str, figure: Figured
) -> dict[str, Any]:
    """The section on start weeks, from rows of analysis.attribution.start_weeks."""
    text = words(language)
    shown = [name for name in outcomes if any(row["outcome"] == name for row in rows)]
    every = [findings.running(outcome_labels(outcomes, name, language), language) for name in shown]
    picture = figures.timing(rows, outcomes=outcomes, labels=names, language=language, period=PERIOD)
    alt = text["alt_timing"].format(outcomes=findings.listed(every, language))
    return {
        "id": "timing",
        "title": text["sec_timing"],
        "width": "wide",
        "points": [point for name in shown for point in timing_points(rows, name, outcomes, names, language)],
        "figures": [figure(picture, "timing", text["fig_timing_title"], alt, text["cap_timing"])],
        "tables": [_timing_table(rows, name, outcomes, names, last, language) for name in shown],
        "notes": [text["note_timing"].format(level=findings.percent(0.95, language))],
    }


def timing_points(
    rows: Sequence[Row], outcome: str, outcomes: Outcomes, names: Labels, language: str, period: str = PERIOD
) -> list[str]:
    """A sentence for each delay, and one for the orders."""
    text = words(language)
    own = [row for row in rows if row["outcome"] == outcome and row["period"] == period]
    unit = str(outcomes[outcome].get("unit", ""))
    fields = {"outcome": outcome_labels(outcomes, outcome, language), "period": text[f"timing_period_{period}"]}
    points = []
    for weeks in dict.fromkeys(weeks_of(row) for row in own if row["kind"] == "delay"):
        late = [row for row in own if row["kind"] == "delay" and weeks_of(row) == weeks]
        costs, gains = ([row for row in late if row["verdict"] == says] for says in ("worsens", "improves"))
        if not costs:
            form = text["timing_point_only_gains" if gains else "timing_point_unclear"]
            points.append(form.format(**fields, weeks=weeks, names=_names(gains[::-1], names, language)))
            continue
        three = findings.three_numbers(costs[0], "difference")
        more = text["timing_point_more"].format(names=_names(costs[1:], names, language)) if costs[1:] else ""
        more += text["timing_point_gains"].format(names=_names(gains[::-1], names, language)) if gains else ""
        points.append(
            text["timing_point_costs"].format(
                **fields,
                weeks=weeks,
                measure=_names(costs[:1], names, language),
                size=findings.change_text(*three, unit, language),
                level=findings.percent(0.95, language),
                range=findings.range_text(*three, unit, language),
                more=more,
            )
        )
    orders = {str(row["name"]): row for row in own if row["kind"] == "order"}
    said = [_order(orders[name], unit, language) for name in ORDERS if name in orders]
    if said:
        apart = weeks_of(next(iter(orders.values())))
        points.append(text["timing_point_order"].format(**fields, weeks=apart, said=text["semicolon"].join(said)))
    return points


def _order(row: Row, unit: str, language: str) -> str:
    text = words(language)
    size = findings.change_text(*findings.three_numbers(row, "difference"), unit, language)
    order, says = text[f"timing_{row['name']}"], text[f"verdict_{row['verdict']}"]
    return text["timing_order_item"].format(order=order, size=size, verdict=says)


def _names(rows: Sequence[Row], names: Labels, language: str) -> str:
    """Measures as a list; of many the first ones, and how many more."""
    found = [findings.running(label(names, str(row["name"]), language), language) for row in rows]
    if len(found) <= 4:
        return findings.listed(found, language)
    text = words(language)
    return text["find_top_more"].format(names=text["comma"].join(found[:3]), count=len(found) - 3)


def _timing_table(
    rows: Sequence[Row], outcome: str, outcomes: Outcomes, names: Labels, last: int, language: str
) -> Table:
    text = words(language)
    unit = str(outcomes[outcome].get("unit", ""))
    cases: dict[tuple[str, str, int], dict[str, Row]] = {}
    for row in rows:
        if row["outcome"] == outcome:
            cases.setdefault((str(row["kind"]), str(row["name"]), weeks_of(row)), {})[str(row["period"])] = row
    cells: list[list[str]] = []
    breaks = set()
    before: tuple[str, int] | None = None
    for (kind, name, weeks), found in cases.items():
        if kind == "delay" and all(row["verdict"] == "unclear" for row in found.values()):
            continue
        if (kind, weeks) != before:
            breaks.add(len(cells))
            before = kind, weeks
        cells.append(
            [
                text[f"timing_{name}"] if kind == "order" else label(names, name, language),
                str(weeks),
                *(_timed(found[period], unit, language) for period in ("year1", "evaluation", PERIOD)),
                text[f"verdict_{found[PERIOD]['verdict']}"],
            ]
        )
    caption = text["tab_timing"].format(
        outcome=findings.running(outcome_labels(outcomes, outcome, language), language),
        unit=quantity(unit, language).change_unit.strip() or unit,
    )
    periods = [period_name(period, last, language) for period in ("year1", "evaluation")]
    heads = [text["col_start"], text["col_weeks"], *periods, text["col_mean_years"], text["col_verdict"]]
    return Table(caption, heads, cells, words=frozenset({0, 5}), breaks=frozenset(breaks))


def _timed(row: Row, unit: str, language: str) -> str:
    return findings.with_range(*findings.three_numbers(row, "difference"), unit, language)


# ---------------------------------------------------------------- composite and precision


def composite_notes(
    weights: Mapping[str, float] | None, summary: Mapping[str, float] | None, outcomes: Outcomes, language: str
) -> list[str]:
    """What the composite weighs and in which scales; nothing where there is none."""
    text, known = words(language), summary or {}
    used = [name for name in weights or {} if f"composite_scale_{name}" in known]
    if not used:
        return []

    def item(name: str, value: str) -> str:
        outcome = findings.running(outcome_labels(outcomes, name, language), language)
        return text["composite_item"].format(outcome=outcome, value=value)

    shares = [item(name, f"{100 * known[f'composite_weight_{name}']:.0f}%") for name in used]
    scales = []
    for name in used:
        unit = quantity(str(outcomes[name].get("unit", "")), language)
        scales.append(item(name, number(unit.factor * known[f"composite_scale_{name}"], 2) + unit.change_unit))
    joined = {"weights": text["comma"].join(shares), "scales": text["comma"].join(scales)}
    return [text["composite_note"].format(**joined)]


def precision_remarks(
    until: Mapping[str, Any] | None, summary: Mapping[str, float] | None, outcomes: Outcomes, language: str
) -> list[str]:
    """What precision was wanted (ranking.until of the provenance) and what was reached; nothing if none was."""
    known = summary or {}
    if not until or "precision_reached" not in known:
        return []
    text, name = words(language), str(until["outcome"])
    described = outcomes.get(name, {})
    outcome = findings.running(outcome_labels(outcomes, name, language), language)
    if name == COMPOSITE and not described:
        outcome = findings.running(text["outcome_composite"], language)
    if "precision_half_width" not in known:
        return [text["precision_untold"].format(outcome=outcome)]
    unit = quantity(str(described.get("unit", "")), language)
    printed = {
        "half_width": lambda value: number(value, 2) + unit.change_unit,
        "rank_width": lambda value: number(value, 1),
        "top": lambda value: number(value, 0),
    }

    def said(values: Mapping[str, Any]) -> str:
        return text["comma"].join(
            text[f"precision_{wish}"].format(value=show(float(values[wish])))
            for wish, show in printed.items()
            if until.get(wish) is not None
        )

    form = text["precision_reached" if known["precision_reached"] else "precision_missed"]
    found = {wish: known[f"precision_{wish}"] for wish in printed}
    count, batches = int(known["precision_replicates"]), int(known["precision_batches"])
    askings = int(known.get("precision_askings", 1))
    shared = [text["precision_askings"].format(n=askings)] if askings > 1 else []
    return [form.format(outcome=outcome, wishes=said(until), n=count, batches=batches, found=said(found)), *shared]
