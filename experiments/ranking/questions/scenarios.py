"""Scenarios drawn at random: the ranked setting with everything else moved at once (ranking.scenarios).

Scenario k has its own seed, draw of the behavioural set, town, rival theories, values of the dials, intensity and
potency. Its measures join one by one in an order of its own, from none to all: one case a measure. So cases are
independent of each other, and rules for when a measure backfires (scenario_discovery.py) can speak of towns and dials.

Towns and theories are equally likely. Dials are uniform over SPANS, and the intensity over LEAST to all that is
declared. This covers the conditions that could be met; it is no forecast of them. A dial that the ranked setting
changes stays as it says; ranked levers are turned as far as the intensity says, those with a range from end to end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from experiments.ensemble.members import DesignKey, Member, coalition_members
from experiments.ranking.questions.variance import LEAST, scale_intensity
from experiments.study.contexts import SPANS, free_dials, other_towns
from experiments.study.keys import Key
from experiments.study.question import Given, Mentions, Question, refuse_more_than_draws
from experiments.study.study import Study
from experiments.study.values import Source
from sim.inputs.settings import LeverChange, Setting
from sim.vocabulary import THEORIES

if TYPE_CHECKING:
    from experiments.ranking.effect_draws import Named
    from experiments.ranking.rank_parts import Ranked

CONTEXT = "scenarios"
LEAST_SCENARIOS = 100  # half to find rules and half to count them
STREAM = 0x5CEA  # keeps these draws apart from others that are keyed by the same number


@dataclass(frozen=True, slots=True)
class Scenarios:
    """How many are drawn, and the ranked setting in each town that one may be in."""

    count: int
    towns: Mapping[str, Setting]


class Scenario(NamedTuple):
    """The ranked setting with all players in force, seed of replicate k included, and the intensity it was given."""

    setting: Setting
    intensity: float


def parse(given: Given) -> Scenarios | None:
    """How many, and their towns; None if none are asked for."""
    count, own = given.count("scenarios", LEAST_SCENARIOS), given.ranked
    if not count:
        return None
    others = {town: given.moved("ranking.scenarios", {"town": town}) for town in other_towns(own)}
    return Scenarios(count, {own.town.id: own, **others})


def check(study: Study, source: Source) -> None:
    """Each scenario has a draw of its own."""
    refuse_more_than_draws(study, "ranking.scenarios", study.value("scenarios").count, source.place("scenarios"))


def mentions(study: Study) -> Mentions:
    """The dials that move, and the towns."""
    towns = tuple(setting.town for setting in study.value("scenarios").towns.values())
    return Mentions(free_dials(study.ranked, study.ranking.ranges), towns)


def draw_all(study: Study) -> list[Scenario]:
    """All scenarios, none if none are asked for; each is the same, however many are."""
    asked = study.value("scenarios")
    return [_draw(study, k) for k in range(asked.count if asked else 0)]


def _draw(study: Study, k: int) -> Scenario:
    import numpy as np

    chance = np.random.Generator(np.random.Philox(np.random.SeedSequence([STREAM, k])))
    towns = list(study.value("scenarios").towns.values())
    town = towns[int(chance.integers(len(towns)))]
    theory = {part: names[int(chance.integers(len(names)))] for part, names in THEORIES.items()}
    dials = {dial: float(chance.uniform(*span)) for dial, span in SPANS.items()}
    part = float(chance.uniform(LEAST, 1.0))
    own = scale_intensity(study, town, part)
    setting = own.replace(
        seed=town.seed + k,
        theory=theory,
        levers=(
            *own.levers,
            *(LeverChange(dial, dials[dial]) for dial in free_dials(study.ranked, study.ranking.ranges)),
        ),
        potency="draw" if town.measures else town.potency,
        **({"parameters": study.draws[k]} if study.draws else {}),
    )
    return Scenario(setting, part)


def orders(study: Study, players: int):
    """In which order the players of each scenario join, [scenario, place]."""
    import numpy as np

    from analysis.attribution.shapley import permutation

    return np.array([permutation(players, k) for k in range(study.value("scenarios").count)]).reshape(-1, players)


def members(study: Study, problem) -> list[Member]:
    """The runs of all scenarios: nothing, then one player more at a time."""
    players = problem.players
    found: list[Member] = []
    for k, ((setting, _), order) in enumerate(zip(draw_all(study), orders(study, len(players)).tolist(), strict=True)):
        joined = [
            tuple(int(player in order[:step]) for player in range(len(players))) for step in range(len(order) + 1)
        ]
        base = setting.replace(seed=setting.seed - k)  # a member adds its replicate
        found += [
            replace(one, key=one.key.within(CONTEXT))
            for one in coalition_members(base, players, [(bits, k) for bits in joined], ranges=study.ranking.ranges)
        ]
    return found


def cases(ranked: Ranked):
    """What each player changes as it joins, [case, player, outcome], and who was there, [case, player, who]."""
    import numpy as np

    study, count, width = ranked.study, len(ranked.problem.players), len(ranked.problem.outcomes)
    joins = orders(study, count)
    before = np.zeros((study.value("scenarios").count, count, count))
    change = np.empty((study.value("scenarios").count, count, width))
    for k, order in enumerate(joins):
        bits = np.tril(np.ones((count + 1, count), dtype=int), -1)[:, np.argsort(order)]
        values = ranked.figures([(DesignKey(levels=tuple(one), context=(CONTEXT,)), k) for one in bits.tolist()])
        change[k, order] = np.diff(values, axis=0)
        before[k, order] = bits[:-1]
    return change, before


def features(study: Study, made: Sequence[Scenario]) -> Named:
    """What is said of each scenario but its parameters and strengths: names, and figures [scenario, name]."""
    import numpy as np

    settings = [one.setting for one in made]
    columns: dict[str, list[float]] = {}
    for town in study.value("scenarios").towns:
        columns[f"town is {town}"] = [float(one.town.id == town) for one in settings]
    for part, (_, *rivals) in THEORIES.items():
        columns |= {f"theory is {name}": [float(one.theory[part] == name) for one in settings] for name in rivals}
    values = [{change.id: change.value for change in one.levers} for one in settings]
    columns |= {
        f"dials.{dial}": [one[dial] for one in values] for dial in free_dials(study.ranked, study.ranking.ranges)
    }
    if study.ranked.measures or study.ranking.levers:
        columns["intensity"] = [one.intensity for one in made]
    return tuple(columns), np.array(list(columns.values()), dtype=float).T


QUESTION = Question(
    "scenarios",
    order=40,
    keys=(
        Key(
            "ranking.scenarios",
            f"0, or a whole number from {LEAST_SCENARIOS}",
            "the experiment's, or 0",
            "random scenarios of town, theories, dials, intensity, potency and behaviour in which measures join "
            "one by one, to find rules for when one of them backfires (20 runs each for nineteen measures)",
            ("rank",),
            after="ranking.contexts",
        ),
    ),
    parse=parse,
    check=check,
    members=members,
    seeds=lambda study, replicates: study.value("scenarios").count,
    record=lambda study: study.value("scenarios").count,
    mentions=mentions,
)
