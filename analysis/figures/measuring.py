"""Measuring the texts of a figure as drawn: where they are, which leave the figure, which lie on one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

SLACK = 1.5  # pixels of 1/100 inch that boxes of texts may share: their boxes are larger than their ink


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is seen, with the box round its ink as it is drawn, in pixels."""
    from matplotlib.text import Text

    figure.draw_without_rendering()
    hidden = {id(text) for panel in figure.axes for text in not_drawn(panel)}
    return [
        (text.get_text(), extent(text))
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and id(text) not in hidden
    ]


def extent(text: Any) -> Bbox:
    """The box of the words alone: that of an annotation has its arrow too."""
    from matplotlib.text import Text

    found: Bbox = Text.get_window_extent(text)
    return found


def not_drawn(panel: Axes) -> list[Any]:
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
