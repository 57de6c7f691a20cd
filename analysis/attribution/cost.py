"""What a measure brings for what it costs, and the best package under a budget.

Costs are those in the measures' own files (assumptions) in two currencies that are not added up: cadre hours a year and
yuan a year of the whole town. A cost is a sum of parts, each a triangle (low, mode, high) drawn independently; three
equal numbers are an exact part. Estimates and choices are made with the modes.

An effect per cost is the mean contribution divided by the cost's mode. Its interval covers the uncertainty of both.
DRAWS seeded draws of the cost are matched at random with values of the mean contribution, which are evenly spaced in
probability under its t distribution. The ends are quantiles of the ratios, so an exact cost gives the t interval. Cost
and contribution are drawn independently, though hours also act in the runs: the interval does not show that a dearer
measure may do less. A cost is never negative, so its uncertainty leaves the sign of an effect unchanged.

A package under a budget is proposed by adding up contributions: the knapsack problem, solved exactly by SciPy's HiGHS.
A sum ignores interactions, and the best of many estimates owes part of its lead to luck (the optimiser's curse). So a
proposal's `expected` is no result: the package has to be run again with fresh seeds. Nor is a package that fits at the
modes sure to fit: `within_budget` is the share of draws of its costs that do.

Source   Huangfu & Hall (2018), Mathematical Programming Computation 10(1), 119-142, for HiGHS;
         Smith & Winkler (2006), Management Science 52(3), 311-322, for the optimiser's curse
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.attribution.problem import Problem
from analysis.uncertainty import t_interval
from analysis.uncertainty.paired import Interval, t_quantile

CURRENCIES = {"hours": 1_000.0, "yuan": 10_000.0}
"""Currencies, and how much of each an effect is stated for: 1,000 cadre hours, 10,000 yuan, both a year."""

COST_COLUMNS = ("outcome", "measure", "currency", "cost", "effect", "ci_low", "ci_high", "rank")
PACKAGE_COLUMNS = ("outcome", "currency", "budget", "cost", "within_budget", "expected", "measures")
DRAWS = 20_000  # of costs; at this number two seeds differ by some hundredths of an interval's width
Costs = Mapping[str, Mapping[str, Sequence[tuple[float, float, float]]]]
"""Measure -> currency -> parts (low, mode, high) of its cost a year in the whole town."""


def per_cost(problem: Problem, samples: ArrayLike, costs: Costs, level: float = LEVEL) -> list[dict[str, Any]]:
    """Rows (COST_COLUMNS), the best of each outcome and currency first, from contributions [estimate, player, outcome].

    `cost` is the mode; `effect` is in the outcome's unit per amount of the currency (CURRENCIES). A measure whose mode
    in a currency is zero has no row in it. Raises ValueError for costs that are missing, negative or not in order.
    """
    data = np.asarray(samples, dtype=float)
    prices, drawn = _prices(problem, costs)
    chance = np.random.default_rng(1)
    rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        for currency, amount in CURRENCIES.items():
            table = []
            for p, measure in enumerate(problem.players):
                price = float(prices[currency][p])
                if price > 0.0:
                    found = t_interval(data[:, p, column], level)
                    ratios = amount * chance.permutation(_means(found, level)) / drawn[currency][:, p]
                    low, high = np.quantile(ratios, (0.5 - level / 2.0, 0.5 + level / 2.0)).tolist()
                    row = (outcome, measure, currency, price, amount * found.mean / price, low, high, 0)
                    table.append(dict(zip(COST_COLUMNS, row, strict=True)))
            table.sort(key=lambda row: row["effect"] if better == "lower" else -row["effect"])
            rows += [{**row, "rank": place} for place, row in enumerate(table, 1)]
    return rows


def packages(problem: Problem, samples: ArrayLike, costs: Costs, shares: Sequence[float]) -> list[dict[str, Any]]:
    """Rows (PACKAGE_COLUMNS): for every outcome, currency and budget the package that adds up to most.

    A budget is a share of what all measures cost together at the modes. `measures` is a tuple of ids; no package has a
    measure whose mean contribution is not an improvement. `expected` is signed like the outcome.
    """
    means = np.asarray(samples, dtype=float).mean(axis=0)
    prices, drawn = _prices(problem, costs)
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
                    float((drawn[currency][:, chosen].sum(axis=1) <= budget * (1.0 + 1e-9)).mean()),
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


def _means(found: Interval, level: float) -> NDArray[np.float64]:
    """DRAWS values of a mean, found with its interval at `level`, under its t distribution."""
    if found.count < 2:
        return np.full(DRAWS, np.nan)
    return found.mean + (found.high - found.mean) / t_quantile(level, found.count) * _spaced(found.count)


@cache
def _spaced(count: int) -> NDArray[np.float64]:
    """DRAWS values of Student's t for `count` independent values, evenly spaced in probability."""
    from scipy.special import stdtrit

    spaced: NDArray[np.float64] = stdtrit(count - 1, (np.arange(DRAWS) + 0.5) / DRAWS)
    return spaced


def _prices(problem: Problem, costs: Costs) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
    """Costs by currency: their modes [player] and seeded draws [draw, player]."""
    modes: dict[str, NDArray[np.float64]] = {}
    drawn: dict[str, NDArray[np.float64]] = {}
    for k, currency in enumerate(CURRENCIES):
        chance = np.random.default_rng([0, k])
        modes[currency] = np.zeros(len(problem.players))
        drawn[currency] = np.zeros((DRAWS, len(problem.players)))
        for p, player in enumerate(problem.players):
            for low, mode, high in costs.get(player, {}).get(currency, [(np.nan,) * 3]):
                if not 0.0 <= low <= mode <= high < np.inf:
                    raise ValueError(
                        f"the cost of {player!r} in {currency} must be parts with 0 <= low <= mode <= high, "
                        f"{(low, mode, high)} given."
                    )
                modes[currency][p] += mode
                drawn[currency][:, p] += chance.triangular(low, mode, high, DRAWS) if low < high else mode
    return modes, drawn
