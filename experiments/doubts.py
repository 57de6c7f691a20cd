"""What a ranking over a behavioural set leaves in doubt, from the runs it has made: nothing is run here.

    tables/information.csv   what it would be worth to measure one parameter before choosing a measure (EVPPI)
    tables/flip.csv          the nearest change of a parameter that would turn a printed order of two tiers round
    tables/backfire.csv      short rules for when a measure makes an outcome worse in the company it joins

Parameters are those of the set's draws; potency, theory and town are not moved here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = list[dict[str, Any]]
NEAREST = 3  # flips that are told of an order
LEAST_SHARE = 0.1  # a measure that backfires more rarely, or helps more rarely, gets no rule


def tables(problem, designs, values, draws: Sequence[Mapping[str, float]]) -> dict[str, Rows]:
    """Tables by name; `values` [row, outcome] of each design, `draws` the parameters of each replicate.

    Those over parameters are left out where there are no draws or too few of them.
    """
    from analysis.attribution import looks
    from analysis.attribution.backfire import MIN_RUNS
    from analysis.uncertainty.flip import MIN_DRAWS as FLIP_DRAWS
    from analysis.uncertainty.information import MIN_DRAWS as INFORMATION_DRAWS

    by_method = {d.method: (d, v) for d, v in zip(designs, values, strict=True)}
    found: dict[str, Rows] = {}
    x, names = varied(draws, len(problem.seeds))
    apart = min(len(draws), len(x))
    if names and apart >= INFORMATION_DRAWS and "add_one_in" in by_method:
        found["information"] = information(problem, looks(problem, *by_method["add_one_in"])["add_one_in"], x, names)
    if "shapley" in by_method:
        design, own = by_method["shapley"]
        if names and apart >= FLIP_DRAWS:
            found["flip"] = flips(problem, looks(problem, design, own)["shapley"], x, names)
        if len(problem.seeds) >= MIN_RUNS:
            found["backfire"] = backfires(problem, design, own, x, names)
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
    if not used:
        return np.empty((replicates, 0)), ()
    names = tuple(name for name in used[0] if len({draw[name] for draw in used}) > 1)
    x = np.array([[draw[name] for name in names] for draw in used], dtype=float)
    return x[np.arange(replicates) % len(used)], names


def information(problem, alone: NDArray[np.float64], x: NDArray[np.float64], names: tuple[str, ...]) -> Rows:
    """Value of knowing each parameter before choosing the one measure to begin with, for each outcome.

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

    Where no parameter turns the order round within the draws there is one row without a parameter.
    """
    from analysis.uncertainty.flip import flip_distance

    rows: Rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        signed = credits[:, :, column] * (-1.0 if better == "lower" else 1.0)
        for upper, lower in pairwise(heads(signed, f"shapley/{outcome}")):
            found = flip_distance(x, signed[:, upper] - signed[:, lower], names)
            near = [row for row in found[:NEAREST] if np.isfinite(row["distance"])]
            said = {"outcome": outcome, "upper": problem.players[upper], "lower": problem.players[lower]}
            rows += [{**said, **_plain(row)} for row in near or [found[0] | {"parameters": (), "values": ()}]]
    return rows


def heads(signed: NDArray[np.float64], key: str) -> list[int]:
    """The first player of each tier, best tier first, from contributions `signed` [look, player], higher is better.

    `key` is that of the ranking's rank sets, so that its tiers are those printed.
    """
    from analysis.uncertainty import rank_sets

    ranks = rank_sets(signed, key=key)
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


def backfires(problem, design, values, x: NDArray[np.float64], names: tuple[str, ...]) -> Rows:
    """Rules for when a measure that joins a company of others makes an outcome worse.

    A case is the step of a Shapley walk at which it joins: the change it brings, which measures were there before
    it, and the parameters of the replicate. Each replicate gives one case, from its walk forwards or backwards in
    turn, so that cases are independent. Rules are found on one half of them and counted on the other; a measure
    for which none holds there is not in the table.
    """
    from analysis.attribution import rules, shapley
    from sim.levers import LEVERS

    def named(player: str) -> str:
        return f"{'levers' if player in LEVERS else 'measures'}.{player}"

    order, index = shapley.walks(problem, design)
    data = np.asarray(values, dtype=float)[index]  # seed, direction, step, outcome
    steps = np.diff(data, axis=2)
    before = np.asarray(design.coalitions)[index][:, :, :-1]  # seed, direction, step, player
    at = np.arange(len(order))
    way = at % 2
    rows: Rows = []
    for p, player in enumerate(problem.players):
        forth = np.argmax(order == p, axis=1)
        step = np.where(way == 0, forth, len(problem.players) - 1 - forth)
        others = [k for k in range(len(problem.players)) if k != p]
        features = np.hstack([before[at, way, step][:, others].astype(float), x])
        labels = [named(problem.players[k]) for k in others] + [f"parameters.{name}" for name in names]
        for column, (outcome, better) in enumerate(problem.outcomes.items()):
            change = steps[at, way, step, column]
            worse = (change > 0.0) if better == "lower" else (change < 0.0)
            if not LEAST_SHARE <= worse.mean() <= 1.0 - LEAST_SHARE:
                continue
            for row in rules(features, worse, labels):
                said = " and ".join(_limit(*limit) for limit in row["limits"])
                rows.append({"outcome": outcome, "measure": player, **row, "limits": said})
    return rows


def _limit(name: str, low: float, high: float) -> str:
    """One side of a rule in words: a measure or lever change is in force or not, a parameter lies between ends."""
    if name.startswith(("measures.", "levers.")):
        return f"{name} {'in force' if low > 0.0 else 'not in force'}"
    if np.isfinite(low) and np.isfinite(high):
        return f"{low:.4g} <= {name} <= {high:.4g}"
    return f"{name} >= {low:.4g}" if np.isfinite(low) else f"{name} <= {high:.4g}"
