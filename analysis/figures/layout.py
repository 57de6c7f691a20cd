"""Layout by measured text: figures of any width, with labels of any length.

A figure is drawn for a width (`page`). `fit` then breaks what is too long for its place into lines, cuts what needs too
many of them (the last ends in "…"), and makes the figure taller until its rows hold their names. `faults` measures what
is left: texts that leave the figure, and texts that lie on one another.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

INCH = 2.54  # centimetres
NARROWEST, WIDEST = 6.0, 45.0  # centimetres; a column of a journal, and more than A4 on its side
PIXELS = 200.0  # an inch, as image_files writes png
SMALLEST = 1.1  # inches a panel is high at least
ROUNDS = 7  # of breaking and measuring at most
SLACK = 1.5  # pixels of 1/100 inch that boxes of texts may share: their boxes are larger than their ink
MOST_LINES = {"title": 4, "head": 4, "tick": 3, "column": 5, "label": 3, "name": 4}
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
        high = [_extent(label).height + 1.0 for label in labels]
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


def fit(figure: Figure) -> None:
    """Break, cut and make room until texts stand in their places; then the layout is kept."""
    rows = sorted({_place(panel)[1] for panel in figure.axes})
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="constrained_layout not applied")  # it is, once there is room
        for _ in range(ROUNDS):
            _lay_out(figure)
            changed = _break_all(figure)
            if changed:
                figure.draw_without_rendering()
            missing = (max(_missing(panel) for panel in figure.axes if _place(panel)[1] == row) for row in rows)
            more = sum(value for value in missing if value > 0.02)
            if more > 0.0:
                figure.set_figheight(figure.get_figheight() + 1.02 * more)
            elif not changed:
                break
        _lay_out(figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def _lay_out(figure: Figure) -> None:
    figure.draw_without_rendering()
    for do in getattr(figure, "_after_layout", []):
        do()


def _place(panel: Axes) -> tuple[int, int]:
    """How many panels a row has, and in which row this one stands."""
    spec = panel.get_subplotspec()
    return (spec.get_gridspec().ncols, spec.rowspan.start) if spec is not None else (1, 0)


def _points(figure: Figure, pixels: float) -> float:
    return 72.0 * pixels / figure.dpi


def _break_all(figure: Figure) -> bool:
    """Break every text that is too long for its place; gives whether any was."""
    width = 72.0 * figure.get_figwidth()
    changed = []
    if (head := figure._suptitle) is not None:  # type: ignore[attr-defined]
        changed.append(_set(head, 0.95 * width, MOST_LINES["head"]))
    if (note := figure._supxlabel) is not None:  # type: ignore[attr-defined]
        changed.append(_set(note, 0.975 * width, None))
    for panel in figure.axes:
        room = width / _place(panel)[0]
        box = panel.get_window_extent()
        inside, high = _points(figure, box.width), _points(figure, box.height)
        right = (_points(figure, box.x0) // room + 1) * room
        changed += [
            _set(title, max(0.9 * inside, right - _points(figure, box.x0) - 4), MOST_LINES["title"])
            for title in (panel.title, panel._left_title)  # type: ignore[attr-defined]
        ]
        middle = _points(figure, 0.5 * (box.x0 + box.x1))
        side = min(middle - (right - room), right - middle) - 3.0
        changed += [_set(panel.xaxis.label, max(0.6 * inside, 2.0 * side), MOST_LINES["label"])]
        changed += [
            _set(panel.yaxis.label, high if panel.yaxis.label.get_rotation() else 0.3 * room, MOST_LINES["label"])
        ]
        changed += [_ticks(panel.yaxis, 0.4 * room), _x_ticks(panel, inside, room)]
    changed += [_legend(figure, legend) for legend in figure.legends]
    return any(changed)


def _set(text: Text, points: float, most: int | None) -> bool:
    """Break a text that is wider than so many points; one that was broken before is broken anew from the whole."""
    said = text.get_text()
    if not said.strip():
        return False
    whole = getattr(text, "_whole", said)
    new = broken(whole, float(text.get_fontsize()), points, most)
    if new == said or (text_width_of(said, text) <= points and len(said.split("\n")) <= len(new.split("\n"))):
        return False
    text._whole = whole  # type: ignore[attr-defined]
    text.set_text(new)
    return True


def text_width_of(said: str, text: Text) -> float:
    """Width in points of the widest line of what a text says."""
    return max(text_width(line, float(text.get_fontsize())) for line in said.split("\n"))


def _has_names(axis: Axis) -> bool:
    """Whether names stand at an axis, and not numbers."""
    from matplotlib.ticker import FixedLocator, FuncFormatter

    return isinstance(axis.get_major_locator(), FixedLocator) and isinstance(axis.get_major_formatter(), FuncFormatter)


def _ticks(axis: Axis, points: float, most: int = MOST_LINES["tick"]) -> bool:
    """Break the names of rows or columns, where they are names, into so many lines at most."""
    labels = axis.get_majorticklabels()
    if not labels or not _has_names(axis):
        return False
    size, now = float(labels[0].get_fontsize()), [label.get_text() for label in labels]
    whole = getattr(axis, "_whole", None) or now
    new = [broken(name, size, points, most) for name in whole]
    lines = [line for name in now for line in name.split("\n")]
    fits = all(name.count("\n") < most for name in now) and all(text_width(line, size) <= points for line in lines)
    if new == now or fits:
        return False
    axis._whole = whole  # type: ignore[attr-defined]
    axis.set_ticks(axis.get_majorticklocs(), labels=new)
    return True


def _x_ticks(panel: Axes, inside: float, room: float) -> bool:
    labels = panel.get_xticklabels()
    if not labels:
        return False
    places = sorted(panel.transData.transform((float(at), 0.0))[0] for at in panel.get_xticks())
    apart = min((b - a for a, b in pairwise(places)), default=None)
    if labels[0].get_rotation():
        size = float(labels[0].get_fontsize())
        most = 1 if apart is None else max(1, min(3, int(_points(panel.figure, apart) / (1.25 * size))))  # type: ignore[arg-type]
        return _ticks(panel.xaxis, max(1.35 * 72.0, 0.3 * room) if most > 1 else 1.9 * 72.0, most)
    room = inside if apart is None else max(0.94 * _points(panel.figure, apart), 20.0)  # type: ignore[arg-type]
    return _ticks(panel.xaxis, room, MOST_LINES["column"])


def _legend(figure: Figure, legend: Any) -> bool:
    """A key in fewer columns, and its words broken, where it is wider than the figure."""
    width = 72.0 * figure.get_figwidth()
    if _points(figure, legend.get_window_extent().width) <= 0.99 * width:
        return False
    if legend._ncols > 1:
        handles, words = legend.legend_handles, [text.get_text() for text in legend.get_texts()]
        _new_legend(figure, legend, handles, words, legend._ncols - 1)
        return True
    changed = [_set(text, width - 40.0, MOST_LINES["name"]) for text in legend.get_texts()]
    return any(changed)


def _new_legend(figure: Figure, old: Any, handles: list[Any], words: list[str], columns: int) -> None:
    old.remove()
    figure.legend(handles, words, loc="outside lower left", ncols=columns, frameon=False, fontsize=8.0)


def _missing(panel: Axes) -> float:
    """Inches by which a panel is too low for its rows' names, or for anything to be seen."""
    figure = panel.figure
    box = panel.get_window_extent()
    high = box.height / figure.dpi
    own = getattr(panel, "_least_height", None)
    wanted = SMALLEST if own is None else own
    if _has_names(panel.yaxis):
        wanted = 0.5 if own is None else own
        hidden = {id(label) for label in _not_drawn(panel)}
        names = [label for label in panel.get_yticklabels() if label.get_text().strip() and id(label) not in hidden]
        boxes = sorted((label.get_window_extent() for label in names), key=lambda one: one.y0)
        factor = (
            max(
                (0.5 * (a.height + b.height) + 1.0) / max(0.5 * (b.y0 + b.y1 - a.y0 - a.y1), 1e-6)
                for a, b in pairwise(boxes)
            )
            if len(boxes) > 1
            else 0.0
        )
        rows = getattr(panel, "_row_height", 0.0) * len(names)
        wanted = max(wanted, rows, high * factor if 1.0 < factor < 50.0 else 0.0)
    return max(0.0, wanted - high) if not _has_aspect(panel) else 0.0


