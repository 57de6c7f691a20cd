"""The figures of a job's folder, as png, svg and pdf."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from experiments.ensemble.whole_files import put
from experiments.output import labels
from experiments.output.findings import Findings
from experiments.study.study import Study


def write_figure(figure: Any, folder: Path, name: str) -> None:
    """Write a figure as png, svg and pdf into `folder` (made if missing)."""
    from analysis.figures import rendered

    folder.mkdir(parents=True, exist_ok=True)
    for kind, content in rendered(figure).items():
        put(folder / f"{name}.{kind}", content)


def write_figures(folder: Path, study: Study, findings: Findings) -> None:
    """Write the figures of the page as png, svg and pdf, in the study's language."""
    folder.mkdir()
    for name, draw in drawings(study, findings).items():
        write_figure(draw(), folder, name)


def drawings(study: Study, findings: Findings) -> dict[str, Callable[[], Any]]:
    """What draws each figure, by name.

    Of many outcomes the first ones share a figure, as on the page; each further one has a figure of its ranking only.
    """
    from analysis import figures
    from analysis.report.ranking import lead_of

    ranked, ranking = study.ranking.outcomes, findings.ranking or ()
    first = labels.first_outcomes(ranked, findings.ranking)
    outcomes = labels.outcomes(first)
    every = figures.with_composite(outcomes, findings.ranking)
    shared: dict[str, Any] = {"language": study.language, "labels": labels.labels(study)}
    found: dict[str, Callable[[], Any]] = {
        "paths": lambda: figures.paths(findings.dataset, outcomes=outcomes, **shared),
        "hours": lambda: figures.hours(findings.dataset, **shared),
    }
    if findings.effects:
        found["effects"] = lambda: figures.effect_strip(findings.effects, outcomes=outcomes, **shared)
    lead = lead_of(ranking)
    if any(row["method"] == lead and row["outcome"] in every for row in ranking):
        found["ranking"] = lambda: figures.ranking(ranking, outcomes=every, method=lead, **shared)
    for design, size in (("morris", "morris_strength"), ("sobol", "sobol_total")):
        if any(row["method"] == size and row["outcome"] in every for row in ranking):
            found[design] = partial(figures.sizes, ranking, outcomes=every, design=design, **shared)
    tables = {name: [row for row in rows if row.get("outcome") in every] for name, rows in findings.tables.items()}
    for made in (figures.together_figures, figures.doubt_figures):
        drawn = made(tables, outcomes=every, **shared)
        found |= {name: partial(_same, figure) for name, figure in drawn.items()}
    alone = {row["outcome"] for row in ranking if row["method"] == lead and row["outcome"] not in every}
    for name, described in labels.outcomes([name for name in ranked if name in alone]).items():
        found[f"ranking_{name}"] = partial(figures.ranking, ranking, outcomes={name: described}, method=lead, **shared)
    return found


def _same(figure: Any) -> Any:
    return figure
