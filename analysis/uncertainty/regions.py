"""Which points of a grid are best: the region in which no point is clearly worse than another, and how often each wins.

Every point has the same draws or seeds, so that differences between points are paired. `in_region` and the loss against
the best point speak of means: they hold simultaneously for all pairs of points (ranks.py), and the region shrinks the
longer one runs. `p_best` speaks of draws: in which share of them the point is the best. That is what is not known, and
no number of draws makes it go away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.uncertainty.ignorance import RANGE, without_chance
from analysis.uncertainty.paired import t_interval
from analysis.uncertainty.ranks import RESAMPLES, critical, differences, rounding, sets_of

LEVEL_COLUMNS = ("mean", "ci_low", "ci_high", "median", "q05", "q95", "chance", "units")


@dataclass(frozen=True, slots=True)
class Region:
    """Of every point: its loss of the mean against the best one, with simultaneous ends, p_best, and whether it is in.

    loss is 0 for the best point and above it for all others, in the outcome's unit; nan ends: too few draws or seeds.
    in_region is nan where the draws or seeds are too few to tell points apart.
    """

    best: int
    loss: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p_best: NDArray[np.float64]
    in_region: NDArray[np.float64]


def best_region(samples: ArrayLike, better: str, key: str = "", resamples: int = RESAMPLES) -> Region | None:
    """The region from `samples` [draw or seed, point]; None where a figure is missing or there are fewer than two.

    Points that are best together share a draw between them in p_best.
    """
    data = np.asarray(samples, dtype=float)
    if data.ndim != 2 or min(data.shape) < 2 or not np.isfinite(data).all():
        return None
    data = -data if better == "lower" else data
    mean, spread = differences(data)
    most = critical(data, spread, LEVEL, key, resamples)
    sets = sets_of(data.mean(axis=0), mean, spread, rounding(data), most)
    best = int(np.argmax(data.mean(axis=0)))
    with np.errstate(invalid="ignore"):
        half = np.where(spread[best] <= rounding(data), 0.0, most * spread[best])
    half = np.where(np.isfinite(half) & np.isfinite(most), half, np.nan)
    half[best] = 0.0
    first = data >= data.max(axis=1, keepdims=True) - rounding(data)
    inside = np.where(np.isfinite(most), sets.low == 1, np.nan)
    loss = mean[best]
    return Region(best, loss, loss - half, loss + half, (first / first.sum(axis=1, keepdims=True)).mean(axis=0), inside)


def over_draws(samples: ArrayLike, drawn: bool) -> dict[str, float]:
    """LEVEL_COLUMNS of one point from `samples` [draw, seed] (`drawn`), or [1, seed].

    mean, ci_low, ci_high: the mean with its interval, over draws or seeds. median, q05, q95: over draws, with chance
    taken out where a draw has two seeds or more (`chance` is its share in the variance, nan where it cannot be told);
    nan without draws. units: how many draws, or seeds, are in the mean.
    """
    data = np.asarray(samples, dtype=float)
    per_unit = np.array([own[np.isfinite(own)].mean() if np.isfinite(own).any() else np.nan for own in data])
    found = t_interval(per_unit if drawn else data[0])
    row = dict.fromkeys(LEVEL_COLUMNS, float("nan"))
    row |= {"mean": found.mean, "ci_low": found.low, "ci_high": found.high, "units": found.count}
    whole = data[np.isfinite(data).all(axis=1)]
    if not drawn or len(whole) < 2:
        return row
    values = whole.mean(axis=1)
    if whole.shape[1] > 1:
        squares = whole.var(axis=1, ddof=1)[:, None] / whole.shape[1]
        pulled, chance = without_chance(values[:, None], squares)
        values, row["chance"] = pulled[:, 0], float(chance[0])
    low, middle, high = np.percentile(values, RANGE).tolist()
    return {**row, "median": middle, "q05": low, "q95": high}
