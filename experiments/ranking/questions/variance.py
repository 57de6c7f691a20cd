"""Variance of each measure's effect by source, and whether the order holds over each source.

    tables/variance.csv     shares of the spread, for each measure and the whole package
    tables/stability.csv   agreement of the rankings that the levels of a source give
    tables/orders.csv      in how many cells, and levels of a source, each printed order of two tiers holds

Seed, town (of a population of towns), draw of the behavioural set, draw of potency, and intensity have L levels each.
Two levels of two sources meet in exactly one of L x L cells, so sources are not confounded (elsewhere replicate k has
seed k and draw k together). A cell holds each measure alone and the whole package, against no measures under the same
seed, town and draw. Measures are run alone, because a run without measures depends neither on potency nor on intensity:
it is run once for the others. What is not drawn is no source: behaviour without a set, town unless it is sampled,
potency without measures. The intensity of a ranked lever is how far it is moved from the town's own value to the
setting's. For a lever with a range it is how far from the low to the high end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from experiments.cli import console
from experiments.ensemble.members import DesignKey, Member, coalition_members, with_town
from experiments.study.keys import Key
from experiments.study.question import Given, Question, refuse_more_than_draws
from experiments.study.study import Study
from experiments.study.values import Source
from sim.inputs import validators
from sim.inputs.settings import Setting

if TYPE_CHECKING:
    from experiments.ranking.rank_parts import Ranked

Rows = list[dict[str, Any]]
Bits = tuple[int, ...]
SOURCES = (5, 7, 11, 13, 17, 19)  # levels: primes; three levels of four sources would leave nothing for their interplay
FACTORS = ("seed", "town", "behaviour", "potency", "intensity")
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
    there = {
        "town": bool(study.ranked.town.weight),
        "behaviour": bool(study.behaviour),
        "potency": bool(study.ranked.measures),
    }
    return [name for name in FACTORS if there.get(name, True)]


def _design(study: Study) -> list[dict[str, int]]:
    """Cells: the level of each source, and of the columns that no source uses (by number)."""
    used = _factors(study)
    names = [*used, *map(str, range(len(used), study.value("variance") + 1))]
    return [dict(zip(names, cell, strict=True)) for cell in array(study.value("variance"))]


def members(study: Study, problem) -> list[Member]:
    """The runs of the design."""
    ranked, players = study.ranked, problem.players
    found: dict[tuple[DesignKey, int], Member] = {}
    for cell in _design(study):
        town = with_town(ranked, ranked.seed + cell["town"]) if "town" in _factors(study) else ranked
        town = town.replace(parameters=study.draws[cell["behaviour"]]) if study.behaviour else town
        part = intensity(cell["intensity"], study.value("variance"))
        at_part = scale_intensity(study, town, part).replace(potency=cell.get("potency", ranked.potency))
        ends = {lever: (low, low + part * (high - low)) for lever, (low, high) in study.ranking.ranges.items()}
        for setting, asked in ((town, [_bits(players)]), (at_part, _coalitions(players).values())):
            for one in coalition_members(setting, players, [(bits, cell["seed"]) for bits in asked], ranges=ends):
                place = _place(cell, one.key.levels or ())
                found.setdefault(place, replace(one, key=place[0]))
    return list(found.values())


def scale_intensity(study: Study, setting: Setting, part: float) -> Setting:
    """The setting with its measures, and ranked levers, at a part of what it declares for them."""
    own = setting.town.levers
    return setting.replace(
        measures=tuple(replace(use, intensity=part * use.intensity) for use in setting.measures),
        levers=tuple(
            replace(one, value=own[one.id] + part * (one.value - own[one.id]))
            if one.id in study.ranking.levers
            else one
            for one in setting.levers
        ),
    )


def _bits(players: Sequence[str], *in_force: str) -> Bits:
    return tuple(int(player in in_force) for player in players)


def _coalitions(players: Sequence[str]) -> dict[str, Bits]:
    """What is in force in a cell's runs: all measures, then each alone."""
    return {PACKAGE: _bits(players, *players), **{player: _bits(players, player) for player in players}}


