"""Ranks with their uncertainty: which ranks a measure could have, for all measures simultaneously.

Every pair of measures is compared by the paired t statistic of their difference over seeds. One critical value holds
for all pairs together, so that with probability `level` *no* printed order is wrong. A measure's rank set runs from one
place after those surely better to one place before those surely worse. The critical value is the quantile of the
greatest |t| over pairs in resamples with keyed random numbers. A resample is a Gaussian combination of the centred
seeds, studentised anew. So a single pair has its exact t distribution, and the dependence between pairs is that of the
data.

Source   Mogstad, Romano, Shaikh & Wilhelm (2024), Review of Economic Studies 91(1), on confidence
         sets for ranks
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
ROUNDING = 1e-10  # differences below this share of the scale are rounding, not spread


@dataclass(frozen=True, slots=True)
class RankSets:
    """Rank (1 = greatest mean), its simultaneous set low .. high, and tier (1 = best), each [player].

    A tier runs down the ranks to the next player that is surely worse than its first. So the first cannot be told apart
    from the others in its tier, and is surely better than the first of the next.
    """

    rank: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    tier: NDArray[np.int64]
    critical: float


def rank_sets(samples: ArrayLike, level: float = LEVEL, key: str = "", resamples: int = RESAMPLES) -> RankSets:
    """Ranks of the columns of `samples` [seed, player] with simultaneous rank sets at `level`.

    The greatest mean has rank 1. Two columns equal in every seed are not told apart; two that
    differ by the same amount in every seed are. `key` names the stream of the resamples: the same
    samples and key give the same sets. Raises ValueError for fewer than two players or seeds.
    """
    data = np.asarray(samples, dtype=float)
    if data.ndim != 2 or data.shape[0] < 2 or data.shape[1] < 2:
        raise ValueError(f"rank sets need at least 2 seeds and 2 measures, shape {data.shape} given.")
    if not np.isfinite(data).all():
        raise ValueError("rank sets need finite figures; some are missing or infinite.")
    mean, spread = differences(data)
    first, second = np.triu_indices(data.shape[1], 1)
    free = spread[first, second] > rounding(data)
    first, second = first[free], second[free]
    critical = greatest_t(data, lambda axes: axes[:, first] - axes[:, second], level, key, resamples)
    return sets_of(data.mean(axis=0), mean, spread, rounding(data), critical)


def sets_of(
    means: NDArray[np.float64],
    mean: NDArray[np.float64],
    spread: NDArray[np.float64],
    scale: float,
    critical: float,
) -> RankSets:
    """Rank sets and tiers from the paired differences and their standard errors, both [player, player]."""
    # better[i, j]: i is surely better than j; pairs that differ by the same amount in every seed need no test
    better = np.where(spread <= scale, mean > scale, mean > critical * spread)
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
    """Mean and standard error [player, player] of the paired differences row minus column."""
    seeds = data.shape[0]
    means = data.mean(axis=0)
    covariance = np.cov(data, rowvar=False)
    variance = np.diag(covariance)
    spread = np.sqrt(np.maximum(variance[:, None] + variance[None, :] - 2 * covariance, 0.0) / seeds)
    return means[:, None] - means[None, :], spread


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
