"""End it and look: each measure alone, and the package, kept to the end of the run or ended half-way.

    tables/persistence.csv   the effect of what is kept, of what has ended, and the part that stays

Effects are those on the last year against nothing in force, under common seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis import PACKAGE
from experiments.cli import console
from experiments.ensemble.members import DesignKey, Member, draw_of
from experiments.study.keys import Key
from experiments.study.question import Question
from experiments.study.study import Study
from experiments.study.values import Source
from sim.inputs import validators
from sim.inputs.settings import Setting

if TYPE_CHECKING:
    from experiments.ranking.rank_parts import Ranked

Rows = list[dict[str, Any]]
NOTHING, KEPT, ENDED = "nothing", "kept", "ended"
LEAST_WEEKS = 156  # of a run: a year before the end, and a year after it that is not the last one


def week_of_end(weeks: int) -> int:
    """The week in which what ends has ended: half-way."""
    return weeks // 2


def check(study: Study, source: Source) -> None:
    """Only measures can end in a run that is long enough, and only after they have begun."""
    asked, weeks = study.value("persistence"), study.ranked.weeks
    end = week_of_end(weeks)
    late = [use.id for use in study.ranked.measures if use.start >= end]
    if weeks < LEAST_WEEKS:
        raise validators.refuse(
            source.place("persistence"), "ranking.persistence", asked, f"0, or weeks from {LEAST_WEEKS} on"
        )
    if late:
        allowed = f"0, or measures that start before week {end}, which {late[0]} does not"
        raise validators.refuse(source.place("persistence"), "ranking.persistence", asked, allowed)


def cases(setting: Setting, players: Sequence[str]) -> dict[tuple[str, str], Callable[[Setting], Setting]]:
    """(name, case) -> what is in force: nothing; one measure or all, kept or ended half-way."""
    end = week_of_end(setting.weeks)
    ours = tuple(use for use in setting.measures if use.id in players)
    others = tuple(use for use in setting.measures if use.id not in players)

    def with_uses(uses: tuple[Any, ...]) -> Callable[[Setting], Setting]:
        order = {use.id: k for k, use in enumerate(setting.measures)}
        return lambda base: base.replace(measures=tuple(sorted((*others, *uses), key=lambda use: order[use.id])))

    def ended(use: Any) -> Any:
        return replace(use, end=end if use.end is None else min(use.end, end))

    found = {(PACKAGE, NOTHING): with_uses(())}
    for name, uses in {PACKAGE: ours, **{use.id: (use,) for use in ours}}.items():
        found[name, KEPT] = with_uses(uses)
        found[name, ENDED] = with_uses(tuple(ended(use) for use in uses))
    return found


def key_of(name: str, case: str) -> DesignKey:
    """The row of a case in the design."""
    return DesignKey(case).within("persistence", name)


def members_of(study: Study, players: Sequence[str]) -> list[Member]:
    """The runs, case by case, replicates of a case side by side."""
    found = []
    for (name, case), made in cases(study.ranked, players).items():
        key = key_of(name, case)
        found += [
            Member(key, k, made(draw_of(study.ranked, study.draws, k))) for k in range(study.value("persistence"))
        ]
    return found


def tables(ranked: Ranked) -> dict[str, Rows]:
    """The table, from the runs of `members_of`, which are among those of the batch."""
    import numpy as np

    from analysis.attribution import persistence

    study, problem = ranked.study, ranked.problem
    names = [PACKAGE, *(use.id for use in study.ranked.measures if use.id in problem.players)]
    keys = [
        (key_of(*((PACKAGE, NOTHING) if case == NOTHING else (name, case))), k)
        for k in range(study.value("persistence"))
        for name in names
        for case in (NOTHING, KEPT, ENDED)
    ]
    values = np.asarray(ranked.figures(keys)).reshape(-1, len(names), 3, len(problem.outcomes))
    try:
        return {"persistence": persistence.analyse(problem, names, values, week_of_end(study.ranked.weeks))}
    except ValueError as error:
        console.err(f"No endings: {error}")
        return {"persistence": []}


QUESTION = Question(
    "persistence",
    order=95,
    keys=(
        Key(
            "ranking.persistence",
            "0, or a whole number from 3",
            "the experiment's, or 0",
            "replicates in which each measure alone and the package is kept, or ended half-way: what stays in the last "
            "year (39 runs a replicate)",
            ("rank",),
            after="ranking.start_weeks",
        ),
    ),
    parse=lambda given: given.count("persistence"),
    check=check,
    members=lambda study, problem: members_of(study, problem.players),
    seeds=lambda study, replicates: study.value("persistence"),
    tables=tables,
    record=lambda study: study.value("persistence"),
)
