"""When does a measure make things worse? Short rules from cases in which it joined others.

    tables/scenario_discovery.csv   conditions under which it backfires more often, with coverage and density

A case is a moment at which a measure joins others: the change it brings, who was there before it, and what else was
drawn. With ranking.scenarios cases come from scenarios, in which town, theories, dials, intensity, potency and
behaviour differ. Otherwise they come from the ranking's own Shapley walks: one walk a replicate, forwards and backwards
in turn, so that cases are independent. Rules are found on one half of them and counted on the other
(analysis.attribution.scenario_discovery); a measure for which none holds there is not in the table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.cli import console
from experiments.ranking.effect_draws import PREFIX, belong, by_seed, effects_of, varying_parameters
from experiments.study.question import Question

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from experiments.ranking.effect_draws import Named
    from experiments.ranking.rank_parts import Ranked

Rows = list[dict[str, Any]]
LEAST_SHARE = 0.1  # a measure that backfires more rarely, or helps more rarely, gets no rule


@dataclass(frozen=True)
class Cases:
    """What players change as they join [case, player, outcome] and who was there [case, player, who].

    `said` are the names and figures [case, name] of what else was drawn. Strengths are those of all measures; a rule
    for one of them can name its own.
    """

    change: NDArray[np.float64]
    before: NDArray[np.float64]
    said: Named


def tables(ranked: Ranked) -> dict[str, Rows]:
    """The rules, from scenarios if there are any, else from the ranking's own walks; none from too few cases."""
    from analysis.attribution.scenario_discovery import MIN_RUNS

    study, problem = ranked.study, ranked.problem
    if study.value("scenarios"):
        return {"scenario_discovery": rules_of(problem, of_scenarios(ranked))}
    walks = ranked.of("shapley")
    if walks is None or len(problem.seeds) < MIN_RUNS:
        return {}
    potency = by_seed(study.ranked, study.replicates, problem.players)
    return {
        "scenario_discovery": rules_of(problem, of_walks(problem, walks.design, walks.values, study.draws, potency))
    }


def of_walks(problem, design, values, draws: Sequence[Mapping[str, float]], potency: Named) -> Cases:
    """One case a replicate and player, from the walk forwards or backwards in turn."""
    import numpy as np

    from analysis.attribution import shapley

    order, index = shapley.walks(problem, design)
    data = np.asarray(values, dtype=float)[index]  # seed, direction, step, outcome
    there = np.asarray(design.coalitions, dtype=float)[index][:, :, :-1]  # seed, direction, step, player
    count, seeds = len(problem.players), np.arange(len(order))
    way = (seeds % 2)[:, None]
    forth = np.argsort(order, axis=1)  # the step at which each player joins
    step = np.where(way == 0, forth, count - 1 - forth)
    change = np.diff(data, axis=2)[seeds[:, None], way, step]
    return Cases(change, there[seeds[:, None], way, step], _together(_parameters(draws, len(seeds)), potency))


def of_scenarios(ranked: Ranked) -> Cases:
    """One case a scenario and player."""
    from experiments.ranking.questions import scenarios

    study = ranked.study
    made = scenarios.draw_all(study)
    potency = effects_of([one.setting for one in made], ranked.problem.players)
    parameters = _parameters(study.draws, len(made))
    said = _together(scenarios.features(study, made), parameters, potency)
    change, before = scenarios.cases(ranked)
    return Cases(change, before, said)


def _parameters(draws: Sequence[Mapping[str, float]], replicates: int) -> Named:
    x, names = varying_parameters(draws, replicates)
    return tuple(f"parameters.{name}" for name in names), x


def _together(*parts: Named) -> Named:
    import numpy as np

    return tuple(name for names, _ in parts for name in names), np.hstack([figures for _, figures in parts])


def rules_of(problem, cases: Cases) -> Rows:
    """Rows of tables/scenario_discovery.csv, measure by measure and outcome by outcome."""
    import numpy as np

    from analysis.attribution import find_boxes
    from sim.levers import LEVERS

    def named(player: str) -> str:
        return f"{'levers' if player in LEVERS else 'measures'}.{player}"

    rows: Rows = []
    for column, outcome in enumerate(problem.outcomes):
        if not np.isfinite(cases.change[:, :, column]).all():
            console.err(f"No rules for when a measure backfires on {outcome}: missing in some cases")
    said, figures = cases.said
    crowd = {name for name in said if name.startswith("parameters.")}
    for p, player in enumerate(problem.players):
        others = [k for k in range(len(problem.players)) if k != p]
        told = [k for k, name in enumerate(said) if belong(name, player) or not name.startswith(PREFIX)]
        features = np.hstack([cases.before[:, p, others], figures[:, told]])
        labels = [*(named(problem.players[k]) for k in others), *(said[k] for k in told)]
        for column, (outcome, better) in enumerate(problem.outcomes.items()):
            change = cases.change[:, p, column]
            worse = (change > 0.0) if better == "lower" else (change < 0.0)
            whole = np.isfinite(cases.change[:, :, column]).all()
            if not (whole and LEAST_SHARE <= worse.mean() <= 1.0 - LEAST_SHARE):
                continue
            for row in find_boxes(features, worse, labels, crowd=crowd, changes=change):
                limits = " and ".join(_limit(*limit) for limit in row["limits"])
                rows.append({"outcome": outcome, "measure": player, **row, "limits": limits})
    return rows


def _limit(name: str, low: float, high: float) -> str:
    """One side of a rule in words: something is so or not, or a figure lies between ends."""
    if name.startswith(("measures.", "levers.")):
        return f"{name} {'in force' if low > 0.0 else 'not in force'}"
    if name.startswith(("town is ", "theory is ")):
        return name if low > 0.0 else name.replace(" is ", " is not ")
    if math.isfinite(low) and math.isfinite(high):
        return f"{low:.4g} <= {name} <= {high:.4g}"
    return f"{name} >= {low:.4g}" if math.isfinite(low) else f"{name} <= {high:.4g}"


QUESTION = Question("scenario_discovery", order=70, tables=tables)
