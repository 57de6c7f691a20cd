"""Fitting a figure: what is too long for its place is broken into lines or cut, and rows get room for their names."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analysis.figures import layout
from analysis.figures.measuring import not_drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.text import Text

ROUNDS = 7  # of breaking and measuring at most
MOST_LINES = {"title": 4, "head": 4, "tick": 3, "column": 5, "label": 3, "name": 4}


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
    new = layout.broken(whole, float(text.get_fontsize()), points, most)
    if new == said or (text_width_of(said, text) <= points and len(said.split("\n")) <= len(new.split("\n"))):
        return False
    text._whole = whole  # type: ignore[attr-defined]
    text.set_text(new)
    return True


def text_width_of(said: str, text: Text) -> float:
    """Width in points of the widest line of what a text says."""
    return max(layout.text_width(line, float(text.get_fontsize())) for line in said.split("\n"))


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
    new = [layout.broken(name, size, points, most) for name in whole]
    lines = [line for name in now for line in name.split("\n")]
    fits = all(name.count("\n") < most for name in now) and all(
        layout.text_width(line, size) <= points for line in lines
    )
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
    wanted = layout.SMALLEST if own is None else own
    if _has_names(panel.yaxis):
        wanted = 0.5 if own is None else own
        hidden = {id(label) for label in not_drawn(panel)}
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
