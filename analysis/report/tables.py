"""Tables of a page: plain lists of text, ready for any form, and what their makers share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.report.prose import Row, Rows, three_numbers, with_range
from analysis.words import Outcomes, Reader
from analysis.words.quantities import level_text

SHORT = 12  # rows from which a table may go on on the next page
EQUALS = "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Table:
    """A caption, column heads and rows of text; the first `heads` cells of a row are its heads.

    `breaks` start a new group.

    `words` are the columns of plain words, set to the left; all others are numbers.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    heads: int = 1
    words: frozenset[int] = frozenset({0})
    breaks: frozenset[int] = field(default_factory=frozenset)

    @property
    def short(self) -> bool:
        """Whether all rows are to stay on one page."""
        return len(self.rows) < SHORT


def top_rows(
    rows: Rows, outcomes: Outcomes, most: int, key: Callable[[Row], float] | None = None
) -> tuple[list[tuple[str, Row]], frozenset[int]]:
    """At most `most` rows of each outcome with its name, least `key` first, and where each outcome begins."""
    lines: list[tuple[str, Row]] = []
    breaks = set()
    for name in outcomes:
        own = [row for row in rows if row["outcome"] == name]
        breaks.add(len(lines))
        lines += [(name, row) for row in (sorted(own, key=key) if key else own)[:most]]
    return lines, frozenset(breaks)


def group_rows(
    caption: str, columns: Sequence[str], cells: Sequence[list[str]], text: set[int], breaks: frozenset[int]
) -> Table:
    """A table whose outcome, in the first column, is named once at the head of its group."""
    rows = [cell if place in breaks else ["", *cell[1:]] for place, cell in enumerate(cells)]
    return Table(caption, columns, rows, heads=2, words=frozenset(text), breaks=breaks)


def cell_text(cell: Any) -> str:
    """A cell of words; nothing where it was empty."""
    return "" if str(cell) == "nan" else str(cell)


def period_name(period: str, last_year: int, reader: Reader) -> str:
    """Name of a period of evaluation."""
    return reader.text[f"period_{period}"].format(n=last_year)


def ranks_text(row: Row, reader: Reader) -> str:
    """The rank set of a row: one place, or from the first to the last."""
    low, high = int(float(row["rank_low"])), int(float(row["rank_high"]))
    return str(low) if low == high else reader.text["rank_range"].format(low=low, high=high)


def rank_of(row: Row) -> float:
    """The rank of a row."""
    return float(row["rank"])


def size_text(row: Row, unit: str, reader: Reader) -> str:
    """A strength and its interval: a size has no sign."""
    return with_range(*three_numbers(row, "contribution"), unit, reader).replace("+", "")


def has_one_unit(unit: str, reader: Reader) -> bool:
    """Whether levels and changes have the same unit: it then stands beside the outcome and not behind each number."""
    found = reader.quantity(unit)
    return found.level_unit == found.change_unit


def name_with_unit(name: str, unit: str, reader: Reader) -> str:
    """An outcome, with its unit where that stands beside it."""
    return reader.with_unit(name, unit) if has_one_unit(unit, reader) else name


def level_cell(value: float, unit: str, reader: Reader) -> str:
    """A level, with its unit where that does not stand beside the outcome."""
    said = level_text(value, unit, reader.language)
    return said.removesuffix(reader.quantity(unit).level_unit) if has_one_unit(unit, reader) else said


def pair_table(caption: str, columns: tuple[str, str], items: Mapping[str, Any], more: str) -> Table:
    """Nested plain data as two columns, dotted names left.

    A long value is cut and ends in `more`.
    """
    rows = [[name, _cut(value, more)] for name, value in _flat(items)]
    return Table(caption, list(columns), rows, words=frozenset({0, 1}))


def _flat(items: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in items.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and value:
            pairs += _flat(value, f"{name}.")
        elif isinstance(value, list | tuple) and all(not isinstance(v, Mapping | list | tuple) for v in value):
            pairs.append((name, ", ".join(map(str, value))))
        else:
            pairs.append((name, value))
    return pairs


def _cut(value: Any, more: str, longest: int = 240) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    shown = str(value)
    return shown if len(shown) <= longest else shown[:longest].rstrip() + more
