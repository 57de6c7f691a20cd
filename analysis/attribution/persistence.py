"""What stays when a measure ends: its effect while it is kept, its effect after it has ended, and the part that stays.

Each measure is alone in force, and the package stands beside them as a whole. Effects are those on the last year,
against nothing in force, paired over seeds. The part that stays is the ratio of both effects, with its interval. It is
only told where the effect of what is kept can be told apart from no effect: a ratio to nothing says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL, PACKAGE
from analysis.attribution.problem import Problem
from analysis.uncertainty import Interval, ratio_interval, t_interval, verdict

COLUMNS = (
    *("outcome", "name", "weeks", "kept", "kept_low", "kept_high", "kept_verdict"),
    *("ended", "ended_low", "ended_high", "ended_verdict", "lost", "lost_low", "lost_high"),
    *("stays", "stays_low", "stays_high", "seeds"),
)
"""Columns of tables/persistence.csv; effects in the outcome's unit, `stays` a share of the effect that was kept."""


def analyse(
    problem: Problem,
    names: Sequence[str],
    values: ArrayLike,
    weeks: int,
    level: float = LEVEL,
) -> list[dict[str, Any]]:
    """Rows (COLUMNS) for each outcome and name, the package first, the others by the effect that is kept.

    values: figures [seed, name, case, outcome], cases: nothing, kept, ended in week `weeks`. Raises ValueError for
    figures that are missing.
    """
    data = np.asarray(values, dtype=float)
    rows: list[dict[str, Any]] = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        one = data[:, :, :, column]
        if not np.isfinite(one).all():
            raise ValueError(f"{outcome} is missing in some runs")
        found = [_row(one[:, k], name, outcome, better, weeks, level) for k, name in enumerate(names)]
        sign = 1.0 if better == "lower" else -1.0
        rows += sorted(found, key=lambda row: (row["name"] != PACKAGE, sign * row["kept"]))
    return rows


def _row(cases: NDArray[np.float64], name: str, outcome: str, better: str, weeks: int, level: float) -> dict[str, Any]:
    """One row from figures [seed, case]."""
    nothing, kept, ended = cases.T
    effects = {
        "kept": t_interval(kept - nothing, level),
        "ended": t_interval(ended - nothing, level),
        "lost": t_interval(ended - kept, level),
    }
    row: dict[str, Any] = {"outcome": outcome, "name": name, "weeks": weeks, "seeds": len(cases)}
    for key, effect in effects.items():
        row |= {key: effect.mean, f"{key}_low": effect.low, f"{key}_high": effect.high}
    row |= {f"{key}_verdict": verdict(effects[key].low, effects[key].high, better) for key in ("kept", "ended")}
    clear = row["kept_verdict"] != "unclear"
    missing = Interval(math.nan, math.nan, math.nan, len(cases))
    stays = ratio_interval(ended - nothing, kept - nothing, level) if clear else missing
    row |= {"stays": stays.mean, "stays_low": stays.low, "stays_high": stays.high}
    return {column: row[column] for column in COLUMNS}
