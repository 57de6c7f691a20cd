"""One style for all figures.

Chinese and Latin letters come from one font that is installed with the package, so that a figure looks the same on a
machine without any Chinese font. Colours are chosen by lightness first: any two in one figure differ on a grey printer.
Line styles, marker shapes and hatches repeat the distinction.

matplotlib keeps its settings in one global table. `drawing` holds a lock while ours are in force
and puts the old ones back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from analysis.figures import fitting, layout
from analysis.figures.layout import FAMILY, broken
from analysis.uncertainty import MINIMUM

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

LEAST_FOR_BAND = MINIMUM  # replicates below which no band is drawn: that of rank sets
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


def figure(function: Callable[..., Figure]) -> Callable[..., Figure]:
    """Decorator of a function that makes a figure: it runs inside `drawing`, and texts are fitted to their places.

    The function gets three further arguments. width: centimetres, or text such as 8cm (default the figure's own).
    title: takes the place of the figure's. grey: without colour.
    """

    @wraps(function)
    def inside(
        *args: Any, width: float | str | None = None, title: str = "", grey: bool = False, **more: Any
    ) -> Figure:
        with drawing(), layout.asking(width, title, grey) as asked:
            made = function(*args, **more)
            if asked.title:
                head(made, asked.title)
            fitting.fit(made)
            if asked.grey:
                from analysis.figures.grey import to_grey

                to_grey(made)
            return made

    return inside


def head(figure: Figure, said: str) -> None:
    """What a figure is called, above it and at the left."""
    figure.suptitle(said, x=0.008, ha="left", fontsize=11.0, color=INK)


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


def side_by_side(panels: int, rows: int, head: float, each: float = 3.65, row: float = 0.235) -> tuple[Figure, Any]:
    """A figure with one panel an outcome, each of so many rows; and its panels.

    head: inches above and below the rows. each: inches that a panel is wide, row: that a row is high. Where a width is
    asked for that they do not fit in, panels stand below one another.
    """
    from matplotlib.figure import Figure

    columns = layout.columns_of(panels, 0.78 * each)
    lines = -(-panels // columns)
    width = layout.width_or(wide(each * panels + 0.2))
    figure = Figure(figsize=(width, head + row * rows * lines + 0.75 * (lines - 1)), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, wspace=0.03)  # type: ignore[union-attr, call-arg]
    found = figure.subplots(lines, columns, squeeze=False).ravel()
    for empty in found[panels:]:
        empty.remove()
    return figure, found[:panels]


def pairs(
    count: int, rows: tuple[int, int], head: float, each: float, row: float
) -> tuple[Figure, tuple[list[Axes], list[Axes]]]:
    """A figure with two panels an outcome, of so many rows, one above the other; the upper panels and the lower ones.

    head, each and row as in `side_by_side`.
    """
    from matplotlib.figure import Figure

    columns = layout.columns_of(count, 0.78 * each)
    lines = -(-count // columns)
    height = head + lines * row * sum(rows) + 1.2 * (lines - 1)
    figure = Figure(figsize=(wide(each * count + 0.4), height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06)  # type: ignore[union-attr, call-arg]
    grid = figure.subplots(2 * lines, columns, squeeze=False, height_ratios=[*rows] * lines)
    above, below = ([grid[2 * (i // columns) + part][i % columns] for i in range(count)] for part in (0, 1))
    for empty in {*grid.ravel()} - {*above, *below}:
        empty.remove()
    return figure, (above, below)


def is_first(panel: Axes) -> bool:
    """Whether a panel is the first of its line, the one that names the rows."""
    place = panel.get_subplotspec()
    return place is None or place.colspan.start == 0


def in_rows(panel: Axes, names: Sequence[str]) -> None:
    """One row a name, the first on top; the rows need no line of their own."""
    panel.set_ylim(len(names) - 0.4, -0.6)
    panel.set_yticks(range(len(names)), names)
    panel.grid(False, axis="y")
    panel.spines["left"].set_visible(False)
    if panel.get_xscale() == "linear":
        panel.locator_params(axis="x", nbins=5 if layout.asked_width() is None else 4)
    layout.least(panel, row=0.19)
    keep_font(panel)


def right_head(panel: Axes, said: str, across: float = 1.03) -> None:
    """What the numbers to the right of the rows are, in a line of its own above them; after `in_rows`."""
    low, _ = panel.get_ylim()
    panel.set_ylim(low, -1.35)
    panel.text(
        across, -0.95, said, transform=panel.get_yaxis_transform(), fontsize=7.5, color=QUIET, va="center", ha="left"
    )


def in_rows_plain(panel: Axes, names: Sequence[str]) -> None:
    """Rows of a grid of signs: names at both sides, and nothing else round them."""
    panel.set_ylim(len(names) - 0.4, -0.6)
    panel.set_yticks(range(len(names)), names)
    panel.tick_params(length=0)
    layout.least(panel, row=0.2)
    for side in ("left", "bottom"):
        panel.spines[side].set_visible(False)
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
    """Width of a figure whose panels want so many inches, at least what its title needs; or the width asked for."""
    return layout.width_or(max(_LEAST, inches))


def foot(figure: Figure, said: str) -> None:
    """The key and the note under a figure, quiet and at the left; what is wider than the figure goes on below."""
    lines = broken(said, 8.0, 0.97 * 72.0 * figure.get_figwidth())
    figure.supxlabel(lines, x=0.008, ha="left", fontsize=8.0, color=QUIET, linespacing=1.35)
