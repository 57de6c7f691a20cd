"""How precise a ranking is by now, and how many more seeds it takes.

For a loop, elsewhere, that adds seeds until a wanted precision is reached. Three criteria can be set, alone or
together:

half_width   no contribution is known worse than to plus or minus this, in the outcome's unit
rank_width   the rank sets hold this many places on average (1: every place is certain)
top          the first k are certain: none of them could be outside the first k

The number of seeds needed is estimated from the seeds so far, so it is itself uncertain: add at most as many as there
are, and ask again. Stopping as soon as an *order* looks certain finds orders that are luck (optional stopping). So the
error is divided among `n_looks`, the most looks that will be taken. `half_width` alone does not depend on the order and
needs no such care.

Source   Chow & Robbins (1965), Annals of Mathematical Statistics 36(2), for stopping at a width
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis import LEVEL
from analysis.uncertainty.paired import t_quantile
from analysis.uncertainty.ranks import RankSets, differences, rank_sets, rounding, sets_of

STEP = 0.1  # fewer than this share of the seeds there are is not worth asking again
MOST = 1_000_000  # seeds; beyond this a wish counts as out of reach
TIE_COLUMNS = ("upper", "lower", "difference", "ci_low", "ci_high", "seeds_more")


@dataclass(frozen=True, slots=True)
class Precision:
    """What has been reached, and `seeds_more` to what is wanted (0: reached; inf: out of reach).

    `half_width` is the greatest of all players, `rank_width` the mean number of places in a rank set,
    `top` the greatest k such that the first k are certain.
    """

    seeds: int
    half_width: float
    rank_width: float
    top: int
    reached: bool
    seeds_more: float


def precision(
    samples: ArrayLike,
    level: float = LEVEL,
    *,
    half_width: float | None = None,
    rank_width: float | None = None,
    top: int | None = None,
    n_looks: int = 1,
    key: str = "",
) -> Precision:
    """Precision of `samples` [seed, player] (higher is better) against what is wanted.

    Raises ValueError if nothing is wanted, or what no number of seeds can give.
    """
    data = np.asarray(samples, dtype=float)
    if half_width is None and rank_width is None and top is None:
        raise ValueError("say which precision is wanted: half_width, rank_width or top.")
    if (half_width is not None and half_width <= 0.0) or (rank_width is not None and rank_width < 1.0):
        raise ValueError("half_width must be above 0 and rank_width at least 1.")
    if top is not None and not 1 <= top < data.shape[1]:
        raise ValueError(f"top must be from 1 to {data.shape[1] - 1}, one less than there are measures; {top} given.")
    if n_looks < 1:
        raise ValueError(f"n_looks must be at least 1, {n_looks} given.")
    ranks = rank_sets(data, 1.0 - (1.0 - level) / n_looks, key)
    mean, spread = differences(data)
    count, scale = len(data), rounding(data)
    error = data.std(axis=0, ddof=1).max() / np.sqrt(count)

    def at(seeds: int) -> tuple[float, RankSets]:
        """Half width and rank sets with as many seeds, if means and spreads stay what they are."""
        shrunk = np.sqrt(count / seeds)
        found = sets_of(data.mean(axis=0), mean, np.where(spread <= scale, 0.0, spread * shrunk), scale, ranks.critical)
        return t_quantile(level, seeds) * error * shrunk, found

    def good(seeds: int) -> bool:
        half, found = at(seeds)
        return (
            (half_width is None or half <= half_width)
            and (rank_width is None or _width(found) <= rank_width)
            and (top is None or bool((found.high[found.rank <= top] <= top).all()))
        )

    more = 0.0 if good(count) else max(float(_fewest(good, count) - count), np.ceil(count * STEP))
    return Precision(count, at(count)[0], _width(ranks), _certain_top(ranks), more == 0.0, more)


def ties(
    samples: ArrayLike, players: Sequence[str], level: float = LEVEL, *, power: float = 0.8, key: str = ""
) -> list[dict[str, Any]]:
    """Neighbours in the ranking that cannot be told apart, with the seeds still needed to split them.

    Rows (TIE_COLUMNS) from `samples` [seed, player], best first; the interval of the difference is
    good for all pairs together. `seeds_more` splits the pair with probability `power` if the
    difference is what it seems; inf where the two are equal in every seed.
    """
    from scipy.special import ndtri

    data = np.asarray(samples, dtype=float)
    ranks = rank_sets(data, level, key)
    mean, spread = differences(data)
    order = np.argsort(ranks.rank)
    rows = []
    for one, other in pairwise(order):
        error = float(spread[one, other])
        critical = ranks.critical if error > rounding(data) or np.isinf(ranks.critical) else 0.0
        difference, half = float(mean[one, other]), critical * max(error, rounding(data))
        if difference > max(half, rounding(data)):
            continue
        if difference <= rounding(data) or np.isinf(half):
            more = np.inf
        else:
            more = np.ceil(len(data) * ((critical + float(ndtri(power))) * error / difference) ** 2) - len(data)
        rows.append(
            dict(
                zip(
                    TIE_COLUMNS,
                    (
                        players[one],
                        players[other],
                        difference,
                        difference - half,
                        difference + half,
                        float(max(more, 1.0)),
                    ),
                    strict=True,
                )
            )
        )
    return rows


def _width(ranks: RankSets) -> float:
    return float((ranks.high - ranks.low + 1).mean())


def _certain_top(ranks: RankSets) -> int:
    count = len(ranks.rank)
    return max((k for k in range(1, count) if (ranks.high[ranks.rank <= k] <= k).all()), default=0)


def _fewest(good: Any, low: int) -> float:
    """Smallest number of seeds above `low` that meets a monotone criterion; inf beyond MOST."""
    high = low
    while not good(high):
        low, high = high, 2 * high
        if high > MOST:
            return float("inf")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return float(high)
