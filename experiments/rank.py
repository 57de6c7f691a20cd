"""Rank the measures of a package: which of them carry it, and how surely that can be said.

    python -m experiments.rank experiment=quick_ranking

The players are the measures of the ranked setting; all else in it is held. A run with only some of
them in force is made once for each seed, however many methods ask for it. The comparison of the
experiment's settings has the same seeds, so that both speak of the same whole package.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from experiments import screen
from experiments.compose import Study
from experiments.job import JobError, run_job

if TYPE_CHECKING:
    from experiments.ensemble.results import Results
    from experiments.findings import Findings


def work(study: Study) -> tuple[Findings | None, Results]:
    """Run and analyse all designs; returns findings (None if runs failed) and results."""
    from analysis.attribution import Problem, sample, union
    from experiments import circumstances, sources
    from experiments.ensemble.members import coalition_members, row_name, rows_by_seeds
    from experiments.findings import gather, outcomes, simulate

    ranked = study.settings[study.ranked]
    players = tuple(use.id for use in ranked.measures)
    problem = Problem(players, range(study.replicates), outcomes())
    designs = [sample(method, problem) for method in study.methods]
    runs = union(designs)
    wanted = [
        (tuple(int(bit) for bit in bits), int(seed)) for bits, seed in zip(runs.coalitions, runs.seeds, strict=True)
    ]
    # For the comparison: the full and the empty package are runs of the ranking already.
    rows = {name: _row(setting, ranked, players) or name for name, setting in study.settings.items()}
    full, none = row_name([1] * len(players)), row_name([0] * len(players))
    ends = [(tuple([bit] * len(players)), k) for bit in (1, 0) for k in range(study.replicates)]
    coalitions = coalition_members(ranked, players, dict.fromkeys([*wanted, *ends]), study.draws)
    others = {name: study.settings[name] for name, row in rows.items() if row == name}
    members = [*coalitions, *rows_by_seeds(others, study.replicates, study.draws)]
    members += [*sources.members(study, players), *circumstances.members(study, problem)]
    members.sort(key=lambda member: member.replicate)
    results = simulate(study, members, (full, none, *others), study.job)
    if results.failures:
        return None, results

    names = list(outcomes())
    place = {member.place: i for i, member in enumerate(members)}
    values = results.figures([place[row_name(bits), k] for bits, k in wanted], names)
    findings = gather(results, rows)
    at = [place[member.place] for member in coalitions]
    own = [values[index] for index in runs.rows]
    ranking = ranking_rows(problem, designs, own)
    unranked = unranked_rows(problem, designs, own, ranking)
    package = package_rows(
        names,
        results.evaluations(none),
        results.evaluations(full),
    )
    more, fresh = further(study, problem, designs, own, results)
    if fresh is not None and fresh.failures:
        return None, fresh
    findings = replace(
        findings,
        ranking=ranking,
        package=package,
        summary={
            **findings.summary,
            **{f"package_effect_{row['outcome']}": row["effect"] for row in package},
        },
        tables={
            "coalitions": coalition_rows(players, names, coalitions, results.figures(at, names)),
            **({"unranked": unranked} if unranked else {}),
            **more,
        },
        beside={"packages": fresh} if fresh else {},
    )
    return findings, results


def further(study: Study, problem, designs, values, results: Results) -> tuple[dict[str, list[dict]], Results | None]:
    """Tables beside the ranking, and the fresh runs of packages if any were asked for."""
    from analysis.attribution import looks, tied
    from experiments import budgets, circumstances, doubts, sources

    fit = doubts.usable(problem, values)
    if fit is None:
        return {}, None
    problem, values = fit
    lead = next(i for i, design in enumerate(designs) if design.method == study.lead)
    contributions = looks(problem, designs[lead], values[lead])
    found = doubts.tables(problem, designs, values, study.draws)
    found["ties"] = tied(problem, designs[lead], contributions)
    if study.sources:
        found |= sources.tables(study, problem, results)
    if study.circumstances:
        found |= circumstances.tables(study, problem, contributions[study.lead], results)
    fresh = None
    if study.budgets:
        priced, fresh = budgets.tables(study, problem, contributions[study.lead])
        found |= priced
    return {name: rows for name, rows in found.items() if rows}, fresh


def _row(setting, ranked, players) -> str | None:
    """The coalition's row that a setting of the experiment is, if it is one."""
    from experiments.ensemble.members import row_name

    in_force = {use.id for use in setting.measures}
    if setting.replace(measures=ranked.measures).fingerprint != ranked.fingerprint:
        return None
    if not in_force:
        return row_name([0] * len(players))
    return row_name([1] * len(players)) if setting.fingerprint == ranked.fingerprint else None


def ranking_rows(problem, designs, values) -> list[dict]:
    """The rows of tables/ranking.csv, method by method and outcome by outcome.

    What cannot be ranked is said in a sentence and left out, never written as zeros; if nothing can, JobError.
    """
    from analysis.attribution import analyse

    rows: list[dict] = []
    reasons: list[str] = []
    for design, own in zip(designs, values, strict=True):
        for column, (outcome, better) in enumerate(problem.outcomes.items()):
            try:
                rows += analyse(replace(problem, outcomes={outcome: better}), design, own[:, [column]])
            except ValueError as error:
                reasons.append(str(error))
    if not rows:
        raise JobError(f"The measures cannot be ranked: {reasons[0]}")
    for reason in reasons:
        screen.complain(f"Not ranked: {reason}")
    return rows


def unranked_rows(problem, designs, values, ranking) -> list[dict]:
    """Which outcome a method could not be used for: method, outcome and why (missing, constant or chance)."""
    import numpy as np

    rows = []
    for design, own in zip(designs, values, strict=True):
        ranked = {row["outcome"] for row in ranking if f"{row['method']}_".startswith(f"{design.method}_")}
        for outcome, figures in zip(problem.outcomes, own.T, strict=True):
            if outcome not in ranked:
                finite = np.isfinite(figures).all()
                reason = "missing" if not finite else "constant" if np.ptp(figures) == 0.0 else "chance"
                rows.append({"method": design.method, "outcome": outcome, "reason": reason})
    return rows


def package_rows(names, without, with_all) -> list[dict]:
    """Effect of the whole package on each outcome, paired by seed."""
    from analysis.uncertainty import t_interval

    rows = []
    for name in names:
        interval = t_interval([b[name] - a[name] for a, b in zip(without, with_all, strict=True)])
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


def coalition_rows(players, names, members, figures) -> list[dict]:
    """One row a run of the ranking: seed, which measures were in force (1) and the outcomes."""
    rows = []
    for member, values in zip(members, figures.tolist(), strict=True):
        bits = dict(zip(players, map(int, member.row), strict=True))
        rows.append({"seed": member.seed, **bits, **dict(zip(names, values, strict=True))})
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    return run_job("rank", sys.argv[1:] if arguments is None else arguments, work)


if __name__ == "__main__":
    sys.exit(main())
