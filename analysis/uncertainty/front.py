"""What each step along the cost-outcome frontier (Pareto front) buys, and how surely a package is on it.

All packages of a front are run with the same seeds, so their differences are paired. Which of them are neighbours on
the front is itself estimated from these seeds, and the best of many are lucky. So one critical value (see ranks.py) is
used for all pairs of packages tried, and of each with no measures. With probability `level` no printed step is wrong,
whichever packages form the front.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.uncertainty.paired import verdict
from analysis.uncertainty.ranks import RESAMPLES, critical, differences, resampled_means, rounding, stream

STEP_COLUMNS = ("step", "step_low", "step_high", "verdict", "front_share")


def efficient(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points of `values` [.., point, outcome], more is better, are Pareto-efficient, [.., point].

    A point is beaten by one that is at least as good in every outcome and better in one.
    """
    one, other = values[..., :, None, :], values[..., None, :, :]
    beaten = np.all(other >= one, axis=-1) & np.any(other > one, axis=-1)
    unbeaten: NDArray[np.bool_] = np.logical_not(np.any(beaten, axis=-1))
    return unbeaten


def steps(
    costs: Sequence[float],
    front: Sequence[bool],
    samples: ArrayLike,
    nothing: ArrayLike,
    better: str,
    key: str = "",
    level: float = LEVEL,
    resamples: int = RESAMPLES,
) -> list[dict[str, Any]]:
    """One row (STEP_COLUMNS) a package, from its cost, whether its mean is on the front, and `samples` [seed, package].

    `step` is the mean difference from the next cheaper package on the front; for the cheapest, from `nothing` [seed].
    It comes with the ends of its interval and its verdict; nan and "" for packages not on the front. `front_share` is
    the share of resamples of the means in which a package is on it. Seeds in which a figure is missing are left out;
    with fewer than two nothing can be said (nan), with fewer than ranks.MINIMUM no interval.
    """
    data = np.column_stack([np.asarray(nothing, dtype=float), np.asarray(samples, dtype=float)])
    data = data[np.isfinite(data).all(axis=1)]
    untold = {"step": np.nan, "step_low": np.nan, "step_high": np.nan, "verdict": "", "front_share": np.nan}
    if len(data) < 2:
        return [dict(untold) for _ in costs]
    prices, kept = np.asarray(costs, dtype=float), np.asarray(front, dtype=bool)
    scale, sign = rounding(data), -1.0 if better == "lower" else 1.0
    means = resampled_means(data, stream(f"front/{key}"), resamples)[:, 1:]
    told = np.round(sign * means / scale)  # what is equal but for rounding is equal
    shares = efficient(np.stack([np.broadcast_to(-prices, told.shape), told], axis=-1)).mean(axis=0)
    difference, spread = differences(data)
    most = critical(data, spread, level, key, resamples)
    rows = []
    for k, share in enumerate(shares.tolist()):
        row = {**untold, "front_share": share}
        if kept[k]:
            cheaper = np.flatnonzero(kept & (prices < prices[k]))
            base = 1 + cheaper[np.argmax(prices[cheaper])] if cheaper.size else 0
            step, error = float(difference[1 + k, base]), float(spread[1 + k, base])
            half = most * error if error > scale or np.isinf(most) else 0.0
            low, high = (step - half, step + half) if half < np.inf else (np.nan, np.nan)
            row |= {"step": step, "step_low": low, "step_high": high, "verdict": verdict(low, high, better)}
        rows.append(row)
    return rows
