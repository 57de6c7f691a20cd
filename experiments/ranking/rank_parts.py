"""The work of a ranking: batches of runs until they are precise enough, its tables, and those of its questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from experiments.cli import console
from experiments.ensemble import interrupts
from experiments.ranking.batch import Batch, Designed, run_batch
from experiments.ranking.rows import (
    coalition_rows,
    package_rows,
    package_summary,
    ranking_rows,
    unranked_rows,
    with_columns,
)
from experiments.study.study import Study

if TYPE_CHECKING:
    from analysis.attribution import Problem
    from experiments.ensemble.members import Member
    from experiments.ensemble.results import Results
    from experiments.output.findings import Findings

Rows = list[dict[str, Any]]


class RunsFailed(Exception):
    """Fresh runs of a question failed."""

    def __init__(self, results: Results) -> None:
        super().__init__()
        self.results = results


@dataclass(frozen=True)
class Ranked:
    """A ranking whose runs are made, as its questions read it.

    problem: with the outcomes that all designs can rank; methods: their designs and figures. fresh: runs that
    questions asked for beside those of the batch, by their use.
    """

    study: Study
    batch: Batch
    problem: Problem
    methods: list[Designed]
    fresh: dict[str, Results] = field(default_factory=dict)

    @property
    def lead(self) -> Designed:
        """The design of the leading method."""
        return next(one for one in self.methods if one.design.method == self.study.lead)

    def of(self, method: str) -> Designed | None:
        """The design of a method, if it was asked for."""
        return next((one for one in self.methods if one.design.method == method), None)

    def estimates(self, method: str) -> Any:
        """Contributions [replicate, player, outcome] by a method that was asked for."""
        from analysis.attribution import estimates

        one = self.of(method)
        assert one is not None
        return estimates(self.problem, one.design, one.values)[method]

    @cached_property
    def contributions(self) -> Any:
        """Contributions [replicate, player, outcome] by the leading method."""
        return self.estimates(self.study.lead)

    @cached_property
    def effects(self) -> Any:
        """Effect of the whole package [replicate, outcome]."""
        names = list(self.batch.problem.outcomes)
        none, full = self.batch.ends
        return (full - none)[:, [names.index(outcome) for outcome in self.problem.outcomes]]

    def figures(self, keys: Sequence[tuple[Any, int]], outcomes: Sequence[str] | None = None) -> Any:
        """Figures [run, outcome] of rows (key, replicate) of the batch."""
        from experiments.ranking.composite import figures

        names = list(self.problem.outcomes) if outcomes is None else list(outcomes)
        return figures(self.batch.results, [self._places[key] for key in keys], names, self.batch.composite)

    @cached_property
    def _places(self) -> dict[tuple[Any, int], int]:
        return {member.place: i for i, member in enumerate(self.batch.results.members)}

    def rows_of(self, key: str, read: Callable[[Any, Any, Any], Rows]) -> Rows:
        """Rows from the design of a question, outcome by outcome; one that cannot be read so is said and left out."""
        rows: Rows = []
        described = self.batch.problem.outcomes
        names, asked = list(described), self.batch.asked[key]
        for outcome in self.problem.outcomes:
            interrupts.check()
            one = replace(asked.problem, outcomes={outcome: described[outcome]})
            try:
                rows += read(one, asked.design, asked.values[:, [names.index(outcome)]])
            except ValueError as error:
                console.err(f"No {key}: {error}")
        return rows

    def simulate(self, members: Sequence[Member], use: str) -> Results:
        """Fresh runs for a question. Raises RunsFailed."""
        from experiments.output.findings import simulate

        self.fresh[use] = results = simulate(self.study, members, (), use)
        if results.failures:
            raise RunsFailed(results)
        return results


def rank_parts(study: Study) -> tuple[Findings | None, Results]:
    """Run and analyse all designs; returns findings (None if runs failed) and results."""
    from experiments.output.findings import gather
    from experiments.ranking import stopping

    study, batch, reached = stopping.repeat(study, run_batch, _precision)
    results, problem = batch.results, batch.problem
    if results.failures:
        return None, results
    findings = gather(results, batch.keys)
    ranking = ranking_rows(problem, batch.methods)
    package = package_rows(list(problem.outcomes), *batch.ends)
    unranked = unranked_rows(problem, batch.methods, ranking)
    try:
        more, columns, fresh = answers(study, batch)
    except RunsFailed as failed:
        return None, failed.results
    ranking, package = with_columns(ranking, package, columns)
    findings = replace(
        findings,
        ranking=ranking,
        package=package,
        summary={
            **findings.summary,
            **package_summary(package),
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


def _precision(study: Study, batch: Batch) -> dict[str, Any] | None:
    """How far the leading method has come with the outcome of ranking.until."""
    from experiments.ranking import stopping

    if batch.results.failures:
        return None
    lead = batch.lead(study)
    return stopping.reading(study, batch.problem, lead.design, lead.values)


def answers(study: Study, batch: Batch) -> tuple[dict[str, Rows], Rows, dict[str, Results]]:
    """Tables of ties, places and all questions asked, their columns, and fresh runs by use. Raises RunsFailed."""
    from analysis.attribution import among_first, estimates, find_ties
    from analysis.uncertainty.ignorance import PLACES
    from experiments.ranking.tiers import usable

    fit = usable(batch.problem, [one.values for one in batch.methods])
    if fit is None:
        return {}, [], {}
    problem, values = fit
    methods = [replace(one, values=own) for one, own in zip(batch.methods, values, strict=True)]
    ranked = Ranked(study, batch, problem, methods)
    contributions = estimates(problem, ranked.lead.design, ranked.lead.values)
    found: dict[str, Rows] = {
        "ties": find_ties(problem, ranked.lead.design, contributions),
        "among_first": among_first(problem, contributions, PLACES),
    }
    columns: Rows = []
    for question in study.asked:
        interrupts.check()
        found |= question.tables(ranked)
        columns += question.columns(ranked)
    return {name: rows for name, rows in found.items() if rows}, columns, ranked.fresh
