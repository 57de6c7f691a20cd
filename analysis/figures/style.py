"""One style for all figures.

Chinese and Latin letters come from one font that is installed with the package, so that a figure looks the same on a
machine without any Chinese font. Colours are chosen by lightness first: any two in one figure differ on a grey printer.
Line styles, marker shapes and hatches repeat the distinction.

matplotlib keeps its settings in one global table. `drawing` holds a lock while ours are in force
and puts the old ones back.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ParamSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1c2630"  # text
QUIET = "#5b6670"  # notes, axes
GRID = "#e3e6e9"
PAPER = "#ffffff"

BASE = "#6d7780"  # the setting compared with: grey, dashed
LEAD = "#0f4c81"  # the setting looked at: deep blue, full line
MORE = ("#b5541c", "#2e7d6b", "#7a4f94", "#a08418")
DASHES = ("solid", (0, (5, 2)), (0, (1.2, 1.6)), (0, (6, 2, 1.2, 2)))

IMPROVES = "#0f4c81"
WORSENS = "#c4572a"
UNCLEAR = "#8a939b"
MARKERS = {"improves": "o", "worsens": "D", "unclear": "o", "changes": "s", "unknown": "o"}
COLOURS = {
    "improves": IMPROVES,
    "worsens": WORSENS,
    "unclear": UNCLEAR,
    "changes": INK,
    "unknown": UNCLEAR,
}

ACTIVITIES = {  # share -> fill, hatch, colour of the number on it
    "compliance_share": ("#33414d", "", "#ffffff"),
    "casework_share": ("#8fb4d1", "", INK),
    "policy_share": ("#c9d6df", "////", INK),
    "field_share": ("#2f7f79", "", "#ffffff"),
    "initiative_share": ("#f0c766", "", INK),
    "slack_share": ("#f3f1ec", "....", INK),
}

FAMILY = ["Noto Sans SC", "DejaVu Sans"]
_LEAST = 6.0  # inches: the longest title fits
_LOCK = threading.RLock()
_FONT_READY = False

STYLE: dict[Any, Any] = {
    "font.family": FAMILY,
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.unicode_minus": True,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.labelsize": 8.5,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "axes.titlepad": 7.0,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "hatch.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "figure.dpi": 100.0,
    "svg.fonttype": "path",
    "svg.hashsalt": "township",
    "pdf.fonttype": 3,
}

P = ParamSpec("P")


@contextmanager
def drawing() -> Iterator[None]:
    """Our settings and font are in force inside; one thread at a time.

    The caller's settings come back afterwards.
    """
    import matplotlib

    with _LOCK:
        _load_font()
        with matplotlib.rc_context():
            # Not rcdefaults(): that would also reset the backend somebody else chose.
            matplotlib.rcParams.update(
                {
                    key: value
                    for key, value in matplotlib.rcParamsDefault.items()
                    if not key.startswith(("backend", "toolbar", "interactive", "webagg"))
                }
            )
            matplotlib.rcParams.update(STYLE)
            yield


def figure(function: Callable[P, Figure]) -> Callable[P, Figure]:
    """Decorator of a function that makes a figure: it runs inside `drawing`, the layout is worked out once and kept."""

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with drawing():
            made = function(*args, **kwargs)
            made.draw_without_rendering()
            made.set_layout_engine("none")
            return made

    return inside


def _load_font() -> None:
    global _FONT_READY
    if _FONT_READY:
        return
    from matplotlib import font_manager
    from pylopdf_fonts_zh_cn import sans_path

    font_manager.fontManager.addfont(str(sans_path()))
    _FONT_READY = True


def keep_font(axes: Axes) -> None:
    """Tie tick labels to our font, so that a figure drawn later keeps it."""
    axes.tick_params(axis="both", labelfontfamily=FAMILY)


def side_by_side(panels: int, rows: int, head: float) -> tuple[Figure, Any]:
    """A figure with one panel an outcome, each of so many rows below a head of so many inches; and its panels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(wide(3.65 * panels + 0.2), head + 0.235 * rows), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, wspace=0.03)  # type: ignore[union-attr, call-arg]
    return figure, figure.subplots(1, panels, squeeze=False)[0]


def in_rows(panel: Axes, names: Sequence[str]) -> None:
    """One row a name, the first on top; the rows need no line of their own."""
    panel.set_ylim(len(names) - 0.4, -0.6)
    panel.set_yticks(range(len(names)), names)
    panel.grid(False, axis="y")
    panel.spines["left"].set_visible(False)
    panel.locator_params(axis="x", nbins=5)
    keep_font(panel)


def mark(panel: Axes, at: float, three: tuple[float, float, float], says: str, *, filled: bool) -> None:
    """An effect (value, low, high) with its interval in a row, in the colour and shape of what it says."""
    value, low, high = three
    colour = COLOURS[says]
    panel.plot([low, high], [at, at], color=colour, linewidth=1.3)
    panel.plot(
        value,
        at,
        marker=MARKERS[says],
        markersize=4.8,
        markerfacecolor=colour if filled else PAPER,
        markeredgecolor=colour,
        markeredgewidth=1.0,
        zorder=3,
    )


def wide(inches: float) -> float:
    """Width of a figure whose panels want so many inches: at least what its title needs."""
    return max(_LEAST, inches)


def foot(figure: Figure, said: str) -> None:
    """The key and the note under a figure, quiet and at the left; what is wider than the figure goes on below."""
    lines = [part for line in said.split("\n") for part in _fitted(line, 8.0, 0.984 * 72.0 * figure.get_figwidth())]
    figure.supxlabel("\n".join(lines), x=0.008, ha="left", fontsize=8.0, color=QUIET, linespacing=1.35)


def _fitted(line: str, size: float, points: float) -> list[str]:
    """A line in as many as are needed to be no wider than so many points; Chinese breaks between any two characters."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=FAMILY, size=size)

    def width(text: str) -> float:
        return float(text_to_path.get_text_width_height_descent(text, font, False)[0])

    if width(line) <= points:
        return [line]
    lines = [""]
    for piece in re.findall(r"[\u3400-\u9fff][\u3000-\u303f\uff00-\uffef]*|\s+|[^\s\u3400-\u9fff]+", line):
        if lines[-1] and width(lines[-1] + piece.rstrip()) > points:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [part.rstrip() for part in lines]


def spread_labels(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near `wanted`, in their order, at least `gap` apart and within low .. high.

    Where there is no room for all, the gap is kept and the upper end is not.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    blocks: list[tuple[float, list[int]]] = []  # start of a block, its labels from low to high
    for i in order:
        blocks.append((wanted[i], [i]))
        while len(blocks) > 1 and blocks[-1][0] < blocks[-2][0] + gap * len(blocks[-2][1]):
            members = blocks[-2][1] + blocks[-1][1]
            start = sum(wanted[m] - gap * k for k, m in enumerate(members)) / len(members)
            blocks[-2:] = [(start, members)]
    placed = [0.0] * len(wanted)
    for start, members in blocks:
        start = max(low, min(start, high - gap * (len(members) - 1)))
        for k, m in enumerate(members):
            placed[m] = start + gap * k
    for previous, current in pairwise(order):
        placed[current] = max(placed[current], placed[previous] + gap)
    return placed
