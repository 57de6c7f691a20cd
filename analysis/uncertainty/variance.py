"""Where the spread of a result comes from: seed, behaviour, potency, intensity.

A result was computed in the cells of an orthogonal array of strength two. Each of k factors has L levels, and two
levels of two factors meet in exactly one of the L x L cells. So every level of a factor meets every level of each other
one once, and its mean over L cells is free of the other factors' main effects. Interactions (`together`) act as if
drawn anew in each cell. The variance over the cells is split into the main effect of each factor and interactions, by
an analysis of variance with random effects. A factor has L - 1 degrees of freedom, `together` (L - 1)(L + 1 - k).

The levels of a factor are draws (random effects), but for those that were `chosen` to cover a range evenly (fixed
effects). The variance of the latter is that of these very levels, and only interactions make it uncertain.

Intervals are generalised confidence intervals. Mean squares are divided by chi-square draws over their degrees of
freedom, a chosen factor's effect is perturbed by a normal draw, and the shares are computed again. Effects are assumed
to be normal; tests/benchmarks/shares.py counts how often the intervals cover the truth.

Source   Searle, Casella & McCulloch (1992), Variance Components, ch. 4; Weerahandi (1993), Journal of
         the American Statistical Association 88(423), 899-905, for the intervals; Bose (1938), Sankhya 3,
         323-338, for the arrays
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import LEVEL

COLUMNS = ("factor", "levels", "share", "ci_low", "ci_high", "deviation")
TOGETHER = "together"
DRAWS = 4000


def cells(
    rows: Iterable[Mapping[str, Any]], factors: Sequence[str], value: str = "value", player: str = ""
) -> tuple[NDArray[np.float64], NDArray[np.intp], list[Any]]:
    """Values [cell, player], the number of each factor's level [cell, factor], and the players, as first mentioned.

    Without `player` there is one column. Raises ValueError unless every cell has every player exactly once and
    finite, and the cells are an orthogonal array of strength two in the factors.
    """
    table = list(rows)
    places = {key: k for k, key in enumerate(dict.fromkeys(tuple(row[f] for f in factors) for row in table))}
    players = list(dict.fromkeys(row[player] for row in table)) if player else [""]
    data = np.full((len(places), len(players)), np.nan)
    seen = np.zeros(data.shape, dtype=bool)
    for row in table:
        where = places[tuple(row[f] for f in factors)], players.index(row[player]) if player else 0
        if seen[where]:
            raise ValueError(f"{value} is given twice for {_named(factors, row)}.")
        seen[where] = True
        data[where] = float(row[value])
    if missing := int((~np.isfinite(data)).sum()):
        cell = list(places)[int(np.argwhere(~np.isfinite(data))[0][0])]
        raise ValueError(
            f"{value} is missing or not finite in {missing} of {data.size} cases, the first "
            f"{_named(factors, dict(zip(factors, cell, strict=True)))}, so its spread cannot be divided."
        )
    numbers = [{level: k for k, level in enumerate(dict.fromkeys(column))} for column in zip(*places, strict=True)]
    at = np.array([[numbers[f][level] for f, level in enumerate(cell)] for cell in places], dtype=np.intp)
    count = len(numbers[0]) if numbers else 0
    even = all(len(found) == count for found in numbers) and len(places) == count**2
    if not even or any(len(np.unique(at[:, pair], axis=0)) < count**2 for pair in combinations(range(len(factors)), 2)):
        raise ValueError(f"the levels of {' and '.join(factors)} do not meet once each, two by two.")
    return data, at, players


def level_means(data: NDArray[np.float64], at: NDArray[np.intp], factor: int) -> NDArray[np.float64]:
    """Means [level, player] over the cells of each level of a factor."""
    return np.array([data[at[:, factor] == level].mean(axis=0) for level in range(at[:, factor].max() + 1)])


def mean_squares(data: NDArray[np.float64], at: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean squares of the factors and, last, of the residual of one value [cell]; and their degrees of freedom."""
    count, factors = int(at.max()) + 1, at.shape[1]
    if factors > count:
        raise ValueError(f"{count} levels of {factors} factors leave nothing to tell their interplay from.")
    middle = data.mean()
    own = [count * np.square(level_means(data[:, None], at, f) - middle).sum() for f in range(factors)]
    left = max(float(np.square(data - middle).sum()) - sum(own), 0.0)
    freedom = np.array([count - 1.0] * factors + [(count - 1.0) * (count + 1 - factors)])
    return np.array([*own, left]) / freedom, freedom


def shares(
    rows: Iterable[Mapping[str, Any]],
    factors: Sequence[str],
    value: str = "value",
    *,
    chosen: Collection[str] = (),
    level: float = LEVEL,
) -> list[dict[str, Any]]:
    """One row (COLUMNS) a factor and one for `together`; their shares add up to 1.

    `rows` hold a level of every factor and the value, one row a cell. `deviation` is the factor's own standard
    deviation in the unit of the value. Raises ValueError for what `cells` refuses, and for no spread.
    """
    values, at, _ = cells(rows, factors, value)
    data = values[:, 0]
    if np.ptp(data) == 0.0:
        raise ValueError(f"{value} is {data[0]:g} in every cell, so there is no spread to divide.")
    squares, freedom = mean_squares(data, at)
    count = int(at.max()) + 1
    picked = np.array([factor in chosen for factor in factors])
    generator = np.random.Generator(np.random.Philox(key=data.size))
    drawn = _parts(squares * freedom / generator.chisquare(freedom, (DRAWS, len(freedom))), count)
    noise = drawn[:, -1:]
    around = np.maximum(squares[:-1] * freedom[:-1] - noise * generator.chisquare(count - 2, (DRAWS, len(factors))), 0)
    away = np.sqrt(around) - np.sqrt(noise) * generator.normal(size=around.shape)
    drawn[:, :-1] = np.where(picked, np.square(np.maximum(away, 0)) / (count * (count - 1)), drawn[:, :-1])
    middle = _parts(squares[None], count)[0]
    over = np.append(np.where(picked, (count - 1) / count, 1.0), 1.0)  # chosen levels are all there are
    middle, drawn = middle * over, drawn * over
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(drawn / drawn.sum(axis=1, keepdims=True), [tail, 1.0 - tail], axis=0)
    found = zip((*factors, TOGETHER), middle / middle.sum(), low, high, np.sqrt(middle), strict=True)
    return [
        dict(zip(COLUMNS, (name, count if name != TOGETHER else 0, *map(float, numbers)), strict=True))
        for name, *numbers in found
    ]


def _parts(squares: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Variances [.., factor and together] from mean squares, none below 0."""
    rest = squares[:, -1:]
    return np.hstack([np.maximum(squares[:, :-1] - rest, 0.0) / count, rest])


def _named(factors: Sequence[str], row: Mapping[str, Any]) -> str:
    return ", ".join(f"{factor}={row[factor]}" for factor in factors)
