"""What a section of a page is, and what all of them are made of.

A section is plain data: id, title, width ("middle" or "wide"), figures, tables and notes, and where it has them intro
(paragraphs) and points (a list). Rows of tables are as made or as read back from CSV (where an empty cell is "nan").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.report.prose import Row, Rows
from analysis.report.tables import Table
from analysis.words import Outcomes, Reader

TOP = 3  # rows of an outcome in most tables
Figured = Callable[[Any, str, str, str, str], dict[str, Any]]
"""Takes a drawn figure with its name, title, description and caption, puts it where it belongs (a page, a folder of
pictures), and gives back what a section is to hold of it."""


@dataclass(frozen=True)
class Material:
    """What a page is made of.

    reader: the outcomes that have panels. tables: rows by name, those of the folder. figure: puts a figure where it
    belongs. last: number of the evaluation year. dataset [setting, replicate, week]. asked and summary: the job's
    record of what was asked of a ranking, and its figures. rest: outcomes that are told in a sentence each. catalogue:
    indicators, points (the essay's pain points and causes) and harms. definitions: the measures as they were run.
    """

    reader: Reader
    tables: Mapping[str, Rows]
    figure: Figured
    last: int = 1
    dataset: Any = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    summary: Mapping[str, float] | None = None
    rest: Outcomes = field(default_factory=dict)
    catalogue: Mapping[str, Any] = field(default_factory=dict)
    definitions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def ranked(self) -> Reader:
        """The reader, with the user's composite where the ranking has it."""
        return self.reader.with_composite(self.tables.get("ranking"))

    def rows(self, name: str) -> list[Row]:
        """Rows of a table that are of an outcome shown; none if it was not made."""
        outcomes = self.ranked.outcomes
        return [row for row in self.tables.get(name) or () if row.get("outcome") in outcomes]


@dataclass(frozen=True)
class Section:
    """A section, or some of them: where it stands, what it reads, and how it is made.

    order: sections stand by it. reads: names of tables, or "dataset"; without any of them there is no section.
    make: gives sections as plain data, none where there is nothing to say.
    """

    order: int
    reads: tuple[str, ...]
    make: Callable[[Material], list[dict[str, Any]]]


def table_section(
    name: str, table: Table, intro: Sequence[str], notes: Sequence[str], reader: Reader, width: str = "middle"
) -> dict[str, Any]:
    """The section on tables/<name>.csv: what it says, its top rows, notes and where the rest is."""
    text = reader.text
    return {
        "id": name.replace("_", "-"),
        "title": text[f"sec_{name}"],
        "width": width,
        "intro": intro,
        "figures": [],
        "tables": [table] if table.rows else [],
        "notes": [*notes, text["note_table"].format(name=name)],
    }


def draw_for(
    given: Material, drawn: Any, name: str, title: str, rows: Rows, width: str, **fields: Any
) -> dict[str, Any]:
    """A figure whose description and caption are alt_<name> and cap_<name>; the former names the outcomes of `rows`."""
    reader, text = given.ranked, given.reader.text
    shown = [outcome for outcome in reader.outcomes if any(row["outcome"] == outcome for row in rows)]
    alt = text[f"alt_{name}"].format(outcomes=reader.join_outcomes(shown), **fields)
    return {**given.figure(drawn, name, title, alt, text[f"cap_{name}"]), "width": width}
