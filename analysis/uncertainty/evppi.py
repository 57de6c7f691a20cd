"""What it would be worth to know one parameter before choosing a measure.

The measures' effects were computed for many draws of the parameters. Without further information one chooses the
measure that is best on average and is sometimes wrong. If one parameter were measured in the field, the choice could
depend on it. The gain, averaged over the draws, is the expected value of partial perfect information (EVPPI), in the
outcome's unit. Ranking parameters by it shows where a field measurement would reduce the risk of a wrong choice most.

For each parameter the effects are regressed on a natural cubic spline of it. The rule "take the measure with the best
fitted effect" is made on nine tenths of the draws and its gain evaluated on the rest. So the figure is not inflated by
overfitting; with few draws it errs low.

The best of many parameters is lucky. So the same is done with effects that are shuffled over the draws, where no
parameter can be worth anything; a gain counts only above what the greatest of those gains reaches by chance.

Source   Strong, Oakley & Brennan (2014), Medical Decision Making 34(3), 311-326
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.uncertainty.paired import t_interval

COLUMNS = ("parameter", "gain", "ci_low", "ci_high", "changes", "chosen_now", "draws", "chance")
SHUFFLES = 60
FOLDS = 10
KNOTS = 5
MIN_DRAWS = 50


def value_of_information(
    parameters: ArrayLike,
    effects: ArrayLike,
    names: Sequence[str],
    options: Sequence[str],
    *,
    better: str = "higher",
    level: float = LEVEL,
) -> list[dict[str, Any]]:
    """Rows (COLUMNS), the most valuable parameter first.

    `parameters` [draw, parameter], `effects` [draw, option] of the measures (or packages) between
    which one must choose. `gain` is per decision, in the unit of the effects; `changes` is the share
    of draws in which knowing the parameter changes the choice. `chance` is what the greatest gain of
    all parameters stays below in a share `level` of shuffles: only a gain above it is more than luck.
    Raises ValueError for figures that are missing, a single option or fewer than 50 draws.
    """
    x, y = np.asarray(parameters, dtype=float), np.asarray(effects, dtype=float)
    if x.ndim != 2 or x.shape[1] != len(names) or y.shape != (len(x), len(options)):
        raise ValueError(
            f"{len(names)} parameters and {len(options)} options need [draw, parameter] and [draw, option]; "
            f"{x.shape} and {y.shape} given."
        )
    if len(options) < 2:
        raise ValueError("with one option there is nothing to choose, so knowing more is worth nothing.")
    if len(x) < MIN_DRAWS:
        raise ValueError(f"the value of information needs at least {MIN_DRAWS} draws, {len(x)} given.")
    bad = int((~np.isfinite(x)).sum() + (~np.isfinite(y)).sum())
    if bad:
        raise ValueError(
            f"{bad} parameters or effects are missing or not finite, so nothing can be said of their value."
        )
    if better not in ("higher", "lower"):
        raise ValueError(f"better is {better!r}, 'higher' or 'lower' is allowed.")
    gains = y if better == "higher" else -y
    now = int(gains.mean(axis=0).argmax())
    generator = np.random.Generator(np.random.Philox(key=len(x)))
    fold = generator.permutation(len(x)) % FOLDS
    shuffled = np.stack([gains, *(gains[generator.permutation(len(x))] for _ in range(SHUFFLES))], axis=1)
    rows, greatest = [], np.full(SHUFFLES, -np.inf)
    for k, name in enumerate(names):
        if np.ptp(x[:, k]) == 0.0:
            raise ValueError(f"{name} is {x[0, k] + 0.0:g} in every draw, so there is nothing to learn about it.")
        chosen = choices(natural_spline(x[:, k]), shuffled, fold)
        gained = np.take_along_axis(shuffled, chosen[:, :, None], axis=2)[:, :, 0] - shuffled[:, :, now]
        greatest = np.maximum(greatest, gained[:, 1:].mean(axis=0))
        interval, changes = t_interval(gained[:, 0], level), float((chosen[:, 0] != now).mean())
        rows.append((name, interval.mean, interval.low, interval.high, changes, options[now], len(x)))
    chance = float(np.quantile(greatest, level))
    found = [dict(zip(COLUMNS, (*row, chance), strict=True)) for row in rows]
    return sorted(found, key=lambda row: -float(row["gain"]))


def choices(basis: NDArray[np.float64], gains: NDArray[np.float64], fold: NDArray[np.int64]) -> NDArray[np.int64]:
    """The option with the best fitted effect by a rule made on the other folds: [draw, shuffle].

    `basis` [draw, term] of one parameter; `gains` [draw, shuffle, option].
    """
    flat = gains.reshape(len(gains), -1)
    chosen = np.empty(gains.shape[:2], dtype=np.int64)
    for one in range(FOLDS):
        kept = fold != one
        fitted = basis[~kept] @ (np.linalg.pinv(basis[kept]) @ flat[kept])
        chosen[~kept] = fitted.reshape(-1, *gains.shape[1:]).argmax(axis=2)
    return chosen


def natural_spline(values: ArrayLike, knots: int = KNOTS) -> NDArray[np.float64]:
    """Basis [draw, term] of cubic splines of `values` that are straight beyond the outer knots.

    Knots stand at quantiles; a parameter of few distinct values gets as many terms as it can carry.
    """
    x = np.asarray(values, dtype=float)
    x = (x - x.mean()) / x.std()
    at = np.unique(np.quantile(x, np.linspace(0.05, 0.95, knots)))
    columns = [np.ones_like(x), x]
    if len(at) > 2:
        cube = np.maximum(x[:, None] - at, 0.0) ** 3
        slope = (cube[:, :-1] - cube[:, -1:]) / (at[-1] - at[:-1])
        columns += list((slope[:, :-1] - slope[:, -1:]).T)
    return np.column_stack(columns)
