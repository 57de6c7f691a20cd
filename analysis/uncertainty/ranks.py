"""Ranks with their uncertainty: which ranks a measure could have, for all measures simultaneously.

Every pair of measures is compared by the paired t statistic of their difference over seeds. One critical value holds
for all pairs together, so that with probability `level` *no* printed order is wrong. A measure's rank set runs from one
place after those surely better to one place before those surely worse. The critical value is the quantile of the
greatest |t| over pairs when the seeds are drawn anew from those there are, with replacement and keyed random numbers
(bootstrap-t). A skewed outcome thus brings its own skew along, and the dependence between pairs is that of the data.

Two things are never said. With fewer than MINIMUM seeds every set is all places: there the bootstrap knows too little
of the tails. And a pair is not told apart by a difference that is the same in all but a few seeds (DEPARTURES): what
rare events do to it has hardly been seen. tests/benchmarks/rank_sets.py counts how often sets hold, by the shape of the
outcome and the number of seeds (docs/checks/coverage.md).

Source   Mogstad, Romano, Shaikh & Wilhelm (2024), Review of Economic Studies 91(1), on confidence
         sets for ranks; Hall (1992), The Bootstrap and Edgeworth Expansion, ch. 3, on bootstrap-t
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL

RESAMPLES = 4000
BLOCK = 100  # resamples at a time, to bound memory
MINIMUM = 12  # seeds below which every rank set is all places
DEPARTURES = 10  # seeds in which a difference must not be the one most often seen, before it tells a pair apart
ROUNDING = 1e-10  # differences below this share of the scale are rounding, not spread


@dataclass(frozen=True, slots=True)
class RankSets:
    """Rank (1 = greatest mean), its simultaneous set low .. high, and tier (1 = best), each [player].

    A tier runs down the ranks to the next player that is surely worse than its first. So the first cannot be told apart
    from the others in its tier, and is surely better than the first of the next. `critical` is inf where nothing can
    be told apart.
    """

    rank: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    tier: NDArray[np.int64]
    critical: float


def rank_sets(samples: ArrayLike, level: float = LEVEL, key: str = "", resamples: int = RESAMPLES) -> RankSets:
    """Ranks of the columns of `samples` [seed, player] with simultaneous rank sets at `level`.

    The greatest mean has rank 1. Two columns equal in every seed are not told apart. Two that differ by the same amount
    in every seed are, if both vary or nothing does. With fewer than MINIMUM seeds every set is all places. `key` names
    the stream of the resamples: the same samples and key give the same sets. Raises ValueError for fewer than two
    players or seeds.
    """
    data = np.asarray(samples, dtype=float)
    if data.ndim != 2 or data.shape[0] < 2 or data.shape[1] < 2:
        raise ValueError(f"rank sets need at least 2 seeds and 2 measures, shape {data.shape} given.")
    if not np.isfinite(data).all():
        raise ValueError("rank sets need finite figures; some are missing or infinite.")
    mean, spread = differences(data)
    return sets_of(data.mean(axis=0), mean, spread, rounding(data), critical(data, spread, level, key, resamples))


def critical(data: NDArray[np.float64], spread: NDArray[np.float64], level: float, key: str, resamples: int) -> float:
    """Critical value for all pairs of columns of `data` together, whose standard errors are `spread`; inf for too few.

    It is half the width of an interval of a difference, in standard errors.
    """
    if len(data) < MINIMUM:
        return np.inf
    first, second = np.triu_indices(data.shape[1], 1)
    free = (spread[first, second] > rounding(data)) & np.isfinite(spread[first, second])
    return greatest_resampled_t(data[:, first[free]] - data[:, second[free]], level, key, resamples)


def sets_of(
    means: NDArray[np.float64],
    mean: NDArray[np.float64],
    spread: NDArray[np.float64],
    scale: float,
    critical: float,
) -> RankSets:
    """Rank sets and tiers from the paired differences and their standard errors, both [player, player].

    A standard error of inf, and a critical value of inf, tell nothing apart.
    """
    # better[i, j]: i is surely better than j; pairs that differ by the same amount in every seed need no test
    with np.errstate(invalid="ignore"):
        better = np.where(spread <= scale, (mean > scale) & (critical < np.inf), mean > critical * spread)
    count = len(means)
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(-means, kind="stable")] = np.arange(1, count + 1)
    low = 1 + better.sum(axis=0)
    high = count - better.sum(axis=1)
    order = np.argsort(rank)
    tier, head = np.ones(count, dtype=np.int64), order[0]
    for before, player in pairwise(order):
        tier[player] = tier[before] + better[head, player]
        if better[head, player]:
            head = player
    return RankSets(rank, np.minimum(low, rank), np.maximum(high, rank), tier, critical)


def greatest_resampled_t(gaps: NDArray[np.float64], level: float, key: str, resamples: int) -> float:
    """Quantile at `level` of the greatest |t| of `gaps` [seed, pair] over seeds drawn anew; 0 without any pair.

    It is inf where too many resamples are the same seed over and over. t is of the resample's mean less that of `gaps`.
    """
    seeds, count = gaps.shape
    if not count:
        return 0.0
    centred = gaps - gaps.mean(axis=0)
    squares = centred**2
    least = ROUNDING * squares.mean(axis=0)
    generator = stream(key)
    greatest = []
    for start in range(0, resamples, BLOCK):
        size = min(BLOCK, resamples - start)
        times = generator.multinomial(seeds, np.full(seeds, 1.0 / seeds), size).astype(float)
        means = times @ centred / seeds
        variance = (times @ squares / seeds - means**2) / (seeds - 1)
        flat = variance <= least / seeds
        statistic = np.abs(means) / np.sqrt(np.where(flat, 1.0, variance))
        greatest.append(np.where(flat, np.where(means**2 > least, np.inf, 0.0), statistic).max(axis=1))
    return float(np.quantile(np.concatenate(greatest), level, method="higher"))


def simultaneous(
    samples: ArrayLike, level: float = LEVEL, key: str = "", resamples: int = RESAMPLES
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends low, high [column] of simultaneous intervals of the means of `samples` [seed, column].

    With probability `level` no interval misses. A column that is the same in every seed has no width.
    """
    data = np.asarray(samples, dtype=float)
    if data.ndim != 2 or data.shape[0] < 2 or not np.isfinite(data).all():
        raise ValueError(f"intervals need finite figures of at least 2 seeds, shape {data.shape} given.")
    mean, spread = data.mean(axis=0), data.std(axis=0, ddof=1) / np.sqrt(len(data))
    free = spread > rounding(data)
    critical = greatest_t(data, lambda axes: axes[:, free], level, key, resamples)
    half = np.where(free, (critical if free.any() else 0.0) * spread, 0.0)
    return mean - half, mean + half


