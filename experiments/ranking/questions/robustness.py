"""The leading method again in other towns, under rival theories, other election weeks and other potencies.

    tables/contexts.csv   contributions and places of the players in each circumstance, and how far they moved
    tables/statements.csv      whether each printed order of two tiers holds there, is reversed, or cannot be told
    tables/signs.csv           whether what surely helps or surely harms in the study does so there too

Everything else is as in the study. The first replicates have the same seeds, draws and orders of introduction, so
changes are paired differences. An order's estimate is improved by regression on the study's estimate from all
replicates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analysis import LEVEL
from experiments.cli import console
from experiments.ensemble.members import DesignKey, Member, coalition_members
from experiments.study.contexts import Context, contexts
from experiments.study.keys import Key
from experiments.study.question import LEAST, Given, Mentions, Question
from experiments.study.study import Study
from sim.inputs.settings import Setting

if TYPE_CHECKING:
    from experiments.ranking.rank_parts import Ranked

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Robustness:
    """So many replicates, and the ranked setting in each context in which the ranking is tried again."""

    replicates: int
    settings: Mapping[Context, Setting]


STUDY = ("study", "study")  # the study's own circumstances, over all its replicates


def parse(given: Given) -> Robustness | None:
    """Replicates, at most the study's own, and the contexts; None if none are asked for."""
    count = min(given.count("contexts"), given.replicates)
    if not count:
        return None
    there = {at: given.moved("ranking.contexts", words) for at, words in contexts(given.ranked).items()}
    return Robustness(count, there)


def mentions(study: Study) -> Mentions:
    """The settings of all contexts, and their towns."""
    there: Mapping[Context, Setting] = study.value("contexts").settings
    towns = tuple(setting.town for (kind, _), setting in there.items() if kind == "town")
    return Mentions(towns=towns, settings={" ".join(at): setting for at, setting in there.items()})


def members(study: Study, problem) -> list[Member]:
    """The runs of the leading method in every context."""
    runs = _runs(_design(study, problem))
    return [
        replace(one, key=one.key.within("contexts", *at))
        for at, setting in study.value("contexts").settings.items()
        for one in coalition_members(setting, problem.players, runs, study.draws, study.ranking.ranges)
    ]


def _design(study: Study, problem):
    """What the leading method asks of the first replicates."""
    from analysis.attribution import sample

    return sample(study.lead, replace(problem, seeds=range(study.value("contexts").replicates)))


def _runs(design) -> list[tuple[tuple[int, ...], int]]:
    return [
        (tuple(int(bit) for bit in bits), int(seed)) for bits, seed in zip(design.coalitions, design.seeds, strict=True)
    ]


def tables(ranked: Ranked) -> dict[str, Rows]:
    """The three tables from the runs of `members`, which are among those of the batch.

    An outcome that cannot be ranked in a context is said in a sentence and left out there.
    """
    from analysis.attribution import estimates

    study, problem, own = ranked.study, ranked.problem, ranked.contributions
    design, asked = _design(study, problem), study.value("contexts")
    runs = _runs(design)
    moved: Rows = []
    held: Rows = []
    signs: Rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        one = replace(problem, outcomes={outcome: better})
        few = replace(one, seeds=range(asked.replicates))
        here, there = own[:, :, column], {}
        for at in asked.settings:
            keys = [(DesignKey(levels=bits, context=("contexts", *at)), seed) for bits, seed in runs]
            try:
                there[at] = estimates(few, design, ranked.figures(keys, [outcome]))[study.lead][:, :, 0]
            except ValueError as error:
                console.err(f"Not ranked with {' '.join(at)}: {error}")
        for at, credits in {STUDY: here, **there}.items():
            moved += _place_players(one, design, at, credits, here)
        held += _judge_orders(study, one, there, here)
        signs += _judge_signs(study, one, there, here)
    return {"contexts": moved, "statements": held, "signs": signs}


