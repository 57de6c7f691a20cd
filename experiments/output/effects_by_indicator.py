"""What every measure, or package, does to every indicator: tables/indicator_effects.csv.

Columns: measure, indicator, median, q05, q95, ci_low, ci_high, unit, mean, replicates, spread, method. ci_low to
ci_high holds the mean. median, q05 and q95 say how single effects differ (`spread`): between draws, with chance taken
out ("draws", where draws were run twice); between runs of different draws, chance included ("both"); between runs that
differ by chance alone ("chance"). `method`: the runs that were set against each other; "package" where those of two
settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Rows = list[dict[str, Any]]
TABLE = "indicator_effects"
DRAWS, BOTH, CHANCE = "draws", "both", "chance"
ENDS = (5.0, 50.0, 95.0)
COLUMNS = (
    *("measure", "indicator", "median", "q05", "q95", "ci_low", "ci_high", "unit"),
    *("mean", "replicates", "spread", "method"),
)


def effect_rows(measure: str, names: Sequence[str], once: Any, twice: Any, drawn: bool, method: str) -> Rows:
    """Rows of one measure from its effects `once` [replicate, indicator] and those of repeats `twice`, if any.

    Repeat r is the draw of replicate r with other shocks. Effects that are missing by design (nan) are left out; an
    indicator without any has no row.
    """
    from sim.indicators import INDICATORS

    rows: Rows = []
    for column, name in enumerate(names):
        values = once[:, column]
        if np.isfinite(values).any():
            again = None if twice is None else twice[:, column]
            rows.append(
                {
                    "measure": measure,
                    "indicator": name,
                    **_spread(values, again, drawn),
                    **_mean(values),
                    "method": method,
                    "unit": INDICATORS[name].unit,
                }
            )
    return [{key: row[key] for key in COLUMNS} for row in rows]


def _mean(values: Any) -> dict[str, Any]:
    """The mean with its interval."""
    from analysis.uncertainty import t_interval

    found = t_interval(values)
    return {"mean": found.mean, "ci_low": found.low, "ci_high": found.high, "replicates": found.count}


def _spread(values: Any, again: Any, drawn: bool) -> dict[str, Any]:
    """Median and range of single effects, and what makes them differ."""
    from analysis.uncertainty.ignorance import LEAST_DRAWS, LEAST_REPEATS, without_chance

    spread, kept = BOTH if drawn else CHANCE, values[np.isfinite(values)]
    if again is not None and len(values) >= LEAST_DRAWS:
        squares = np.square(again - values[: len(again)]) / 2.0
        squares = squares[np.isfinite(squares)]
        if len(squares) >= LEAST_REPEATS and len(kept) >= LEAST_DRAWS:
            spread, kept = DRAWS, without_chance(kept[:, None], squares[:, None])[0][:, 0]
    q05, median, q95 = np.percentile(kept, ENDS).tolist()
    return {"median": median, "q05": q05, "q95": q95, "spread": spread}


def package_effects(
    evaluations: Mapping[str, Sequence[Mapping[str, float]]], names: Sequence[str], drawn: bool
) -> Rows:
    """Rows of every setting but the first, against the first, in the evaluation year."""
    figures = {key: np.array([[one[name] for name in names] for one in own]) for key, own in evaluations.items()}
    base, *others = figures
    return [
        row
        for other in others
        for row in effect_rows(other, names, figures[other] - figures[base], None, drawn, "package")
    ]