def place_probability(samples: ArrayLike, key: str = "", resamples: int = RESAMPLES) -> NDArray[np.float64]:
    """How likely each column of `samples` [seed, player] is to come first, second and so on, [place, player].

    It is the share of resamples of the means in which the column does. The shares of a place, and those of a player,
    add up to one. Like the rank sets, it reflects chance alone. Raises ValueError for anything but finite figures of
    two seeds or more.
    """
    data = np.asarray(samples, dtype=float)
    if data.ndim != 2 or data.shape[0] < 2 or not np.isfinite(data).all():
        raise ValueError(f"places need finite figures of at least 2 seeds, shape {data.shape} given.")
    players = data.shape[1]
    generator = stream(f"top/{key}")
    means = resampled_means(data, generator, resamples)
    order = np.lexsort((generator.random(means.shape), -means), axis=1)  # equals draw lots
    return np.array([np.bincount(order[:, place], minlength=players) for place in range(players)]) / resamples


def resampled_means(
    data: NDArray[np.float64], generator: np.random.Generator, resamples: int = RESAMPLES
) -> NDArray[np.float64]:
    """Means [resample, column] that other seeds could have given, from those of `data` [seed, column].

    Normal with the covariance of the seeds, with the tails of a t.
    """
    seeds = len(data)
    noise = generator.standard_normal((resamples, seeds)) @ (data - data.mean(axis=0)) / np.sqrt(seeds * (seeds - 1))
    means: NDArray[np.float64] = data.mean(axis=0) + noise * np.sqrt(
        (seeds - 1) / generator.chisquare(seeds - 1, (resamples, 1))
    )
    return means


