"""Laws (statements that the model must satisfy) as pure numbers: from paired figures of a few settings to a verdict.

Figures are arrays (draws, seeds) with seeds common to all settings. So a contrast is taken seed by seed, and its 95 % t
interval is that of the difference. A statement is judged draw by draw, and then by the share of draws in which it
holds. With 61 of 64 or more it *holds*, with 56 or fewer it is *broken*, between them it is *open*. Where a file says
"together", one interval over the means of all draws decides instead. A missing figure satisfies no statement; a draw in
which every seed's figure is missing is left out.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

HOLDS, BROKEN = 61 / 64, 56 / 64
LEVEL = 0.95
BETWEEN_ERRORS, BETWEEN_PART = 3.0, 0.1
OPEN = 0.5  # what a clause that decides by itself says where it cannot be told

Figure = Callable[[str, str], np.ndarray]
"""(setting, name) -> figures (draws, seeds)."""
Path = Callable[[str, str], np.ndarray]
"""(setting, name) -> weekly means over seeds (draws, weeks from 0 on)."""


@dataclass(frozen=True, slots=True)
class Found:
    """Result of a clause: in which draws it holds (1, 0, nan where it cannot be evaluated), and its size by draw."""

    held: np.ndarray
    effect: np.ndarray

    @property
    def asked(self) -> int:
        """Draws in which it could be evaluated."""
        return int(np.isfinite(self.held).sum())

    @property
    def count(self) -> int:
        """Draws in which it holds."""
        return int(np.nansum(self.held == 1))


def interval(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and 95 % t interval along the last axis, missing values left out: nan for fewer than two."""
    from scipy.special import stdtrit

    there = np.isfinite(values)
    count = there.sum(axis=-1)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # a mean of nothing is missing
        mean = np.nanmean(np.where(there, values, np.nan), axis=-1)
        spread = np.nanstd(np.where(there, values, np.nan), axis=-1, ddof=1)
        half = stdtrit(np.maximum(count - 1, 1), 0.5 + LEVEL / 2) * spread / np.sqrt(count)
    half = np.where(count > 1, half, np.nan)
    return mean, mean - half, mean + half


def contrast(clause: Mapping[str, Any], figure: Figure) -> np.ndarray:
    """The clause's number, (draws, seeds): figures of its settings, weighted, summed over its terms."""
    total = 0.0
    for term in clause.get("terms", [clause]):
        names = [term["of"]] if isinstance(term["of"], str) else term["of"]
        for setting, weight in term["sum"].items():
            total = total + weight * sum(figure(setting, name) for name in names)
    return np.asarray(total, float)


def beyond(clause: Mapping[str, Any], values: np.ndarray) -> np.ndarray:
    """Whether the whole 95 % interval along the last axis lies above, or below, the clause's bound."""
    mean, low, high = interval(values)
    if "above" in clause:
        good = low > clause["above"]
    elif "below" in clause:
        good = high < clause["below"]
    else:
        raise ValueError(f"above or below expected, {sorted(clause)} given")
    return np.where(np.isfinite(mean), good, np.nan)


def of_contrast(clause: Mapping[str, Any], figure: Figure, path: Path) -> Found:
    """A contrast that lies above or below a bound."""
    values = contrast(clause, figure)
    return Found(beyond(clause, values), interval(values)[0])


def of_not_all(clause: Mapping[str, Any], figure: Figure, path: Path) -> Found:
    """At least one of several contrasts does not lie beyond its bound; the size is the share that do."""
    each = np.array([beyond(one, contrast(one, figure)) for one in clause["not_all"]])
    return Found(1.0 - each.min(axis=0), each.mean(axis=0))


def of_between(clause: Mapping[str, Any], figure: Figure, path: Path) -> Found:
    """A setting lies between two others in every figure named, within three standard errors and a tenth of their span.

    A standard error is the larger of the draw's own and the root mean square over draws: eight seeds estimate it badly.
    The size is by how much of the span it lies outside, at worst.
    """
    names = clause["between"]
    held, outside = [], []
    for of in clause["of"]:
        low, high, inner = (figure(names[key], of) for key in ("low", "high", "inner"))
        span = interval(high - low)[0]
        beyond_low, beyond_high = (inner - low) * np.sign(span)[:, None], (inner - high) * np.sign(span)[:, None]
        room = BETWEEN_PART * np.abs(span)
        under, over = -interval(beyond_low)[0], interval(beyond_high)[0]
        allowed_under = room + BETWEEN_ERRORS * _error(beyond_low)
        allowed_over = room + BETWEEN_ERRORS * _error(beyond_high)
        held.append((under <= allowed_under) & (over <= allowed_over))
        outside.append(np.maximum(np.maximum(under, over), 0.0) / np.where(span == 0, np.nan, np.abs(span)))
    return Found(np.min(held, axis=0).astype(float), np.max(outside, axis=0))


def _error(values: np.ndarray) -> np.ndarray:
    own = values.std(axis=-1, ddof=1) / math.sqrt(values.shape[-1])
    return np.maximum(own, math.sqrt(float(np.mean(own**2))))


