"""Tiers of a ranking as printed, and the outcomes of which they can be told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis import LEVEL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def tier_leaders(problem, signed: NDArray[np.float64], key: str) -> list[int]:
    """The first player of each tier, best tier first, from contributions `signed` [replicate, player], more is better.

    Level and `key` are those of the ranking's rank sets, so that its tiers are those printed.
    """
    import numpy as np

    from analysis.uncertainty import rank_sets

    ranks = rank_sets(signed, problem.order_level(LEVEL), key)
    order = np.argsort(ranks.rank)
    _, first = np.unique(ranks.tier[order], return_index=True)
    return [int(p) for p in order[first]]


def usable(problem, values):
    """The problem and its values without outcomes that some design cannot rank; None if none is left.

    An outcome cannot be ranked that is missing in a run, or the same in all.
    """
    import numpy as np

    kept = [
        column
        for column in range(len(problem.outcomes))
        if all(np.isfinite(own[:, column]).all() and np.ptp(own[:, column]) > 0.0 for own in values)
    ]
    names = list(problem.outcomes)
    outcomes = {names[column]: problem.outcomes[names[column]] for column in kept}
    return (replace(problem, outcomes=outcomes), [own[:, kept] for own in values]) if kept else None
