"""Which pairs of measures work only together, and which get in each other's way.

tables/interactions.csv   what each pair does together beyond what its two parts do
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.study.keys import Key
from experiments.study.question import Question
from experiments.study.study import Study
from experiments.study.values import Source
from sim.inputs.validators import SettingError

if TYPE_CHECKING:
    from experiments.ranking.rank_parts import Ranked


def check(study: Study, source: Source) -> None:
    """Two players make one pair, of which nothing can be compared."""
    if len(study.players) < 3:
        raise SettingError(
            f"{source.origin}, settings.{study.ranking.setting}: two are ranked, three expected by interactions"
        )


def design(study: Study, problem) -> tuple[Any, Any]:
    """Pairs in the first replicates."""
    from analysis.attribution import interactions

    few = replace(problem, seeds=range(study.value("interactions")))
    return few, interactions.sample(few)


def tables(ranked: Ranked) -> dict[str, list[dict[str, Any]]]:
    """The table, outcome by outcome."""
    from analysis.attribution import interactions

    return {"interactions": ranked.rows_of("interactions", interactions.analyse)}


QUESTION = Question(
    "interactions",
    order=10,
    keys=(
        Key(
            "ranking.interactions",
            "0, or a whole number from 3",
            "the experiment's, or 0",
            "replicates in which every pair of measures is looked at: which work only together, which get in "
            "each other's way (191 runs a replicate for nineteen measures; at most the ranking's replicates)",
            ("rank",),
            after="ranking.groups.<name>",
        ),
    ),
    parse=lambda given: min(given.count("interactions"), given.replicates),
    check=check,
    design=design,
    tables=tables,
    record=lambda study: study.value("interactions"),
)
