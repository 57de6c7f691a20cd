"""Differences between settings that met the same shocks.

Two settings run with common seeds (common random numbers) share every shock that both meet. So the difference is taken
replicate by replicate, and its variance is that of the difference, not of two separate towns. The variance ratio
measures this gain: separate seeds would need that many times the replicates. It is printed beside the result, because
the gain can be small.

Source   Law (2015), Simulation Modeling and Analysis, 5th ed., §10.2 (paired t) and §11.2 (common
         random numbers)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL

PERIODS = {"baseline": "__baseline", "year1": "__year1", "evaluation": ""}
"""Period -> ending of the name in an evaluation dict."""

VERDICTS = ("improves", "worsens", "unclear", "changes", "unknown")

EFFECT_COLUMNS = (
    "outcome",
    "period",
    "base",
    "other",
    "base_mean",
    "other_mean",
    "difference",
    "ci_low",
    "ci_high",
    "level",
    "replicates",
    "variance_ratio",
)
LEVEL_COLUMNS = (
    "setting",
    "outcome",
    "period",
    "mean",
    "ci_low",
    "ci_high",
    "level",
    "replicates",
)

Evaluations = Mapping[str, Sequence[Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its t interval, in the unit of the values.

    `low` and `high` are nan for fewer than two values.
    """

    mean: float
    low: float
    high: float
    count: int


def t_quantile(level: float, count: int) -> float:
    """Two-sided t quantile at `level` for `count` independent values (count >= 2)."""
    from scipy.special import stdtrit

    return float(stdtrit(count - 1, 0.5 + level / 2.0))


def t_interval(values: ArrayLike, level: float = LEVEL) -> Interval:
    """Mean of `values` [replicate] with its two-sided t interval at `level`.

    Values missing by design (nan) are left out.
    """
    kept = np.asarray(values, dtype=float)
    kept = kept[np.isfinite(kept)]
    if kept.size == 0:
        return Interval(np.nan, np.nan, np.nan, 0)
    mean = float(kept.mean())
    if kept.size == 1:
        return Interval(mean, np.nan, np.nan, 1)
    half = t_quantile(level, kept.size) * float(kept.std(ddof=1)) / np.sqrt(kept.size)
    return Interval(mean, mean - half, mean + half, int(kept.size))


def ratio_interval(over: ArrayLike, under: ArrayLike, level: float = LEVEL) -> Interval:
    """Ratio of two means [replicate], paired by replicate, with its interval at `level`.

    The ends are nan where `under` cannot be told apart from 0: the ratio could then be anything.

    Source   Fieller (1954), Journal of the Royal Statistical Society B 16, 175-185
    """
    y, x = np.asarray(over, dtype=float), np.asarray(under, dtype=float)
    count, top, bottom = len(y), float(y.mean()), float(x.mean())
    ratio = top / bottom if bottom != 0.0 else np.nan
    if count < 2:
        return Interval(ratio, np.nan, np.nan, count)
    (yy, xy), (_, xx) = np.cov(y, x) * (t_quantile(level, count) ** 2 / count)
    least = bottom**2 - xx
    if least <= 0.0:
        return Interval(ratio, np.nan, np.nan, count)
    middle = (top * bottom - xy) / least
    half = np.sqrt(max((top * bottom - xy) ** 2 - least * (top**2 - yy), 0.0)) / least
    return Interval(ratio, float(middle - half), float(middle + half), count)


def sharpen(values: ArrayLike, known: ArrayLike, level: float = LEVEL) -> Interval:
    """Mean of `values` [replicate] with its interval, improved by regression on a figure known over more replicates.

    The first of `known` [more replicates] have the seeds of `values`. The mean of `values` is corrected by the
    difference between the mean of all of `known` and that of the shared ones, times the regression slope over the
    pairs. The closer the correlation, the narrower the interval. Without further replicates it is that of `t_interval`.

    Source   Cochran (1977), Sampling Techniques, ch. 12, double sampling with regression
    """
    y, every = np.asarray(values, dtype=float), np.asarray(known, dtype=float)
    count, x = len(y), every[: len(y)]
    spread = float(np.square(x - x.mean()).sum())
    if len(every) == count or count < 3 or spread == 0.0:
        return t_interval(y, level)
    slope = float((x - x.mean()) @ y) / spread
    apart = float(every.mean() - x.mean())
    left = float(np.square(y - y.mean() - slope * (x - x.mean())).sum()) / (count - 2)
    shared = max(float(y.var(ddof=1)) - left, 0.0)
    half = t_quantile(level, count - 1) * np.sqrt(left * (1.0 / count + apart**2 / spread) + shared / len(every))
    mean = float(y.mean() + slope * apart)
    return Interval(mean, mean - half, mean + half, count)


