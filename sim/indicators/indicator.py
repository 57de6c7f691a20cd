"""What an indicator is, and how it is worked out from tallies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure read off a run.

    kind: "ratio" (scale x summed `over` fields / summed `under` fields), "flow" (sum over the period),
    "stock" (mean over the period's weeks) or "quantile" (of the period's waits, working days; `scale` is
    the quantile). `over` may take fields away: a name with a leading minus.
    """

    id: str
    unit: str
    label_en: str
    label_zh: str
    sentence: str
    better: str  # "higher", "lower" or "neither"
    kind: str = "ratio"
    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    scale: float = 1.0


def summed(tallies: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Sum of the named fields of tallies (any shape), taking away those with a leading minus."""
    total = np.zeros(tallies.shape)
    for name in names:
        sign = -1.0 if name.startswith("-") else 1.0
        total = total + sign * tallies[name.lstrip("-")]
    return total


def quantile(waits: np.ndarray, q: float, edges: np.ndarray) -> float:
    """Quantile of a histogram of waits, within bins in proportion; nan where nothing was counted."""
    total = waits.sum()
    if total <= 0:
        return float("nan")
    reached = np.cumsum(waits)
    b = int(np.searchsorted(reached, q * total))
    before = reached[b] - waits[b]
    part = (q * total - before) / waits[b]
    return float(edges[b] + part * (edges[b + 1] - edges[b]))


def weekly(indicator: Indicator, tallies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """An indicator week by week: array of the shape of `tallies`."""
    if indicator.kind == "quantile":
        waits = tallies["waits"].reshape(-1, len(edges) - 1)
        return np.array([quantile(row, indicator.scale, edges) for row in waits]).reshape(tallies.shape)
    over = summed(tallies, indicator.over)
    if indicator.kind in ("flow", "stock"):
        return over * indicator.scale
    under = summed(tallies, indicator.under)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(under > 0, indicator.scale * over / under, np.nan)


def pooled(indicator: Indicator, total: np.ndarray, weeks: int, edges: np.ndarray) -> float:
    """An indicator over a period; total: the tallies summed over its weeks."""
    if indicator.kind == "quantile":
        return quantile(total["waits"], indicator.scale, edges)
    over = float(summed(total, indicator.over))
    if indicator.kind == "flow":
        return indicator.scale * over
    if indicator.kind == "stock":
        return indicator.scale * over / weeks
    under = float(summed(total, indicator.under))
    return indicator.scale * over / under if under > 0 else float("nan")
