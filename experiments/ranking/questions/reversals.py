"""What remains uncertain in a ranking over a behavioural set or drawn potencies; nothing is run here.

    tables/evppi.csv   what it would be worth to measure one assumption before choosing a measure (EVPPI), where
                             that is more than chance explains
    tables/reversals.csv          the nearest change of an assumption that would turn a printed order of two tiers round

Assumptions are the parameters of the set's draws and, with potency=draw, how strong the measures are and how many hours
they take. Of the strengths, those of an order's own two measures are tried; the many others would hide them. Theories
and towns have no distance: robustness.py says which of them reverse an order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from experiments.cli import console
from experiments.ranking.effect_draws import PREFIX, belong, varying_parameters
from experiments.ranking.tiers import tier_leaders
from experiments.study.question import Question

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from experiments.ranking.effect_draws import Named
    from experiments.ranking.rank_parts import Ranked

Rows = list[dict[str, Any]]
NEAREST = 3  # flips that are told of an order, those that most resamples find again first


def tables(ranked: Ranked) -> dict[str, Rows]:
    """Tables by name; left out where nothing was drawn, or for too few replicates."""
    from experiments.ranking.effect_draws import by_seed

    study = ranked.study
    potency = by_seed(study.ranked, study.replicates, study.players)
    estimates = {
        method: ranked.estimates(method) for method in ("shapley", "add_one_in") if ranked.of(method) is not None
    }
    return rows_of(ranked.problem, estimates, study.draws, potency)


def rows_of(problem, estimates, draws: Sequence[Mapping[str, float]], potency: Named) -> dict[str, Rows]:
    """Tables from estimates [replicate, player, outcome] by method, and the parameters `draws` of each replicate.

    `potency` are the names and figures [replicate, name] of effect_draws.by_seed.
    """
    import numpy as np

    from analysis.uncertainty.evppi import MIN_DRAWS as INFORMATION_DRAWS
    from analysis.uncertainty.reversals import MIN_DRAWS as FLIP_DRAWS

    count = len(problem.seeds)
    x, names = varying_parameters(draws, count)
    x, names = np.hstack([x, potency[1]]), (*names, *potency[0])
    found: dict[str, Rows] = {}
    if names and count >= INFORMATION_DRAWS and "add_one_in" in estimates:
        found["evppi"] = evppi(problem, estimates["add_one_in"], x, names)
    if names and count >= FLIP_DRAWS and "shapley" in estimates:
        found["reversals"] = nearest_reversals(problem, estimates["shapley"], x, names)
    return found


def evppi(problem, alone: NDArray[np.float64], x: NDArray[np.float64], names: tuple[str, ...]) -> Rows:
    """Value of knowing each assumption before choosing the one measure to begin with, for each outcome.

    What chance explains as well is left out, and said where nothing is left of an outcome. `alone` [replicate, player,
    outcome]: what each measure does by itself.
    """
    from analysis.uncertainty.evppi import value_of_information

    rows: Rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        found = value_of_information(x, alone[:, :, column], names, problem.players, better=better)
        sure = [row for row in found if row["gain"] > row["chance"]]
        if not sure:
            console.err(f"No value of information for {outcome}: no assumption is worth more than chance explains")
        rows += [{"outcome": outcome, **row} for row in sure]
    return rows


def nearest_reversals(problem, credits: NDArray[np.float64], x: NDArray[np.float64], names: tuple[str, ...]) -> Rows:
    """For each order of two tiers (first of one above first of the next), the nearest flips.

    Where no assumption turns the order round within the draws there is one row without one.
    """
    import numpy as np

    from analysis.uncertainty.reversals import SURE, reversal_distance

    rows: Rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        signed = credits[:, :, column] * (-1.0 if better == "lower" else 1.0)
        for upper, lower in pairwise(tier_leaders(problem, signed, f"shapley/{outcome}")):
            pair = problem.players[upper], problem.players[lower]
            own = {name for name in names if belong(name, *pair)}
            kept = [k for k, name in enumerate(names) if name in own or not name.startswith(PREFIX)]
            difference = signed[:, upper] - signed[:, lower]
            found = reversal_distance(x[:, kept], difference, [names[k] for k in kept], own=own)
            there = [row for row in found if np.isfinite(row["distance"])]
            near = sorted(there, key=lambda row: row["in_reach"] < SURE)[:NEAREST]
            said = {"outcome": outcome, "upper": problem.players[upper], "lower": problem.players[lower]}
            rows += [{**said, **_plain(row)} for row in near or [found[0] | {"parameters": (), "values": ()}]]
    return rows


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose lists are words, and whose flip out of reach is an empty cell."""
    result = {key: " ".join(map(_short, value)) if isinstance(value, tuple) else value for key, value in row.items()}
    for key in ("distance", "ci_low", "ci_high"):
        if not math.isfinite(row[key]):
            result[key] = float("nan")
    return result


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


QUESTION = Question("reversals", order=60, tables=tables)
