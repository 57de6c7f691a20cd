"""What a method of attribution is asked, and what it asks to be run.

A *problem* names the players (measures), the seeds to use and the outcomes with the direction that
counts as better. A *design* is the plain answer to "what must be run": coalitions of 0/1 (1 = the
measure is in force) and the seed of each row. No coalition is listed twice for one seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.uncertainty import rank_sets, t_interval

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
)
MIN_SEEDS = 3
MIN_PLAYERS = 2


@dataclass(frozen=True)
class Problem:
    """Players (ids), seeds (distinct integers) and outcomes (id -> "higher" or "lower" is better).

    `outcomes` may also map an id to a description with a "better" entry. Their order is the order
    of the outcome columns.
    """

    players: Sequence[str]
    seeds: Sequence[int]
    outcomes: Mapping[str, Any]

    def __post_init__(self) -> None:
        players = tuple(str(player) for player in self.players)
        seeds = tuple(int(seed) for seed in self.seeds)
        outcomes = {
            name: str(given["better"] if isinstance(given, Mapping) else given) for name, given in self.outcomes.items()
        }
        if len(players) < MIN_PLAYERS:
            raise ValueError(
                f"attribution needs at least {MIN_PLAYERS} measures, {len(players)} given: "
                "with one there is nothing to share out."
            )
        if len(set(players)) < len(players):
            raise ValueError(f"a measure is listed twice among the players: {list(players)}.")
        if len(seeds) < MIN_SEEDS:
            raise ValueError(f"attribution needs at least {MIN_SEEDS} seeds to say how sure it is, {len(seeds)} given.")
        if len(set(seeds)) < len(seeds):
            raise ValueError("attribution needs distinct seeds, one is listed twice.")
        if not outcomes:
            raise ValueError("attribution needs at least one outcome, none given.")
        for name, better in outcomes.items():
            if better not in ("higher", "lower"):
                raise ValueError(
                    f"outcome {name!r} cannot be ranked: better is {better!r}, 'higher' or 'lower' is allowed."
                )
        object.__setattr__(self, "players", players)
        object.__setattr__(self, "seeds", seeds)
        object.__setattr__(self, "outcomes", outcomes)


@dataclass(frozen=True)
class Design:
    """What to run: `coalitions` [row, player] of 0/1, `seeds` [row].

    `index` says where analyse finds each row again.

    The shape of `index` belongs to the method: [seed, position] for ablation, [seed, direction,
    position] for Shapley; `order` [seed, player] is the permutation of each seed (Shapley only).
    """

    method: str
    players: tuple[str, ...]
    coalitions: NDArray[np.uint8]
    seeds: NDArray[np.int64]
    index: NDArray[np.int64]
    order: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """Number of runs."""
        return len(self.seeds)


@dataclass(frozen=True)
class Runs:
    """The runs of several designs, each once.

    `rows[k]` picks those of design k, in the order of its own rows.
    """

    coalitions: NDArray[np.uint8]
    seeds: NDArray[np.int64]
    rows: tuple[NDArray[np.int64], ...]

    def __len__(self) -> int:
        """Number of distinct runs."""
        return len(self.seeds)


def lay_out(
    blocks: Sequence[NDArray[np.uint8]], seeds: Sequence[int]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """List the coalitions of `blocks` (one [position, player] a seed) once a seed.

    Returns coalitions [row, player], seeds [row] and index [seed, position] into rows. Rows stand
    seed after seed, in the order of first mention, so that more seeds only append.
    """
    listed: list[NDArray[np.uint8]] = []
    row_seeds: list[int] = []
    index = np.empty((len(blocks), len(blocks[0])), dtype=np.int64)
    for s, (block, seed) in enumerate(zip(blocks, seeds, strict=True)):
        seen: dict[bytes, int] = {}
        for position, coalition in enumerate(block):
            key = coalition.tobytes()
            if key not in seen:
                seen[key] = len(listed)
                listed.append(coalition)
                row_seeds.append(seed)
            index[s, position] = seen[key]
    return np.array(listed, dtype=np.uint8), np.array(row_seeds, dtype=np.int64), index


def union(designs: Sequence[Design]) -> Runs:
    """Every (coalition, seed) of `designs` once, so that methods share runs.

    Raises ValueError if their players differ.
    """
    if len({design.players for design in designs}) != 1:
        raise ValueError("designs can share runs only if they have the same players in the same order.")
    seen: dict[tuple[int, bytes], int] = {}
    coalitions: list[NDArray[np.uint8]] = []
    seeds: list[int] = []
    rows = []
    for design in designs:
        own = np.empty(len(design), dtype=np.int64)
        for row, (coalition, seed) in enumerate(zip(design.coalitions, design.seeds, strict=True)):
            key = (int(seed), coalition.tobytes())
            if key not in seen:
                seen[key] = len(coalitions)
                coalitions.append(coalition)
                seeds.append(int(seed))
            own[row] = seen[key]
        rows.append(own)
    return Runs(np.array(coalitions, dtype=np.uint8), np.array(seeds, dtype=np.int64), tuple(rows))


def checked(problem: Problem, design: Design, values: ArrayLike) -> NDArray[np.float64]:
    """`values` as floats [row, outcome] if they can be analysed.

    Else ValueError, one sentence with the reason.
    """
    data = np.asarray(values, dtype=float)
    wanted = (len(design), len(problem.outcomes))
    if design.players != problem.players:
        raise ValueError(f"{design.method}: the design was made for other measures than the problem.")
    if data.shape != wanted:
        raise ValueError(
            f"{design.method}: outcomes must be an array of {wanted[0]} runs x {wanted[1]} "
            f"outcomes, shape {data.shape} given."
        )
    for column, name in enumerate(problem.outcomes):
        bad = int((~np.isfinite(data[:, column])).sum())
        if bad:
            raise ValueError(
                f"{design.method}: {name} is missing or not finite in {bad} of {wanted[0]} runs, "
                "so no contribution can be computed."
            )
        if np.ptp(data[:, column]) == 0.0:
            raise ValueError(
                f"{design.method}: {name} is {data[0, column]:g} in every run, so there is nothing to share out."
            )
    return data


def contribution_rows(
    problem: Problem,
    design: Design,
    samples: NDArray[np.float64],
    level: float,
) -> list[dict[str, Any]]:
    """Table (COLUMNS) from `samples` [seed, player, outcome].

    Means, t intervals, ranks and simultaneous rank sets.
    """
    rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        sign = 1.0 if better == "higher" else -1.0
        ranks = rank_sets(sign * samples[:, :, column], level, key=f"{design.method}/{outcome}")
        table = []
        for p, measure in enumerate(problem.players):
            interval = t_interval(samples[:, p, column], level)
            table.append(
                {
                    "method": design.method,
                    "outcome": outcome,
                    "measure": measure,
                    "contribution": interval.mean,
                    "ci_low": interval.low,
                    "ci_high": interval.high,
                    "rank": int(ranks.rank[p]),
                    "rank_low": int(ranks.low[p]),
                    "rank_high": int(ranks.high[p]),
                    "runs": len(design),
                }
            )
        rows += sorted(table, key=lambda row: int(str(row["rank"])))
    return rows


def package_effect(problem: Problem, design: Design, values: ArrayLike, level: float = 0.95) -> list[dict[str, Any]]:
    """Effect of all measures together: full package minus none, paired by seed.

    `design` must hold both; one row an outcome: outcome, effect, ci_low, ci_high, seeds, runs, in
    raw units. Raises ValueError if it lacks the full or the empty coalition (as leave_one_out and
    add_one_in alone do).
    """
    data = checked(problem, design, values)
    size = design.coalitions.sum(axis=1)
    full = {int(design.seeds[r]): r for r in np.flatnonzero(size == len(design.players))}
    none = {int(design.seeds[r]): r for r in np.flatnonzero(size == 0)}
    both = [seed for seed in problem.seeds if seed in full and seed in none]
    if len(both) < len(problem.seeds):
        raise ValueError(
            f"{design.method}: the package effect needs a run with all measures and one with none for each seed."
        )
    effects = data[[full[s] for s in both]] - data[[none[s] for s in both]]
    rows = []
    for column, outcome in enumerate(problem.outcomes):
        interval = t_interval(effects[:, column], level)
        rows.append(
            {
                "outcome": outcome,
                "effect": interval.mean,
                "ci_low": interval.low,
                "ci_high": interval.high,
                "seeds": interval.count,
                "runs": len(design),
            }
        )
    return rows
