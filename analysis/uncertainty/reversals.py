"""Reversal distance: how far an assumption must move for a statement of a ranking to be reversed.

The difference between two measures was computed for many draws of the parameters. A ridge regression with a linear term
(slope) and a quadratic term (bend) of each parameter is fitted to it. One moves from the centre of the draws along one
parameter, or two, to the nearest point at which the fitted difference has the opposite sign of its mean. How far that
is, in standard deviations of the parameter over its plausible draws, is the reversal distance. Points outside the draws
are never considered.

A hundred draws cannot fit hundreds of parameters. The model has those that belong to the two measures themselves (their
own strengths). Of the others it has those most correlated with the difference: the number, one of SCREENED, that
explains most in draws left out. They are chosen again in each resample; how often, and how far away, the resamples find
a reversal is its uncertainty. They are also chosen again in each fold of the cross-validation that gives the share
explained (`fit`). `by_chance` is how often as much is explained of differences that were shuffled over the draws; where
that is not rare, distances mean nothing.

Source   Stone (1974), Journal of the Royal Statistical Society B 36(2), 111-147, for folds left out;
         Fan & Lv (2008), Journal of the Royal Statistical Society B 70(5), 849-911, for screening
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL

COLUMNS = (
    "parameters",
    "distance",
    "ci_low",
    "ci_high",
    "in_reach",
    "values",
    "direction",
    "fit",
    "by_chance",
    "draws",
)
MIN_DRAWS = 30
RESAMPLES = 200
SHUFFLES = 99
ANGLES = 96  # directions in which a pair is tried
NEARER = 0.9  # a pair is worth a word if it is nearer than each of the two alone by this factor
PAIRED = 6  # parameters with the greatest reach, of which pairs are tried
RIDGES = np.logspace(-4, 2, 13)
SCREENED = (0, 2, 6)  # parameters beside those of the two measures themselves
SURE = 0.5  # a reversal that so many resamples find again
FOLDS = 5


def reversal_distance(
    parameters: ArrayLike,
    difference: ArrayLike,
    names: Sequence[str],
    level: float = LEVEL,
    *,
    own: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Rows (COLUMNS) for every parameter and for pairs that are nearer than both by a tenth, nearest reversal first.

    `parameters` [draw, parameter], `difference` [draw] of the two measures (its sign is the statement); `own` are
    parameters of these measures themselves. `distance` is inf where the fitted difference keeps its sign within the
    draws, and 0 where it has the opposite one at their centre. `in_reach` is the share of resamples in which it does
    not keep its sign. `values` are the parameters' values at the reversal, and `direction` how each moves to get there
    ("+", "-"). Raises ValueError for figures that are missing or fewer than 30 draws.
    """
    x, y = _checked(parameters, difference, names)
    centre, scale = x.mean(axis=0), x.std(axis=0)
    z = (x - centre) / scale
    features = np.hstack([z, z**2 - 1.0])
    ours = np.array([name in own for name in names])
    generator = np.random.Generator(np.random.Philox(key=len(y)))
    shuffled = np.column_stack([y, *(generator.permutation(y) for _ in range(SHUFFLES))])
    fold = generator.permutation(len(y)) % FOLDS
    sizes = [size for size in SCREENED if size or ours.any()]
    tried = [_explained(features, shuffled, ours, size, fold) for size in sizes]
    explained = np.array([found for _, found in tried])  # size, case
    best = int(explained[:, 0].argmax())
    ridge, fit = float(tried[best][0][0]), float(explained[best, 0])
    by_chance = float((explained.max(axis=0) >= fit).mean())
    weights = np.vstack([np.ones(len(y)), generator.multinomial(len(y), np.full(len(y), 1 / len(y)), RESAMPLES)])
    fits = np.zeros((len(weights), 1 + features.shape[1]))  # resample, 1 + 2 x parameter
    for own_fit, weight, kept in zip(
        fits, weights, _screened(features, y[:, None], weights.T, ours, sizes[best]), strict=True
    ):
        own_fit[np.append(True, kept)] = _fitted(features[:, kept], y, weight, ridge)
    count = x.shape[1]
    base, slope, bend = fits[:, 0], fits[:, 1 : count + 1], fits[:, count + 1 :]
    middle = base - bend.sum(axis=1)  # the fitted difference at the centre
    side = np.sign(y.mean())
    ends = z.min(axis=0), z.max(axis=0)
    model = side * middle, side * slope, side * bend  # positive where the statement holds
    rows = [_row(names, (k,), np.array([[-1.0], [1.0]]), *model, *ends, level) for k in range(count)]
    lowest = np.minimum(*(model[1][0] * end + model[2][0] * end**2 for end in ends))
    turn = np.linspace(0.0, 2.0 * np.pi, ANGLES, endpoint=False)
    compass = np.column_stack([np.cos(turn), np.sin(turn)])
    for pair in combinations(sorted(np.argsort(lowest, kind="stable")[:PAIRED].tolist()), 2):
        row = _row(names, pair, compass, *model, *ends, level)
        if row["distance"] < NEARER * min(rows[k]["distance"] for k in pair):
            rows.append(row)
    for row in rows:
        which = [list(names).index(name) for name in row["parameters"]]
        row["values"] = tuple(float(centre[k] + scale[k] * v) for k, v in zip(which, row["values"], strict=True))
        row |= {"fit": fit, "by_chance": by_chance, "draws": len(y)}
    return sorted(rows, key=lambda row: (row["distance"], -row["in_reach"]))


