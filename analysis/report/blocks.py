"""The plain form of a report, ready for any file: parts, each a list of blocks.

A section (section.py) is turned into blocks by `section_blocks`; page.py, word.py and pdf.py write blocks, each in its
own format, and decide nothing about what is said. All text is plain: whatever marks a format up is the writer's.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.report.tables import Table
from analysis.words import Reader


@dataclass(frozen=True)
class Text:
    """A paragraph.

    kind: "body", "lead", "note", "box" (set apart) or "code" (a line to type). label: what it is about, in front of it.
    refs: ids of figures and tables that show what it says.
    """

    said: str
    kind: str = "body"
    label: str = ""
    refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True)
class Grid:
    """A table with its number; kind: "middle", "wide", "settings" or "pairs". folded: long, and for the page alone."""

    id: str
    table: Table
    number: int
    kind: str = "middle"
    folded: str = ""


@dataclass(frozen=True)
class Picture:
    """A figure as drawn (matplotlib), with what is said of it; kind: "middle" or "wide"."""

    id: str
    name: str
    drawn: Any
    number: int
    title: str
    alt: str
    caption: str
    kind: str = "middle"


Block = Text | Points | Grid | Picture


@dataclass(frozen=True)
class Part:
    """A part with its heading; kind: "findings", "section" or "limits"."""

    id: str
    title: str
    blocks: Sequence[Block]
    kind: str = "section"


@dataclass(frozen=True)
class Report:
    """All of a report. `day` is that of the job (ISO), `date` the same as its language writes it."""

    reader: Reader
    title: str
    parts: Sequence[Part]
    author: str = ""
    date: str = ""
    day: str = ""

    def blocks(self) -> Iterable[Block]:
        """The blocks of all parts."""
        return (block for part in self.parts for block in part.blocks)

    def names(self) -> dict[str, str]:
        """What figures and tables are called where something refers to them: id -> "Figure 2"."""
        return {block.id: number_of(block, self.reader) for block in self.blocks() if isinstance(block, Grid | Picture)}


def number_of(block: Grid | Picture, reader: Reader) -> str:
    """What a figure or a table is called: "Figure 2"."""
    return reader.text["figure_number" if isinstance(block, Picture) else "table_number"].format(n=block.number)


@dataclass
class Numbers:
    """Numbers figures and tables in the order in which they come."""

    pictures: int = 0
    grids: int = 0
    taken: dict[str, int] = field(default_factory=dict)

    def figure(self, drawn: Any, name: str, title: str, alt: str, caption: str) -> dict[str, Any]:
        """A figure as sections hold it (section.Figured)."""
        self.pictures += 1
        kept = {"id": f"figure-{name}", "name": name, "drawn": drawn, "number": self.pictures}
        return {**kept, "title": title, "alt": alt, "caption": caption}

    def grid(self, name: str, table: Table, kind: str = "middle", folded: str = "") -> Grid:
        """A table with its number; the second one of a name gets a name of its own."""
        self.grids += 1
        count = self.taken[name] = self.taken.get(name, 0) + 1
        return Grid(f"table-{name}" if count == 1 else f"table-{name}-{count}", table, self.grids, kind, folded)


def section_blocks(section: Mapping[str, Any], numbers: Numbers) -> list[Block]:
    """The blocks of a section: what it says, its figures, its tables and its notes."""
    blocks: list[Block] = [Text(said) for said in section.get("intro", ())]
    if section.get("points"):
        blocks.append(Points(section["points"]))
    blocks += [Picture(**{"kind": section["width"], **_picture(shown)}) for shown in section["figures"]]
    blocks += [numbers.grid(section["id"], table, section["width"]) for table in section["tables"]]
    return [*blocks, *(Text(note, "note") for note in section["notes"])]


def _picture(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A section's figure with the name of its width as blocks have it."""
    return {"kind" if key == "width" else key: value for key, value in shown.items()}


# ---------------------------------------------------------------- what no file can hold

_HARMFUL = re.compile(
    "[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def clean(text: str) -> str:
    """Text without control characters, which XML refuses, and without those that turn the direction of writing."""
    return _HARMFUL.sub("", text)


def cleaned(thing: Any) -> Any:
    """A report, or a part of one, with every text in it cleaned; what is drawn stays as it is."""
    if isinstance(thing, str):
        return clean(thing)
    if isinstance(thing, list | tuple):
        return type(thing)(cleaned(one) for one in thing)
    if isinstance(thing, Report | Part | Text | Points | Grid | Picture | Table):
        kept = ("reader", "drawn")
        fields = {f.name: getattr(thing, f.name) for f in dataclasses.fields(thing)}
        return dataclasses.replace(
            thing, **{name: value if name in kept else cleaned(value) for name, value in fields.items()}
        )
    return thing
