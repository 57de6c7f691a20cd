"""What an indicator is, and how it is worked out from tallies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.vocabulary import CHANNELS, KINDS


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure read off a run.

    kind: "ratio" (scale x summed `over` fields / summed `under` fields), "gap" (that ratio less the ratio of
    `less_over` to `less_under`), "flow" (sum over the period), "stock" (mean over the period's weeks) or
    "quantile" (of the waits in the histogram `over`, working days; `scale` is the quantile). A name with a
    leading minus is taken away; a field by kind of case is written field:kind, one by channel of money field:channel.
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
    less_over: tuple[str, ...] = ()
    less_under: tuple[str, ...] = ()

    @property
    def can_be_missing(self) -> bool:
        """Whether it is missing by design where nothing was counted that it could be a share of."""
        return self.kind in ("ratio", "gap", "quantile")

    @property
    def formula(self) -> str:
        """How it is worked out from tallies, in plain signs."""

        def terms(names: tuple[str, ...]) -> str:
            text = " + ".join(names).replace("+ -", "− ")
            return f"({text})" if len(names) > 1 else text

        if self.kind == "quantile":
            return f"quantile {self.scale:g} of {terms(self.over)}"
        if self.kind in ("flow", "stock"):
            return f"{'sum' if self.kind == 'flow' else 'weekly mean'} of {terms(self.over)}"
        scale = "" if self.scale == 1.0 else f"{self.scale:,g} × "
        first = f"{scale}{terms(self.over)} / {terms(self.under)}"
        return first if self.kind == "ratio" else f"{first} − {terms(self.less_over)} / {terms(self.less_under)}"


def summed(tallies: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Sum of the named fields of tallies (any shape), taking away those with a leading minus."""
    total = np.zeros(tallies.shape)
    for name in names:
        sign = -1.0 if name.startswith("-") else 1.0
        field, _, part = name.lstrip("-").partition(":")
        values = tallies[field]
        if part:
            values = values[..., (KINDS if part in KINDS else CHANNELS).index(part)]
        total = total + sign * values
    return total


def divided(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    """over / under, nan where the denominator is not positive."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(under > 0, over / under, np.nan)


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
        waits = tallies[indicator.over[0]].reshape(-1, len(edges) - 1)
        return np.array([quantile(row, indicator.scale, edges) for row in waits]).reshape(tallies.shape)
    over = indicator.scale * summed(tallies, indicator.over)
    if indicator.kind in ("flow", "stock"):
        return over
    found = divided(over, summed(tallies, indicator.under))
    if indicator.kind == "gap":
        found = found - divided(summed(tallies, indicator.less_over), summed(tallies, indicator.less_under))
    return found


def pooled(indicator: Indicator, total: np.ndarray, weeks: int, edges: np.ndarray) -> float:
    """An indicator over a period; total: the tallies summed over its weeks."""
    if indicator.kind == "quantile":
        return quantile(total[indicator.over[0]], indicator.scale, edges)
    found = float(weekly(indicator, total, edges))
    return found / weeks if indicator.kind == "stock" else found
