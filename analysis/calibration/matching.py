"""History matching: which draws can meet every target, what the targets teach, and which of them conflict.

Rows are draws, columns targets or parameters. Ranges are never widened to let more draws in. A target's standing
(observed, derived or guess) fixes beforehand how closely it must be met (`allowed`): an observed or derived range
exactly, a guess within half its width. Early stages use a smaller, cheaper town and few seeds. There a draw passes if
its distance could be due to that difference; `spread` is the standard deviation of the difference. In the last stage
the spread is 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

ROOM = {"observed": 0.0, "derived": 0.0, "own": 0.0, "press": 0.5, "guess": 0.5}
"""By how many of its widths a range may be missed, by its standing."""


def allowed(low: np.ndarray, high: np.ndarray, standings: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Ends within which targets count as met, by their standings: (targets,) each. No end crosses 0."""
    room = np.array([ROOM[standing] for standing in standings]) * (high - low)
    return np.where(low >= 0, np.maximum(low - room, 0.0), low - room), high + room


def distance(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """How far values (draws, targets) lie outside their ranges, in units of the target; 0 inside, nan if missing."""
    return np.maximum(np.maximum(low - values, values - high), 0.0)


def implausibility(
    values: np.ndarray, low: np.ndarray, high: np.ndarray, bias: np.ndarray, spread: np.ndarray
) -> np.ndarray:
    """Distances in spreads, once the bias of the cheap town is taken off; inf where any distance is too much.

    A figure missing in a cheap town (nan: no case of that kind occurred) counts neither way; where the spread is 0 it
    counts as a miss. A failed run (inf) always does.
    """
    away = distance(values - bias, low, high)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(away > 0, away / spread, 0.0)
    found = np.where(np.isinf(values), np.inf, found)
    return np.where(np.isnan(values), np.where(spread > 0, 0.0, np.inf), found)


def plausible(found: np.ndarray, most: float) -> np.ndarray:
    """Draws whose every implausibility is at most `most`: bool (draws,)."""
    return np.all(found <= most, axis=1)


def stand_in(cheap: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bias and spread by target of a cheap run as a stand-in for the whole town, missing ones left out: (targets,).

    Where fewer than two draws show a figure in both, the cheap town says nothing of it: bias 0, spread inf.
    """
    there = np.isfinite(cheap) & np.isfinite(whole)
    enough = there.sum(axis=0) > 1
    apart = np.where(there, cheap - whole, np.nan)[:, enough]
    bias, spread = np.zeros(len(enough)), np.full(len(enough), np.inf)
    bias[enough], spread[enough] = np.nanmean(apart, axis=0), np.nanstd(apart, axis=0, ddof=1)
    return bias, spread


def met(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Which values lie in their range, or are missing: bool (draws, targets)."""
    return np.isnan(values) | ((values >= low) & (values <= high))


def binding(inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of draws that miss each target, and share that miss it alone: (targets,) each."""
    missed = ~inside
    alone = missed & (missed.sum(axis=1, keepdims=True) == 1)
    return missed.mean(axis=0), alone.mean(axis=0)


def joint_misfits(inside: np.ndarray) -> np.ndarray:
    """Share of draws that meet both of two targets, by what it would be if the two were independent."""
    met = inside.astype(float)
    both = met.T @ met / len(met)
    alone = met.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return both / np.outer(alone, alone)


def learned(prior: np.ndarray, posterior: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior by prior standard deviation, and shift of the mean in prior standard deviations: (parameters,)."""
    width = prior.std(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = posterior.std(axis=0) / width
        shift = (posterior.mean(axis=0) - prior.mean(axis=0)) / width
    return ratio, shift


def overlap(prior: np.ndarray, posterior: np.ndarray, parts: int = 10) -> float:
    """The share that two samples of a parameter have in common (0-1), over equally likely parts of the prior."""
    ends = np.quantile(prior, np.linspace(0, 1, parts + 1)[1:-1])
    one, other = (np.bincount(np.searchsorted(ends, x), minlength=parts) / len(x) for x in (prior, posterior))
    return float(np.minimum(one, other).sum())


def surprising(count_prior: int, count_posterior: int, tests: int) -> tuple[float, float]:
    """Shift and width beyond which chance alone would hardly bring one of so many parameters (5 % in all)."""
    from scipy.stats import norm

    z = float(norm.ppf(1 - 0.05 / (2 * max(tests, 1))))
    shift = z * np.sqrt(1 / count_posterior + 1 / count_prior)
    width = z * np.sqrt(0.5 / count_posterior + 0.5 / count_prior)
    return float(shift), float(width)


def stratify(scores: np.ndarray, count: int) -> np.ndarray:
    """Indices of `count` draws spread evenly over the order of a score: one from the middle of each stratum."""
    order = np.argsort(scores, kind="stable")
    if count >= len(order):
        return np.sort(order)
    places = ((np.arange(count) + 0.5) * len(order) / count).astype(int)
    return np.sort(order[places])


def spread_out(values: np.ndarray) -> np.ndarray:
    """A score along which draws differ most over all targets: their first principal component."""
    there = np.nan_to_num((values - values.mean(axis=0)) / np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0))
    direction = np.linalg.svd(there, full_matrices=False)[2][0]
    direction = direction * np.sign(direction[np.argmax(np.abs(direction))])
    return there @ direction
