"""How stable a ranking is when something else is drawn: seed, behaviour, potency, intensity.

The contributions were computed in the cells of an orthogonal array (variance.py). For each source there is one ranking
a level, from the mean over the level's cells, which hold each level of every other source once. So the rankings of two
levels differ by the source's own effect. They also differ by interactions of the sources, which a mean over so few
cells does not average out. Columns of the array that no source uses show how much that is.

A single order ("A above B") is counted over the cells, and over the levels of each source by their means.

Source   Kendall (1938), Biometrika 30, 81-93; Clopper & Pearson (1934), Biometrika 26, 404-413; Korn & Graubard
         (1998), Survey Methodology 24(2), 193-201, for cells that are not independent
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import nan
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.uncertainty.variance import cells, level_means, mean_squares

STABILITY_COLUMNS = ("factor", "levels", "tau", "tau_least", "first", "first_share")
ORDER_COLUMNS = ("factor", "cases", "holds", "share", "ci_low", "ci_high")
CELLS = "cells"


def kendall(scores: ArrayLike) -> NDArray[np.float64]:
    """Kendall's tau [ranking, ranking] between the rows of `scores` [ranking, player].

    A pair that is tied in either ranking counts as neither agreed nor reversed.
    """
    data = np.asarray(scores, dtype=float)
    first, second = np.triu_indices(data.shape[1], 1)
    order = np.sign(data[:, first] - data[:, second])
    tau: NDArray[np.float64] = order @ order.T / len(first)
    return tau


def exact_interval(held: float, count: float, level: float = LEVEL) -> tuple[float, float]:
    """Exact binomial interval of a share of `held` in `count`, which need not be whole."""
    from scipy.special import betaincinv

    tail = (1.0 - level) / 2.0
    low = 0.0 if held <= 0 else float(betaincinv(held, count - held + 1, tail))
    high = 1.0 if held >= count else float(betaincinv(held + 1, count - held, 1.0 - tail))
    return low, high


def stability(
    rows: Iterable[Mapping[str, Any]],
    factors: Mapping[str, Sequence[str]],
    *,
    better: str = "higher",
    player: str = "measure",
    value: str = "contribution",
) -> list[dict[str, Any]]:
    """One row (STABILITY_COLUMNS) a factor: how far the rankings of its levels agree.

    `factors` names the columns of the array that belong to each: its own one, or several that no source uses, whose
    levels are compared column by column. `tau` is the mean of Kendall's tau over all pairs of levels (1: the same
    order; 0: as good as unrelated; -1: reversed). `tau_least` is that of the two levels furthest apart. `first` is the
    player most often first, and `first_share` its share of the levels. Raises ValueError for what variance.cells
    refuses, and for one player only.
    """
    columns = [column for own in factors.values() for column in own]
    data, at, players = _scores(rows, columns, better, player, value)
    pairs = np.triu_indices(int(at.max()) + 1, 1)
    result = []
    for factor, own in factors.items():
        scores = [level_means(data, at, columns.index(column)) for column in own]
        apart = np.concatenate([kendall(by_level)[pairs] for by_level in scores])
        firsts = np.bincount(np.concatenate(scores).argmax(axis=1), minlength=len(players))
        row = (
            factor,
            int(at.max()) + 1,
            float(apart.mean()),
            float(apart.min()),
            players[int(firsts.argmax())],
            float(firsts.max() / firsts.sum()),
        )
        result.append(dict(zip(STABILITY_COLUMNS, row, strict=True)))
    return result


def order(
    rows: Iterable[Mapping[str, Any]],
    factors: Sequence[str],
    upper: str,
    lower: str,
    *,
    chosen: Collection[str] = (),
    better: str = "higher",
    player: str = "measure",
    value: str = "contribution",
    level: float = LEVEL,
) -> list[dict[str, Any]]:
    """One row (ORDER_COLUMNS) for all cells and one a factor: in how many `upper` stands above `lower`.

    Of a factor the levels are counted, each by the mean difference over its cells. They are draws, so their interval is
    the exact binomial one. Levels that were `chosen` are no draws and have none (nan). Cells depend on each other
    through the levels they share. So their interval is the exact one for the effective number of independent cells,
    which is never below the number of levels (and equals it where all cells agree). Raises ValueError for an unknown
    player and for what variance.cells refuses.
    """
    data, at, players = _scores(rows, factors, better, player, value)
    for name in (upper, lower):
        if name not in players:
            raise ValueError(f"{name!r} is not among those ranked: {', '.join(map(str, players))}.")
    difference = data[:, [players.index(upper)]] - data[:, [players.index(lower)]]
    holds = (difference[:, 0] > 0.0).astype(float)
    share = float(holds.mean())
    worth = _independent(holds, at, [factor not in chosen for factor in factors], level)
    found: list[tuple[Any, ...]] = [
        (CELLS, len(holds), int(holds.sum()), share, *exact_interval(share * worth, worth, level))
    ]
    for column, factor in enumerate(factors):
        by_level = level_means(difference, at, column)[:, 0]
        held, count = int((by_level > 0.0).sum()), len(by_level)
        ends = (nan, nan) if factor in chosen else exact_interval(held, count, level)
        found.append((factor, count, held, held / count, *ends))
    return [dict(zip(ORDER_COLUMNS, row, strict=True)) for row in found]


def _independent(holds: NDArray[np.float64], at: NDArray[np.intp], drawn: Sequence[bool], level: float) -> float:
    """Effective number of independent cells: how many would leave the share as uncertain as these do."""
    from scipy.special import stdtrit

    count, share = int(at.max()) + 1, float(holds.mean())
    if share in (0.0, 1.0):
        return float(count)
    squares, freedom = mean_squares(holds, at)
    moves = np.array(drawn) & (squares[:-1] > squares[-1])
    parts = np.append(np.where(moves, squares[:-1], 0.0), (1.0 - moves.sum()) * squares[-1])
    whole = float(parts.sum())  # variance of the share, times the number of cells
    tail = 1.0 - (1.0 - level) / 2.0
    wider = stdtrit(len(holds) - 1, tail) / stdtrit(whole**2 / (parts**2 / freedom).sum(), tail)
    return float(np.clip(share * (1.0 - share) * len(holds) / whole * wider**2, count, len(holds)))


def _scores(
    rows: Iterable[Mapping[str, Any]], factors: Sequence[str], better: str, player: str, value: str
) -> tuple[NDArray[np.float64], NDArray[np.intp], list[Any]]:
    """Contributions [cell, player], higher is better, with cells and players as variance.cells gives them."""
    if better not in ("higher", "lower"):
        raise ValueError(f"better is {better!r}, 'higher' or 'lower' is allowed.")
    data, at, players = cells(rows, factors, value, player)
    if len(players) < 2:
        raise ValueError(f"one {player} only: there is no order to be stable.")
    return (data if better == "higher" else -data), at, players
