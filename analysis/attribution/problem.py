"""The input of a method of attribution (a problem), and the runs that it needs (a design).

A *problem* names the players (measures, dials or any levers), the seeds to use and the outcomes with the direction that
counts as better. A player is on or off, or moves between bounds. A *design* lists what must be run: for each row a seed
and the level of each player, from off or low (0) to on or high (1). `Problem.settings` turns levels into values. No row
is listed twice for one seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

MIN_SEEDS = 3
MIN_PLAYERS = 2


@dataclass(frozen=True)
class Problem:
    """Players (ids), seeds (distinct integers) and outcomes (id -> "higher" or "lower" is better).

    `outcomes` may also map an id to a description with a "better" entry. Their order is the order of the outcome
    columns. `bounds` maps a player to (low, high); one without bounds is a switch, 0 or 1. `groups` maps a player to
    its group, for screening by groups; one without stands alone. `n_looks` is how often the order of players may be
    inspected before one stops adding seeds: the error of every printed order is divided among these looks.
    """

    players: Sequence[str]
    seeds: Sequence[int]
    outcomes: Mapping[str, Any]
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    n_looks: int = 1

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
        if self.n_looks < 1:
            raise ValueError(f"n_looks must be at least 1, {self.n_looks} given.")
        for what in (self.bounds, self.groups):
            strangers = [name for name in what if name not in players]
            if strangers:
                raise ValueError(f"{strangers[0]!r} has bounds or a group but is not among the players.")
        for name, (low, high) in self.bounds.items():
            if not (np.isfinite([low, high]).all() and low < high):
                raise ValueError(f"the bounds of {name!r} must be two numbers, low below high; {low}, {high} given.")
        object.__setattr__(self, "players", players)
        object.__setattr__(self, "seeds", seeds)
        object.__setattr__(self, "outcomes", outcomes)
        object.__setattr__(
            self, "bounds", {name: (float(low), float(high)) for name, (low, high) in self.bounds.items()}
        )
        object.__setattr__(self, "groups", dict(self.groups))

    def order_level(self, level: float) -> float:
        """The level of rank sets that leaves an order `level` over all looks together."""
        return 1.0 - (1.0 - level) / self.n_looks

    @property
    def switches(self) -> NDArray[np.bool_]:
        """Which players are on or off, [player]."""
        return np.array([player not in self.bounds for player in self.players])

    def settings(self, coalitions: ArrayLike) -> NDArray[np.float64]:
        """Values [row, player] for `coalitions` [row, player] of 0 (off, low) .. 1 (on, high)."""
        low, high = np.array([self.bounds.get(player, (0.0, 1.0)) for player in self.players]).T
        return low + (high - low) * np.asarray(coalitions, dtype=float)


@dataclass(frozen=True)
class Design:
    """What to run: `coalitions` [row, player] of 0 .. 1 (only 0 and 1 where players are switched), `seeds` [row].

    `index` says where analyse finds each row again. Its shape belongs to the method and stands in the
    method's `sample`; so does that of `order`, the orders of introduction (Shapley and interactions).
    """

    method: str
    players: tuple[str, ...]
    coalitions: NDArray[Any]
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

    coalitions: NDArray[Any]
    seeds: NDArray[np.int64]
    rows: tuple[NDArray[np.int64], ...]

    def __len__(self) -> int:
        """Number of distinct runs."""
        return len(self.seeds)


def lay_out(
    blocks: Sequence[NDArray[Any]], seeds: Sequence[int]
) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """List the coalitions of `blocks` (one [position, player] a seed) once a seed.

    Returns coalitions [row, player], seeds [row] and index [seed, position] into rows. Rows stand
    seed after seed, in the order of first mention, so that more seeds only append.
    """
    listed: list[NDArray[Any]] = []
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
    return np.array(listed), np.array(row_seeds, dtype=np.int64), index


def union(designs: Sequence[Design]) -> Runs:
    """Every (coalition, seed) of `designs` once, so that methods share runs.

    Raises ValueError if their players differ.
    """
    if len({design.players for design in designs}) != 1:
        raise ValueError("designs can share runs only if they have the same players in the same order.")
    kind = np.result_type(*(design.coalitions for design in designs))  # so that the same row has the same bytes
    seen: dict[tuple[int, bytes], int] = {}
    coalitions: list[NDArray[Any]] = []
    seeds: list[int] = []
    rows = []
    for design in designs:
        own = np.empty(len(design), dtype=np.int64)
        for row, (coalition, seed) in enumerate(zip(design.coalitions.astype(kind), design.seeds, strict=True)):
            key = (int(seed), coalition.tobytes())
            if key not in seen:
                seen[key] = len(coalitions)
                coalitions.append(coalition)
                seeds.append(int(seed))
            own[row] = seen[key]
        rows.append(own)
    return Runs(np.array(coalitions), np.array(seeds, dtype=np.int64), tuple(rows))


def check_values(problem: Problem, design: Design, values: ArrayLike) -> NDArray[np.float64]:
    """`values` as floats [row, outcome] if they can be analysed.

    Raises ValueError with the reason otherwise.
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
