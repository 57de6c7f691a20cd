"""Which source owns how much of the spread of each measure's effect, and how the order holds over it.

    tables/sources.csv     shares of the spread, for each measure and the whole package
    tables/stability.csv   agreement of the rankings that the levels of a source give

Seed, draw of the behavioural set, draw of potency and intensity are crossed, so that no source hides behind another
(elsewhere replicate k has seed k and draw k together). A cell holds each measure alone and the whole package, against
nothing under the same seed and draw. Alone, because nothing then stands at no potency and no intensity: it is run once
for all of them. Without a behavioural set there are three sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from experiments import screen
from experiments.compose import Study
from experiments.ensemble.members import Member, coalition_members, row_name
from sim.settings import Setting

if TYPE_CHECKING:
    from experiments.ensemble.results import Results

Rows = list[dict[str, Any]]
Bits = tuple[int, ...]
FACTORS = ("seed", "behaviour", "potency", "intensity")
INTENSITIES = (0.5, 0.75, 1.0)  # of what the ranked setting declares
PACKAGE = "package"


def members(study: Study, players: tuple[str, ...]) -> list[Member]:
    """The runs of the crossed design; none if no sources are asked for."""
    ranked = study.settings[study.ranked]
    several = _asked(players).values()
    found = []
    for draw, parameters in _behaviours(study).items():
        town = ranked.replace(parameters=parameters)
        found += _cell(study, town, players, [_bits(players)], draw)
        for potency, intensity in product(range(study.sources), INTENSITIES):
            uses = tuple(replace(use, intensity=intensity * use.intensity) for use in ranked.measures)
            setting = town.replace(potency=potency, measures=uses)
            found += _cell(study, setting, players, several, draw, potency, intensity)
    return found


def _behaviours(study: Study) -> Mapping[int, Mapping[str, float]]:
    """Parameters by draw number: the first draws of the set, or the setting's own as draw 0."""
    if study.behaviour is None:
        return {0: study.settings[study.ranked].parameters} if study.sources else {}
    return dict(list(study.behaviour.draws.items())[: study.sources])


def _bits(players: tuple[str, ...], *in_force: str) -> Bits:
    return tuple(int(player in in_force) for player in players)


def _asked(players: tuple[str, ...]) -> dict[str, Bits]:
    """What is in force in a cell's runs: all measures, then each alone."""
    return {PACKAGE: _bits(players, *players), **{player: _bits(players, player) for player in players}}


def _row(coalition: str, *cell: object) -> str:
    return "/".join(["sources", *map(str, cell), coalition])


def _cell(
    study: Study, setting: Setting, players: tuple[str, ...], several: Iterable[Bits], *cell: object
) -> list[Member]:
    """The members of a cell with every seed, in rows of their own."""
    runs = [(bits, seed) for seed in range(study.sources) for bits in several]
    made = coalition_members(setting, players, runs)
    return [replace(one, row=_row(one.row, *cell)) for one in made]


def tables(study: Study, problem, results: Results) -> dict[str, Rows]:
    """The two tables from the runs of `members`, which are among those of `results`.

    What cannot be divided is said in a sentence and left out.
    """
    from analysis.uncertainty.spread import shares
    from analysis.uncertainty.stability import stability
    from experiments.findings import outcomes

    measured = {name: better for name, better in problem.outcomes.items() if name in outcomes()}
    problem = replace(problem, outcomes=measured)  # a composite is no figure of a run
    factors = [name for name in FACTORS if name != "behaviour" or study.behaviour]
    cells = effects(study, problem, results)
    divided: Rows = []
    agreed: Rows = []
    for outcome, better in problem.outcomes.items():
        own = [row for row in cells if row["outcome"] == outcome]
        reasons: dict[str, list[str]] = {}
        for measure in _asked(problem.players):
            try:
                rows = shares([row for row in own if row["measure"] == measure], factors, "effect")
                divided += [{"outcome": outcome, "measure": measure, **row} for row in rows]
            except ValueError as error:
                reasons.setdefault(str(error), []).append(measure)
        for reason, left_out in reasons.items():
            screen.complain(f"Not in the sources of {outcome}: {', '.join(left_out)}; {reason}")
        try:
            alone = [row for row in own if row["measure"] != PACKAGE]
            rows = stability(alone, factors, better=better, value="effect")
            agreed += [{"outcome": outcome, **row} for row in rows]
        except ValueError as error:
            screen.complain(f"No stability of {outcome}: {error}")
    return {"sources": divided, "stability": agreed}


def effects(study: Study, problem, results: Results) -> Rows:
    """One row a cell, measure (or the whole package) and outcome: its effect against nothing."""
    names = list(problem.outcomes)
    own = [i for i, member in enumerate(results.members) if member.row.startswith("sources/")]
    places = [results.members[i].place for i in own]
    figures = dict(zip(places, results.figures(own, names), strict=True))
    nothing = row_name(_bits(problem.players))
    asked = {measure: row_name(bits) for measure, bits in _asked(problem.players).items()}
    rows = []
    for draw, seed in product(_behaviours(study), range(study.sources)):
        for potency, intensity in product(range(study.sources), INTENSITIES):
            cell = dict(zip(FACTORS, (seed, draw, potency, intensity), strict=True))
            for measure, coalition in asked.items():
                change = figures[_row(coalition, draw, potency, intensity), seed] - figures[_row(nothing, draw), seed]
                rows += [
                    {**cell, "measure": measure, "outcome": outcome, "effect": effect}
                    for outcome, effect in zip(names, change.tolist(), strict=True)
                ]
    return rows
