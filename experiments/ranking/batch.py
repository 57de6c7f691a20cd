"""The runs of a ranking: designs of its methods and questions, made together with the comparison, and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any

from experiments.study.study import Study

if TYPE_CHECKING:
    from analysis.attribution import Design, Problem
    from experiments.ensemble.members import DesignKey, Member
    from experiments.ensemble.results import Results
    from experiments.ranking.composite import Composite


@dataclass(frozen=True)
class Designed:
    """A problem with its design, and the figures [row, outcome] of its runs once they are made."""

    problem: Problem
    design: Design
    values: Any = None


@dataclass(frozen=True)
class Batch:
    """The runs of a ranking; what they gave is left out where some failed.

    methods: the design of each. asked: those of questions that have one, by key. coalitions: runs without repetition.
    ends: figures [replicate, outcome] without measures and with all. figures: those of `coalitions`, run by run.
    keys: which row of the results each setting of the experiment is.
    """

    problem: Problem
    methods: list[Designed]
    asked: dict[str, Designed]
    results: Results
    keys: dict[str, DesignKey]
    coalitions: list[Member]
    ends: tuple[Any, ...] = ()
    figures: Any = None
    composite: Composite | None = None

    def lead(self, study: Study) -> Designed:
        """The design of the leading method."""
        return next(one for one in self.methods if one.design.method == study.lead)


@dataclass(frozen=True)
class Plan:
    """What is to be run: runs (levels, replicate) of the designs, all members in order, rows whose weeks are kept.

    index: which of `runs` each design has, methods first. ends: keys of the rows with all and with none.
    """

    methods: list[Designed]
    asked: dict[str, Designed]
    runs: list[tuple[tuple[float, ...], int]]
    index: Sequence[Any]
    coalitions: list[Member]
    members: list[Member]
    keys: dict[str, DesignKey]
    weekly: tuple[DesignKey, ...]
    ends: tuple[DesignKey, DesignKey]


def run_batch(study: Study) -> Batch:
    """Make the runs of all designs and of the comparison, and read the outcomes off them."""
    from analysis.attribution import Problem
    from experiments.ensemble.members import DesignKey
    from experiments.output.findings import simulate
    from experiments.output.labels import outcomes
    from experiments.ranking.composite import composite_of, figures

    spec = study.ranking
    n_looks = spec.stopping.n_looks if spec.stopping else 1
    problem = Problem(
        study.players, range(study.replicates), outcomes(spec.outcomes), bounds=spec.ranges, n_looks=n_looks
    )
    plan = plan_of(study, problem)
    results = simulate(study, plan.members, plan.weekly, study.job, later(study, len(plan.runs)))
    batch = Batch(problem, plan.methods, plan.asked, results, plan.keys, plan.coalitions)
    if results.failures:
        return batch

    place = {member.place: i for i, member in enumerate(plan.members)}
    at = [place[DesignKey(levels=levels), k] for levels, k in plan.runs]
    values = results.figures(at, list(problem.outcomes))
    composite = composite_of(problem, values, spec.composite)
    if composite is not None:
        problem, values = composite.add_to(problem, values)

    def of(at: Sequence[int]) -> Any:
        return figures(results, at, list(problem.outcomes), composite)

    own = iter([values[index] for index in plan.index])
    full, none = plan.ends
    return replace(
        batch,
        problem=problem,
        methods=[replace(one, problem=problem, values=next(own)) for one in plan.methods],
        asked={key: replace(one, values=next(own)) for key, one in plan.asked.items()},
        ends=tuple(of(results.of_row(key)) for key in (none, full)),
        figures=of([place[member.place] for member in plan.coalitions]),
        composite=composite,
    )


def plan_of(study: Study, problem: Problem) -> Plan:
    """The runs of all designs, of the comparison and of the questions; a run that several ask for is made once."""
    from analysis.attribution import sample, union
    from experiments.ensemble.members import DesignKey, coalition_members, rows_by_seeds

    players, ranges, seeds = problem.players, study.ranking.ranges, range(study.replicates)
    methods = [Designed(problem, sample(method, problem)) for method in study.ranking.methods]
    found = {one.key: one.design(study, problem) for one in study.asked}
    asked = {key: Designed(*one) for key, one in found.items() if one is not None}
    runs = union([one.design for one in (*methods, *asked.values())])
    wanted = [(tuple(levels), seed) for levels, seed in zip(runs.coalitions.tolist(), runs.seeds.tolist(), strict=True)]
    every: list[tuple[float, ...]] = [(bit,) * len(players) for bit in (1, 0)]
    # For the comparison: the full and the empty package are runs of the ranking already.
    complete = coalition_members(study.ranked, players, [(bits, 0) for bits in every], ranges=ranges)
    known = {one.fingerprint: one.key for one in complete}
    keys = {name: known.get(setting.fingerprint, DesignKey(name)) for name, setting in study.settings.items()}
    ends = [(bits, k) for bits in every for k in seeds]
    coalitions = coalition_members(study.ranked, players, dict.fromkeys([*wanted, *ends]), study.draws, ranges)
    others = {name: study.settings[name] for name, key in keys.items() if key.name}
    members = [*coalitions, *rows_by_seeds(others, study.replicates, study.draws)]
    members += [member for one in study.asked for member in one.members(study, problem)]
    members.sort(key=lambda member: member.replicate)
    both = DesignKey(levels=every[0]), DesignKey(levels=every[1])
    weekly = (*both, *map(DesignKey, others))
    return Plan(methods, asked, wanted, runs.rows, coalitions, members, keys, weekly, both)


def later(study: Study, runs: int) -> int:
    """How many runs follow those of the ranking, at most: further batches, and fresh runs of questions."""
    count = len(study.ranking.outcomes) + bool(study.ranking.composite)
    batches = (study.most - study.replicates) * ceil(runs / study.replicates)
    return batches + sum(one.later(study, study.most, count) for one in study.asked)
