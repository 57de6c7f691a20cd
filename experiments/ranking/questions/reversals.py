"""What a ranking over a behavioural set or drawn potencies leaves in doubt: nothing is run here.

    tables/information.csv   what it would be worth to measure one assumption before choosing a measure (EVPPI)
    tables/flip.csv          the nearest change of an assumption that would turn a printed order of two tiers round

Assumptions are the parameters of the set's draws and, with potency=draw, how strong the measures are and how many
hours they take. An order can turn by the strengths of its own two measures; those of others are left out, so that
they do not drown these. Theories and towns have no distance: circumstances.py says which of them turn an order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import LEVEL
from experiments.ranking.effect_draws import PREFIX, Named, belong

Rows = list[dict[str, Any]]
NEAREST = 3  # flips that are told of an order, those that most resamples find again first


def tables(problem, designs, values, draws: Sequence[Mapping[str, float]], potency: Named) -> dict[str, Rows]:
    """Tables by name; `values` [row, outcome] of each design, `draws` the parameters of each replicate.

    `potency` are the names and figures [replicate, name] of strengths.by_seed. Tables are left out where nothing was
    drawn, or for too few replicates.
    """
    from analysis.attribution import looks
    from analysis.uncertainty.flip import MIN_DRAWS as FLIP_DRAWS
    from analysis.uncertainty.information import MIN_DRAWS as INFORMATION_DRAWS

    by_method = {d.method: (d, v) for d, v in zip(designs, values, strict=True)}
    found: dict[str, Rows] = {}
    count = len(problem.seeds)
    x, names = varied(draws, count)
    x, names = np.hstack([x, potency[1]]), (*names, *potency[0])
    if names and count >= INFORMATION_DRAWS and "add_one_in" in by_method:
        found["information"] = information(problem, looks(problem, *by_method["add_one_in"])["add_one_in"], x, names)
    if "shapley" in by_method:
        design, own = by_method["shapley"]
        if names and count >= FLIP_DRAWS:
            found["flip"] = flips(problem, looks(problem, design, own)["shapley"], x, names)
    return found


def usable(problem, values):
    """The problem and its values without outcomes that some design cannot rank; None if none is left.

    An outcome cannot be ranked that is missing in a run, or the same in all.
    """
    kept = [
        column
        for column in range(len(problem.outcomes))
        if all(np.isfinite(own[:, column]).all() and np.ptp(own[:, column]) > 0.0 for own in values)
    ]
    names = list(problem.outcomes)
    outcomes = {names[column]: problem.outcomes[names[column]] for column in kept}
    return (replace(problem, outcomes=outcomes), [own[:, kept] for own in values]) if kept else None


def varied(draws: Sequence[Mapping[str, float]], replicates: int) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Parameters [replicate, parameter] that differ between the draws in use, and their names."""
    used = draws[:replicates]
    names = tuple(name for name in used[0] if len({draw[name] for draw in used}) > 1) if used else ()
    x = np.array([[draw[name] for name in names] for draw in used], dtype=float)
    return x.reshape(replicates, len(names)), names


def information(problem, alone: NDArray[np.float64], x: NDArray[np.float64], names: tuple[str, ...]) -> Rows:
    """Value of knowing each assumption before choosing the one measure to begin with, for each outcome.

    `alone` [replicate, player, outcome]: what each measure does by itself.
    """
    from analysis.uncertainty.information import value_of_information

    rows: Rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        found = value_of_information(x, alone[:, :, column], names, problem.players, better=better)
        rows += [{"outcome": outcome, **row} for row in found]
    return rows


def flips(problem, credits: NDArray[np.float64], x: NDArray[np.float64], names: tuple[str, ...]) -> Rows:
    """For each order of two tiers (first of one above first of the next), the nearest flips.

    Where no assumption turns the order round within the draws there is one row without one.
    """
    from analysis.uncertainty.flip import SURE, flip_distance

    rows: Rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        signed = credits[:, :, column] * (-1.0 if better == "lower" else 1.0)
        for upper, lower in pairwise(heads(problem, signed, f"shapley/{outcome}")):
            pair = problem.players[upper], problem.players[lower]
            own = {name for name in names if belong(name, *pair)}
            kept = [k for k, name in enumerate(names) if name in own or not name.startswith(PREFIX)]
            difference = signed[:, upper] - signed[:, lower]
            found = flip_distance(x[:, kept], difference, [names[k] for k in kept], own=own)
            there = [row for row in found if np.isfinite(row["distance"])]
            near = sorted(there, key=lambda row: row["in_reach"] < SURE)[:NEAREST]
            said = {"outcome": outcome, "upper": problem.players[upper], "lower": problem.players[lower]}
            rows += [{**said, **_plain(row)} for row in near or [found[0] | {"parameters": (), "values": ()}]]
    return rows


def heads(problem, signed: NDArray[np.float64], key: str) -> list[int]:
    """The first player of each tier, best tier first, from contributions `signed` [look, player], higher is better.

    Level and `key` are those of the ranking's rank sets, so that its tiers are those printed.
    """
    from analysis.uncertainty import rank_sets

    ranks = rank_sets(signed, problem.order_level(LEVEL), key)
    order = np.argsort(ranks.rank)
    _, first = np.unique(ranks.tier[order], return_index=True)
    return [int(p) for p in order[first]]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose lists are words, and whose flip out of reach is an empty cell."""
    result = {key: " ".join(map(_short, value)) if isinstance(value, tuple) else value for key, value in row.items()}
    for key in ("distance", "ci_low", "ci_high"):
        if not np.isfinite(row[key]):
            result[key] = float("nan")
    return result


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
