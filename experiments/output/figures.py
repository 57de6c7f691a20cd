"""The figures of a job's folder, as png, svg and pdf."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.ensemble.whole_files import put
from experiments.output import labels
from experiments.output.findings import Findings
from experiments.study.study import Study


def write_figure(figure: Any, folder: Path, name: str) -> None:
    """Write a figure as png, svg and pdf into `folder` (made if missing)."""
    from analysis.figures import render

    folder.mkdir(parents=True, exist_ok=True)
    for kind, content in render(figure).items():
        put(folder / f"{name}.{kind}", content)


def write_figures(folder: Path, study: Study, findings: Findings) -> None:
    """Write the figures of the page as png, svg and pdf, in the study's language."""
    folder.mkdir()
    for name, figure in draw_each(study, findings):
        write_figure(figure, folder, name)


def draw_each(study: Study, findings: Findings) -> Iterator[tuple[str, Any]]:
    """Each figure with the name of its file, drawn when it is asked for.

    Of many outcomes the first ones share a figure, as on the page; each further one has a figure of its ranking only.
    """
    from analysis import figures
    from analysis.words import Reader

    ranking, lead = findings.ranking or (), figures.leading_method(findings.ranking or ())
    first = labels.outcomes(labels.first_outcomes(study.ranking.outcomes, findings.ranking))
    reader = Reader(study.language, first, labels.labels(study)).with_composite(ranking)
    given = {"dataset": findings.dataset, "effects": findings.effects, "ranking": ranking, **findings.tables}
    for name in figures.FIGURES:
        yield from figures.draw_figures(given, reader, only=(name,)).items()
    alone = {row["outcome"] for row in ranking if row["method"] == lead and row["outcome"] not in reader.outcomes}
    for name, described in labels.outcomes([name for name in study.ranking.outcomes if name in alone]).items():
        yield f"ranking_{name}", figures.contributions(ranking, reader=reader.of({name: described}), method=lead)
