"""The weighted composite that a user may set (ranking.composite), wherever outcomes are read off runs.

Its scales are taken once, over all runs of the ranking, so that every method, package and start week weighs alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis import COMPOSITE
from analysis.attribution import Problem, scales_of, with_composite
from experiments.cli import console
from experiments.ensemble.results import Results


@dataclass(frozen=True)
class Composite:
    """Weights (a judgement of the user's) and scales (one standard deviation over the ranking's runs) by outcome."""

    plain: Problem
    weights: Mapping[str, float]
    scales: Mapping[str, float]

    def add_to(self, problem: Problem, values: Any) -> tuple[Problem, Any]:
        """A problem whose outcomes are those of `plain`, and its values [row, outcome], with one more column."""
        return with_composite(problem, values, self.weights, self.scales)

    def summary(self) -> dict[str, float]:
        """Weights (shares that add up to 1) and scales as figures of the summary."""
        whole = sum(self.weights.values())
        shares = {f"composite_weight_{name}": weight / whole for name, weight in self.weights.items()}
        return shares | {f"composite_scale_{name}": self.scales[name] for name in self.weights}


def composite_of(problem: Problem, values: Any, weights: Mapping[str, float]) -> Composite | None:
    """The composite with its scales from `values` [run, outcome] of all runs; None without weights.

    None also where an outcome it weighs is missing or never moves, which is then said in a sentence.
    """
    if not weights:
        return None
    found = Composite(problem, {k: v for k, v in weights.items() if v > 0.0}, scales_of(problem, values))
    try:
        found.add_to(problem, values)
    except ValueError as error:
        console.err(f"Not ranked: {error}")
        return None
    return found


def figures(
    results: Results, members: Sequence[int], outcomes: Sequence[str], composite: Composite | None, ending: str = ""
) -> Any:
    """Figures [member, outcome] of runs, the composite among `outcomes` worked out; `ending` as in `__year1`."""
    if composite is None or COMPOSITE not in outcomes:
        return results.figures(members, [name + ending for name in outcomes])
    plain = list(composite.plain.outcomes)
    problem, more = composite.add_to(composite.plain, results.figures(members, [name + ending for name in plain]))
    return more[:, [list(problem.outcomes).index(name) for name in outcomes]]
