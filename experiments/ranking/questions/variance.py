"""Which source owns how much of the spread of each measure's effect, and how the order holds over it.

    tables/sources.csv     shares of the spread, for each measure and the whole package
    tables/stability.csv   agreement of the rankings that the levels of a source give
    tables/orders.csv      in how many cells, and levels of a source, each printed order of two tiers holds

Seed, draw of the behavioural set, draw of potency and intensity have L levels each, and two levels of two sources meet
in exactly one of L x L cells, so that no source hides behind another (elsewhere replicate k has seed k and draw k
together). A cell holds each measure alone and the whole package, against nothing under the same seed and draw. Alone,
because nothing then stands at no potency and no intensity: it is run once for a seed and a draw. Without a
behavioural set there are three sources, without measures potency is none. The intensity of a ranked lever is how far
it is turned from the town's own value to the setting's (of one with a range: from its low to its high end).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from experiments.cli import console
from experiments.ensemble.members import Member, coalition_members, row_name
from experiments.study.compose import Study
from sim.inputs.settings import Setting

if TYPE_CHECKING:
    from experiments.ensemble.results import Results
    from experiments.ranking.composite import Composite

Rows = list[dict[str, Any]]
Bits = tuple[int, ...]
FACTORS = ("seed", "behaviour", "potency", "intensity")
CHOSEN = ("intensity",)  # its levels are not drawn
LEAST = 0.5  # of the intensity that is declared; assumption
PACKAGE = "package"
NONE = "none"  # in place of a source: columns that none of them uses


def array(levels: int) -> list[tuple[int, ...]]:
    """The cells of an orthogonal array of strength two: a level of each of levels + 1 columns (Bose 1938).

    `levels` is a prime. Nothing is shuffled: seeds and draws have no order that could meet that of the rows.
    """
    return [
        (i, *((j + k * i) % levels for k in range(levels)))  # two columns have two equations, so one i and j
        for i, j in product(range(levels), repeat=2)
    ]


def intensity(level: int, levels: int) -> float:
    """What a level is of the intensity that the ranked setting declares: the middles of equal parts of LEAST to all."""
    return LEAST + (level + 0.5) * (1.0 - LEAST) / levels


def _factors(study: Study) -> list[str]:
    there = {"behaviour": bool(study.behaviour), "potency": bool(study.settings[study.ranked].measures)}
    return [name for name in FACTORS if there.get(name, True)]


def _design(study: Study) -> list[dict[str, int]]:
    """Cells: the level of each source, and of the columns that no source uses (by number); none if not asked for."""
    if not study.sources:
        return []
    used = _factors(study)
    names = [*used, *map(str, range(len(used), study.sources + 1))]
    return [dict(zip(names, cell, strict=True)) for cell in array(study.sources)]


def members(study: Study, players: tuple[str, ...]) -> list[Member]:
    """The runs of the design; none if no sources are asked for."""
    ranked = study.settings[study.ranked]
    found: dict[tuple[str, int], Member] = {}
    for cell in _design(study):
        town = ranked.replace(parameters=study.draws[cell["behaviour"]]) if study.behaviour else ranked
        part = intensity(cell["intensity"], study.sources)
        at_part = applied(study, town, part).replace(potency=cell.get("potency", ranked.potency))
        ends = {lever: (low, low + part * (high - low)) for lever, (low, high) in study.ranges.items()}
        for setting, asked in ((town, [_bits(players)]), (at_part, _asked(players).values())):
            for one in coalition_members(setting, players, [(bits, cell["seed"]) for bits in asked], ranges=ends):
                place = _place(cell, one.row)
                found.setdefault(place, replace(one, row=place[0]))
    return list(found.values())


def applied(study: Study, setting: Setting, part: float) -> Setting:
    """The setting with its measures, and ranked levers, at a part of what it declares for them."""
    own = setting.town.levers
    return setting.replace(
        measures=tuple(replace(use, intensity=part * use.intensity) for use in setting.measures),
        levers=tuple(
            replace(one, value=own[one.id] + part * (one.value - own[one.id])) if one.id in study.levers else one
            for one in setting.levers
        ),
    )


def _bits(players: tuple[str, ...], *in_force: str) -> Bits:
    return tuple(int(player in in_force) for player in players)


def _asked(players: tuple[str, ...]) -> dict[str, Bits]:
    """What is in force in a cell's runs: all measures, then each alone."""
    return {PACKAGE: _bits(players, *players), **{player: _bits(players, player) for player in players}}


