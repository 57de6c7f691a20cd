"""A long picture for phones: a headline, what was found, and figures one below the other, 1080 pixels wide."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.figures import style
from analysis.figures.layout import broken

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

PIXELS = 1080
INCHES = 4.5  # so that letters of 8 points are 26 pixels high: legible on a phone
DPI = PIXELS / INCHES
MARGIN = 28  # pixels between two figures
RULE = "#c9d0d6"


def poster(figures: Sequence[Figure], headline: str, said: str, source: str) -> bytes:
    """The picture as png. said: what was found, below the headline; source: the last line.

    The figures are INCHES wide. The same figures give the same bytes.
    """
    from PIL import Image as images
    from PIL import ImageDraw

    parts = [_text([(headline, 15.0, style.INK, "bold"), (said, 10.0, style.INK, "normal")])]
    parts += [_pixels(figure) for figure in figures]
    parts.append(_text([(source, 7.5, style.QUIET, "normal")]))
    height = sum(part.height for part in parts) + MARGIN * (len(parts) + 1)
    whole = images.new("RGB", (PIXELS, height), style.PAPER)
    pen, at = ImageDraw.Draw(whole), MARGIN
    for place, part in enumerate(parts):
        whole.paste(part, ((PIXELS - part.width) // 2, at))
        at += part.height + MARGIN
        if place < len(parts) - 1:
            pen.line([(MARGIN, at - MARGIN // 2), (PIXELS - MARGIN, at - MARGIN // 2)], fill=RULE, width=2)
    buffer = io.BytesIO()
    whole.save(buffer, "png", optimize=True)
    return buffer.getvalue()


def _text(parts: Sequence[tuple[str, float, str, str]]) -> Image:
    """Paragraphs (words, points, colour, weight) as a picture."""
    from matplotlib.figure import Figure

    room = 72.0 * (INCHES - 0.3)
    lines = [(broken(said, size, room), size, colour) for said, size, colour, _ in parts if said]
    with style.drawing():
        heights = [(said.count("\n") + 1) * size * 1.5 for said, size, _ in lines]
        high = (sum(heights) + 10.0 * len(lines)) / 72.0
        figure = Figure(figsize=(INCHES, high))
        at = 72.0 * high
        for (said, size, colour), height in zip(lines, heights, strict=True):
            figure.text(0.15 / INCHES, at / (72.0 * high), said, fontsize=size, color=colour, va="top", linespacing=1.4)
            at -= height + 10.0
        return _pixels(figure)


def _pixels(figure: Figure) -> Image:
    from PIL import Image as images

    buffer = io.BytesIO()
    with style.drawing():
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    buffer.seek(0)
    return images.open(buffer).convert("RGB")
