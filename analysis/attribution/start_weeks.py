"""Order and start weeks: what a late start costs, and whether the order of starts matters.

Everything is compared with the whole package, each measure at its own start week, seed by seed:

delay   one measure starts some weeks late, all others on time
order   all measures start one after another, equally far apart, in an order that has a name

A *case* says how many weeks late each measure starts. Outcomes are those of the first year, of the last one, and the
mean of the two; years between are ignored. Orders of one outcome are compared with each other too: `first_or_last` is
the best first less the best last.

Intervals hold simultaneously for all measures under one delay, and for all orders of an outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.attribution.problem import Design, Problem, check_values, lay_out
from analysis.uncertainty import simultaneous, verdict
from analysis.uncertainty.ranks import rounding

COLUMNS = (
    "outcome",
    "kind",
    "name",
    "weeks",
    "period",
    "difference",
    "ci_low",
    "ci_high",
    "verdict",
    "seeds",
    "runs",
)
YEARS = ("year1", "evaluation")
PERIODS = (*YEARS, "mean")
FIRST, LAST, AGAINST = "best_first", "best_last", "first_or_last"


@dataclass(frozen=True, slots=True)
class Case:
    """How many weeks `late` each player starts [player].

    kind "delay": `name` is the player that is `weeks` late. kind "order": `name` is the order's and `weeks` lie
    between two starts. `outcome` is the one the case belongs to, "" for all.
    """

    kind: str
    name: str
    weeks: int
    late: tuple[int, ...]
    outcome: str = ""


def delays(problem: Problem, weeks: Sequence[int]) -> list[Case]:
    """Each player late alone, by each of so many weeks."""
    return [
        Case("delay", one, late, tuple(late if other == one else 0 for other in problem.players))
        for late in weeks
        for one in problem.players
    ]


def in_order(problem: Problem, name: str, order: Sequence[str], apart: int, outcome: str = "") -> Case:
    """All players one after another, `apart` weeks between two starts; the first is not late."""
    place = {player: k for k, player in enumerate(order)}
    return Case("order", name, apart, tuple(apart * place[player] for player in problem.players), outcome)


def best_and_worst(problem: Problem, contributions: ArrayLike, apart: int) -> list[Case]:
    """The best-first order of mean `contributions` [estimate, player, outcome], and its reverse, for each outcome."""
    means = np.asarray(contributions, dtype=float).mean(axis=0)
    cases = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        best = np.argsort(means[:, column] if better == "lower" else -means[:, column], kind="stable")
        order = [problem.players[p] for p in best]
        cases.append(in_order(problem, FIRST, order, apart, outcome))
        cases.append(in_order(problem, LAST, order[::-1], apart, outcome))
    return cases


def sample(problem: Problem, cases: Sequence[Case]) -> Design:
    """Nobody late, then every case, under every seed.

    `coalitions` [row, player] are weeks late here, not 0 .. 1; `index` is [seed, 1 + case].
    """
    block = np.array([(0,) * len(problem.players), *(case.late for case in cases)], dtype=np.int64)
    return Design("start_weeks", tuple(problem.players), *lay_out([block] * len(problem.seeds), problem.seeds))


def estimates(problem: Problem, design: Design, values: ArrayLike) -> NDArray[np.float64]:
    """Figures [seed, case, outcome, period] less those of nobody late, from `values` [row, outcome, year]."""
    years = np.asarray(values, dtype=float)
    data = np.stack([check_values(problem, design, years[:, :, k]) for k in range(len(YEARS))], axis=2)
    data = np.append(data, data.mean(axis=2, keepdims=True), axis=2)[design.index]
    change = data[:, 1:] - data[:, :1]
    return np.where(np.abs(change) <= rounding(data), 0.0, change)


def analyse(
    problem: Problem, design: Design, values: ArrayLike, cases: Sequence[Case], level: float = LEVEL
) -> list[dict[str, Any]]:
    """Rows (COLUMNS) from `values` [row, outcome, year], years as in YEARS; in a group, what is worst comes first.

    `difference` is in the outcome's unit; where its interval holds zero the verdict is `unclear`. Raises
    ValueError if the outcomes cannot be used.
    """
    change = estimates(problem, design, values)
    rows: list[dict[str, Any]] = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        own = [k for k, case in enumerate(cases) if case.outcome in ("", outcome)]
        for kind, weeks in dict.fromkeys((cases[k].kind, cases[k].weeks) for k in own):
            group = [k for k in own if (cases[k].kind, cases[k].weeks) == (kind, weeks)]
            found = {cases[k].name: change[:, k, column] for k in group}
            if FIRST in found and LAST in found:
                found[AGAINST] = found[FIRST] - found[LAST]
            rows += _rows(found, {"outcome": outcome, "kind": kind, "weeks": weeks}, better, level, len(design))
    return rows


def _rows(
    found: Mapping[str, NDArray[np.float64]], said: Mapping[str, Any], better: str, level: float, runs: int
) -> list[dict[str, Any]]:
    """Rows of one group of cases, `found` by name [seed, period], period by period."""
    rows = []
    sign = -1.0 if better == "lower" else 1.0
    for k, period in enumerate(PERIODS):
        samples = np.column_stack([one[:, k] for one in found.values()])
        low, high = simultaneous(samples, level, key=f"timing/{'/'.join(map(str, said.values()))}/{period}")
        table = []
        for place, name in enumerate(found):
            ends = float(low[place]), float(high[place])
            row = {**said, "name": name, "period": period, "difference": float(samples[:, place].mean())}
            row |= {"ci_low": ends[0], "ci_high": ends[1], "verdict": verdict(*ends, better)}
            row |= {"seeds": len(samples), "runs": runs}
            table.append({column: row[column] for column in COLUMNS})
        rows += sorted(table, key=lambda row: sign * row["difference"]) if said["kind"] == "delay" else table
    return rows
