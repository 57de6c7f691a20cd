"""The pages of a job's folder: what the report is handed, in each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.ensemble import interrupts
from experiments.output import labels
from experiments.output.catalogue import catalogue
from experiments.output.csv_tables import measure_tables
from experiments.output.findings import Findings
from experiments.study.study import Study


def write_pages(
    folder: Path,
    study: Study,
    findings: Findings,
    record: Mapping[str, Any],
    languages: Sequence[str],
) -> None:
    """Write report.html in the first language, and report_<language>.html in each further one."""
    from analysis.report import write_page
    from analysis.words import Reader

    first = labels.first_outcomes(study.ranking.outcomes, findings.ranking)
    for i, language in enumerate(languages):
        interrupts.check()
        write_page(
            folder / ("report.html" if i == 0 else f"report_{language}.html"),
            findings.dataset,
            reader=Reader(language, labels.outcomes(first), labels.labels(study)),
            rest=labels.outcomes([name for name in study.ranking.outcomes if name not in first]),
            settings=record["settings"],
            command=record["command"],
            provenance=record,
            summary=findings.summary,
            levels=findings.levels,
            effects=findings.effects or None,
            ranking=findings.ranking,
            further={**findings.tables, **measure_tables(study)},
            catalogue=catalogue(),
        )