def _place_players(problem, design, at: Context, there, here) -> Rows:
    """The ranking in one circumstance, best first, with each measure's change against the study's own."""
    from analysis.attribution.table import contribution_rows
    from analysis.uncertainty import t_interval

    rows = []
    for row in contribution_rows(problem, design, there[:, :, None], LEVEL):
        p = problem.players.index(row["measure"])
        change = t_interval(there[:, p] - here[: len(there), p], LEVEL)
        kept = {key: row[key] for key in ("contribution", "ci_low", "ci_high", "rank", "rank_low", "rank_high")}
        said = {"context": at[0], "value": at[1], "outcome": row["outcome"], "measure": row["measure"]}
        ends = {"change": change.mean, "change_low": change.low, "change_high": change.high}
        rows.append({**said, **kept, **ends, "replicates": len(there)})
    return rows


def _judge_orders(study: Study, problem, there, here) -> Rows:
    """For each printed order of two tiers of the study: its difference in each circumstance, and what that says.

    `there` holds contributions by circumstance. Intervals hold for all circumstances of an order together.
    """
    from analysis.uncertainty import sharpen
    from experiments.ranking.tiers import tier_leaders

    (outcome, better), *_ = problem.outcomes.items()
    sign = -1.0 if better == "lower" else 1.0
    level = _joint_level(study, problem.order_level(LEVEL))
    rows = []
    for upper, lower in pairwise(tier_leaders(problem, sign * here, f"{study.lead}/{outcome}")):
        known = sign * (here[:, upper] - here[:, lower])
        for at, credits in there.items():
            found = sharpen(sign * (credits[:, upper] - credits[:, lower]), known, level)
            verdict = "holds" if found.low > 0.0 else "reversed" if found.high < 0.0 else "unclear"
            said = {"outcome": outcome, "upper": problem.players[upper], "lower": problem.players[lower]}
            ends = {"difference": found.mean, "ci_low": found.low, "ci_high": found.high, "verdict": verdict}
            rows.append({**said, "context": at[0], "value": at[1], **ends, "replicates": len(credits)})
    return rows


def _judge_signs(study: Study, problem, there, here) -> Rows:
    """For each measure that surely helps or surely harms in the study: whether it does the same in each circumstance.

    Intervals are improved as those of orders are, and hold simultaneously for all circumstances of a measure.
    """
    from analysis.uncertainty import sharpen, t_interval

    (outcome,) = problem.outcomes
    rows = []
    for p, measure in enumerate(problem.players):
        own = t_interval(here[:, p], LEVEL)
        if own.low <= 0.0 <= own.high:
            continue
        sign = 1.0 if own.low > 0.0 else -1.0
        for at, credits in there.items():
            found = sharpen(credits[:, p], here[:, p], _joint_level(study, LEVEL))
            low, high = sorted((sign * found.low, sign * found.high))
            verdict = "holds" if low > 0.0 else "reversed" if high < 0.0 else "unclear"
            said = {"outcome": outcome, "measure": measure, "context": at[0], "value": at[1]}
            ends = {"contribution": found.mean, "ci_low": found.low, "ci_high": found.high, "verdict": verdict}
            in_study = {"study": own.mean, "study_low": own.low, "study_high": own.high}
            rows.append({**said, **ends, **in_study, "replicates": len(credits)})
    return rows


def _joint_level(study: Study, level: float) -> float:
    """The level of each interval, so that those of all circumstances hold together."""
    return 1.0 - (1.0 - level) / len(study.value("contexts").settings)


QUESTION = Question(
    "contexts",
    order=50,
    keys=(
        Key(
            "ranking.contexts",
            f"0, or a whole number from {LEAST}",
            "the experiment's, or 0",
            "how many replicates, at most the study's own, the leading method has again in other towns, under "
            "rival theories, other election weeks and other potencies, to say which orders hold there and what "
            "turns from good to harm",
            ("rank",),
            after="ranking.variance",
        ),
    ),
    parse=parse,
    members=members,
    tables=tables,
    record=lambda study: study.value("contexts").replicates,
    mentions=mentions,
)
