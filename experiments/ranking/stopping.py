"""Batches of replicates until a ranking is precise enough (ranking.until) or has reached its limit.

Designs are made seed by seed, so a larger batch holds the smaller one, whose runs come from the store. Sobol's
rows take two seeds each and are extended two by two.

Stopping as soon as an order looks certain finds orders that are luck (optional stopping). So where the criterion
concerns the order (rank_width, top), each batch doubles the replicates. That fixes the number of looks beforehand, and
the error of every printed order is divided among them (Problem.n_looks). A half width does not depend on the order: its
batches are as large as the variance so far requires, at most double.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from analysis import COMPOSITE
from experiments.cli import console
from experiments.study.ranking_spec import StoppingRule
from experiments.study.study import Study

Batch = TypeVar("Batch")


def repeat(
    study: Study, run: Callable[[Study], Batch], ask: Callable[[Study, Batch], dict[str, Any] | None]
) -> tuple[Study, Batch, dict[str, float]]:
    """Run batch after batch; returns the study with the replicates that were made, the last batch and its summary.

    `ask` gives a row of attribution.progress, or None where there is nothing to ask about (runs failed, or the outcome
    cannot be ranked). Without ranking.until there is one batch and no summary; where there is nothing to ask about, the
    precision counts as not reached.
    """
    rule, asked = study.ranking.stopping, 0
    while True:
        batch = run(study)
        found = ask(study, batch) if rule else None
        asked += 1
        if rule is None:
            return study, batch, {}
        if found is None or found["reached"] or study.replicates >= rule.most:
            return study, batch, summary(rule, found, study.replicates, asked)
        more = following(study, rule, found)
        if not study.quiet:
            console.err(f"Not yet as precise as wanted with {study.replicates} replicates: going on to {more}")
        study = replace(study, replicates=more)


def following(study: Study, rule: StoppingRule, found: dict[str, Any]) -> int:
    """Replicates of the next batch."""
    count = study.replicates
    step = count if rule.of_order else int(min(found["estimates_more"], count))
    step += step % 2 if "sobol" in study.ranking.methods else 0
    return min(count + step, rule.most)


def reading(study: Study, problem, design, values) -> dict[str, Any] | None:
    """How far the leading method has come with the outcome of ranking.until; None if that cannot be ranked."""
    from analysis.attribution import estimates, progress

    rule = study.ranking.stopping
    if rule is None or rule.outcome not in problem.outcomes:
        return None
    column = list(problem.outcomes).index(rule.outcome)
    one = replace(problem, outcomes={rule.outcome: problem.outcomes[rule.outcome]})
    try:
        samples = estimates(one, design, values[:, [column]])[study.lead]
    except ValueError:
        return None  # the ranking says why
    half = None if rule.half_width is None else {rule.outcome: rule.half_width / factor(rule.outcome)}
    (row,) = progress(
        one,
        design,
        {study.lead: samples},
        half_width=half,
        rank_width=rule.rank_width,
        top=rule.top,
    )
    return row


def factor(outcome: str) -> float:
    """Printed change = factor x raw change: 100 for a share, which is printed in percentage points."""
    from analysis.words.quantities import quantity
    from experiments.output.labels import outcomes

    return 1.0 if outcome == COMPOSITE else quantity(outcomes([outcome])[outcome]["unit"], "en").factor


def summary(rule: StoppingRule, found: dict[str, Any] | None, replicates: int, asked: int) -> dict[str, float]:
    """What was reached, as figures of the summary; the half width in the unit in which it was given."""
    made = {
        "precision_replicates": float(replicates),
        "precision_batches": float(asked),
        "precision_askings": float(rule.n_looks),
    }
    if found is None:
        return {"precision_reached": 0.0, **made}
    return {
        "precision_reached": float(found["reached"]),
        "precision_half_width": factor(rule.outcome) * found["half_width"],
        "precision_rank_width": found["rank_width"],
        "precision_top": float(found["top"]),
        **made,
    }
