"""What is not known: how an effect differs between draws of behaviour, strengths and towns, with chance taken out.

One run of a draw shows the draw's effect and chance. Draws that are run again with other seeds tell how much is chance.
The figures of the draws are then pulled towards their mean until their variance is that of the draws alone. So the
range says what is not known, and does not shrink when more draws are made; how well the mean is known is another
matter (paired.py). Where chance is most of the variance the width is still right, but the shape is that of chance.
Probabilities are means over resamples of draws and of repeats. They hold both: an effect whose mean
is uncertain is never surely better.

Source   Louis (1984), Journal of the American Statistical Association 79, on estimating the spread of true values
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.uncertainty.ranks import stream

RESAMPLES = 400
LEAST_DRAWS, LEAST_REPEATS = 20, 10
RANGE = (5.0, 50.0, 95.0)
PLACES = (1, 3, 5)  # how likely a measure is to be among so many first


@dataclass(frozen=True, slots=True)
class Distribution:
    """Effects over draws, higher is better: quantiles [player], probabilities [player], and the share of chance.

    p_among: probability to be among the first 1, 3 and 5 (PLACES) of all players, [place, player]. chance: part of the
    variance between single runs of different draws that chance explains, [player].
    """

    q05: NDArray[np.float64]
    median: NDArray[np.float64]
    q95: NDArray[np.float64]
    p_better: NDArray[np.float64]
    p_among: NDArray[np.float64]
    chance: NDArray[np.float64]


def between_draws(samples: ArrayLike, again: ArrayLike, key: str = "", resamples: int = RESAMPLES) -> Distribution:
    """The distribution over draws from `samples` [draw, player], higher is better, and `again` [repeat, player].

    Repeat r is draw r with another seed. `key` names the stream of the resamples. Raises ValueError for figures that
    are missing, for fewer than 20 draws or fewer than 10 repeats.
    """
    once, twice = np.asarray(samples, dtype=float), np.asarray(again, dtype=float)
    if once.ndim != 2 or twice.ndim != 2 or len(twice) > len(once) or once.shape[1] != twice.shape[1]:
        raise ValueError(f"a distribution needs [draw, player] twice; {once.shape} and {twice.shape} given.")
    if len(once) < LEAST_DRAWS or len(twice) < LEAST_REPEATS:
        raise ValueError(
            f"a distribution over draws needs at least {LEAST_DRAWS} draws, {LEAST_REPEATS} of them run again; "
            f"{len(once)} and {len(twice)} given."
        )
    if not (np.isfinite(once).all() and np.isfinite(twice).all()):
        raise ValueError("a distribution over draws needs finite figures; some are missing or infinite.")
    squares = np.square(twice - once[: len(twice)]) / 2.0
    values, chance = without_chance(once, squares)
    q05, median, q95 = np.percentile(values, RANGE, axis=0)
    generator = stream(f"draws/{key}")
    better = np.zeros(once.shape[1])
    among = np.zeros((len(PLACES), once.shape[1]))
    for _ in range(resamples):
        drawn = once[generator.integers(len(once), size=len(once))]
        found, _ = without_chance(drawn, squares[generator.integers(len(squares), size=len(squares))])
        better += (found > 0.0).mean(axis=0)
        place = (-found).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        among += [(place < count).mean(axis=0) for count in PLACES]
    return Distribution(q05, median, q95, better / resamples, among / resamples, chance)


def without_chance(
    samples: NDArray[np.float64], squares: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Effects [draw, player] pulled to their mean until chance is out of their variance, and its share in it [player].

    squares: half the squared difference between two runs of a draw, [repeat, player].
    """
    mean, variance = samples.mean(axis=0), samples.var(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.where(variance > 0.0, np.minimum(squares.mean(axis=0) / variance, 1.0), 0.0)
    return mean + np.sqrt(1.0 - chance) * (samples - mean), chance


def as_columns(found: Distribution, player: int, sign: float) -> dict[str, float]:
    """The columns of one player in the unit of the outcome; sign -1 where less is better."""
    ends = sorted((sign * float(found.q05[player]), sign * float(found.q95[player])))
    return {
        "median": sign * float(found.median[player]),
        "q05": ends[0],
        "q95": ends[1],
        "p_better": float(found.p_better[player]),
        **{column_of(count): float(found.p_among[i, player]) for i, count in enumerate(PLACES)},
        "chance": float(found.chance[player]),
    }


def column_of(count: int) -> str:
    """The column of the probability to be among the first so many."""
    return "p_first" if count == 1 else f"p_top{count}"


def whole_range(row: Mapping[str, Any]) -> tuple[float, float]:
    """Interval of the mean and, where draws differ, range over them: the ends of both together, in the row's unit.

    row: of tables/indicator_effects, whose `spread` says what makes its single effects differ. If all of it lies on
    one side of zero, the sign hangs neither on how long it was run nor on what is not known.
    """
    low, high = float(row["ci_low"]), float(row["ci_high"])
    if row.get("spread") in ("draws", "both"):
        low, high = min(low, float(row["q05"])), max(high, float(row["q95"]))
    return low, high
