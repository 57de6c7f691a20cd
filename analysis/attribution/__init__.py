"""Which measure contributes how much.

One file a method, each with `sample` (what to run) and `analyse` (outcomes of those runs -> table):

    ablation.py      leave one out (the package minus one) and add one in (one alone against none)
    shapley.py       the contribution averaged over all orders of introduction
    morris.py        the mean effect and the strength of each player, the others set at random
    sobol.py         the share of the outcome's spread over the settings that each player owns
    interactions.py  what two measures do together beyond what each does by itself
    cost.py          effect per hour and per yuan, and the best package under a budget
    start_weeks.py   what a late start costs, and what the order of starts does

problem.py holds the plain data they share and table.py the one table that all of them fill. composite.py makes an
outcome weighted by the user. interim.py holds the
interim analyses of a loop that adds runs until a ranking is precise enough.
scenario_discovery.py finds short rules for when an effect changes its sign. No method runs anything. A *player*, as in
game theory, is a measure, dial or lever whose contribution is asked for.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.attribution import ablation, interactions, morris, shapley, sobol, start_weeks
from analysis.attribution.composite import scales_of, with_composite
from analysis.attribution.interim import among_first, find_ties, progress
from analysis.attribution.problem import Design, Problem, Runs, union
from analysis.attribution.scenario_discovery import find_boxes
from analysis.attribution.table import COLUMNS, OVER_DRAWS
from analysis.uncertainty.ranks import rank_sets

METHODS = ("leave_one_out", "add_one_in", "shapley")
"""Methods that switch players between off (low) and on (high)."""

RANGE_METHODS = ("morris", "sobol")
"""Methods that move players over their whole range; each fills two columns of figures."""

__all__ = [
    "COLUMNS",
    "METHODS",
    "OVER_DRAWS",
    "RANGE_METHODS",
    "Design",
    "Problem",
    "Runs",
    "among_first",
    "analyse",
    "interactions",
    "estimates",
    "progress",
    "rank_sets",
    "find_boxes",
    "sample",
    "scales_of",
    "find_ties",
    "start_weeks",
    "union",
    "with_composite",
]

_MODULES: dict[str, ModuleType] = {"shapley": shapley, "morris": morris, "sobol": sobol}


def sample(method: str, problem: Problem) -> Design:
    """The runs that `method` needs for `problem`; raises ValueError for an unknown method.

    Shapley values of few players come from every coalition instead of walks.
    """
    if method in ablation.METHODS:
        return ablation.sample(problem, method)
    if method not in _MODULES:
        allowed = ", ".join(METHODS + RANGE_METHODS)
        raise ValueError(f"attribution method {method!r} is unknown; allowed are {allowed}.")
    if method == "shapley" and len(problem.players) <= shapley.FEW:
        return shapley.sample_all(problem)
    design: Design = _MODULES[method].sample(problem)
    return design


def analyse(problem: Problem, design: Design, values: ArrayLike, level: float = LEVEL) -> list[dict[str, object]]:
    """Table (COLUMNS) from the outcomes `values` [row, outcome] of a design made by `sample`."""
    rows: list[dict[str, object]] = _MODULES.get(design.method, ablation).analyse(problem, design, values, level)
    return rows


def estimates(problem: Problem, design: Design, values: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """What the table's means are taken over: figures [estimate, player, outcome] by method name.

    An estimate belongs to a seed, an antithetic pair, a trajectory or a row. progress, find_ties and among_first use
    them.
    """
    found: dict[str, NDArray[np.float64]] = _MODULES.get(design.method, ablation).estimates(problem, design, values)
    return found
