"""What each measure brings for its cost, and packages under a budget run again with fresh seeds.

    tables/cost_effectiveness.csv   contribution per 1,000 cadre hours and per 10,000 yuan a year
    tables/packages.csv             the package that contributions propose for each budget, and what it then did

Costs are the measures' own (assumptions), at the intensity of the ranked setting and for the whole town. They are
uncertain: intervals hold that too, and `within_budget` is the chance that a package chosen at the modes keeps to its
budget. The proposals come from the ranking's runs; their effects come from seeds that had no part in it, against the
same town without measures. So the printed effects are free of selection bias (the best of many is lucky).

Packages that are Pareto-efficient by the means of those seeds form the front. `step` is the gain of the dearer of two
neighbours on it, paired by seed; `front_share` says how surely a package is on it at all.

No cost of a lever is known, so it cannot be set against a budget. Both tables are of measures only. Levers that are
ranked too have the setting's value in the packages and in the town without measures.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.ensemble.members import DesignKey, coalition_members
from experiments.output.measure_costs import costs_of
from experiments.study.keys import Key, whole_number
from experiments.study.question import Given, Question
from experiments.study.study import Study
from experiments.study.values import Source
from sim.inputs import validators

if TYPE_CHECKING:
    from experiments.ensemble.results import Results
    from experiments.ranking.composite import Composite
    from experiments.ranking.rank_parts import Ranked

Rows = list[dict[str, Any]]
BUDGETS = (0, 20)
FRESH = 60  # seeds a package is run again with, at most as many as the ranking had


def parse(given: Given) -> int:
    """For how many budgets packages are proposed."""
    found = 0
    for ranking, place in given.every:
        if "budgets" in ranking:
            found = validators.whole(ranking["budgets"], *BUDGETS, place, "ranking.budgets")
    return found


def check(study: Study, source: Source) -> None:
    """A lever has no cost: not of a ranking over ranges, and only of two measures or more."""
    budgets, measures = study.value("budgets"), len(study.ranked.measures)
    if study.ranking.ranges:
        allowed = "beside ranking.ranges (a lever at an end of its range has no cost), 0"
        raise validators.refuse(source.place("budgets"), "ranking.budgets", budgets, allowed)
    if measures < 2:
        allowed = "for fewer than two measures (levers have no cost), 0"
        raise validators.refuse(source.place("budgets"), "ranking.budgets", budgets, allowed)


def later(study: Study, replicates: int, outcomes: int) -> int:
    """How many runs the packages take at most: one for each outcome, currency and budget, and none of the measures."""
    return min(FRESH, replicates) * (1 + 2 * outcomes * study.value("budgets"))


def tables(ranked: Ranked) -> dict[str, Rows]:
    """The two tables, from the leading method's contributions (measures come first) and fresh runs."""
    from analysis.attribution.cost import packages, per_cost

    study, costs, budgets = (
        ranked.study,
        costs_of(ranked.study.ranked, ranked.study.replicates),
        ranked.study.value("budgets"),
    )
    problem = replace(ranked.problem, players=tuple(costs))
    samples = ranked.contributions[:, : len(costs)]
    proposals = packages(problem, samples, costs, [(k + 1) / budgets for k in range(budgets)])
    bits = {row["measures"]: tuple(int(p in row["measures"]) for p in problem.players) for row in proposals}
    bits[()] = (0,) * len(problem.players)
    fresh = range(study.replicates, study.replicates + min(FRESH, study.replicates))
    members = coalition_members(
        study.ranked, problem.players, dict.fromkeys((one, k) for k in fresh for one in bits.values()), study.draws
    )
    results = ranked.simulate(members, "packages")
    rows = package_rows(problem, proposals, bits, results, ranked.batch.composite)
    return {"cost_effectiveness": per_cost(problem, samples, costs), "packages": rows}


def package_rows(problem, proposals: Rows, bits, results: Results, composite: Composite | None) -> Rows:
    """Proposals with the effect that fresh seeds gave, and whether another of its outcome and currency beats it.

    An efficient one also gets its gain over the next cheaper efficient one.
    """
    import numpy as np

    from analysis.uncertainty import efficient, steps, t_interval
    from experiments.ranking.composite import figures as figures_of

    names = list(problem.outcomes)
    figures = {
        one: figures_of(results, results.of_row(DesignKey(levels=one)), names, composite) for one in set(bits.values())
    }
    none = figures[bits[()]]
    rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        for currency in dict.fromkeys(row["currency"] for row in proposals):
            group = [row for row in proposals if row["outcome"] == outcome and row["currency"] == currency]
            samples = np.column_stack([figures[bits[row["measures"]]][:, column] for row in group])
            found = [t_interval(one - none[:, column]) for one in samples.T]
            sign = -1.0 if better == "lower" else 1.0
            costs = [row["cost"] for row in group]
            kept = efficient(np.column_stack([np.negative(costs), [sign * one.mean for one in found]])).tolist()
            stepped = steps(costs, kept, samples, none[:, column], better, f"packages/{outcome}/{currency}")
            for row, one, on_front, step in zip(group, found, kept, stepped, strict=True):
                effect = {"effect": one.mean, "ci_low": one.low, "ci_high": one.high, "fresh_seeds": one.count}
                own = {**row, "measures": " ".join(row["measures"]), **effect}
                rows.append({**own, "efficient": int(on_front), **step})
    return rows


QUESTION = Question(
    "budgets",
    order=80,
    keys=(
        Key(
            "ranking.budgets",
            whole_number(BUDGETS),
            "the experiment's, or 0",
            "how many budgets, in equal steps up to the cost of all; the best package for each is run again "
            "with fresh seeds",
            ("rank",),
            after="ranking.methods",
        ),
    ),
    parse=parse,
    check=check,
    seeds=lambda study, replicates: replicates + min(FRESH, replicates),
    later=later,
    tables=tables,
)
