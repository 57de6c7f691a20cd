"""The picture of docs/checks/sanity.md: one line a clause."""

from __future__ import annotations

import math
from typing import Any

from experiments.checks.laws import WHOLE, Law
from experiments.checks.runs import DOCS
from experiments.checks.sanity_page import LANGUAGES, Report


def clause_rows(report: Report) -> list[dict[str, Any]]:
    """What the picture draws: one line a clause."""
    rows = []
    for id, by_change in report.verdicts.items():
        law: Law = report.trial.laws[id]
        for i, clause in enumerate(by_change[WHOLE].clauses):
            given = law.clauses[clause.id]
            frozen = [
                other.found
                for change, verdict in by_change.items()
                for other in verdict.clauses
                if change and other.id == clause.id
            ]
            there = clause.found if clause.found.asked else None
            rows.append(
                {
                    "law": law.label,
                    "clause": {language: given[f"label_{language}"] for language in LANGUAGES},
                    "first": i == 0,
                    "verdict": clause.verdict,
                    "share": there.count / there.asked if there else math.nan,
                    "frozen": frozen[0].count / frozen[0].asked if frozen and frozen[0].asked else math.nan,
                    "together": given.get("judge") == "together",
                }
            )
    return rows


def draw(report: Report) -> None:
    """Renew the picture in both languages."""
    from analysis.figures.image_files import DPI
    from analysis.figures.laws import laws
    from analysis.figures.style import drawing
    from analysis.words import Reader

    for language in LANGUAGES:
        figure = laws(clause_rows(report), draws=len(report.draws.parameters), reader=Reader(language))
        with drawing():
            figure.savefig(DOCS / "images" / f"sanity_{language}.png", dpi=DPI, metadata={"Software": None})
