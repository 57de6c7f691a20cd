"""Under what circumstances does it turn round? Short rules from boxes over levers, parameters and towns.

Runs are marked true where something backfired (an effect is worse than none). A box is a few limits
("supervision at least 0.6, burden at most 0.3"). It is found by peeling: starting from all runs, the
thin slice in which the smallest share backfired is taken off again and again (PRIM); of all boxes
on the way the one counts that sets apart best, its share of those that backfired less its share of
those that did not. Limits it can do without are dropped.

Among hundreds of features some set the first thin slices apart as well as the one that matters, by luck. So only
the features are peeled along whose values differ most between runs that backfired and the others (Kolmogorov and
Smirnov's distance), and of slices that are equally good that of the feature with the greater distance.

A box is found on one half of the runs and counted on the other. Its coverage (share of all that
backfired which lie inside) and density (share of those inside that backfired) are those of the second
half; a rule that owes its place to luck shows there.

Source   Friedman & Fisher (1999), Statistics and Computing 9, 123-143; Bryant & Lempert (2010),
         Technological Forecasting and Social Change 77(1), 34-49, for coverage and density
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.uncertainty.stability import exact_interval

COLUMNS = ("rule", "limits", "coverage", "density", "density_low", "density_high", "base", "inside", "runs")
MIN_RUNS = 100
PEEL = 0.06  # share of the runs inside that a slice takes off
DOUBT = 20  # a slice's density counts as if so many more runs in it were like the box
SCREENED = 6  # features that are peeled along
SMALLEST = 0.05  # share of the runs below which a box is not made

Box = dict[int, tuple[float, float]]  # feature -> low, high, both inside


def rules(
    features: ArrayLike,
    backfired: ArrayLike,
    names: Sequence[str],
    *,
    most: int = 3,
    limits: int = 3,
    level: float = 0.95,
) -> list[dict[str, Any]]:
    """At most `most` rules (COLUMNS) of at most `limits` features each, the first found first.

    `features` [run, feature] are numbers (a town is a column of 0 and 1 for each town), `backfired`
    [run] is true or false. Each rule is looked for among the runs that the ones before leave.
    `limits` of a row lists (feature, low, high), with -inf or inf where a side is open; `base` is the
    share that backfired among all. A rule whose density's interval does not lie above that ends the
    list: an empty one says that no short rule held on the second half.

    Raises ValueError for figures that are missing, fewer than 100 runs, or none or all that backfired.
    """
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
    half = np.random.Generator(np.random.Philox(key=len(x))).permutation(len(x)) % 2 == 0
    base, found = float(y[~half].mean()), []
    left = np.ones(len(x), dtype=bool)
    for number in range(1, most + 1):
        learn, check = half & left, ~half & left
        if not (y[learn].any() and (~y[learn]).any() and y[check].any()):
            break
        box = _found(x[learn], y[learn], limits)
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
        )
        found.append(dict(zip(COLUMNS, row, strict=True)))
        left &= ~_inside(x, box)
    return found


def _inside(x: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    kept = np.ones(len(x), dtype=bool)
    for k, (low, high) in box.items():
        kept &= (low <= x[:, k]) & (x[:, k] <= high)
    return kept


def _apart(y: NDArray[np.bool_], inside: NDArray[np.bool_]) -> float:
    """Share of those that backfired inside, less the share of the others inside."""
    return float(inside[y].mean() - inside[~y].mean())


def _found(x: NDArray[np.float64], y: NDArray[np.bool_], limits: int) -> Box:
    """Peel along the features that differ most, keep those that matter most, peel along these alone, and shorten."""
    screened = _screened(x, y)
    box = _peeled(x, y, screened)
    while len(box) > limits:
        least = max(box, key=lambda k: _apart(y, _inside(x, {j: ends for j, ends in box.items() if j != k})))
        box = {k: ends for k, ends in box.items() if k != least}
    return _shortened(x, y, _peeled(x, y, [k for k in screened if k in box]))


def _screened(x: NDArray[np.float64], y: NDArray[np.bool_]) -> list[int]:
    """The SCREENED features whose distributions with and without backfiring are furthest apart, the furthest first."""
    order = np.argsort(x, axis=0, kind="stable")
    ranked = np.take_along_axis(x, order, axis=0)
    ahead = np.cumsum(np.where(y[order], 1.0 / y.sum(), -1.0 / (~y).sum()), axis=0)
    last = np.vstack([ranked[1:] != ranked[:-1], np.ones((1, x.shape[1]), dtype=bool)])  # of equal values
    distance = np.where(last, np.abs(ahead), 0.0).max(axis=0)
    found: list[int] = np.argsort(-distance, kind="stable")[:SCREENED].tolist()
    return found


def _peeled(x: NDArray[np.float64], y: NDArray[np.bool_], features: Sequence[int]) -> Box:
    """The box on the way of peeling along `features` that sets apart best."""
    inside, box = np.ones(len(x), dtype=bool), Box()
    best, best_box = 0.0, Box()
    while inside.sum() > SMALLEST * len(x):
        share, slices = y[inside].mean(), []
        for k in features:
            values = x[inside, k]
            low, high = box.get(k, (-np.inf, np.inf))
            if values.min() == values.max():
                continue
            above = values[values > np.quantile(values, PEEL)]  # nothing where the highest value is that common
            below = values[values < np.quantile(values, 1.0 - PEEL)]
            ends = (
                (above.min() if above.size else values.max(), high),
                (low, below.max() if below.size else values.min()),
            )
            for end in ends:
                off = inside & ~_inside(x, {k: end})
                if 0 < off.sum() < inside.sum():
                    slices.append(((share * off.sum() - y[off].sum()) / (off.sum() + DOUBT), k, end))
        if not slices:
            break
        _, k, end = max(slices, key=lambda one: one[0])  # of equals the first
        box = {**box, k: end}
        inside &= _inside(x, {k: end})
        if _apart(y, inside) > best:
            best, best_box = _apart(y, inside), box
    return best_box


def _shortened(x: NDArray[np.float64], y: NDArray[np.bool_], box: Box) -> Box:
    """The box without the sides that it sets apart no worse without."""
    for k in list(box):
        for open_side in ((-np.inf, box[k][1]), (box[k][0], np.inf)):
            looser = {**box, k: open_side}
            if open_side != box[k] and _apart(y, _inside(x, looser)) >= _apart(y, _inside(x, box)):
                box = looser
        if box[k] == (-np.inf, np.inf):
            box = {other: ends for other, ends in box.items() if other != k}
    return box
