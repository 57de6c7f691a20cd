"""A middle line over replicates and the band round it.

Two bands answer two questions and must not be mixed up. `interval_of_mean` shows how well the mean over towns and
shocks is known, and shrinks with more replicates. `quantiles` shows how far single towns lie apart, and does not
shrink.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.uncertainty.paired import t_quantile

BAND_KINDS = ("interval_of_mean", "quantiles")


@dataclass(frozen=True, slots=True)
class Band:
    """Middle (mean, or median for quantiles), low and high along the second axis.

    Nan where there is nothing to show.
    """

    middle: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    kind: str
    level: float
    count: int


def band(values: ArrayLike, kind: str = "interval_of_mean", level: float = LEVEL) -> Band:
    """Band over the first axis of `values` [replicate, ...], any unit.

    `interval_of_mean`: mean and its pointwise t interval. `quantiles`: median and the central
    `level` share of replicates. Values missing by design (nan) are left out; with fewer than two
    values low and high are nan. Raises ValueError for an unknown kind or an empty first axis.
    """
    if kind not in BAND_KINDS:
        raise ValueError(f"band kind {kind!r} is unknown; allowed are {', '.join(BAND_KINDS)}.")
    data = np.asarray(values, dtype=float)
    if data.ndim == 0 or data.shape[0] == 0:
        raise ValueError("a band needs at least one replicate on the first axis.")
    present = np.isfinite(data)
    count = present.sum(axis=0)
    few = count < 2
    if kind == "quantiles":
        tail = (1.0 - level) / 2.0
        filled = np.where(count == 0, 0.0, data)  # where nothing is present, any number will do
        low, middle, high = np.nanquantile(filled, [tail, 0.5, 1.0 - tail], axis=0)
        middle = np.where(count == 0, np.nan, middle)
    else:
        middle = mean_of_present(data)
        squares = np.where(present, np.square(data - middle), 0.0).sum(axis=0)
        error = np.sqrt(squares / np.maximum(count - 1, 1) / np.maximum(count, 1))
        sizes = range(data.shape[0] + 1)
        quantile = np.array([t_quantile(level, size) if size > 1 else np.nan for size in sizes])
        low, high = middle - quantile[count] * error, middle + quantile[count] * error
    low, high = np.where(few, np.nan, low), np.where(few, np.nan, high)
    return Band(np.asarray(middle), low, high, kind, level, data.shape[0])


def mean_of_present(values: ArrayLike, axis: int | tuple[int, ...] = 0) -> NDArray[np.float64]:
    """Mean along `axis` of the values that are not nan.

    Nan where there are none, without a warning.
    """
    data = np.asarray(values, dtype=float)
    present = np.isfinite(data)
    count = present.sum(axis=axis)
    total = np.where(present, data, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
