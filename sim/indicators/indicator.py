"""What an indicator is, and how it is worked out from tallies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from sim.state import TALLY_TYPE
from sim.vocabulary import CHANNELS, KINDS


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure read off a run.

    kind is one of five. "ratio": scale x summed `over` fields / summed `under` fields. "gap": that ratio less the ratio
    of `less_over` to `less_under`. "flow": sum over the period. "stock": mean over the period's weeks. "quantile": of
    the waits in the histogram `over` (working days), `scale` being the quantile. A field whose name has a leading minus
    is subtracted; a field by kind of case is written field:kind, one by channel of money field:channel.
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


@lru_cache(maxsize=64)
def terms_of(sums: tuple[tuple[str, ...], ...]) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]:
    """What the first, second ... terms of some sums add: their rows, columns of tallies seen as numbers, and signs."""
    fields: Any = TALLY_TYPE.fields
    found = []
    for k in range(max(map(len, sums), default=0)):
        rows, columns, signs = [], [], []
        for row, names in enumerate(sums):
            if len(names) > k:
                field, _, part = names[k].lstrip("-").partition(":")
                place = (KINDS if part in KINDS else CHANNELS).index(part) if part else 0
                rows.append(row)
                columns.append(fields[field][1] // 8 + place)
                signs.append(-1.0 if names[k].startswith("-") else 1.0)
        found.append((np.array(rows), np.array(columns), np.array(signs)))
    return tuple(found)


def summed(tallies: np.ndarray, sums: tuple[tuple[str, ...], ...]) -> np.ndarray:
    """Sums of named fields of tallies (any shape), taking away those with a leading minus: array (*tallies, sums)."""
    rows = np.ascontiguousarray(tallies).view(np.float64).reshape(np.size(tallies), -1)
    total = np.zeros((len(rows), len(sums)))
    for places, columns, signs in terms_of(sums):
        total[:, places] += signs * rows[:, columns]
    return total.reshape(*np.shape(tallies), len(sums))


def divided(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    """over / under, nan where the denominator is not positive."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(under > 0, over / under, np.nan)


def quantile(waits: np.ndarray, q: float, edges: np.ndarray) -> np.ndarray:
    """Quantile of histograms of waits (..., bins), within bins in proportion; nan where nothing was counted."""
    reached = np.cumsum(waits, axis=-1)
    wanted = q * reached[..., -1:]
    b = np.count_nonzero(reached < wanted, axis=-1, keepdims=True)
    inside = np.take_along_axis(waits, b, -1)
    before = np.take_along_axis(reached, b, -1) - inside
    part = divided(wanted - before, inside)
    return (edges[b] + part * (edges[b + 1] - edges[b]))[..., 0]


def weekly(indicators: Sequence[Indicator], tallies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Indicators week by week, worked out together: array (indicators, *shape of tallies)."""

    def sums(of: Sequence[Indicator], side: str) -> np.ndarray:
        return summed(tallies, tuple(getattr(indicator, side) for indicator in of))

    found = np.array([i.scale for i in indicators]) * sums(indicators, "over")
    for row, indicator in enumerate(indicators):
        if indicator.kind == "quantile":
            found[..., row] = quantile(tallies[indicator.over[0]], indicator.scale, edges)
    rows = [row for row, i in enumerate(indicators) if i.kind in ("ratio", "gap")]
    found[..., rows] = divided(found[..., rows], sums([indicators[row] for row in rows], "under"))
    rows = [row for row, i in enumerate(indicators) if i.kind == "gap"]
    less = [indicators[row] for row in rows]
    found[..., rows] -= divided(sums(less, "less_over"), sums(less, "less_under"))
    return np.ascontiguousarray(np.moveaxis(found, -1, 0))


def pooled(indicators: Sequence[Indicator], totals: np.ndarray, weeks: int, edges: np.ndarray) -> np.ndarray:
    """Indicators over periods of so many weeks: array (indicators, *totals). totals: the tallies summed over them."""
    found = weekly(indicators, totals, edges)
    found[[indicator.kind == "stock" for indicator in indicators]] /= weeks
    return found
