"""What a job found, as plain data, before it is written or shown.

Evaluation figures come from `sim.run.evaluate`: `<name>` for the evaluation year, `<name>__year1`,
`<name>__baseline`; several settings append `__<setting>`. A figure that is missing by design in
every replicate (a share of nothing) is left out of the summary, never written as NaN.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analysis import LEVEL
from experiments.cli.console import progress
from experiments.ensemble.members import DesignKey, Member, rows_by_seeds
from experiments.ensemble.results import Results
from experiments.ensemble.run_design import run_members
from experiments.output import effects_by_indicator
from experiments.study.study import Study

if TYPE_CHECKING:
    import xarray

Rows = list[dict[str, Any]]


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


def simulate(
    study: Study, members: Sequence[Member], paths: Sequence[DesignKey], title: str, later: int = 0
) -> Results:
    """Have `members` run unless the store has them; weekly paths are kept of the rows with keys in `paths`.

    `later` runs at most will be asked for after these: the estimate names them.
    """
    from sim import run as model

    model.compile()
    with progress(title, study.quiet) as show:
        return run_members(
            members, store=study.store, executor=study.executor, weekly=paths, progress=show, later=later
        )


def run_settings(study: Study) -> tuple[Findings | None, Results]:
    """Run every setting of a study once a replicate; returns findings (None if runs failed) and results."""
    members = rows_by_seeds(study.settings, study.replicates, study.draws)
    keys = {name: DesignKey(name) for name in study.settings}
    results = simulate(study, members, tuple(keys.values()), study.job)
    if results.failures:
        return None, results
    found = gather(results, keys)
    if len(keys) > 1:
        drawn = any(one.potency == "draw" or one.town.weight for one in study.settings.values())
        names = indicator_names(found.evaluations)
        rows = effects_by_indicator.package_effects(found.evaluations, names, drawn or study.behaviour is not None)
        found = replace(found, tables={**found.tables, effects_by_indicator.TABLE: rows})
    return found, results


def gather(results: Results, rows: Mapping[str, DesignKey]) -> Findings:
    """Tables and data of the settings; `rows` maps a setting's name to the key of its row in `results`."""
    from analysis.uncertainty import levels, paired_effects

    evaluations = {name: results.evaluations(key) for name, key in rows.items()}
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
