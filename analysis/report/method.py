"""What stands at the end of a report: method, how it was made, and how to cite it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from analysis.report.blocks import Block, Part, Points, Text
from analysis.report.section import Material
from analysis.report.tables import Table
from analysis.words import Reader

METHODS = ("shapley", "leave_one_out", "add_one_in", "morris", "sobol_total")
MADE = ("model_version", "toolkit_version", "commit", "started", "runs", "replicates")


def method_part(given: Material, provenance: Mapping[str, Any]) -> Part:
    """How the numbers were worked out: the model, the methods that the folder used, intervals and words."""
    text = given.reader.text
    used = {row["method"] for row in given.tables.get("ranking") or ()}
    points = [text[f"how_{name}"] for name in METHODS if name in used]
    behaviour = text["limit_intervals_behaviour" if provenance.get("behaviour") else "limit_intervals"]
    blocks: list[Block] = [Text(text["how_model"]), *([Points(points)] if points else [])]
    blocks += [Text(text["how_intervals"] + text["sentence_space"] + behaviour), Text(text["note_likelihood"])]
    return Part("method", text["sec_method"], [*blocks, Text(text["how_source"], "note")])


def made_table(provenance: Mapping[str, Any], text: Mapping[str, str]) -> Table:
    """Versions, runs and time of the job."""
    rows = [
        [text[f"made_{name}"], _told(provenance[name])] for name in MADE if provenance.get(name) not in (None, "", {})
    ]
    return Table(text["tab_made"], [text["col_item"], text["col_value"]], rows, words=frozenset({0, 1}))


def _told(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def day_of(provenance: Mapping[str, Any]) -> str:
    """The day on which the job began (ISO); nothing where the record has none."""
    day = str(provenance.get("started") or "")[:10]
    return day if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else ""


def written_date(provenance: Mapping[str, Any], reader: Reader) -> str:
    """The same as its language writes it."""
    if not day_of(provenance):
        return ""
    year, month, number = map(int, day_of(provenance).split("-"))
    return reader.text["date"].format(year=year, month=month, day=number)


def citation_part(title: str, author: str, command: str, provenance: Mapping[str, Any], reader: Reader) -> Part:
    """The line under which the report can be cited, and the one that makes its numbers again."""
    text = reader.text
    said = text["cite_report"].format(
        author=text["cite_author"].format(author=author) if author else "",
        title=title,
        date=written_date(provenance, reader) or "–",
        toolkit=provenance.get("toolkit_version") or "–",
        version=provenance.get("model_version") or "–",
    )
    return Part("citation", text["sec_citation"], [Text(said), Text(text["cite_line"].format(command=command), "note")])
