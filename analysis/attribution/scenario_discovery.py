"""Under which conditions does an effect change its sign? Short rules: boxes over levers, parameters and towns.

Runs are marked true where something backfired (an effect is worse than none). A box is a few limits ("supervision at
least 0.6, burden at most 0.3"). It is grown limit by limit, greedily. A box scores the share of backfired runs that lie
inside, less that share of the other runs. Each step takes the limit, of all features, that raises the score most, as
long as it adds WORTH. Limits that turn out to be redundant are dropped at the end.

The best of hundreds of features scores high by luck alone. So from a feature's score is subtracted what the best of
equally many features of its kind would reach by luck (Smirnov's bound). A numerous kind (hundreds of parameters) thus
has a higher hurdle than the few others.

A box is found on one half of the runs and evaluated on the other. Coverage is the share of all backfired runs that lie
inside; density is the share of runs inside that backfired. Both are those of the second half, which exposes rules found
by luck.

Source   Friedman & Fisher (1999), Statistics and Computing 9, 123-143, for boxes; Smirnov (1948), Annals of
         Mathematical Statistics 19(2), 279-281; Bryant & Lempert (2010), Technological Forecasting and
         Social Change 77(1), 34-49, for coverage and density
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.uncertainty.stability import exact_interval

COLUMNS = (
    "rule",
    "limits",
    "coverage",
    "density",
    "density_low",
    "density_high",
    "base",
    "inside",
    "runs",
    "change",
    "change_elsewhere",
)
MIN_RUNS = 100
WORTH = 0.03  # by how much more a further limit must set apart
SMALLEST = 0.05  # share of the runs below which a box is not made

Box = dict[int, tuple[float, float]]  # feature -> low, high, both inside


def find_boxes(
    features: ArrayLike,
    backfired: ArrayLike,
    names: Sequence[str],
    *,
    most: int = 3,
    limits: int = 3,
    level: float = LEVEL,
    crowd: Collection[str] = (),
    changes: ArrayLike | None = None,
) -> list[dict[str, Any]]:
    """At most `most` rules (COLUMNS) of at most `limits` features each, the first found first.

    `features` [run, feature] are numbers (a town is a column of 0 and 1 for each town), `backfired` [run] is true or
    false. Each rule is looked for among the runs outside all earlier rules. `limits` of a row lists (feature, low,
    high), with -inf or inf where a side is open; `base` is the share that backfired among all. A rule whose density's
    interval does not lie above `base` ends the list; an empty list says that no short rule held on the second half.
    Shares and means, except `coverage` and `base`, are taken over the runs outside all earlier rules. `crowd` names the
    features of the numerous kind. Of `changes` [run] the means inside and outside are given (nan without).

    Raises ValueError for figures that are missing, fewer than 100 runs, or none or all that backfired.
    """
    x, y = _check(features, backfired, names)
    many = np.array([name in crowd for name in names])
    moved = np.full(len(x), np.nan) if changes is None else np.asarray(changes, dtype=float)
    half = np.random.Generator(np.random.Philox(key=len(x))).permutation(len(x)) % 2 == 0
    base, found = float(y[~half].mean()), []
    left = np.ones(len(x), dtype=bool)
    for number in range(1, most + 1):
        learn, check = half & left, ~half & left
        if not (y[learn].any() and (~y[learn]).any() and y[check].any()):
            break
        box = _found(x[learn], y[learn], limits, many)
        inside = check & _inside(x, box)
        if not box or not inside.any():
            break
        low, high = exact_interval(int(y[inside].sum()), int(inside.sum()), level)
        if low <= base:
            break
        row = (
            number,
            tuple((names[k], float(below), float(above)) for k, (below, above) in sorted(box.items())),
            float(y[inside].sum() / max(y[~half].sum(), 1)),
            float(y[inside].mean()),
            low,
            high,
            base,
            int(inside.sum()),
            int((~half).sum()),
            float(moved[inside].mean()),
            float(moved[check & ~inside].mean()) if (check & ~inside).any() else np.nan,
        )
        found.append(dict(zip(COLUMNS, row, strict=True)))
        left &= ~_inside(x, box)
    return found


def _check(
    features: ArrayLike, backfired: ArrayLike, names: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Features [run, feature] and marks [run] that can be used; ValueError otherwise."""
    x, y = np.asarray(features, dtype=float), np.asarray(backfired)
    if x.ndim != 2 or x.shape[1] != len(names) or y.shape != (len(x),):
        raise ValueError(
            f"{len(names)} features need [run, feature] and one mark a run; {x.shape} and {y.shape} given."
        )
    if len(x) < MIN_RUNS:
        raise ValueError(f"rules need at least {MIN_RUNS} runs, half to find and half to count; {len(x)} given.")
    if not np.isin(y, (0, 1)).all() or not np.isfinite(x).all():
        raise ValueError("rules need finite features and marks that are true or false; some are missing.")
    y = y.astype(bool)
    if y.all() or not y.any():
        raise ValueError(f"{'every' if y.all() else 'no'} run backfired, so no circumstance can tell them apart.")
    return x, y


