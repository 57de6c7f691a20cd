"""Order and start weeks of a package: its parts run again late, one by one and one after another.

    tables/start_weeks.csv   what it costs to start a measure late, and what the order of starts does

A delay is that of one measure or ranked lever, the others on time. In an order all start one after another, the last of
them by the middle of the run. The orders are best first and best last (by the ranking, for each outcome) and cheapest
hours first. Runs have seeds that had no part in the ranking, so their results are free of selection bias.

A lever costs nobody an hour: it stands before the measures in the order of the cheapest, which is left out where there
are only levers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.cli import console
from experiments.ensemble.members import late_members
from experiments.ranking.questions.packages import costs_of
from experiments.study.keys import Key
from experiments.study.question import Question
from experiments.study.study import Study
from experiments.study.values import Source
from sim.inputs import validators

if TYPE_CHECKING:
    from experiments.ranking.rank_parts import Ranked

Rows = list[dict[str, Any]]
DELAYS = (26, 104)  # weeks; those that leave nothing of the run are left out
CHEAPEST = "cheapest_first"
ENDINGS = {"year1": "__year1", "evaluation": ""}


def delays_in(weeks: int) -> tuple[int, ...]:
    """The delays after which some of a run is left."""
    return tuple(late for late in DELAYS if late < weeks)


def weeks_apart(weeks: int, players: int) -> int:
    """Weeks between two starts, so that the last measure starts by the middle of the run."""
    return max(1, weeks // 2 // (players - 1))


def check(study: Study, source: Source) -> None:
    """A range has no start."""
    if study.ranking.ranges:
        allowed = "beside ranking.ranges (a range has no start), 0"
        raise validators.refuse(source.place("start_weeks"), "ranking.start_weeks", study.value("start_weeks"), allowed)


def later(study: Study, replicates: int, outcomes: int) -> int:
    """How many runs it takes at most: nobody late, the delays, two orders an outcome, cheapest first."""
    late = len(delays_in(study.ranked.weeks))
    return study.value("start_weeks") * (1 + late * len(study.players) + 2 * outcomes + 1)


def cases_of(study: Study, problem, contributions) -> list[Any]:
    """What is run, from contributions [look, player, outcome]."""
    from analysis.attribution.start_weeks import best_and_worst, delays, in_order

    ranked = study.ranked
    apart = weeks_apart(ranked.weeks, len(problem.players))
    hours = {measure: sum(mode for _, mode, _ in cost["hours"]) for measure, cost in costs_of(ranked).items()}
    cheapest = sorted(problem.players, key=lambda player: hours.get(player, 0.0))
    return [
        *delays(problem, delays_in(ranked.weeks)),
        *best_and_worst(problem, contributions, apart),
        *([in_order(problem, CHEAPEST, cheapest, apart)] if hours else []),
    ]


def tables(ranked: Ranked) -> dict[str, Rows]:
    """The table, from fresh runs."""
    import numpy as np

    from analysis.attribution import start_weeks
    from experiments.ranking.composite import figures

    study, problem = ranked.study, ranked.problem
    cases = cases_of(study, problem, ranked.contributions)
    fresh = range(study.replicates, study.replicates + study.value("start_weeks"))
    design = start_weeks.sample(replace(problem, seeds=fresh), cases)
    asked = [(tuple(map(int, late)), int(seed)) for late, seed in zip(design.coalitions, design.seeds, strict=True)]
    members = late_members(study.ranked, problem.players, asked, study.draws)
    results = ranked.simulate(members, "start_weeks")
    every, names, composite = range(len(members)), list(problem.outcomes), ranked.batch.composite
    values = np.stack([figures(results, every, names, composite, ENDINGS[year]) for year in start_weeks.YEARS], axis=2)
    rows: Rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        one = replace(problem, seeds=fresh, outcomes={outcome: better})
        try:
            rows += start_weeks.analyse(one, design, values[:, [column]], cases)
        except ValueError as error:
            console.err(f"No start weeks: {error}")
    return {"start_weeks": rows}


QUESTION = Question(
    "start_weeks",
    order=90,
    keys=(
        Key(
            "ranking.start_weeks",
            "0, or a whole number from 3",
            "the experiment's, or 0",
            "replicates, with fresh seeds, in which each measure (or ranked lever) starts 26 and 104 weeks late, "
            "and in which all start one after another: best first, best last, cheapest first (46 runs a replicate)",
            ("rank",),
            after="ranking.interactions",
        ),
    ),
    parse=lambda given: given.count("start_weeks"),
    check=check,
    seeds=lambda study, replicates: replicates + study.value("start_weeks"),
    later=later,
    tables=tables,
    record=lambda study: study.value("start_weeks"),
)