def verdict(low: float, high: float, better: str) -> str:
    """What an interval of a change says: one of VERDICTS.

    It lies on the better side (improves) or the worse one (worsens), or it holds zero (unclear). Where no side is
    better, an interval without zero gives `changes`. Without an interval (nan) the verdict is `unknown`.
    """
    if not (low == low and high == high):
        return "unknown"
    if low <= 0.0 <= high:
        return "unclear"
    if better not in ("higher", "lower"):
        return "changes"
    return "improves" if (low > 0.0) == (better == "higher") else "worsens"


def variance_ratio(base: ArrayLike, other: ArrayLike) -> float:
    """How many times the variance of the difference would be if each setting had its own seeds.

    `base` and `other` [replicate] are paired by common seeds. 1 means that common seeds gained nothing; below 1 they
    made the difference noisier. It is inf if the difference is the same in every replicate, and nan for fewer than two
    pairs.
    """
    first, second = _pairs(base, other)
    if first.size < 2:
        return float("nan")
    own = float(first.var(ddof=1) + second.var(ddof=1))
    paired = float((second - first).var(ddof=1))
    if paired == 0.0:
        return float("inf") if own > 0.0 else float("nan")
    return own / paired


def paired_effects(
    evaluations: Evaluations,
    *,
    base: str,
    other: str,
    names: Sequence[str],
    level: float = LEVEL,
) -> list[dict[str, Any]]:
    """Difference `other` minus `base` for each name, in year 1 and the evaluation year.

    `evaluations` maps a setting to its evaluation dicts, one a replicate and in the same order of
    seeds for both settings. Returns one row (EFFECT_COLUMNS) a name and period, with a paired t
    interval, in the unit of the name. A replicate whose value is missing by design in either
    setting is left out and `replicates` says how many remain. Raises ValueError if the settings
    differ in the number of replicates or a name is unknown.
    """
    first, second = _replicates(evaluations, base), _replicates(evaluations, other)
    if len(first) != len(second):
        raise ValueError(
            f"paired differences need the same seeds in both settings: {base} has {len(first)} "
            f"replicates and {other} has {len(second)}."
        )
    rows = []
    for name in names:
        for period in ("year1", "evaluation"):
            key = name + PERIODS[period]
            before, after = _pairs(_column(first, key, base), _column(second, key, other))
            difference = t_interval(after - before, level)
            rows.append(
                {
                    "outcome": name,
                    "period": period,
                    "base": base,
                    "other": other,
                    "base_mean": _mean(before),
                    "other_mean": _mean(after),
                    "difference": difference.mean,
                    "ci_low": difference.low,
                    "ci_high": difference.high,
                    "level": level,
                    "replicates": difference.count,
                    "variance_ratio": variance_ratio(before, after),
                }
            )
    return rows


def levels(evaluations: Evaluations, names: Sequence[str], level: float = LEVEL) -> list[dict[str, Any]]:
    """Mean of each name in each setting and period with its t interval over replicates.

    Rows have LEVEL_COLUMNS.
    """
    rows = []
    for setting in evaluations:
        replicates = _replicates(evaluations, setting)
        for name in names:
            for period, ending in PERIODS.items():
                interval = t_interval(_column(replicates, name + ending, setting), level)
                rows.append(
                    {
                        "setting": setting,
                        "outcome": name,
                        "period": period,
                        "mean": interval.mean,
                        "ci_low": interval.low,
                        "ci_high": interval.high,
                        "level": level,
                        "replicates": interval.count,
                    }
                )
    return rows


def _replicates(evaluations: Evaluations, setting: str) -> Sequence[Mapping[str, float]]:
    if setting not in evaluations:
        raise ValueError(f"setting {setting!r} is not among those evaluated: {list(evaluations)}.")
    if len(evaluations[setting]) == 0:
        raise ValueError(f"setting {setting!r} has no replicate.")
    return evaluations[setting]


def _column(replicates: Sequence[Mapping[str, float]], key: str, setting: str) -> NDArray[np.float64]:
    for replicate in replicates:
        if key not in replicate:
            raise ValueError(f"the evaluation of setting {setting!r} has no figure {key!r}.")
    return np.array([float(replicate[key]) for replicate in replicates])


def _pairs(base: ArrayLike, other: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    first, second = np.asarray(base, dtype=float), np.asarray(other, dtype=float)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(
            f"paired values need one value a replicate on both sides: {first.shape} and {second.shape} given."
        )
    both = np.isfinite(first) & np.isfinite(second)
    return first[both], second[both]


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else float("nan")