def _inside(x: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    kept = np.ones(len(x), dtype=bool)
    for k, (low, high) in box.items():
        kept &= (low <= x[:, k]) & (x[:, k] <= high)
    return kept


def _apart(y: NDArray[np.bool_], inside: NDArray[np.bool_]) -> float:
    """The score: share of backfired runs that lie inside, less that share of the other runs."""
    return float(inside[y].mean() - inside[~y].mean())


def _found(x: NDArray[np.float64], y: NDArray[np.bool_], limits: int, many: NDArray[np.bool_]) -> Box:
    """Grow a box by the limit that raises the score most, up to `limits` features, and shorten it."""
    box = Box()
    side = np.where(y, 1.0 / y.sum(), -1.0 / (~y).sum())
    luck = _luck(y, many)
    while True:
        inside = _inside(x, box)
        gain, ends = _best_limits(x[inside], side[inside], np.ceil(SMALLEST * len(x)))
        gain = np.where(np.isin(np.arange(x.shape[1]), list(box)) | (len(box) < limits), gain, -np.inf)
        k = int((gain - luck).argmax())
        if gain[k] - side[inside].sum() < WORTH:
            return _shortened(x, y, box)
        low, high = box.get(k, (-np.inf, np.inf))
        box = {**box, k: (max(low, ends[k][0]), min(high, ends[k][1]))}


def _luck(y: NDArray[np.bool_], many: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Score that the best of equally many features of its kind reaches by luck (Smirnov's bound), [feature]."""
    worth = y.sum() * (~y).sum() / len(y)
    kind = np.where(many, many.sum(), (~many).sum())
    return np.sqrt(np.log(2.0 * kind) / (2.0 * worth))


def _best_limits(
    x: NDArray[np.float64], side: NDArray[np.float64], least: float
) -> tuple[NDArray[np.float64], list[tuple[float, float]]]:
    """For each feature the limit, below or above, that leaves the greatest sum of `side` inside, and that sum."""
    order = np.argsort(x, axis=0, kind="stable")
    ranked = np.take_along_axis(x, order, axis=0)
    summed = np.cumsum(side[order], axis=0)
    count = np.arange(1, len(x) + 1)[:, None]
    cut = ranked[1:] != ranked[:-1]  # between two different values
    below = np.where(cut & (count[:-1] >= least), summed[:-1], -np.inf)
    above = np.where(cut & (len(x) - count[:-1] >= least), summed[-1] - summed[:-1], -np.inf)
    if not len(cut):
        return np.full(x.shape[1], -np.inf), [(-np.inf, np.inf)] * x.shape[1]
    at_below, at_above = below.argmax(axis=0), above.argmax(axis=0)
    every = np.arange(x.shape[1])
    lower, upper = below[at_below, every], above[at_above, every]
    ends = [
        (-np.inf, float(ranked[i, k])) if lower[k] >= upper[k] else (float(ranked[j + 1, k]), np.inf)
        for k, (i, j) in enumerate(zip(at_below, at_above, strict=True))
    ]
    return np.maximum(lower, upper), ends


def _shortened(x: NDArray[np.float64], y: NDArray[np.bool_], box: Box) -> Box:
    """The box without the sides whose removal does not lower its score."""
    for k in list(box):
        for side, end in ((0, -np.inf), (1, np.inf)):
            ends = (end, box[k][1]) if side == 0 else (box[k][0], end)
            looser = {**box, k: ends}
            if _apart(y, _inside(x, looser)) >= _apart(y, _inside(x, box)):
                box = looser
        if box[k] == (-np.inf, np.inf):
            box = {other: ends for other, ends in box.items() if other != k}
    return box