def _checked(
    parameters: ArrayLike, difference: ArrayLike, names: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = np.asarray(parameters, dtype=float), np.asarray(difference, dtype=float)
    if x.ndim != 2 or y.shape != (len(x),) or x.shape[1] != len(names):
        raise ValueError(
            f"{len(names)} parameters need [draw, parameter] and one difference a draw; {x.shape} and {y.shape} given."
        )
    if len(y) < MIN_DRAWS:
        raise ValueError(f"a reversal distance needs at least {MIN_DRAWS} draws, {len(y)} given.")
    bad = int((~np.isfinite(y)).sum() + (~np.isfinite(x)).sum())
    if bad:
        raise ValueError(f"{bad} parameters or differences are missing or not finite, so no reversal can be found.")
    for k, name in enumerate(names):
        if np.ptp(x[:, k]) == 0.0:
            raise ValueError(f"{name} is {x[0, k] + 0.0:g} in every draw, so it cannot be moved.")
    if np.ptp(y) == 0.0:
        raise ValueError(f"the difference is {y[0] + 0.0:g} in every draw, so no parameter moves it.")
    return x, y


def _fitted(
    features: NDArray[np.float64], y: NDArray[np.float64], weight: NDArray[Any], ridge: float
) -> NDArray[np.float64]:
    """Intercept and coefficients of a weighted ridge regression; the intercept is not shrunk."""
    total = weight.sum()
    centre, mean = weight @ features / total, weight @ y / total
    root = np.sqrt(weight)
    inside, wanted = (features - centre) * root[:, None], (y - mean) * root
    if len(y) < len(centre):  # the same slopes by way of the smaller system
        slopes = inside.T @ np.linalg.solve(inside @ inside.T + ridge * total * np.eye(len(y)), wanted)
    else:
        slopes = np.linalg.solve(inside.T @ inside + ridge * total * np.eye(len(centre)), inside.T @ wanted)
    return np.concatenate([[mean - centre @ slopes], slopes])


def _screened(
    features: NDArray[np.float64], y: NDArray[np.float64], weight: NDArray[Any], ours: NDArray[np.bool_], size: int
) -> NDArray[np.bool_]:
    """Which slopes and bends are fitted, [case, slope or bend], to `y` [draw, case] with `weight` [draw, case].

    Those of `ours`, and of the `size` parameters that go with the figures most. One column serves for all cases.
    """
    total = weight.sum(axis=0)
    together = np.abs((weight * (y - (weight * y).sum(axis=0) / total)).T @ features)
    square = weight.T @ np.square(features) - np.square(weight.T @ features) / total[:, None]
    spread = np.broadcast_to(np.sqrt(np.maximum(square, 0.0)), together.shape)
    score = np.divide(together, spread, out=np.zeros_like(together), where=spread > 0.0)
    score = np.where(ours, -1.0, score.reshape(len(score), 2, -1).max(axis=1))
    kept = np.tile(ours, (len(score), 1))
    np.put_along_axis(kept, np.argsort(-score, axis=1, kind="stable")[:, :size], values=True, axis=1)
    return np.tile(kept, 2)


def _explained(
    features: NDArray[np.float64], y: NDArray[np.float64], ours: NDArray[np.bool_], size: int, fold: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each column of `y` [draw, case] the ridge with the least error in the folds left out.

    And the share of variance that is explained there.
    """
    errors = np.zeros((y.shape[1], len(RIDGES)))
    for one in range(FOLDS):
        learn = fold != one
        inside, outside = features[learn], features[~learn]
        for case, kept in enumerate(_screened(inside, y[learn], np.ones((learn.sum(), 1)), ours, size)):
            own, middle, mean = inside[:, kept], inside[:, kept].mean(axis=0), y[learn, case].mean()
            left, weight, right = np.linalg.svd(own - middle, full_matrices=False)
            wanted = left.T @ (y[learn, case] - mean)
            slopes = right.T @ (wanted * weight / (weight**2 + RIDGES[:, None] * learn.sum())).T  # column, ridge
            found = mean + (outside[:, kept] - middle) @ slopes
            errors[case] += np.square(y[~learn, case][:, None] - found).sum(axis=0)
    return RIDGES[errors.argmin(axis=1)], 1.0 - errors.min(axis=1) / (len(y) * y.var(axis=0))


def _row(
    names: Sequence[str],
    which: tuple[int, ...],
    ways: NDArray[np.float64],
    middle: NDArray[np.float64],
    slope: NDArray[np.float64],
    bend: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    level: float,
) -> dict[str, Any]:
    """Nearest point at which middle + slope z + bend z ** 2 is zero, along any of `ways` [way, parameter of which].

    The first resample is the fit itself.
    """
    chosen = list(which)
    steps = _first_root(middle[:, None], slope[:, chosen] @ ways.T, bend[:, chosen] @ np.square(ways).T)
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(ways > 0, high[chosen] / ways, np.where(ways < 0, low[chosen] / ways, np.inf)).min(axis=1)
    steps = np.where(steps <= room, steps, np.inf)
    found = steps.min(axis=1)
    tail = (1.0 - level) / 2.0
    ci_low, ci_high = np.quantile(found[1:], [tail, 1.0 - tail], method="inverted_cdf")
    at = found[0] * ways[steps[0].argmin()] if np.isfinite(found[0]) else np.full(len(which), np.nan)
    return {
        "parameters": tuple(names[k] for k in which),
        "distance": float(found[0]),
        "ci_low": float(ci_low),
        "ci_high": float(ci_high),
        "in_reach": float(np.isfinite(found[1:]).mean()),
        "values": at,
        "direction": "".join("+" if v > 0 else "-" for v in at if np.isfinite(v)),
        "fit": 0.0,
        "by_chance": 1.0,
        "draws": 0,
    }


def _first_root(
    middle: NDArray[np.float64], slope: NDArray[np.float64], bend: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Smallest r >= 0 with middle + slope r + bend r ** 2 <= 0; inf without any."""
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(slope**2 - 4.0 * bend * middle)  # nan: never
        half = -0.5 * (slope + np.where(slope < 0.0, -1.0, 1.0) * root)
        both = np.stack([half / bend, middle / half])
    nearest = np.where(np.isfinite(both) & (both >= 0.0), both, np.inf).min(axis=0)
    result: NDArray[np.float64] = np.where(middle <= 0.0, 0.0, nearest)
    return result
