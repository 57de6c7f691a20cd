"""What the ids of a job are called in both languages, and which outcomes are shown first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.study.study import Study

SHOWN = 4  # outcomes of a ranking on the screen, in a figure with panels and in full on the page


def outcomes(names: Sequence[str] | None = None) -> dict[str, dict[str, str]]:
    """Indicators as the analysis wants them described; the three headline ones by default."""
    from sim.indicators import INDICATORS, OUTCOMES

    return {
        name: {
            "en": INDICATORS[name].label_en,
            "zh": INDICATORS[name].label_zh,
            "unit": INDICATORS[name].unit,
            "better": INDICATORS[name].better,
        }
        for name in (OUTCOMES if names is None else names)
        if name in INDICATORS
    }


def first_outcomes(names: Sequence[str], ranking: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """The first SHOWN of the outcomes; where there are more, of those that could be ranked."""
    ranked = {row["outcome"] for row in ranking or ()}
    return [name for name in names if len(names) <= SHOWN or not ranked or name in ranked][:SHOWN]


def labels(study: Study) -> dict[str, Mapping[str, str]]:
    """Names of measures, levers, settings and towns that a ranking is about or tried in, in both languages."""
    return {**player_labels(()), **own_labels(study)}


def own_labels(study: Study) -> dict[str, Mapping[str, str]]:
    """The same without the measures of the toolkit, which every study has."""
    from sim.inputs.measures import MEASURES

    levers = levers_of(study)
    found = player_labels(levers)
    own = {id: {"en": m.label_en, "zh": m.label_zh} for id, m in study.definitions.items() if id not in MEASURES}
    return {**own, **{lever: found[lever] for lever in levers}, **towns(study), **study.labels}


def levers_of(study: Study) -> tuple[str, ...]:
    """Levers that are named: ranked ones, dials that scenarios move, and those that the measures move."""
    moved = (entry.lever for measure in study.definitions.values() for entry in measure.entries)
    return tuple(dict.fromkeys((*study.ranking.levers, *study.ranking.ranges, *study.mentions.levers, *moved)))


def player_labels(levers: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Names of all measures and of these levers; a lever called like a measure is told apart from it."""
    from sim.inputs.measures import MEASURES
    from sim.levers import LEVERS

    found: dict[str, Mapping[str, str]] = {m.id: {"en": m.label_en, "zh": m.label_zh} for m in MEASURES.values()}
    taken = {name for names in found.values() for name in names.values()}
    for lever in (LEVERS[id] for id in levers):
        en = lever.label_en + (" (lever)" if lever.label_en in taken else "")
        zh = lever.label_zh + ("（杠杆）" if lever.label_zh in taken else "")
        found[lever.id] = {"en": en, "zh": zh}
    return found


def towns(study: Study) -> dict[str, Mapping[str, str]]:
    """Names of the towns that a ranking is tried in."""
    return {town.id: {"en": town.label_en, "zh": town.label_zh} for town in study.mentions.towns}
