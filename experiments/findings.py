"""What a job found, as plain data, before it is written or shown.

Evaluation figures come from `sim.run.evaluate`: `<name>` for the evaluation year, `<name>__year1`,
`<name>__baseline`; several settings append `__<setting>`. A figure that is missing by design in
every replicate (a share of nothing) is left out of the summary, never written as NaN.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis import LEVEL
from experiments.compose import Study
from experiments.ensemble.members import Member
from experiments.ensemble.results import Results
from experiments.ensemble.runs import run_members
from experiments.screen import progress

if TYPE_CHECKING:
    import xarray

Rows = list[dict[str, Any]]
SHOWN = 4  # outcomes of a ranking on the screen, in a figure with panels and in full on the page


@dataclass(frozen=True, slots=True)
class Findings:
    """Evaluations by setting and replicate, their tables, and the weekly paths as labelled data."""

    evaluations: Mapping[str, Sequence[Mapping[str, float]]]
    dataset: xarray.Dataset
    levels: Rows
    effects: Rows
    summary: Mapping[str, float]
    results: Results
    ranking: Rows | None = None
    package: Rows | None = None
    tables: Mapping[str, Rows] = field(default_factory=dict)
    beside: Mapping[str, Results] = field(default_factory=dict)  # fresh runs made after those of the design, by use
    replicates: int = 0  # how many were made, where that is decided as the job goes; 0: as the study says

    @property
    def runs(self) -> int:
        """How many members the job has, fresh runs and those that the store had included."""
        return sum(len(made.members) for made in (self.results, *self.beside.values()))


def simulate(study: Study, members: Sequence[Member], paths: Sequence[str], title: str, later: int = 0) -> Results:
    """Have `members` run unless the store has them; weekly paths are kept of the rows in `paths`.

    `later` runs at most will be asked for after these: the estimate names them.
    """
    from sim import run as model

    model.compile()
    with progress(title, study.quiet) as show:
        return run_members(
            members, store=study.store, executor=study.executor, weekly=paths, progress=show, later=later
        )


def gather(results: Results, rows: Mapping[str, str]) -> Findings:
    """Tables and data of the settings; `rows` maps a setting's name to its row in `results`."""
    from analysis.uncertainty import levels, paired_effects

    evaluations = {name: results.evaluations(row) for name, row in rows.items()}
    names = indicator_names(evaluations)
    base, *others = rows
    effects: Rows = []
    for other in others:
        effects += paired_effects(evaluations, base=base, other=other, names=names, level=LEVEL)
    return Findings(
        evaluations=evaluations,
        dataset=results.dataset(rows, weekly=True),
        levels=levels(evaluations, names, level=LEVEL),
        effects=effects,
        summary=summary(evaluations),
        results=results,
    )


def indicator_names(evaluations: Mapping[str, Sequence[Mapping[str, float]]]) -> list[str]:
    """Names that every evaluation gives for all three periods, in their order."""
    first = next(iter(evaluations.values()))[0]
    endings = ("__baseline", "__year1")
    return [name for name in first if "__" not in name and all(name + e in first for e in endings)]


def summary(evaluations: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, float]:
    """Means over the replicates that have the figure; several settings append `__<setting>`."""
    result = {}
    for setting, replicates in evaluations.items():
        ending = f"__{setting}" if len(evaluations) > 1 else ""
        for name in replicates[0]:
            found = [one[name] for one in replicates if math.isfinite(one[name])]
            if found:
                result[name + ending] = math.fsum(found) / len(found)
    return result


def before_and_after(findings: Findings, setting: str, names: Sequence[str]) -> Rows:
    """Baseline year, evaluation year and difference in one setting, with a paired interval."""
    from analysis.uncertainty import t_interval

    rows = []
    for name in names:
        before = [one[f"{name}__baseline"] for one in findings.evaluations[setting]]
        after = [one[name] for one in findings.evaluations[setting]]
        interval = t_interval([b - a for a, b in zip(before, after, strict=True)], LEVEL)
        rows.append(
            {
                "outcome": name,
                "base_mean": t_interval(before).mean,
                "other_mean": t_interval(after).mean,
                "difference": interval.mean,
                "ci_low": interval.low,
                "ci_high": interval.high,
            }
        )
    return rows


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


def shown(names: Sequence[str], ranking: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """The first SHOWN of the outcomes; where there are more, of those that could be ranked."""
    ranked = {row["outcome"] for row in ranking or ()}
    return [name for name in names if len(names) <= SHOWN or not ranked or name in ranked][:SHOWN]


def labels(study: Study) -> dict[str, Mapping[str, str]]:
    """Names of measures, levers, settings and towns that a ranking is about or tried in, in both languages."""
    return {**player_labels(()), **own_labels(study)}


def own_labels(study: Study) -> dict[str, Mapping[str, str]]:
    """The same without the measures, which every study has."""
    levers = levers_of(study)
    found = player_labels(levers)
    return {**{lever: found[lever] for lever in levers}, **towns(study), **study.labels}


def levers_of(study: Study) -> tuple[str, ...]:
    """Levers that are named: ranked ones, and dials that scenarios move."""
    from experiments.scenarios import moved

    return (*study.levers, *study.ranges, *moved(study))


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
    elsewhere = [setting for (kind, _), setting in study.elsewhere.items() if kind == "town"]
    found = [setting.town for setting in (*study.towns.values(), *elsewhere)]
    return {town.id: {"en": town.label_en, "zh": town.label_zh} for town in found}
