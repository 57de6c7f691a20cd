"""Where the spread of a result comes from: seed, behaviour, potency, intensity, town, theory.

A result was computed for every combination of some factors, each with a few levels drawn from what is
plausible. The variance over all combinations is split into what each factor owns by itself and what
only combinations own (`together`): a factorial analysis of variance with random effects. A factor may
be drawn anew inside another (`within`: the seeds of each town are other seeds).

Intervals are generalised confidence intervals: each mean square is divided by a chi-square draw over
its degrees of freedom, and the shares are worked out again. A factor of three levels gets the wide
interval it deserves. Effects are taken as normal.

Source   Searle, Casella & McCulloch (1992), Variance Components, ch. 4; Weerahandi (1993), Journal of
         the American Statistical Association 88(423), 899-905, for the intervals
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("factor", "levels", "share", "ci_low", "ci_high", "deviation", "total_share")
TOGETHER = "together"
DRAWS = 4000


def grid(
    rows: Iterable[Mapping[str, Any]], factors: Sequence[str], value: str = "value"
) -> tuple[NDArray[np.float64], dict[str, list[Any]]]:
    """Values [level of factor 1, level of factor 2, ..] and the levels by factor, in order of mention.

    Raises ValueError unless every combination is there exactly once and finite.
    """
    table = list(rows)
    levels = {factor: list(dict.fromkeys(row[factor] for row in table)) for factor in factors}
    place = {factor: {level: k for k, level in enumerate(found)} for factor, found in levels.items()}
    data = np.full([len(found) for found in levels.values()], np.nan)
    seen = np.zeros(data.shape, dtype=bool)
    for row in table:
        at = tuple(place[factor][row[factor]] for factor in factors)
        if seen[at]:
            raise ValueError(f"{value} is given twice for {_named(factors, row)}.")
        seen[at] = True
        data[at] = float(row[value])
    missing = int((~np.isfinite(data)).sum())
    if missing:
        at = tuple(int(k) for k in np.argwhere(~np.isfinite(data))[0])
        first = {factor: levels[factor][k] for factor, k in zip(factors, at, strict=True)}
        raise ValueError(
            f"{value} is missing or not finite in {missing} of {data.size} combinations, the first "
            f"{_named(factors, first)}, so its spread cannot be divided."
        )
    return data, levels


def shares(
    rows: Iterable[Mapping[str, Any]],
    factors: Sequence[str],
    value: str = "value",
    *,
    within: Mapping[str, str] | None = None,
    level: float = 0.95,
) -> list[dict[str, Any]]:
    """One row (COLUMNS) a factor and one for `together`; their shares add up to 1.

    `rows` hold a level of every factor and the value, one row a combination. `deviation` is the
    factor's own standard deviation in the unit of the value, `total_share` the share it has a hand
    in. Raises ValueError for combinations that are missing, a factor of one level, or no spread.
    """
    inside = dict(within or {})
    data, levels = grid(rows, factors, value)
    single = [factor for factor, found in levels.items() if len(found) < 2]
    if single:
        raise ValueError(f"{single[0]} has one level only, so nothing can be said about what it owns.")
    if len(factors) < 2:
        raise ValueError("a spread can be divided among at least two factors.")
    strangers = [name for pair in inside.items() for name in pair if name not in factors]
    if strangers:
        raise ValueError(f"within names {strangers[0]!r}, which is not among the factors.")
    if np.ptp(data) == 0.0:
        raise ValueError(f"{value} is {data.flat[0]:g} in every combination, so there is no spread to divide.")
    parents = [list(factors).index(inside[factor]) if factor in inside else -1 for factor in factors]
    parts, squares, freedom, solve = _analysis_of_variance(data, parents)
    generator = np.random.Generator(np.random.Philox(key=data.size))
    chance = freedom / generator.chisquare(freedom, (DRAWS, len(freedom)))
    middle = np.maximum(solve @ squares, 0.0)
    drawn = np.maximum((squares * chance) @ solve.T, 0.0)
    owners = {_with_parents({k}, parents): factor for k, factor in enumerate(factors)}
    names = [owners.get(part, TOGETHER) for part in parts]
    tail = (1.0 - level) / 2.0
    result = []
    for k, name in enumerate((*factors, TOGETHER)):
        own = np.array([owner == name for owner in names])
        touched = own if name == TOGETHER else np.array([k in part for part in parts])
        low, high = np.quantile(drawn[:, own].sum(axis=1) / drawn.sum(axis=1), [tail, 1.0 - tail])
        row = (
            name,
            len(levels.get(name, ())),
            float(middle[own].sum() / middle.sum()),
            float(low),
            float(high),
            float(np.sqrt(middle[own].sum())),
            float(middle[touched].sum() / middle.sum()),
        )
        result.append(dict(zip(COLUMNS, row, strict=True)))
    return result


def _analysis_of_variance(
    data: NDArray[np.float64], parents: Sequence[int]
) -> tuple[list[frozenset[int]], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Components (sets of axes), their mean squares, degrees of freedom, and the matrix that makes variances of them.

    `parents` names the axis inside which each axis is drawn, -1 for none: a set that holds an axis
    without its parent is one component with the set that holds both.
    """
    axes = range(data.ndim)
    subsets = [frozenset(s) for size in axes for s in combinations(axes, size + 1)]
    means = {
        s: data.mean(axis=tuple(a for a in axes if a not in s), keepdims=True) for s in [frozenset[int](), *subsets]
    }
    squares: dict[frozenset[int], float] = {}
    freedom: dict[frozenset[int], float] = {}
    for subset in subsets:
        effect = sum((-1) ** len(subset - part) * mean for part, mean in means.items() if part <= subset)
        part = _with_parents(subset, parents)
        squares[part] = squares.get(part, 0.0) + float(np.square(effect).sum()) * data.size / np.asarray(effect).size
        freedom[part] = freedom.get(part, 0.0) + float(np.prod([data.shape[a] - 1 for a in subset]))
    parts = list(squares)
    solve = np.zeros((len(parts), len(parts)))
    for row, part in enumerate(parts):
        for larger in (s for s in subsets if s >= part):
            column = parts.index(_with_parents(larger, parents))
            solve[row, column] += (-1) ** len(larger - part) / np.prod([data.shape[a] for a in axes if a not in part])
    degrees = np.array([freedom[part] for part in parts])
    return parts, np.array([squares[part] for part in parts]) / degrees, degrees, solve


def _with_parents(axes: Iterable[int], parents: Sequence[int]) -> frozenset[int]:
    held = set(axes)
    while missing := {parents[a] for a in held if parents[a] >= 0} - held:
        held |= missing
    return frozenset(held)


def _named(factors: Sequence[str], row: Mapping[str, Any]) -> str:
    return ", ".join(f"{factor}={row[factor]}" for factor in factors)