def rounding(data: NDArray[np.float64]) -> float:
    """Rounding error: what counts as no difference for figures of the size of `data`."""
    return ROUNDING * max(float(np.abs(data).max()), np.finfo(float).tiny)


def differences(data: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard error [player, player] of the paired differences row minus column.

    The error is inf for pairs that the seeds cannot tell apart: see `departures`.
    """
    means, scale = data.mean(axis=0), rounding(data)
    first, second = np.triu_indices(data.shape[1], 1)
    gaps = data[:, first] - data[:, second]
    error = gaps.std(axis=0, ddof=1) / np.sqrt(len(data))
    own = departures(data, scale)
    found = np.where(error <= scale, np.minimum(own[first], own[second]), departures(gaps, scale))
    spread = np.zeros((data.shape[1], data.shape[1]))
    spread[first, second] = np.where((found >= DEPARTURES) | (own == 0).all(), error, np.inf)
    return means[:, None] - means[None, :], spread + spread.T


def departures(values: NDArray[np.float64], scale: float) -> NDArray[np.int64]:
    """In how many seeds each column of `values` [seed, column] is not what it most often is, [column]."""
    ordered = np.sort(values, axis=0)
    run = np.ones(values.shape[1], dtype=np.int64)
    longest = run.copy()
    for same in np.diff(ordered, axis=0) <= scale:
        run = np.where(same, run + 1, 1)
        longest = np.maximum(longest, run)
    return len(values) - longest


def stream(key: str) -> np.random.Generator:
    """The resamples of a name: the same for the same key."""
    digest = hashlib.sha256(key.encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def greatest_t(
    data: NDArray[np.float64],
    contrasts: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    level: float,
    key: str,
    resamples: int,
) -> float:
    """Quantile at `level` of the greatest |t| over `contrasts` of the columns of `data`; nan without any.

    Resamples are normal with the covariance of `data`. Their means and their covariances are independent, and the
    latter are Wishart. So both are drawn directly (Bartlett's decomposition) in the space that the data span, at a cost
    that does not grow with the number of seeds.
    """
    seeds, count = data.shape
    _, weights, axes = np.linalg.svd(data - data.mean(axis=0), full_matrices=False)
    rank = min(seeds - 1, count)
    wanted = contrasts((weights[:rank, None] * axes[:rank]) / np.sqrt(seeds - 1))
    if not wanted.shape[1]:
        return float("nan")
    generator = stream(key)
    freedom = seeds - 1 - np.arange(rank)
    below = np.tril(np.ones((rank, rank)), -1)
    greatest = []
    for start in range(0, resamples, BLOCK):
        size = min(BLOCK, resamples - start)
        means = generator.standard_normal((size, rank)) @ wanted
        factor = generator.standard_normal((size, rank, rank)) * below
        factor += np.sqrt(generator.chisquare(freedom, (size, rank)))[:, :, None] * np.eye(rank)
        drawn = factor.transpose(0, 2, 1) @ wanted
        spread = np.sqrt(np.einsum("rsp,rsp->rp", drawn, drawn) / (seeds - 1))
        greatest.append(np.max(np.abs(means) / spread, axis=1))
    return float(np.quantile(np.concatenate(greatest), level))
