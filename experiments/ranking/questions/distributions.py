"""How contributions and the package's effect differ between draws: the first draws are run again with other seeds.

    tables/ranking.csv, tables/package_effect.csv   median, q05, q95, p_better, p_first, p_top3, p_top5, chance

A replicate has its own draw of behaviour, of strengths and of the town, and its own shocks. Only a draw that is run
twice tells the two apart. Repeat r has the draw of replicate r, and shocks and orders of introduction that no replicate
has.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis import PACKAGE
from experiments.cli import console
from experiments.ensemble.members import DesignKey, Member, coalition_members, fixed
from experiments.study.keys import DEFAULT_METHODS, Key
from experiments.study.question import Question
from experiments.study.study import Study
from experiments.study.values import Source
from sim.inputs import validators

if TYPE_CHECKING:
    from analysis.attribution import Problem
    from experiments.ranking.rank_parts import Ranked

Rows = list[dict[str, Any]]
CONTEXT = "repeats"
LEAST, LEAST_DRAWS = 10, 20  # repeats and draws, as analysis.uncertainty.ignorance asks for


def methods(study: Study) -> list[str]:
    """The methods asked for whose contributions have a sign."""
    return [method for method in study.ranking.methods if method in DEFAULT_METHODS]


def repeated(study: Study, problem: Problem) -> Problem:
    """The problem over the seeds of the repeats, which follow all that replicates may take."""
    return replace(problem, seeds=range(study.most, study.most + study.value(CONTEXT)))


def ends(players: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """None and all in force."""
    return (0,) * players, (1,) * players


def members(study: Study, problem: Problem) -> list[Member]:
    """The runs of every method's design for the repeats, and none and all in force."""
    from analysis.attribution import sample

    again = repeated(study, problem)
    wanted: dict[int, dict[tuple[int, ...], None]] = {
        seed: dict.fromkeys(ends(len(problem.players))) for seed in again.seeds
    }
    for method in methods(study):
        design = sample(method, again)
        for levels, seed in zip(design.coalitions.tolist(), design.seeds.tolist(), strict=True):
            wanted[seed][tuple(levels)] = None
    found = []
    for seed, coalitions in wanted.items():
        base = fixed(study.ranked, study.draws, seed - study.most)
        runs = [(levels, seed) for levels in coalitions]
        for one in coalition_members(base, problem.players, runs, ranges=study.ranking.ranges):
            found.append(replace(one, key=one.key.within(CONTEXT)))
    return found


def columns(ranked: Ranked) -> Rows:
    """Columns by method, outcome and measure; the package's under its own name, as a method and a measure."""
    import numpy as np

    from analysis.attribution import estimates, sample
    from analysis.uncertainty.ignorance import as_columns, between_draws

    study, problem = ranked.study, ranked.problem
    again = repeated(study, problem)

    def figures(coalitions: Any, seeds: Any) -> Any:
        rows = zip(coalitions, seeds, strict=True)
        return ranked.figures([(DesignKey(levels=tuple(levels)).within(CONTEXT), int(seed)) for levels, seed in rows])

    samples = {}
    for method in methods(study):
        if ranked.of(method) is not None:
            design = sample(method, again)
            twice = estimates(again, design, figures(design.coalitions.tolist(), design.seeds))[method]
            samples[method] = (list(problem.players), ranked.estimates(method), twice)
    none, full = ends(len(problem.players))
    once = ranked.effects
    twice = np.subtract(*(figures([bits] * len(again.seeds), again.seeds) for bits in (full, none)))
    samples[PACKAGE] = ([PACKAGE], once[:, None], twice[:, None])
    rows: Rows = []
    for method, (names, one, two) in samples.items():
        for column, (outcome, better) in enumerate(problem.outcomes.items()):
            sign = -1.0 if better == "lower" else 1.0
            try:
                found = between_draws(sign * one[:, :, column], sign * two[:, :, column], key=f"{method}/{outcome}")
            except ValueError as error:
                console.err(f"No distribution of {outcome}: {error}")
                continue
            rows += [
                {"method": method, "outcome": outcome, "measure": name, **as_columns(found, p, sign)}
                for p, name in enumerate(names)
            ]
    return rows


def check(study: Study, source: Source) -> None:
    """Only what differs between draws has a distribution over them, and no more repeats than replicates."""
    asked, place = study.value(CONTEXT), source.place(CONTEXT)
    if not (study.behaviour or study.ranked.potency == "draw" or study.ranked.town.weight):
        allowed = "0 where nothing is drawn (behaviour=, potency=draw or town=sample make draws)"
        raise validators.refuse(place, "ranking.repeats", asked, allowed)
    if study.replicates < LEAST_DRAWS:
        raise validators.refuse(place, "ranking.repeats", asked, f"0 for fewer than {LEAST_DRAWS} replicates")
    if asked > study.replicates:
        raise validators.refuse(place, "ranking.repeats", asked, f"at most the {study.replicates} replicates")


QUESTION = Question(
    CONTEXT,
    order=5,
    keys=(
        Key(
            "ranking.repeats",
            f"0, or a whole number from {LEAST}",
            "the experiment's, or 0",
            "draws (of behaviour, potency, towns) that are run again with other seeds, so that chance can be told from "
            "what is not known: medians, 5 to 95 % ranges and probabilities over draws",
            ("rank",),
            after="ranking.methods",
        ),
    ),
    parse=lambda given: given.count(CONTEXT, LEAST),
    check=check,
    members=members,
    seeds=lambda study, replicates: study.most + study.value(CONTEXT),
    columns=columns,
    record=lambda study: study.value(CONTEXT),
)
