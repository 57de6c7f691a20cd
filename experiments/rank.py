"""Rank the parts of a package: which of them carry it, and how surely that can be said.

    python -m experiments.rank experiment=quick_ranking

The players are the measures of the ranked setting, and those of its lever changes that ranking.levers names: without
its player a lever keeps the town's own value. A lever of ranking.ranges is a player too, at the low end without it, at
the high end with it; Morris and Sobol also ask for what lies between. All else in the setting is held. They are ranked
on each outcome of ranking.outcomes. A run with only some of them in force is made once for each seed, however many
methods ask for it. The comparison of the experiment's settings has the same seeds, so that both speak of the same
whole package.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any

from experiments.cli import console
from experiments.ensemble import interrupts
from experiments.job import JobError, leave, run_job
from experiments.ranking import effect_draws, stopping
from experiments.ranking.questions import (
    packages,
    reversals,
    robustness,
    scenario_discovery,
    scenarios,
    start_weeks,
    variance,
)
from experiments.study.compose import Study

if TYPE_CHECKING:
    from analysis.attribution import Design, Problem
    from experiments.ensemble.members import Member
    from experiments.ensemble.results import Results
    from experiments.output.findings import Findings
    from experiments.ranking.composite import Composite


PLACES = (1, 3, 5)
"""How likely a measure is to be among so many first is in tables/among_first.csv."""


def work(study: Study) -> tuple[Findings | None, Results]:
    """Run and analyse all designs; returns findings (None if runs failed) and results."""
    from experiments.output.findings import gather

    study, batch, reached = stopping.repeat(study, run_batch, _precision)
    results, problem = batch.results, batch.problem
    if results.failures:
        return None, results
    findings = gather(results, batch.rows)
    ranking = ranking_rows(problem, batch.designs, batch.values)
    package = package_rows(list(problem.outcomes), *batch.ends)
    unranked = unranked_rows(problem, batch.designs, batch.values, ranking)
    more, fresh = further(study, batch)
    failed = next((made for made in fresh.values() if made.failures), None)
    if failed is not None:
        return None, failed
    findings = replace(
        findings,
        ranking=ranking,
        package=package,
        summary={
            **findings.summary,
            **{f"package_effect_{row['outcome']}": row["effect"] for row in package if isfinite(row["effect"])},
            **(batch.composite.summary() if batch.composite else {}),
            **reached,
        },
        tables={
            "coalitions": coalition_rows(problem.players, list(problem.outcomes), batch.coalitions, batch.figures),
            **({"unranked": unranked} if unranked else {}),
            **more,
        },
        beside=fresh,
        replicates=study.replicates,
    )
    return findings, results


@dataclass(frozen=True)
class Batch:
    """The runs of a ranking; what they gave is left out where some failed.

    values, beside_values: figures [row, outcome] of each design. beside: problem and design of each table beside the
    ranking that was asked for, `interactions` and `groups`.
    ends: figures [replicate, outcome] without measures and with all. figures: those of `coalitions`, run by run.
    rows: which row of the results each setting of the experiment is.
    """

    problem: Problem
    designs: list[Design]
    beside: dict[str, tuple[Problem, Design]]
    results: Results
    rows: dict[str, str]
    coalitions: list[Member]
    values: list[Any] = field(default_factory=list)
    beside_values: dict[str, Any] = field(default_factory=dict)
    ends: tuple[Any, ...] = ()
    figures: Any = None
    composite: Composite | None = None


def run_batch(study: Study) -> Batch:
    """Make the runs of all designs and of the comparison, and read the outcomes off them."""
    from analysis.attribution import Problem, interactions, sample, union
    from experiments.ensemble.members import coalition_members, row_name, rows_by_seeds
    from experiments.output.findings import simulate
    from experiments.output.labels import outcomes
    from experiments.ranking.composite import composite_of, figures

    ranked, players = study.settings[study.ranked], study.players
    askings = study.until.askings if study.until else 1
    seeds = range(study.replicates)
    problem = Problem(players, seeds, outcomes(study.outcomes), bounds=study.ranges, askings=askings)
    designs = [sample(method, problem) for method in study.methods]
    beside: dict[str, tuple[Problem, Design]] = {}
    if study.interactions:
        few = replace(problem, seeds=range(study.interactions))
        beside["interactions"] = few, interactions.sample(few)
    if study.groups:
        group_of = {name: group for group, names in study.groups.items() for name in names}
        groups = replace(problem, groups=group_of, bounds={})  # a range too is switched, from end to end
        beside["groups"] = groups, sample("morris", groups)
    runs = union([*designs, *(design for _, design in beside.values())])
    wanted = [(tuple(levels), seed) for levels, seed in zip(runs.coalitions.tolist(), runs.seeds.tolist(), strict=True)]
    every: list[tuple[float, ...]] = [(bit,) * len(players) for bit in (1, 0)]
    full, none = map(row_name, every)
    # For the comparison: the full and the empty package are runs of the ranking already.
    complete = coalition_members(ranked, players, [(bits, 0) for bits in every], ranges=study.ranges)
    known = {one.fingerprint: one.row for one in complete}
    rows = {name: known.get(setting.fingerprint, name) for name, setting in study.settings.items()}
    ends = [(bits, k) for bits in every for k in range(study.replicates)]
    coalitions = coalition_members(ranked, players, dict.fromkeys([*wanted, *ends]), study.draws, study.ranges)
    others = {name: study.settings[name] for name, row in rows.items() if row == name}
    members = [*coalitions, *rows_by_seeds(others, study.replicates, study.draws)]
    members += [*variance.members(study, players), *robustness.members(study, problem)]
    members += scenarios.members(study, players)
    members.sort(key=lambda member: member.replicate)
    results = simulate(study, members, (full, none, *others), study.job, later(study, len(players), len(wanted)))
    batch = Batch(problem, designs, beside, results, rows, coalitions)
    if results.failures:
        return batch

    place = {member.place: i for i, member in enumerate(members)}
    values = results.figures([place[row_name(levels), k] for levels, k in wanted], list(problem.outcomes))
    composite = composite_of(problem, values, study.composite)
    if composite is not None:
        problem, values = composite.added(problem, values)

    def of(at: Sequence[int]) -> Any:
        return figures(results, at, list(problem.outcomes), composite)

    own = iter([values[index] for index in runs.rows])
    return replace(
        batch,
        problem=problem,
        values=[next(own) for _ in designs],
        beside_values={name: next(own) for name in beside},
        ends=tuple(of(results.of_row(row)) for row in (none, full)),
        figures=of([place[member.place] for member in coalitions]),
        composite=composite,
    )


def later(study: Study, players: int, runs: int) -> int:
    """How many runs follow those of the ranking, at most: further batches, packages and start weeks."""
    count = len(study.outcomes) + bool(study.composite)
    most = study.until.most if study.until else study.replicates
    found = (most - study.replicates) * ceil(runs / study.replicates)
    if study.budgets:
        found += packages.runs_of(study, most, count)
    return found + (start_weeks.runs_of(study, players, count) if study.timing else 0)


def _precision(study: Study, batch: Batch) -> dict[str, Any] | None:
    """How far the leading method has come with the outcome of ranking.until."""
    if batch.results.failures:
        return None
    return stopping.reading(study, batch.problem, *_lead(study, batch.designs, batch.values))


def _lead(study: Study, designs, values) -> tuple[Design, Any]:
    """Design and values of the leading method."""
    return next((design, own) for design, own in zip(designs, values, strict=True) if design.method == study.lead)


def further(study: Study, batch: Batch) -> tuple[dict[str, list[dict]], dict[str, Results]]:
    """Tables beside the ranking, and fresh runs by their use; the first that failed end it."""
    from analysis.attribution import among_first, looks, tied

    fit = reversals.usable(batch.problem, batch.values)
    if fit is None:
        return {}, {}
    problem, values = fit
    design, own = _lead(study, batch.designs, values)
    contributions = looks(problem, design, own)
    potency = effect_draws.by_seed(study.settings[study.ranked], study.replicates, study.players)
    found = reversals.tables(problem, batch.designs, values, study.draws, potency)
    interrupts.check()
    found["backfire"] = scenario_discovery.table(study, problem, batch.designs, values, batch.results, batch.composite)
    interrupts.check()
    found["ties"] = tied(problem, design, contributions)
    found["among_first"] = among_first(problem, contributions, PLACES)
    found |= {name: beside_rows(batch, name, list(problem.outcomes)) for name in batch.beside}
    interrupts.check()
    if study.sources:
        found |= variance.tables(study, problem, contributions[study.lead], batch.results, batch.composite)
    if study.circumstances:
        found |= robustness.tables(study, problem, contributions[study.lead], batch.results, batch.composite)
    fresh: dict[str, Results] = {}
    if study.budgets:
        priced, fresh["packages"] = packages.tables(study, problem, contributions[study.lead], batch.composite)
        found |= priced
    if study.timing and not any(made.failures for made in fresh.values()):
        timed, fresh["timing"] = start_weeks.tables(study, problem, contributions[study.lead], batch.composite)
        found |= timed
    return {name: rows for name, rows in found.items() if rows}, fresh


def beside_rows(batch: Batch, name: str, outcomes: Sequence[str]) -> list[dict]:
    """The rows of tables/<name>.csv, outcome by outcome; one that cannot be looked at so is said and left out."""
    from analysis.attribution import analyse, interactions

    rows: list[dict] = []
    names = list(batch.problem.outcomes)
    problem, design = batch.beside[name]
    read = interactions.analyse if name == "interactions" else analyse
    for outcome in outcomes:
        interrupts.check()
        one = replace(problem, outcomes={outcome: batch.problem.outcomes[outcome]})
        try:
            rows += read(one, design, batch.beside_values[name][:, [names.index(outcome)]])
        except ValueError as error:
            console.err(f"No {name}: {error}")
    return rows


def ranking_rows(problem, designs, values) -> list[dict]:
    """The rows of tables/ranking.csv, method by method and outcome by outcome.

    What cannot be ranked is said in a sentence and left out, never written as zeros; if nothing can, JobError.
    """
    from analysis.attribution import analyse

    rows: list[dict] = []
    reasons: list[str] = []
    for design, own in zip(designs, values, strict=True):
        for column, (outcome, better) in enumerate(problem.outcomes.items()):
            interrupts.check()
            try:
                rows += analyse(replace(problem, outcomes={outcome: better}), design, own[:, [column]])
            except ValueError as error:
                reasons.append(str(error))
    if not rows:
        raise JobError(f"The parts of the package cannot be ranked: {reasons[0]}")
    for reason in reasons:
        console.err(f"Not ranked: {reason}")
    return rows


def unranked_rows(problem, designs, values, ranking) -> list[dict]:
    """Which outcome a method could not be used for: method, outcome and why (missing, constant or chance)."""
    import numpy as np

    rows = []
    for design, own in zip(designs, values, strict=True):
        ranked = {row["outcome"] for row in ranking if f"{row['method']}_".startswith(f"{design.method}_")}
        for outcome, figures in zip(problem.outcomes, own.T, strict=True):
            if outcome not in ranked:
                finite = np.isfinite(figures).all()
                reason = "missing" if not finite else "constant" if np.ptp(figures) == 0.0 else "chance"
                rows.append({"method": design.method, "outcome": outcome, "reason": reason})
    return rows


def package_rows(names, without, with_all) -> list[dict]:
    """Effect of the whole package on each outcome, from figures [replicate, outcome] paired by seed."""
    from analysis.uncertainty import t_interval

    rows = []
    for column, name in enumerate(names):
        interval = t_interval(with_all[:, column] - without[:, column])
        rows.append(
            {
                "outcome": name,
                "effect": interval.mean,
                "ci_low": interval.low,
                "ci_high": interval.high,
                "seeds": interval.count,
            }
        )
    return rows


def coalition_rows(players, names, members, figures) -> list[dict]:
    """One row a run of the ranking: seed, which players were in force (1) and the outcomes.

    A lever with a range stands at its low end (0), its high end (1) or at that fraction of the way between. The
    column of a lever that has the name of an outcome is called levers.<id>.
    """
    from experiments.ensemble.members import levels_of

    columns = [f"levers.{player}" if player in names else player for player in players]
    rows = []
    for member, values in zip(members, figures.tolist(), strict=True):
        levels = dict(zip(columns, levels_of(member.row), strict=True))
        rows.append({"seed": member.seed, **levels, **dict(zip(names, values, strict=True))})
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    return run_job("rank", sys.argv[1:] if arguments is None else arguments, work)


if __name__ == "__main__":
    leave(main())
