"""How far a ranking has come: precision reached, runs still to make, ties, and who is among the first.

Everything is computed from `attribution.estimates`, for each of its methods and every outcome. A loop in the jobs uses
it to add runs until the ranking is precise enough. See analysis.uncertainty.precision for the criteria that can be set
and for the care that sequential stopping needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import LEVEL
from analysis.attribution.problem import Design, Problem
from analysis.attribution.table import UNSIGNED
from analysis.uncertainty import place_probability, precision, ties

Estimates = Mapping[str, NDArray[np.float64]]

PROGRESS_COLUMNS = (
    "method",
    "outcome",
    "estimates",
    "half_width",
    "rank_width",
    "top",
    "reached",
    "estimates_more",
    "runs_more",
)
TIE_COLUMNS = ("method", "outcome", "upper", "lower", "difference", "ci_low", "ci_high", "runs_more")
TOP_COLUMNS = ("method", "outcome", "measure", "places", "probability")


def progress(
    problem: Problem,
    design: Design,
    estimates: Estimates,
    level: float = LEVEL,
    *,
    half_width: Mapping[str, float] | None = None,
    rank_width: float | None = None,
    top: int | None = None,
) -> list[dict[str, Any]]:
    """One row (PROGRESS_COLUMNS) a method and outcome: precision reached, against the criteria.

    `half_width` is by outcome, in its unit. `runs_more` is what this design costs for `estimates_more`; other designs
    may share some of it. Raises ValueError where no criterion is set.
    """
    rows = []
    for method, outcome, samples in _each(problem, estimates):
        wish = None if half_width is None else half_width.get(outcome)
        key = f"{method}/{outcome}"
        found = precision(
            samples, level, half_width=wish, rank_width=rank_width, top=top, n_looks=problem.n_looks, key=key
        )
        more = found.seeds_more
        row = (method, outcome, found.seeds, found.half_width, found.rank_width, found.top, found.reached, more)
        rows.append(dict(zip(PROGRESS_COLUMNS, (*row, _runs(design, samples, more)), strict=True)))
    return rows


def find_ties(problem: Problem, design: Design, estimates: Estimates, level: float = LEVEL) -> list[dict[str, Any]]:
    """Neighbours of each ranking that cannot be told apart (TIE_COLUMNS), with the runs to split them.

    `difference` is positive towards the better.
    """
    rows = []
    for method, outcome, samples in _each(problem, estimates):
        for tie in ties(samples, problem.players, problem.order_level(level), key=f"{method}/{outcome}"):
            more = _runs(design, samples, tie.pop("seeds_more"))
            rows.append({"method": method, "outcome": outcome, **tie, "runs_more": more})
    return rows


def among_first(problem: Problem, estimates: Estimates, places: Sequence[int]) -> list[dict[str, Any]]:
    """Probability of each measure to be among the first k, for each k of `places` (TOP_COLUMNS), the likeliest first.

    Places that all measures fill are left out.
    """
    rows = []
    for method, outcome, samples in _each(problem, estimates):
        chances = place_probability(samples, key=f"{method}/{outcome}").cumsum(axis=0)
        for count in (count for count in places if count < len(problem.players)):
            for p in np.argsort(-chances[count - 1], kind="stable"):
                row = (method, outcome, problem.players[p], count, float(chances[count - 1, p]))
                rows.append(dict(zip(TOP_COLUMNS, row, strict=True)))
    return rows


def _each(problem: Problem, estimates: Estimates) -> Iterator[tuple[str, str, NDArray[np.float64]]]:
    """Method, outcome and figures [estimate, player], higher is better (or larger, without a sign)."""
    for method, samples in estimates.items():
        for column, (outcome, better) in enumerate(problem.outcomes.items()):
            turned = better == "lower" and method not in UNSIGNED
            yield method, outcome, -samples[:, :, column] if turned else samples[:, :, column]


def _runs(design: Design, samples: NDArray[np.float64], estimates: float) -> float:
    return float(np.ceil(estimates * len(design) / len(samples)))
