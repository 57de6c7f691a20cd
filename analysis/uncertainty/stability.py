"""How stable a ranking is when something else is drawn: parameters, potency, town, theory, seed.

The contributions were computed for every combination of some factors. For each factor the ranking is
made once a level, from the mean over all other factors, and the rankings of its levels are compared.
A single statement ("A above B") is counted over the levels in which it holds.

Source   Kendall (1938), Biometrika 30, 81-93; Clopper & Pearson (1934), Biometrika 26, 404-413
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.uncertainty.spread import grid

STABILITY_COLUMNS = ("factor", "levels", "tau", "tau_least", "first", "first_share")
STATEMENT_COLUMNS = ("factor", "upper", "lower", "levels", "holds", "share", "ci_low", "ci_high")


def kendall(scores: ArrayLike) -> NDArray[np.float64]:
    """Kendall's tau [ranking, ranking] between the rows of `scores` [ranking, player].

    A pair that is tied in either ranking counts as neither agreed nor reversed.
    """
    data = np.asarray(scores, dtype=float)
    first, second = np.triu_indices(data.shape[1], 1)
    order = np.sign(data[:, first] - data[:, second])
    tau: NDArray[np.float64] = order @ order.T / len(first)
    return tau


def exact_interval(held: int, count: int, level: float = 0.95) -> tuple[float, float]:
    """Exact binomial interval of a share of `held` in `count`."""
    from scipy.special import betaincinv

    tail = (1.0 - level) / 2.0
    low = 0.0 if held == 0 else float(betaincinv(held, count - held + 1, tail))
    high = 1.0 if held == count else float(betaincinv(held + 1, count - held, 1.0 - tail))
    return low, high


def stability(
    rows: Iterable[Mapping[str, Any]],
    factors: Sequence[str],
    *,
    better: str = "higher",
    player: str = "measure",
    value: str = "contribution",
) -> list[dict[str, Any]]:
    """One row (STABILITY_COLUMNS) a factor: how far the rankings of its levels agree.

    `tau` is the mean of Kendall's tau over all pairs of levels (1: the same order; 0: as good as
    unrelated; -1: reversed), `tau_least` that of the two levels furthest apart; `first` the player
    most often first and `first_share` in which share of the levels. Raises ValueError if a
    combination is missing.
    """
    data, levels = _scores(rows, factors, better, player, value)
    result = []
    for axis, factor in enumerate(factors):
        by_level = _over_others(data, axis)
        count = len(by_level)
        if count < 2:
            raise ValueError(f"{factor} has one level only, so there is no ranking to compare with.")
        apart = kendall(by_level)[np.triu_indices(count, 1)]
        firsts = np.bincount(by_level.argmax(axis=1), minlength=by_level.shape[1])
        row = (
            factor,
            count,
            float(apart.mean()),
            float(apart.min()),
            levels[player][int(firsts.argmax())],
            float(firsts.max() / count),
        )
        result.append(dict(zip(STABILITY_COLUMNS, row, strict=True)))
    return result


def statement(
    rows: Iterable[Mapping[str, Any]],
    factors: Sequence[str],
    upper: str,
    lower: str,
    *,
    better: str = "higher",
    player: str = "measure",
    value: str = "contribution",
    level: float = 0.95,
) -> list[dict[str, Any]]:
    """One row (STATEMENT_COLUMNS) a factor: in how many of its levels `upper` stands above `lower`.

    The exact binomial interval takes the levels as draws; for hand-picked towns or theories it is a
    way to say how few they are, no more. Raises ValueError for an unknown player.
    """
    data, levels = _scores(rows, factors, better, player, value)
    for name in (upper, lower):
        if name not in levels[player]:
            raise ValueError(f"{name!r} is not among those ranked: {', '.join(map(str, levels[player]))}.")
    difference = data[..., levels[player].index(upper)] - data[..., levels[player].index(lower)]
    result = []
    for axis, factor in enumerate(factors):
        by_level = difference.mean(axis=tuple(a for a in range(difference.ndim) if a != axis))
        holds, count = int((by_level > 0.0).sum()), len(by_level)
        row = (factor, upper, lower, count, holds, holds / count, *exact_interval(holds, count, level))
        result.append(dict(zip(STATEMENT_COLUMNS, row, strict=True)))
    return result


def _scores(
    rows: Iterable[Mapping[str, Any]], factors: Sequence[str], better: str, player: str, value: str
) -> tuple[NDArray[np.float64], dict[str, list[Any]]]:
    """Contributions [factor .., player], higher is better."""
    if better not in ("higher", "lower"):
        raise ValueError(f"better is {better!r}, 'higher' or 'lower' is allowed.")
    data, levels = grid(rows, [*factors, player], value)
    if data.shape[-1] < 2:
        raise ValueError(f"one {player} only: there is no order to be stable.")
    return (data if better == "higher" else -data), levels


def _over_others(data: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    means: NDArray[np.float64] = data.mean(axis=tuple(a for a in range(data.ndim - 1) if a != axis))
    return means
