"""What a measure brings for what it costs, and the best package under a budget.

Costs are those in the measures' own files (assumptions, taken as exact here) in two currencies that are not
added up: cadre hours a year and yuan a year of the whole town. An effect per cost is a mean contribution
over the cost, with the interval of the contribution.

A package under a budget is proposed by adding up contributions: the knapsack problem, solved exactly by
SciPy's HiGHS. Adding up knows no interaction, and whoever picks the best of many estimates picks luck
too: a proposal's `expected` is no result. It is to be run again with fresh seeds.

Source   Huangfu & Hall (2018), Mathematical Programming Computation 10(1), 119-142, for HiGHS;
         Smith & Winkler (2006), Management Science 52(3), 311-322, for the optimiser's curse
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.attribution.problem import Problem
from analysis.uncertainty import t_interval

CURRENCIES = {"hours": 1_000.0, "yuan": 10_000.0}
"""Currencies, and how much of each an effect is stated for: 1,000 cadre hours, 10,000 yuan, both a year."""

COST_COLUMNS = ("outcome", "measure", "currency", "cost", "effect", "ci_low", "ci_high", "rank")
PACKAGE_COLUMNS = ("outcome", "currency", "budget", "cost", "expected", "measures")
Costs = Mapping[str, Mapping[str, float]]


def per_cost(problem: Problem, samples: ArrayLike, costs: Costs, level: float = 0.95) -> list[dict[str, Any]]:
    """Rows (COST_COLUMNS), the best of each outcome and currency first, from contributions [look, player, outcome].

    `costs` maps a measure to its cost a year by currency; `effect` is in the outcome's unit for so
    much of the currency as CURRENCIES says. A measure that costs nothing in a currency has no row in it.
    Raises ValueError for costs that are missing or negative.
    """
    data = np.asarray(samples, dtype=float)
    prices = _prices(problem, costs)
    rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        for currency, amount in CURRENCIES.items():
            table = []
            for p, measure in enumerate(problem.players):
                if prices[currency][p] > 0.0:
                    found = t_interval(data[:, p, column] * amount / prices[currency][p], level)
                    row = (outcome, measure, currency, prices[currency][p], found.mean, found.low, found.high, 0)
                    table.append(dict(zip(COST_COLUMNS, row, strict=True)))
            table.sort(key=lambda row: row["effect"] if better == "lower" else -row["effect"])
            rows += [{**row, "rank": place} for place, row in enumerate(table, 1)]
    return rows


def packages(problem: Problem, samples: ArrayLike, costs: Costs, shares: Sequence[float]) -> list[dict[str, Any]]:
    """Rows (PACKAGE_COLUMNS): for every outcome, currency and budget the package that adds up to most.

    A budget is a share of what all measures cost together. `measures` is a tuple of ids; a measure whose
    mean contribution is not an improvement is in none. `expected` is signed like the outcome.
    """
    means = np.asarray(samples, dtype=float).mean(axis=0)
    prices = _prices(problem, costs)
    rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        gains = -means[:, column] if better == "lower" else means[:, column]
        for currency in CURRENCIES:
            for share in shares:
                budget = share * float(prices[currency].sum())
                chosen = _best(gains, prices[currency], budget)
                row = (
                    outcome,
                    currency,
                    budget,
                    float(prices[currency][chosen].sum()),
                    float(means[chosen, column].sum()),
                    tuple(problem.players[p] for p in np.flatnonzero(chosen).tolist()),
                )
                rows.append(dict(zip(PACKAGE_COLUMNS, row, strict=True)))
    return rows


def _best(gains: NDArray[np.float64], prices: NDArray[np.float64], budget: float) -> NDArray[np.bool_]:
    """The players [player] with the greatest sum of gains whose prices fit in the budget."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    scale, unit = float(np.abs(gains).max()) or 1.0, max(budget, 1.0)
    solved = milp(
        -gains / scale,
        integrality=np.ones(len(gains)),
        bounds=Bounds(0.0, (gains > 0.0).astype(float)),
        constraints=LinearConstraint(prices[None, :] / unit, ub=budget / unit),
        options={"mip_rel_gap": 0.0},
    )
    if solved.x is None:
        raise ValueError(f"no package could be found for a budget of {budget:g}: {solved.message}")
    chosen: NDArray[np.bool_] = np.round(solved.x) > 0.5
    return chosen


def _prices(problem: Problem, costs: Costs) -> dict[str, NDArray[np.float64]]:
    """Costs [player] by currency."""
    for player in problem.players:
        for currency in CURRENCIES:
            given = costs.get(player, {}).get(currency, float("nan"))
            if not (np.isfinite(given) and given >= 0.0):
                raise ValueError(f"the cost of {player!r} in {currency} must be a number from 0, {given} given.")
    return {currency: np.array([float(costs[p][currency]) for p in problem.players]) for currency in CURRENCIES}