def _place(cell: dict[str, int], levels: tuple[float, ...]) -> tuple[DesignKey, int]:
    """Where a cell's run stands: nothing is the same at every potency and intensity."""
    held = (cell.get("town", 0), cell.get("behaviour", 0))
    strengths = (cell.get("potency", 0), cell["intensity"]) if any(levels) else ()
    return DesignKey(levels=levels, context=("variance", *held, *strengths)), cell["seed"]


def tables(ranked: Ranked) -> dict[str, Rows]:
    """The three tables from the runs of `members`, which are among those of the batch.

    What cannot be divided is said in a sentence and left out.
    """
    from analysis.uncertainty.variance import shares

    study, problem, own = ranked.study, ranked.problem, ranked.contributions
    cells = effects(ranked)
    divided: Rows = []
    agreed: Rows = []
    held: Rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        here = [row for row in cells if row["outcome"] == outcome]
        reasons: dict[str, list[str]] = {}
        for measure in _coalitions(problem.players):
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
            rows, orders = _compare_orders(study, one, own[:, :, column], alone)
            agreed += rows
            held += orders
        except ValueError as error:
            console.err(f"No stability of {outcome}: {error}")
    return {"variance": divided, "stability": agreed, "orders": held}


def _compare_orders(study: Study, problem, own, alone: Rows) -> tuple[Rows, Rows]:
    """For one outcome: how far the rankings agree, and how often each printed order of two tiers holds, alone."""
    from analysis.uncertainty.stability import order, stability
    from experiments.ranking.tiers import tier_leaders

    ((outcome, better),) = problem.outcomes.items()
    factors = _factors(study)
    columns = {**{factor: [factor] for factor in factors}, NONE: [name for name in alone[0] if name.isdigit()]}
    agreed = [{"outcome": outcome, **row} for row in stability(alone, columns, better=better, value="effect")]
    held: Rows = []
    sign = -1.0 if better == "lower" else 1.0
    for pair in pairwise(tier_leaders(problem, sign * own, f"{study.lead}/{outcome}")):
        upper, lower = (problem.players[p] for p in pair)
        found = order(alone, factors, upper, lower, chosen=CHOSEN, better=better, value="effect")
        held += [{"outcome": outcome, "upper": upper, "lower": lower, **row} for row in found]
    return agreed, held


def effects(ranked: Ranked) -> Rows:
    """One row a cell, measure (or the whole package) and outcome: its effect against nothing."""
    study, problem = ranked.study, ranked.problem
    asked = _coalitions(problem.players)
    cells = [(cell, measure, bits) for cell in _design(study) for measure, bits in asked.items()]
    there = ranked.figures([_place(cell, bits) for cell, _, bits in cells])
    nothing = ranked.figures([_place(cell, _bits(problem.players)) for cell, _, _ in cells])
    return [
        {**cell, "measure": measure, "outcome": outcome, "effect": effect}
        for (cell, measure, _), change in zip(cells, (there - nothing).tolist(), strict=True)
        for outcome, effect in zip(problem.outcomes, change, strict=True)
    ]


def parse(given: Given) -> int:
    """0 (off) or the levels of each source: a prime, so that there is an array."""

    def check(value: Any, place: str, key: str) -> int:
        if isinstance(value, bool) or value not in (0, *SOURCES):
            raise validators.refuse(
                place, key, value, f"0 (off) or a prime number of levels ({', '.join(map(str, SOURCES))})"
            )
        return int(value)

    return given.last("variance", check)


def check(study: Study, source: Source) -> None:
    """Each level of behaviour is a draw of its own."""
    refuse_more_than_draws(study, "ranking.variance", study.value("variance"), source.place("variance"))


QUESTION = Question(
    "variance",
    order=30,
    keys=(
        Key(
            "ranking.variance",
            f"0, {', '.join(map(str, SOURCES))}",
            "the experiment's, or 0",
            "how many seeds, towns (of town=sample), draws of the behavioural set, draws of potency and intensities "
            "meet two by two, in that number of cells squared, to say which of them owns how much of the spread and "
            "over which of them the printed orders hold",
            ("rank",),
            after="ranking.budgets",
        ),
    ),
    parse=parse,
    check=check,
    members=members,
    tables=tables,
    record=lambda study: study.value("variance"),
)
