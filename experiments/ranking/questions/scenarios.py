"""Scenarios drawn at random: the ranked setting with everything else moved at once (ranking.scenarios).

Scenario k has its own seed, draw of the behavioural set, town, rival theories, values of the dials, intensity and
potency. Its measures join one by one in an order of its own, from none to all: one case a measure. So cases are
independent of each other, and rules for when a measure backfires (backfires.py) can speak of towns and dials.

Towns and theories are equally likely, dials lie evenly in SPANS and the intensity from LEAST to all that is declared: a
choice that covers what could be met, not a forecast of it. A dial that the ranked setting changes stays as it says;
ranked levers are turned as far as the intensity says, those with a range from end to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from experiments.ensemble.members import Member, coalition_members, row_name
from experiments.ranking.effect_draws import Named
from experiments.ranking.questions.variance import LEAST, applied
from experiments.study.compose import Study
from experiments.study.contexts import SPANS, scenario_dials
from sim.inputs.settings import LeverChange, Setting
from sim.vocabulary import THEORIES

if TYPE_CHECKING:
    from experiments.ensemble.results import Results
    from experiments.ranking.composite import Composite

STREAM = 0x5CEA  # keeps these draws apart from others that are keyed by the same number


class Scenario(NamedTuple):
    """The ranked setting with all players in force, seed of replicate k included, and the intensity it was given."""

    setting: Setting
    intensity: float


def drawn(study: Study) -> list[Scenario]:
    """All scenarios; each is the same, however many are asked for."""
    return [_drawn(study, k) for k in range(study.scenarios)]


def _drawn(study: Study, k: int) -> Scenario:
    import numpy as np

    chance = np.random.Generator(np.random.Philox(np.random.SeedSequence([STREAM, k])))
    towns = list(study.towns.values())
    town = towns[int(chance.integers(len(towns)))]
    theory = {part: names[int(chance.integers(len(names)))] for part, names in THEORIES.items()}
    dials = {dial: float(chance.uniform(*span)) for dial, span in SPANS.items()}
    part = float(chance.uniform(LEAST, 1.0))
    own = applied(study, town, part)
    setting = own.replace(
        seed=town.seed + k,
        theory=theory,
        levers=(*own.levers, *(LeverChange(dial, dials[dial]) for dial in scenario_dials(study))),
        potency="draw" if town.measures else town.potency,
        **({"parameters": study.draws[k]} if study.draws else {}),
    )
    return Scenario(setting, part)


def orders(study: Study, players: int):
    """In which order the players of each scenario join, [scenario, place]."""
    import numpy as np

    from analysis.attribution.shapley import permutation

    return np.array([permutation(players, k) for k in range(study.scenarios)]).reshape(-1, players)


def members(study: Study, players: tuple[str, ...]) -> list[Member]:
    """The runs of all scenarios: nothing, then one player more at a time; none if no scenarios are asked for."""
    found: list[Member] = []
    for k, ((setting, _), order) in enumerate(zip(drawn(study), orders(study, len(players)).tolist(), strict=True)):
        joined = [
            tuple(int(player in order[:step]) for player in range(len(players))) for step in range(len(order) + 1)
        ]
        base = setting.replace(seed=setting.seed - k)  # a member adds its replicate
        found += [
            replace(one, row=_row(one.row))
            for one in coalition_members(base, players, [(bits, k) for bits in joined], ranges=study.ranges)
        ]
    return found


def _row(coalition: str) -> str:
    return f"scenarios/{coalition}"


def cases(study: Study, problem, results: Results, composite: Composite | None = None):
    """What each player changes as it joins, [case, player, outcome], and who was there, [case, player, who]."""
    import numpy as np

    from experiments.ranking.composite import figures

    names, count = list(problem.outcomes), len(problem.players)
    place = {member.place: i for i, member in enumerate(results.members)}
    joins = orders(study, count)
    before = np.zeros((study.scenarios, count, count))
    change = np.empty((study.scenarios, count, len(names)))
    for k, order in enumerate(joins):
        bits = np.tril(np.ones((count + 1, count), dtype=int), -1)[:, np.argsort(order)]
        values = figures(results, [place[_row(row_name(one)), k] for one in bits], names, composite)
        change[k, order] = np.diff(values, axis=0)
        before[k, order] = bits[:-1]
    return change, before


def features(study: Study, made: Sequence[Scenario]) -> Named:
    """What is said of each scenario but its parameters and strengths: names, and figures [scenario, name]."""
    import numpy as np

    settings = [one.setting for one in made]
    columns: dict[str, list[float]] = {}
    for town in study.towns:
        columns[f"town is {town}"] = [float(one.town.id == town) for one in settings]
    for part, (_, *rivals) in THEORIES.items():
        columns |= {f"theory is {name}": [float(one.theory[part] == name) for one in settings] for name in rivals}
    values = [{change.id: change.value for change in one.levers} for one in settings]
    columns |= {f"dials.{dial}": [one[dial] for one in values] for dial in scenario_dials(study)}
    if study.settings[study.ranked].measures or study.levers:
        columns["intensity"] = [one.intensity for one in made]
    return tuple(columns), np.array(list(columns.values()), dtype=float).T
