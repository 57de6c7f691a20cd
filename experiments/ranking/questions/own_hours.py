"""Of which own hours: what a measure would contribute if the hours that it takes itself cost nothing.

    tables/own_hours.csv   what a measure's own hours cost the outcomes, in the package and alone
    tables/ranking.csv     own_hours, the contribution with own hours at zero (leave_one_out, add_one_in)

The measure works as it does, and everything else costs what it costs. Only the hours a week that it asks of village and
township cadres are zero.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.ensemble.members import DesignKey, Member, coalition_members, draw_of
from experiments.study.keys import Key
from experiments.study.question import Question, refuse_more_than_draws
from experiments.study.study import Study
from experiments.study.values import Source
from sim.inputs import validators
from sim.inputs.measures import Cost
from sim.inputs.settings import Setting
from sim.inputs.validators import Frozen

if TYPE_CHECKING:
    from experiments.ranking.rank_parts import Ranked

Rows = list[dict[str, Any]]
KEY = "own_hours"
METHODS = ("leave_one_out", "add_one_in")
PAID, FREE = "paid", "free"
NAMED = ("method", "outcome", "measure")


def with_free_hours(setting: Setting, measure: str) -> Setting:
    """The setting in which a measure asks no hours of anybody for itself."""
    free = Cost(0.0, 0.0, 0.0)
    own = replace(setting.definitions[measure], hours_per_village_cadre_week=free, hours_per_township_cadre_week=free)
    return setting.replace(definitions=Frozen({**setting.definitions, measure: own}))


def measures_of(study: Study, players: Any) -> list[str]:
    """Players that take hours: measures, not levers."""
    return [player for player in players if player in study.ranked.definitions]


def in_force(players: Any, method: str, measure: str) -> tuple[int, ...]:
    """Who is in force with the measure: everybody (leave_one_out), or nobody else (add_one_in)."""
    return tuple(int(method == METHODS[0] or player == measure) for player in players)


def key_of(method: str, measure: str, case: str) -> DesignKey:
    """The row of a case in the design."""
    return DesignKey(case).within(KEY, method, measure)


def members(study: Study, problem) -> list[Member]:
    """Every measure in the package and alone, with its own hours and without."""
    found = []
    for k in range(study.value(KEY)):
        base = draw_of(study.ranked, study.draws, k)
        for method in METHODS:
            for measure in measures_of(study, problem.players):
                runs = [(in_force(problem.players, method, measure), k)]
                (paid,) = coalition_members(base, problem.players, runs, ranges=study.ranking.ranges)
                free = replace(paid, base=with_free_hours(paid.base, measure))
                found += [
                    replace(paid, key=key_of(method, measure, PAID)),
                    replace(free, key=key_of(method, measure, FREE)),
                ]
    return found


def tables(ranked: Ranked) -> dict[str, Rows]:
    """One row a method, outcome and measure: the change that its own hours make, paired by replicate."""
    from analysis.uncertainty import t_interval

    study, problem = ranked.study, ranked.problem
    seeds, rows = range(study.value(KEY)), []
    for method in METHODS:
        for measure in measures_of(study, problem.players):
            paid, free = (ranked.figures([(key_of(method, measure, case), k) for k in seeds]) for case in (PAID, FREE))
            for column, outcome in enumerate(problem.outcomes):
                cost = t_interval(paid[:, column] - free[:, column])
                rows.append(
                    {
                        "method": method,
                        "outcome": outcome,
                        "measure": measure,
                        "hours_cost": cost.mean,
                        "ci_low": cost.low,
                        "ci_high": cost.high,
                        "replicates": cost.count,
                    }
                )
    return {KEY: rows}


def columns(ranked: Ranked) -> Rows:
    """Contributions with own hours at zero, by the methods that were asked for."""
    problem = ranked.problem
    contributions = {
        (method, outcome, measure): float(value)
        for method in METHODS
        if ranked.of(method) is not None
        for measure, by_outcome in zip(problem.players, ranked.estimates(method).mean(axis=0), strict=True)
        for outcome, value in zip(problem.outcomes, by_outcome, strict=True)
    }
    found = []
    for row in tables(ranked)[KEY]:
        place = row["method"], row["outcome"], row["measure"]
        if place in contributions:
            own = {"own_hours": contributions[place] - row["hours_cost"]}
            found.append({**dict(zip(NAMED, place, strict=True)), **own})
    return found


def check(study: Study, source: Source) -> None:
    """Hours are of measures, and replicates are among those of the ranking."""
    asked, place = study.value(KEY), source.place(KEY)
    if not study.ranked.measures:
        raise validators.refuse(place, f"ranking.{KEY}", asked, "0 for a setting without measures")
    if asked > study.replicates:
        raise validators.refuse(place, f"ranking.{KEY}", asked, f"at most the {study.replicates} replicates")
    refuse_more_than_draws(study, f"ranking.{KEY}", asked, place)


QUESTION = Question(
    KEY,
    order=15,
    keys=(
        Key(
            f"ranking.{KEY}",
            "0, or a whole number from 3",
            "the experiment's, or 0",
            "replicates in which each measure, in the package and alone, also works without its own hours: what the "
            "hours that it takes cost (two runs a measure and replicate beside those of the ranking)",
            ("rank",),
            after="ranking.methods",
        ),
    ),
    parse=lambda given: given.count(KEY),
    check=check,
    members=members,
    seeds=lambda study, replicates: study.value(KEY),
    tables=tables,
    columns=columns,
    record=lambda study: study.value(KEY),
)
