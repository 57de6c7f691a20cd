"""A figure without colour: every colour becomes the grey of its luminance.

Nothing else changes. What colours tell apart, shapes, dashes, hatches and names tell apart as well (style.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # of sRGB primaries, ITU-R BT.709


def to_grey(figure: Figure) -> None:
    """Turn every colour of the figure into grey, in place."""
    from matplotlib.artist import Artist

    every = figure.findobj(Artist)
    beside = [getattr(artist, "arrow_patch", None) for artist in every]  # of annotations and boxes round words
    beside += [artist.get_bbox_patch() for artist in every if hasattr(artist, "get_bbox_patch")]
    for artist in [*every, *(part for part in beside if part is not None)]:
        for name in ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor"):
            read, write = getattr(artist, f"get_{name}", None), getattr(artist, f"set_{name}", None)
            if read is None or write is None:
                continue
            colour = read()
            if isinstance(colour, str) and colour in ("none", "auto", "None"):
                continue
            write(_grey(colour))


def _grey(colour: Any) -> Any:
    from matplotlib.colors import to_rgba, to_rgba_array

    many = not isinstance(colour, str) and np.ndim(colour) == 2
    shown = to_rgba_array(colour) if many else np.array([to_rgba(colour)])
    if not len(shown):
        return colour
    linear = np.where(shown[:, :3] <= 0.04045, shown[:, :3] / 12.92, ((shown[:, :3] + 0.055) / 1.055) ** 2.4)
    bright = linear @ LUMINANCE
    level = np.where(bright <= 0.0031308, 12.92 * bright, 1.055 * bright ** (1 / 2.4) - 0.055).clip(0.0, 1.0)
    result = np.column_stack([level, level, level, shown[:, 3]])
    return result if many else tuple(result[0])
