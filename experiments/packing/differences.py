"""Tables of two runs of one job, cell by cell: equal in every byte, or in which cells not."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

FIRST = 3  # cells of a table that are shown


@dataclass(frozen=True, slots=True)
class Difference:
    """How one table differs: so many of so many cells, the first of them, and the largest relative difference.

    Each of `first` is (line, column, then, now); `largest` is infinite where a cell is no number in both.
    """

    table: str
    cells: int
    of: int
    first: tuple[tuple[int, str, str, str], ...]
    largest: float


def cells_of(content: bytes) -> int:
    """How many cells a CSV table has below its header, or a summary has figures."""
    return sum(len(row) for row in _rows(content)[1:])


def differences(then: Mapping[str, bytes], now: Mapping[str, bytes]) -> tuple[list[Difference], list[str]]:
    """The tables (name -> content) that differ, and the names of those that only one side has."""
    both = [name for name in then if name in now]
    found = [_compared(name, then[name], now[name]) for name in both if then[name] != now[name]]
    return found, sorted(set(then) ^ set(now))


def _compared(name: str, then: bytes, now: bytes) -> Difference:
    old, new = _rows(then), _rows(now)
    header = old[0] if old else []
    differing: list[tuple[int, str, str, str]] = []
    largest, count = 0.0, 0
    nothing: list[str] = []
    for number, (before, after) in enumerate(zip_longest(old, new, fillvalue=nothing), 1):
        for column, (a, b) in enumerate(zip_longest(before, after, fillvalue="")):
            count += 1
            if a != b:
                title = header[column] if column < len(header) else f"{column + 1}"
                differing.append((number, title, a, b))
                largest = max(largest, _relative(a, b))
    return Difference(name, len(differing), count, tuple(differing[:FIRST]), largest)


def _relative(a: str, b: str) -> float:
    """The relative difference of two cells; infinite where one is no finite number."""
    try:
        x, y = float(a), float(b)
    except ValueError:
        return math.inf
    if not (math.isfinite(x) and math.isfinite(y)):
        return math.inf
    return abs(x - y) / max(abs(x), abs(y)) if x != y else 0.0


def _rows(content: bytes) -> list[list[str]]:
    """The lines of a CSV table; of a summary (JSON, name -> number) one line a figure."""
    text = content.decode("utf-8-sig", "replace")
    if text.lstrip().startswith("{"):
        try:
            figures = json.loads(text)
        except (ValueError, RecursionError):
            return [[text]]
        return [["figure", "value"], *([str(key), repr(value)] for key, value in figures.items())]
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return [[line] for line in text.splitlines()]
