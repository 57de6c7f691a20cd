"""The one table of all methods: contributions with intervals, ranks and rank sets.

Every method gives a list of independent estimates of every player: one for each seed (ablation), pair of walks
(Shapley), trajectory (Morris) or batch of rows (Sobol). Means, t intervals and simultaneous rank sets are taken over
these, in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.attribution.problem import Design, Problem
from analysis.uncertainty import rank_sets, t_interval

OVER_DRAWS = ("median", "q05", "q95", "p_better", "p_first", "p_top3", "p_top5", "chance", "own_hours")
"""Columns that are empty unless asked for: the effect over draws, and the contribution with own hours at zero."""
COLUMNS = (
    "method",
    "outcome",
    "measure",
    "contribution",
    "ci_low",
    "ci_high",
    "rank",
    "rank_low",
    "rank_high",
    "runs",
    "tier",
    *OVER_DRAWS,
)
UNSIGNED = ("morris_strength", "sobol_first", "sobol_total")
"""Methods whose figures say how much a player moves the outcome, not in which direction."""


def contribution_rows(
    problem: Problem,
    design: Design,
    samples: NDArray[np.float64],
    level: float,
    method: str = "",
    players: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Table (COLUMNS) from `samples` [estimate, player, outcome].

    Means, t intervals, ranks, simultaneous rank sets and tiers (at the problem's `order_level`). Rank 1 is the
    greatest improvement, or the greatest figure for a method of UNSIGNED. `method` and `players` default to the
    design's.
    """
    method, players = method or design.method, players or problem.players
    rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        sign = -1.0 if better == "lower" and method not in UNSIGNED else 1.0
        ranks = rank_sets(sign * samples[:, :, column], problem.order_level(level), key=f"{method}/{outcome}")
        table = []
        for p, measure in enumerate(players):
            interval = t_interval(samples[:, p, column], level)
            table.append(
                {
                    "method": method,
                    "outcome": outcome,
                    "measure": measure,
                    "contribution": interval.mean,
                    "ci_low": interval.low,
                    "ci_high": interval.high,
                    "rank": int(ranks.rank[p]),
                    "rank_low": int(ranks.low[p]),
                    "rank_high": int(ranks.high[p]),
                    "runs": len(design),
                    "tier": int(ranks.tier[p]),
                    **dict.fromkeys(OVER_DRAWS, float("nan")),
                }
            )
        rows += sorted(table, key=lambda row: int(str(row["rank"])))
    return rows
