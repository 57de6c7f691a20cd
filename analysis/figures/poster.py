"""A long picture for phones: a headline, what was found, and figures one below the other, 1080 pixels wide."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.figures import style
from analysis.figures.layout import broken

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PIXELS = 1080
INCHES = 4.5  # so that letters of 8 points are 26 pixels high: legible on a phone
DPI = PIXELS / INCHES
MARGIN = 28  # pixels above and below a rule between two figures
RULE = 205  # grey of that line


def poster(figures: Sequence[Figure], headline: str, said: str, source: str) -> bytes:
    """The picture as png. said: what was found, below the headline; source: the last line.

    The figures are INCHES wide. The same figures give the same bytes.
    """
    from matplotlib.image import imsave

    parts = [_text([(headline, 15.0, style.INK), (said, 10.0, style.INK)])]
    parts += [_pixels(figure) for figure in figures]
    parts.append(_text([(source, 7.5, style.QUIET)]))
    between = np.full((2 * MARGIN + 2, PIXELS, 3), 255, dtype=np.uint8)
    between[MARGIN : MARGIN + 2, MARGIN:-MARGIN] = RULE
    rows = [row for part in parts for row in (between, part)][1:]
    buffer = io.BytesIO()
    imsave(buffer, np.concatenate(rows), format="png")
    return buffer.getvalue()


def _text(parts: Sequence[tuple[str, float, str]]) -> NDArray[np.uint8]:
    """Paragraphs (words, points, colour) as a picture."""
    from matplotlib.figure import Figure

    room = 72.0 * (INCHES - 0.4)
    with style.drawing():
        lines = [(broken(said, size, room), size, colour) for said, size, colour in parts if said]
        heights = [(said.count("\n") + 1) * size * 1.5 for said, size, _ in lines]
        high = sum(heights) + 10.0 * (len(lines) + 1)
        figure = Figure(figsize=(INCHES, high / 72.0))
        at = high - 10.0
        for (said, size, colour), height in zip(lines, heights, strict=True):
            figure.text(0.15 / INCHES, at / high, said, fontsize=size, color=colour, va="top", linespacing=1.4)
            at -= height + 10.0
    return _pixels(figure)


def _pixels(figure: Figure) -> NDArray[np.uint8]:
    """The figure as drawn [row, column, colour], PIXELS wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with style.drawing():
        figure.set_dpi(DPI)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        drawn = np.asarray(canvas.buffer_rgba())[:, :PIXELS, :3]
    missing = PIXELS - drawn.shape[1]  # a pixel, by rounding
    return np.pad(drawn, ((0, 0), (0, missing), (0, 0)), constant_values=255)
