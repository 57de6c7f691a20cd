"""The rows of a ranking's own tables, from the figures of its designs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from experiments.cli import console
from experiments.ensemble import interrupts
from experiments.ensemble.errors import JobError
from experiments.ranking.batch import Designed

OVER_PACKAGE, CHANCE = ("median", "q05", "q95", "p_better"), "chance"


def ranking_rows(problem, methods: Sequence[Designed]) -> list[dict]:
    """The rows of tables/ranking.csv, method by method and outcome by outcome.

    What cannot be ranked is said in a sentence and left out, never written as zeros; if nothing can, JobError.
    """
    from analysis.attribution import analyse

    rows: list[dict] = []
    reasons: list[str] = []
    for one in methods:
        for column, (outcome, better) in enumerate(problem.outcomes.items()):
            interrupts.check()
            try:
                rows += analyse(replace(problem, outcomes={outcome: better}), one.design, one.values[:, [column]])
            except ValueError as error:
                reasons.append(str(error))
    if not rows:
        raise JobError(f"The parts of the package cannot be ranked: {reasons[0]}")
    for reason in reasons:
        console.err(f"Not ranked: {reason}")
    return rows


def unranked_rows(problem, methods: Sequence[Designed], ranking) -> list[dict]:
    """Which outcome a method could not be used for: method, outcome and why (missing, constant or chance)."""
    import numpy as np

    rows = []
    for one in methods:
        method = one.design.method
        ranked = {row["outcome"] for row in ranking if f"{row['method']}_".startswith(f"{method}_")}
        for outcome, figures in zip(problem.outcomes, one.values.T, strict=True):
            if outcome not in ranked:
                finite = np.isfinite(figures).all()
                reason = "missing" if not finite else "constant" if np.ptp(figures) == 0.0 else "chance"
                rows.append({"method": method, "outcome": outcome, "reason": reason})
    return rows


def package_rows(names, without, with_all) -> list[dict]:
    """Effect of the whole package on each outcome, from figures [replicate, outcome] paired by seed."""
    from analysis.uncertainty import t_interval

    rows = []
    for column, name in enumerate(names):
        interval = t_interval(with_all[:, column] - without[:, column])
        rows.append(
            {
                "outcome": name,
                "effect": interval.mean,
                "ci_low": interval.low,
                "ci_high": interval.high,
                "seeds": interval.count,
            }
        )
    return rows


def with_columns(ranking, package, columns) -> tuple[list[dict], list[dict]]:
    """Both tables with the columns that questions give, by method, outcome and measure (the package's: PACKAGE)."""
    from analysis import PACKAGE

    named = ("method", "outcome", "measure")
    found: dict[tuple[str, ...], dict] = {}
    for row in columns:
        own = found.setdefault(tuple(row[name] for name in named), {})
        own |= {name: value for name, value in row.items() if name not in named}
    ranked = [{**row, **found.get(tuple(row[name] for name in named), {})} for row in ranking]
    effects = []
    for row in package:
        own = found.get((PACKAGE, row["outcome"], PACKAGE), {})
        effects.append({**row, **{name: own.get(name, float("nan")) for name in (*OVER_PACKAGE, CHANCE)}})
    return ranked, effects


def package_summary(package) -> dict[str, float]:
    """Flat figures of the package's effects: package_effect_<outcome>, and its median, q05, q95 and p_better."""
    found = {}
    for row in package:
        for column, ending in {"effect": "", **{name: f"_{name}" for name in OVER_PACKAGE}}.items():
            if isfinite(row[column]):
                found[f"package_effect_{row['outcome']}{ending}"] = row[column]
    return found


def coalition_rows(players, names, members, figures) -> list[dict]:
    """One row a run of the ranking: seed, which players were in force (1) and the outcomes.

    A lever with a range stands at its low end (0), its high end (1) or at that fraction of the way between. The
    column of a lever that has the name of an outcome is called levers.<id>.
    """
    columns = [f"levers.{player}" if player in names else player for player in players]
    rows = []
    for member, values in zip(members, figures.tolist(), strict=True):
        levels = {
            column: int(level) if level in (0, 1) else level
            for column, level in zip(columns, member.key.levels, strict=True)
        }
        rows.append({"seed": member.seed, **levels, **dict(zip(names, values, strict=True))})
    return rows
