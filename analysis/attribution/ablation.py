"""Ablation: what is lost without a measure, and what it does alone.

leave_one_out   the whole package minus the package without the measure: its share as the last in
add_one_in      the measure alone minus nothing: its share as the first in

Both are computed on common seeds, replicate by replicate. They differ where measures complement or obstruct each other,
so their ranks are never averaged with one another or with Shapley's. An interval is a paired t interval over seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.attribution.problem import Design, Problem, check_values, lay_out
from analysis.attribution.table import contribution_rows

if TYPE_CHECKING:
    pass

METHODS = ("leave_one_out", "add_one_in")


def sample(problem: Problem, method: str = "leave_one_out") -> Design:
    """A reference row and one row a player for each seed: players + 1 runs a seed.

    The reference (position 0 of `index`) is the full package for leave_one_out, the empty one for
    add_one_in; position 1 + p has player p taken out, or put in.
    """
    if method not in METHODS:
        raise ValueError(f"ablation method {method!r} is unknown; allowed are {', '.join(METHODS)}.")
    count = len(problem.players)
    single = np.eye(count, dtype=np.uint8)
    if method == "leave_one_out":
        block = np.vstack([np.ones((1, count), dtype=np.uint8), 1 - single])
    else:
        block = np.vstack([np.zeros((1, count), dtype=np.uint8), single])
    coalitions, seeds, index = lay_out([block] * len(problem.seeds), problem.seeds)
    return Design(method, tuple(problem.players), coalitions, seeds, index)


def estimates(problem: Problem, design: Design, values: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Contributions [seed, player, outcome] under the name of the method."""
    by_seed = check_values(problem, design, values)[design.index]  # seed, position, outcome
    reference, changed = by_seed[:, :1], by_seed[:, 1:]
    return {design.method: reference - changed if design.method == "leave_one_out" else changed - reference}


def analyse(problem: Problem, design: Design, values: ArrayLike, level: float = LEVEL) -> list[dict[str, Any]]:
    """Table of contributions from `values` [row, outcome]; see table.COLUMNS.

    Raises ValueError if the outcomes cannot be used.
    """
    return contribution_rows(problem, design, estimates(problem, design, values)[design.method], level)
