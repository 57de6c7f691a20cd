"""Layout by measured text: figures of any width, with labels of any length.

A figure is drawn for a width (`asking`), and says of its panels how high they are at least. fitting.py then breaks what
is too long for its place, and makes the figure taller until its rows hold their names; measuring.py finds what is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analysis.figures.measuring import extent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INCH = 2.54  # centimetres
NARROWEST, WIDEST = 6.0, 45.0  # centimetres; a column of a journal, and more than A4 on its side
PIXELS = 200.0  # an inch, as image_files writes png
SMALLEST = 1.1  # inches a panel is high at least
FAMILY = ["Noto Sans SC", "DejaVu Sans"]


@dataclass(frozen=True)
class Asked:
    """What is asked of a figure: inches wide (None: as it likes), its title ("": its own), whether without colour."""

    width: float | None = None
    title: str = ""
    grey: bool = False


_ASKED: ContextVar[Asked] = ContextVar("asked", default=Asked())  # noqa: B039 (it is frozen)
_UNITS = {"cm": 1.0, "mm": 0.1, "in": INCH, "px": INCH / PIXELS}
_PIECE = re.compile(
    r"[\u2e80-\u9fff\uff00-\uffef][\u3001-\u3003\uff01\uff09\uff0c\uff1a\uff1b\uff1f\u201d]*|\s+|[^\s\u2e80-\u9fff\uff00-\uffef]+"
)


def inches(width: float | str) -> float:
    """A width in inches: a number of centimetres, or text such as 8cm, 80mm, 3.2in, 1080px (200 to the inch).

    Raises ValueError for anything else, and for what is narrower than 6 or wider than 45 centimetres.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(cm|mm|in|px)?\s*", str(width))
    allowed = f"a width from {NARROWEST:g}cm to {WIDEST:g}cm expected, such as 8cm, 80mm, 3.2in or 1080px"
    if not found:
        raise ValueError(f"{width} given, {allowed}")
    centimetres = float(found[1]) * _UNITS[found[2] or "cm"]
    if not NARROWEST <= centimetres <= WIDEST:
        raise ValueError(f"{width} given, {allowed}")
    return centimetres / INCH


@contextmanager
def asking(width: float | str | None = None, title: str = "", grey: bool = False) -> Iterator[Asked]:
    """Figures made inside are as asked: what is not given is what was asked for round it."""
    before = _ASKED.get()
    given = Asked(before.width if width is None else inches(width), title or before.title, grey or before.grey)
    token = _ASKED.set(given)
    try:
        yield given
    finally:
        _ASKED.reset(token)


def width_or(own: float) -> float:
    """The width that is asked for, or else the figure's own, in inches."""
    return _ASKED.get().width or own


def asked_width() -> float | None:
    """The width that is asked for, in inches; None if the figure may choose."""
    return _ASKED.get().width


def columns_of(panels: int, each: float) -> int:
    """How many panels stand side by side: all, unless a width is asked for that has no room for `each` (inches)."""
    width = _ASKED.get().width
    return panels if width is None else max(1, min(panels, int(width / each)))


# ---------------------------------------------------------------- words


@lru_cache(maxsize=20_000)
def text_width(said: str, size: float) -> float:
    """Width of a line in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    return float(text_to_path.get_text_width_height_descent(said, FontProperties(family=FAMILY, size=size), False)[0])


def broken(said: str, size: float, points: float, most: int | None = None) -> str:
    """The text in lines no wider than `points`; Chinese breaks between any two characters, a long word where it must.

    Line breaks in it stay. What needs more than `most` lines is cut, and ends in "…".
    """
    lines = [part for line in said.split("\n") for part in _lines(line, size, points)]
    if most is not None and len(lines) > most:
        last = lines[most - 1].rstrip()
        while last and text_width(last + "…", size) > points:
            last = last[:-1].rstrip()
        lines = [*lines[: most - 1], last + "…"]
    return "\n".join(lines)


def _lines(line: str, size: float, points: float) -> list[str]:
    if text_width(line, size) <= points:
        return [line]
    lines = [""]
    for piece in (part for word in _PIECE.findall(line) for part in _parts(word, size, points)):
        if lines[-1] and text_width(lines[-1] + piece.rstrip(), size) > points:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [part.rstrip() for part in lines if part.strip()] or [""]


def _parts(word: str, size: float, points: float) -> list[str]:
    """A word that is wider than a line, in parts that are not."""
    if text_width(word, size) <= points:
        return [word]
    parts = [""]
    for letter in word:
        if parts[-1] and text_width(parts[-1] + letter, size) > points:
            parts.append("")
        parts[-1] += letter
    return parts


# ---------------------------------------------------------------- fitting


def after_layout(figure: Figure, do: Callable[[], None]) -> None:
    """Have `do` called each time that the places of panels are known anew: for names that move apart."""
    figure._after_layout = [*getattr(figure, "_after_layout", []), do]  # type: ignore[attr-defined]


def spread_names(figure: Figure, panel: Axes, labels: Sequence[Any], wanted: Sequence[float]) -> None:
    """Move annotations up and down until none lies on another: near `wanted`, which are values of the y axis.

    It is done once the panel's place is known. Labels in more lines need more room.
    """

    def move() -> None:
        turn = panel.transData.transform
        pixels = [float(turn((0.0, value))[1]) for value in wanted]
        high = [extent(label).height + 1.0 for label in labels]
        box = panel.get_window_extent()
        placed = apart(pixels, high, box.y0, box.y1)
        for label, place in zip(labels, placed, strict=True):
            at = float(panel.transData.inverted().transform((0.0, place))[1])
            label.set_position((label.get_position()[0], at))
        least(panel, height=max(SMALLEST, sum(high) / figure.dpi))

    after_layout(figure, move)


def apart(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres near `wanted`, in their order, for things of these sizes not to overlap; within low .. high if it can."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    ends: list[float] = []
    placed = [0.0] * len(wanted)
    at = low
    for i in order:  # upwards, each at its place or just above the one below
        placed[i] = max(wanted[i], at + sizes[i] / 2)
        at = placed[i] + sizes[i] / 2
        ends.append(at)
    at = max(high, low + sum(sizes))
    for i in reversed(order):  # and downwards from the top
        placed[i] = min(placed[i], at - sizes[i] / 2)
        at = placed[i] - sizes[i] / 2
    return placed


def least(panel: Axes, height: float | None = None, row: float | None = None) -> None:
    """How high a panel is at least, and each of its rows, in inches."""
    if height is not None:
        panel._least_height = max(height, getattr(panel, "_least_height", None) or 0.0)  # type: ignore[attr-defined]
    if row is not None:
        panel._row_height = row  # type: ignore[attr-defined]
