"""Which measure contributes how much.

One file a method, each with `sample` (what to run), `analyse` (outcomes of those runs -> table) and
`plot`:

    ablation.py   leave one out (the package minus one) and add one in (one alone against none)
    shapley.py    the contribution averaged over all orders of introduction

problem.py holds the plain data they share; rank sets come from analysis.uncertainty. No method runs
anything.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from analysis.attribution import ablation, shapley
from analysis.attribution.problem import COLUMNS, Design, Problem, Runs, package_effect, union
from analysis.uncertainty.ranks import rank_sets, tiers

METHODS = ("leave_one_out", "add_one_in", "shapley")

__all__ = [
    "COLUMNS",
    "METHODS",
    "Design",
    "Problem",
    "Runs",
    "analyse",
    "package_effect",
    "rank_sets",
    "sample",
    "tiers",
    "union",
]


def sample(method: str, problem: Problem) -> Design:
    """The runs that `method` needs for `problem`; raises ValueError for an unknown method."""
    if method == "shapley":
        return shapley.sample(problem)
    if method in ablation.METHODS:
        return ablation.sample(problem, method)
    raise ValueError(f"attribution method {method!r} is unknown; allowed are {', '.join(METHODS)}.")


def analyse(problem: Problem, design: Design, values: ArrayLike, level: float = 0.95) -> list[dict[str, object]]:
    """Table (COLUMNS) from the outcomes `values` [row, outcome] of a design made by `sample`."""
    module = shapley if design.method == "shapley" else ablation
    return module.analyse(problem, design, values, level)
