"""The figures of a job's folder, as png, svg and pdf."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.ensemble.whole_files import put
from experiments.output import labels
from experiments.output.findings import Findings
from experiments.study.compose import Study


def write_figure(figure: Any, folder: Path, name: str) -> None:
    """Write a figure as png, svg and pdf into `folder` (made if missing)."""
    from analysis.figures import rendered

    folder.mkdir(parents=True, exist_ok=True)
    for kind, content in rendered(figure).items():
        put(folder / f"{name}.{kind}", content)


def write_figures(folder: Path, study: Study, findings: Findings) -> None:
    """Write the figures of the page as png, svg and pdf, in the study's language.

    Of many outcomes the first ones share a figure, as on the page; each further one has a figure of its ranking only.
    """
    from analysis import figures
    from analysis.report.ranking import lead_of

    folder.mkdir()
    first, names = labels.shown(study.outcomes, findings.ranking), labels.labels(study)
    outcomes = labels.outcomes(first)
    every = figures.with_composite(outcomes, findings.ranking)
    shared: dict[str, Any] = {"language": study.language, "labels": names}
    drawn = {
        "paths": figures.paths(findings.dataset, outcomes=outcomes, **shared),
        "hours": figures.hours(findings.dataset, **shared),
    }
    if findings.effects:
        drawn["effects"] = figures.effect_strip(findings.effects, outcomes=outcomes, **shared)
    lead = lead_of(findings.ranking or ())
    if findings.ranking and any(row["method"] == lead and row["outcome"] in every for row in findings.ranking):
        drawn["ranking"] = figures.ranking(findings.ranking, outcomes=every, method=lead, **shared)
    if findings.ranking:
        for design, size in (("morris", "morris_strength"), ("sobol", "sobol_total")):
            if any(row["method"] == size and row["outcome"] in every for row in findings.ranking):
                drawn[design] = figures.sizes(findings.ranking, outcomes=every, design=design, **shared)
    tables = {name: [row for row in rows if row.get("outcome") in every] for name, rows in findings.tables.items()}
    drawn |= figures.together_figures(tables, outcomes=every, **shared)
    drawn |= figures.doubt_figures(tables, outcomes=every, **shared)
    for name, figure in drawn.items():
        write_figure(figure, folder, name)
    alone = {row["outcome"] for row in findings.ranking or () if row["method"] == lead and row["outcome"] not in every}
    for name, described in labels.outcomes([name for name in study.outcomes if name in alone]).items():
        figure = figures.ranking(findings.ranking or (), outcomes={name: described}, method=lead, **shared)
        write_figure(figure, folder, f"ranking_{name}")
