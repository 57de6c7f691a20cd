"""What every measure does to every indicator, from runs that the ranking has anyway.

    tables/indicator_effects.csv   experiments/output/effects_by_indicator.py says what its columns are

Each measure alone against none where the ranking has add_one_in, else the package against the package without it
(leave_one_out), else its Shapley value; `method` says which. A ranking by Morris or Sobol alone has no such table.
Of ranking.repeats the same runs are there twice, and the ranges are over draws without chance.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.ensemble.members import DesignKey
from experiments.output.effects_by_indicator import TABLE, effect_rows
from experiments.study.question import Question

if TYPE_CHECKING:
    from experiments.ranking.rank_parts import Ranked

Rows = list[dict[str, Any]]
DIFFERENCES = {"add_one_in": 1.0, "leave_one_out": -1.0}  # sign of a run with one measure changed less the reference
PREFERRED = (*DIFFERENCES, "shapley")


def tables(ranked: Ranked) -> dict[str, Rows]:
    """The table, measure by measure in the order of the players."""
    from experiments.ranking.questions import distributions
    from sim.indicators import INDICATORS

    study, method = ranked.study, next((m for m in PREFERRED if ranked.of(m) is not None), None)
    if method is None:
        return {}
    names = list(INDICATORS)
    problem = replace(ranked.problem, outcomes=dict.fromkeys(names, "higher"))
    once, twice = _effects(ranked, method, problem, ()), None
    if study.value(distributions.CONTEXT):
        twice = _effects(ranked, method, distributions.repeated(study, problem), (distributions.CONTEXT,))
    drawn = bool(study.behaviour or study.ranked.potency == "draw" or study.ranked.town.weight)
    rows: Rows = []
    for p, player in enumerate(problem.players):
        again = None if twice is None else twice[:, p]
        rows += effect_rows(player, names, once[:, p], again, drawn, method)
    return {TABLE: rows}


def _effects(ranked: Ranked, method: str, problem: Any, context: tuple[str, ...]) -> Any:
    """Effects [replicate, player, indicator] of a method's runs; nan where a figure is missing."""
    import numpy as np

    from analysis.attribution import estimates, sample

    design, names = sample(method, problem), list(problem.outcomes)
    runs = zip(design.coalitions.tolist(), design.seeds.tolist(), strict=True)
    keys = [(DesignKey(levels=tuple(levels)).within(*context), seed) for levels, seed in runs]
    values = ranked.figures(keys, names)
    if method in DIFFERENCES:
        by_seed = values[design.index]
        return DIFFERENCES[method] * (by_seed[:, 1:] - by_seed[:, :1])
    moved = np.isfinite(values).all(axis=0) & (np.ptp(values, axis=0) > 0.0)
    found = np.full((len(problem.seeds), len(problem.players), len(names)), np.nan)
    found[..., (np.ptp(values, axis=0) == 0.0)] = 0.0
    few = replace(problem, outcomes={name: "higher" for name, kept in zip(names, moved, strict=True) if kept})
    found[..., moved] = estimates(few, design, values[:, moved])[method]
    return found


QUESTION = Question(TABLE, order=100, tables=tables)
