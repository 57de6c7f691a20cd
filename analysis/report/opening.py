"""What a page says first: lead sentences, a point for each outcome, and remarks on replicates and precision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis import COMPOSITE
from analysis.figures.contributions import leading_method
from analysis.report.prose import lead_sentences, ranking_sentences, run_sentences
from analysis.report.section import Material
from analysis.uncertainty import MINIMUM
from analysis.words import Reader
from analysis.words.quantities import number


def opening(given: Material, town: str, behaviour: Mapping[str, Any] | None) -> tuple[list[str], list[str], list[str]]:
    """Lead sentences, points and remarks; `behaviour` is the record of the behavioural set, if there is one."""
    text = given.reader.text
    effects, levels, ranking = (given.tables.get(name) or () for name in ("effects", "levels", "ranking"))
    lead: list[str] = []
    if effects:
        lead = lead_sentences(effects, town, given.last, given.ranked)
    elif levels:
        lead = run_sentences(levels, town, given.last, given.ranked)
    points = ranking_sentences(ranking, leading_method(ranking), given.ranked) if ranking else []
    wanted = precision_remarks(given.asked.get("until"), given.summary, _with_rest(given))
    if not lead and not points:
        return [text["find_nothing"]], [], wanted
    remarks = []
    if not effects and given.dataset.sizes.get("setting", 1) == 1:
        remarks.append(text["find_run_note"])
    count = int(float((effects or levels or [{"replicates": 0}])[0]["replicates"]))
    if count > 1:
        remarks.insert(0, _replicates(count, behaviour, text))
    elif count == 1:
        remarks.insert(0, text["find_one_replicate"])
    if ranking and count < MINIMUM:
        remarks.append(text["find_sets_refused"].format(n=count, least=MINIMUM))
    return lead, points, [*remarks, *wanted]


def _with_rest(given: Material) -> Reader:
    return given.ranked.of({**given.ranked.outcomes, **given.rest})


def _replicates(count: int, behaviour: Mapping[str, Any] | None, text: Mapping[str, str]) -> str:
    """What differs from one replicate to the next."""
    if not behaviour:
        return text["find_replicates"].format(n=count)
    fields = {"n": count, "draws": len(behaviour["draws"]), "set": behaviour["set"]}
    return text["find_replicates_behaviour"].format(**fields)


def precision_remarks(
    until: Mapping[str, Any] | None, summary: Mapping[str, float] | None, reader: Reader
) -> list[str]:
    """What precision was wanted (ranking.until of the provenance) and what was reached; nothing if none was."""
    known = summary or {}
    if not until or "precision_reached" not in known:
        return []
    text, name = reader.text, str(until["outcome"])
    described = reader.outcomes.get(name, {})
    outcome = reader.outcome_inside(name)
    if name == COMPOSITE and not described:
        outcome = reader.inside(text["outcome_composite"])
    if "precision_half_width" not in known:
        return [text["precision_untold"].format(outcome=outcome)]
    unit = reader.quantity(str(described.get("unit", "")))
    printed = {
        "half_width": lambda value: number(value, 2) + unit.change_unit,
        "rank_width": lambda value: number(value, 1),
        "top": lambda value: number(value, 0),
    }

    def describe(values: Mapping[str, Any]) -> str:
        return text["comma"].join(
            text[f"precision_{wish}"].format(value=show(float(values[wish])))
            for wish, show in printed.items()
            if until.get(wish) is not None
        )

    form = text["precision_reached" if known["precision_reached"] else "precision_missed"]
    found = {wish: known[f"precision_{wish}"] for wish in printed}
    count, batches = int(known["precision_replicates"]), int(known["precision_batches"])
    looks = int(known.get("precision_askings", 1))
    shared = [text["precision_askings"].format(n=looks)] if looks > 1 else []
    return [
        form.format(outcome=outcome, wishes=describe(until), n=count, batches=batches, found=describe(found)),
        *shared,
    ]
