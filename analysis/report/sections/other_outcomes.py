"""Section: outcomes that were ranked but have no panels and tables on the page, a sentence each."""

from __future__ import annotations

from typing import Any

from analysis.figures.contributions import leading_method
from analysis.report.prose import ranking_sentences
from analysis.report.section import Material, Section


def _make(given: Material) -> list[dict[str, Any]]:
    if not given.rest:
        return []
    reader, text, ranking = given.reader.of(given.rest), given.reader.text, given.tables["ranking"]
    lead = leading_method(ranking)
    ranked = {row["outcome"] for row in ranking if row["method"] == lead}
    missing = [name for name in given.rest if name not in ranked]
    notes = [text["note_rest_unranked"].format(outcomes=reader.join_outcomes(missing))] if missing else []
    return [
        {
            "id": "rest",
            "title": text["sec_rest"],
            "width": "middle",
            "intro": [text["say_rest"]],
            "points": ranking_sentences(ranking, lead, reader),
            "figures": [],
            "tables": [],
            "notes": notes,
        }
    ]


SECTION = Section(50, ("ranking",), _make)