def _place(cell: Mapping[str, int], coalition: str) -> tuple[str, int]:
    """Where a cell's run stands: nothing is the same at every potency and intensity."""
    strengths = [cell.get("potency", 0), cell["intensity"]] if "1" in coalition else []
    return "/".join(["sources", *map(str, (cell.get("behaviour", 0), *strengths)), coalition]), cell["seed"]


def tables(study: Study, problem, own, results: Results, composite: Composite | None = None) -> dict[str, Rows]:
    """The three tables from the runs of `members`, which are among those of `results`.

    `own` [replicate, player, outcome] are the leading method's contributions in the study, whose orders are printed.
    What cannot be divided is said in a sentence and left out.
    """
    from analysis.uncertainty.spread import shares

    cells = effects(study, problem, results, composite)
    divided: Rows = []
    agreed: Rows = []
    held: Rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        here = [row for row in cells if row["outcome"] == outcome]
        reasons: dict[str, list[str]] = {}
        for measure in _asked(problem.players):
            try:
                rows = [row for row in here if row["measure"] == measure]
                found = shares(rows, _factors(study), "effect", chosen=CHOSEN)
                divided += [{"outcome": outcome, "measure": measure, **row} for row in found]
            except ValueError as error:
                reasons.setdefault(str(error), []).append(measure)
        for reason, left_out in reasons.items():
            console.err(f"Not in the sources of {outcome}: {', '.join(left_out)}; {reason}")
        try:
            alone = [row for row in here if row["measure"] != PACKAGE]
            one = replace(problem, outcomes={outcome: better})
            rows, orders = _ordered(study, one, own[:, :, column], alone)
            agreed += rows
            held += orders
        except ValueError as error:
            console.err(f"No stability of {outcome}: {error}")
    return {"sources": divided, "stability": agreed, "orders": held}


def _ordered(study: Study, problem, own, alone: Rows) -> tuple[Rows, Rows]:
    """For one outcome: how far the rankings agree, and how often each printed order of two tiers holds, alone."""
    from analysis.uncertainty.stability import order, stability
    from experiments.ranking.questions.reversals import heads

    ((outcome, better),) = problem.outcomes.items()
    factors = _factors(study)
    columns = {**{factor: [factor] for factor in factors}, NONE: [name for name in alone[0] if name.isdigit()]}
    agreed = [{"outcome": outcome, **row} for row in stability(alone, columns, better=better, value="effect")]
    held: Rows = []
    sign = -1.0 if better == "lower" else 1.0
    for pair in pairwise(heads(problem, sign * own, f"{study.lead}/{outcome}")):
        upper, lower = (problem.players[p] for p in pair)
        found = order(alone, factors, upper, lower, chosen=CHOSEN, better=better, value="effect")
        held += [{"outcome": outcome, "upper": upper, "lower": lower, **row} for row in found]
    return agreed, held


def effects(study: Study, problem, results: Results, composite: Composite | None = None) -> Rows:
    """One row a cell, measure (or the whole package) and outcome: its effect against nothing."""
    from experiments.ranking.composite import figures as figures_of

    names = list(problem.outcomes)
    own = [i for i, member in enumerate(results.members) if member.row.startswith("sources/")]
    places = [results.members[i].place for i in own]
    figures = dict(zip(places, figures_of(results, own, names, composite), strict=True))
    nothing = row_name(_bits(problem.players))
    asked = {measure: row_name(bits) for measure, bits in _asked(problem.players).items()}
    rows = []
    for cell in _design(study):
        for measure, coalition in asked.items():
            change = figures[_place(cell, coalition)] - figures[_place(cell, nothing)]
            rows += [
                {**cell, "measure": measure, "outcome": outcome, "effect": effect}
                for outcome, effect in zip(names, change.tolist(), strict=True)
            ]
    return rows
