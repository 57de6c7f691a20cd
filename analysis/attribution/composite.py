"""An outcome of the user's own making: several outcomes weighted against one another.

Each outcome is measured in its own scale: one standard deviation over the runs, unless the user names another. It is
turned so that higher is better, and multiplied by its weight. The weights are a judgement; the table shows only what
follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import COMPOSITE
from analysis.attribution.problem import Problem


def scales_of(problem: Problem, values: ArrayLike) -> dict[str, float]:
    """One standard deviation of each outcome over the runs `values` [row, outcome].

    Take it once over all runs (problem.union), so that every method weighs alike.
    """
    return dict(zip(problem.outcomes, np.asarray(values, dtype=float).std(axis=0).tolist(), strict=True))


def with_composite(
    problem: Problem,
    values: ArrayLike,
    weights: Mapping[str, float],
    scales: Mapping[str, float],
    name: str = COMPOSITE,
) -> tuple[Problem, NDArray[np.float64]]:
    """Problem and values with one more outcome, "higher" is better: the sum of weight x figure / scale.

    `weights` are 0 or above and are divided by their sum. A contribution to the composite is then a weighted mean of
    contributions in standard deviations.
    """
    data = np.asarray(values, dtype=float)
    if not weights or any(not 0.0 <= weight < np.inf for weight in weights.values()) or sum(weights.values()) == 0.0:
        raise ValueError(f"the weights of {name} must be 0 or above and one of them positive; {dict(weights)} given.")
    if name in problem.outcomes:
        raise ValueError(f"{name!r} is an outcome already.")
    if data.ndim != 2 or data.shape[1] != len(problem.outcomes):
        raise ValueError(
            f"{name}: outcomes must be an array of runs x {len(problem.outcomes)}, shape {data.shape} given."
        )
    whole = sum(weights.values())
    added = np.zeros(len(data))
    for outcome, weight in weights.items():
        if outcome not in problem.outcomes:
            raise ValueError(f"{name}: {outcome!r} has a weight but is not among the outcomes.")
        scale = scales.get(outcome, np.nan)
        if not (np.isfinite(scale) and scale > 0.0):
            raise ValueError(
                f"{name}: the scale of {outcome} is {scale:g}, so it cannot be weighed; it must be positive."
            )
        sign = 1.0 if problem.outcomes[outcome] == "higher" else -1.0
        added += sign * weight / whole * data[:, list(problem.outcomes).index(outcome)] / scale
    outcomes = {**problem.outcomes, name: "higher"}
    return replace(problem, outcomes=outcomes), np.column_stack([data, added])