def _has_aspect(panel: Axes) -> bool:
    return panel.get_aspect() != "auto"


# ---------------------------------------------------------------- measuring


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is seen, with the box round its ink as it is drawn, in pixels."""
    from matplotlib.text import Text

    figure.draw_without_rendering()
    hidden = {id(text) for panel in figure.axes for text in _not_drawn(panel)}
    return [
        (text.get_text(), _extent(text))
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and id(text) not in hidden
    ]


def _extent(text: Any) -> Bbox:
    """The box of the words alone: that of an annotation has its arrow too."""
    from matplotlib.text import Text

    found: Bbox = Text.get_window_extent(text)
    return found


def _not_drawn(panel: Axes) -> list[Any]:
    """Labels of ticks outside the limits, which exist and are not drawn, and of axes that are switched off."""
    gone = []
    for axis in (panel.xaxis, panel.yaxis):
        low, high = sorted(axis.get_view_interval())
        margin = 1e-9 * max(1.0, abs(high - low))
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            inside = low - margin <= tick.get_loc() <= high + margin and panel.axison and axis.get_visible()
            gone += [] if inside else [tick.label1, tick.label2]
            gone += [label for label in (tick.label1, tick.label2) if not label.get_visible()]
    return gone


def _said(box: Any) -> str:
    return ", ".join(f"{end:.1f}" for end in box.extents)


def faults(figure: Figure) -> list[str]:
    """What is wrong with the texts of a figure, a sentence each: outside the figure, or on another text."""
    found, whole = [], figure.bbox
    slack = SLACK * figure.dpi / 100.0
    measured = boxes(figure)
    for said, box in measured:
        if (
            box.x0 < whole.x0 - slack
            or box.x1 > whole.x1 + slack
            or box.y0 < whole.y0 - slack
            or box.y1 > whole.y1 + slack
        ):
            found.append(f"{said!r} leaves the figure: {_said(box)} in {_said(whole)}")
    for place, (said, box) in enumerate(measured):
        for other, against in measured[place + 1 :]:
            across = min(box.x1, against.x1) - max(box.x0, against.x0)
            down = min(box.y1, against.y1) - max(box.y0, against.y0)
            if across > slack and down > slack:
                found.append(f"{said!r} lies on {other!r} by {across:.1f} x {down:.1f} pixels")
    return found