def of_every_week(clause: Mapping[str, Any], figure: Figure, path: Path) -> Found:
    """A contrast of weekly paths lies above a bound in every week in which another figure exceeds a number.

    Paths are means over seeds, smoothed over four weeks. The size is the smallest value in such a week.
    """
    told = clause["every_week"]
    total = sum(weight * path(setting, clause["of"]) for setting, weight in clause["sum"].items())
    smooth = np.apply_along_axis(lambda row: np.convolve(row, np.ones(4) / 4, "valid"), -1, np.asarray(total))
    weeks = path(told["at"], told["where"])[:, 3:] > told["more_than"]
    least = np.where(weeks, smooth, np.inf).min(axis=1)
    least = np.where(weeks.any(axis=1), least, np.nan)
    return Found(np.where(np.isfinite(least), least > clause["above"], np.nan), least)


def of_within(clause: Mapping[str, Any], figure: Figure, path: Path) -> Found:
    """Figures lie between two numbers in every seed, or are missing; the size is the largest distance outside."""
    low, high = clause["within"]
    values = np.array([figure(setting, name) for setting in clause["at"] for name in clause["of"]])
    away = np.nanmax(np.where(np.isnan(values), 0.0, np.maximum(low - values, values - high)), axis=(0, 2))
    return Found((away <= 0).astype(float), np.maximum(away, 0.0))


def of_same(clause: Mapping[str, Any], figure: Figure, path: Path) -> Found:
    """Every figure of a setting is within a share of its value in another, or its difference within z errors.

    Judged over the draws together: `held` is the same for all. The size by draw is the largest relative difference.
    """
    told = clause["same"]
    good, apart = True, []
    for of in clause["of"]:
        base, other = (interval(figure(told[key], of))[0] for key in ("base", "other"))
        difference = other - base
        there = np.isfinite(difference)
        relative = abs(difference[there].mean()) / abs(base[there].mean())
        z = abs(difference[there].mean()) / (difference[there].std(ddof=1) / math.sqrt(there.sum()))
        good = good and bool(relative <= told["share"] or z < told["z"])
        apart.append(np.full(len(base), relative))
    return Found(np.full(len(apart[0]), float(good)), np.max(apart, axis=0))


def of_equal(clause: Mapping[str, Any], figure: Figure, path: Path) -> Found:
    """Two ratios of contrasts are the same: their quotient less 1 has an interval that holds 0 and is within a share.

    An interval that holds 0 but is wider than that decides nothing: the verdict is open. Judged over the draws
    together, by ratios of sums over draws and a jackknife over them; the size is that number.
    """
    told = clause["equal"]
    parts = [
        interval(contrast(part, figure))[0] for one in (told["one"], told["other"]) for part in (one, {**one["by"]})
    ]
    rows = np.array(parts)[:, np.all(np.isfinite(parts), axis=0)]

    def quotient(sums: np.ndarray) -> np.ndarray:
        return (sums[0] / sums[1]) / (sums[2] / sums[3]) - 1.0

    total, count = rows.sum(axis=1), rows.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        left_out = quotient(total[:, None] - rows)
        middle = float(quotient(total))
        error = math.sqrt((count - 1) * float(np.var(left_out))) if count > 1 else math.nan
    half = 2.0 * error
    good = 0.0
    if math.isfinite(half) and abs(middle) <= half:
        good = 1.0 if half <= told["share"] else OPEN
    return Found(np.full(len(parts[0]), good), np.full(len(parts[0]), middle))


KINDS: Mapping[str, Callable[[Mapping[str, Any], Figure, Path], Found]] = {
    "not_all": of_not_all,
    "between": of_between,
    "every_week": of_every_week,
    "within": of_within,
    "same": of_same,
    "equal": of_equal,
}


def found(clause: Mapping[str, Any], figure: Figure, path: Path) -> Found:
    """The result of a clause, by its kind."""
    for kind, function in KINDS.items():
        if kind in clause:
            return function(clause, figure, path)
    return of_contrast(clause, figure, path)


def needed(share: float, draws: int) -> int:
    """How many of so many draws a share of 64 stands for: rounded so that 64 draws give it exactly."""
    return math.floor(share * draws + 0.5)


def verdict(held: np.ndarray) -> str:
    """holds, broken or open, from the draws in which a statement holds; open where fewer than half evaluate it."""
    there = held[np.isfinite(held)]
    if not len(there) or 2 * len(there) < len(held):
        return "open"
    count = int(there.sum())
    if count >= needed(HOLDS, len(there)):
        return "holds"
    return "broken" if count <= needed(BROKEN, len(there)) else "open"


def together(clause: Mapping[str, Any], there: Found) -> str:
    """holds, broken or open, from one interval over the draws' sizes; broken if it lies on the wrong side.

    A clause without a bound of its own has already decided. A clause that no draw could evaluate is open.
    """
    if not np.isfinite(there.held).any():
        return "open"
    if "above" not in clause and "below" not in clause:
        least = np.nanmin(there.held)
        return "holds" if least == 1 else "open" if least == OPEN else "broken"
    _, low, high = interval(there.effect[np.isfinite(there.effect)])
    if "above" in clause:
        return "holds" if low > clause["above"] else "broken" if high < clause["above"] else "open"
    return "holds" if high < clause["below"] else "broken" if low > clause["below"] else "open"


def all_of(found: Sequence[Found]) -> np.ndarray:
    """In which draws every one of several clauses holds; nan where one of them could not be evaluated."""
    return np.min([one.held for one in found], axis=0)


def worst(said: Sequence[str]) -> str:
    """The verdict of a law from those of its parts: as good as the worst of them."""
    for word in ("broken", "open"):
        if word in said:
            return word
    return "holds"
