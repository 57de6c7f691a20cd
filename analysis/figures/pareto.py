"""Pareto picture: what a grid of dial settings gives in each pair of outcomes.

A column a pair of outcomes, drawn so that better is to the right and up. The upper panel has all points, the lower one
enlarges the corner where the best lie. Pareto-efficient points, which no other beats in all outcomes at once, are full;
the others are faint. The best point of each outcome has a shape of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures import style
from analysis.uncertainty import efficient
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHAPES = ("s", "^", "D")  # best point of the first, second, third outcome
FILLS = ("#f0c766", "#c4572a", "#ffffff")


@style.figure
def pareto(
    points: Sequence[Mapping[str, float]],
    *,
    best: Mapping[str, int],
    dials: Sequence[str],
    reader: Reader,
    today: Mapping[str, float] | None = None,
) -> Figure:
    """Panels of all pairs of outcomes over the points of a grid.

    points: for each, its `dials` and its mean outcomes, raw units. best: outcome -> row of its best point.
    today: a point to be marked besides. Raises ValueError for fewer than two outcomes or an outcome without a best
    point.
    """
    from matplotlib.figure import Figure

    outcomes = reader.outcomes
    names = list(outcomes)
    if len(names) < 2 or set(best) != set(names):
        raise ValueError(f"two outcomes or more, each with its best point, expected; {names} and {list(best)} given.")
    turned = np.array(
        [[point[n] if outcomes[n]["better"] == "higher" else -point[n] for n in names] for point in points]
    )
    kept = efficient(turned)
    pairs = list(combinations(names, 2))
    text = reader.text
    figure = Figure(figsize=(0.4 + 2.55 * len(pairs), 6.4), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.06)  # type: ignore[union-attr, call-arg]
    rows = figure.subplots(2, len(pairs), squeeze=False)
    for column, pair in enumerate(pairs):
        for panel in rows[:, column]:
            _panel(panel, points, kept, best, today, pair, reader)
        _enlarge(rows[0, column], rows[1, column], _places(points, pair, reader)[_corner(kept, best)])
    rows[0, 0].set_title(text["fig_pareto_all"].format(count=len(points)), fontsize=9)
    rows[1, 0].set_title(text["fig_pareto_corner"], fontsize=9)
    named = [reader.label(dial) for dial in dials]
    style.head(figure, text["fig_pareto_title"].format(dials=reader.lower(reader.join(named))))
    _key(figure, points, best, today, dials, reader)
    return figure


def _panel(
    panel: Axes,
    points: Sequence[Mapping[str, float]],
    kept: np.ndarray,
    best: Mapping[str, int],
    today: Mapping[str, float] | None,
    pair: tuple[str, str],
    reader: Reader,
) -> None:
    places = _places(points, pair, reader)
    for which, size, face, edge, order in ((~kept, 9, "#d5dade", "#aab2b9", 2), (kept, 20, style.LEAD, style.PAPER, 3)):
        panel.scatter(places[which, 0], places[which, 1], s=size, c=face, edgecolors=edge, linewidths=0.5, zorder=order)
    if today is not None:
        place = _places([today], pair, reader)[0]
        panel.plot(*place, marker="X", markersize=8, color=style.INK, markeredgecolor=style.PAPER, zorder=5)
    for outcome, shape, fill in zip(best, SHAPES, FILLS, strict=False):
        panel.plot(
            *places[best[outcome]],
            marker=shape,
            markersize=7,
            markerfacecolor=fill,
            markeredgecolor=style.INK,
            markeredgewidth=1.1,
            zorder=6,
        )
    for axis, name in zip(("x", "y"), pair, strict=True):
        unit = reader.quantity_of(name).axis_unit
        words = reader.text["fig_pareto_better"].format(outcome=reader.outcome(name), unit=unit)
        (panel.set_xlabel if axis == "x" else panel.set_ylabel)(words)
        if reader.outcomes[name]["better"] == "lower":
            (panel.invert_xaxis if axis == "x" else panel.invert_yaxis)()
    panel.margins(0.08)
    panel.locator_params(nbins=5)
    style.keep_font(panel)


def _places(points: Sequence[Mapping[str, float]], pair: tuple[str, str], reader: Reader) -> np.ndarray:
    """Where points stand in a panel [point, axis], in printed units."""
    factors = np.array([reader.quantity_of(name).factor for name in pair])
    return factors * np.array([[point[name] for name in pair] for point in points])


def _corner(kept: np.ndarray, best: Mapping[str, int]) -> np.ndarray:
    """Rows of the points that the corner must hold: those not beaten, and the best."""
    found = kept.copy()
    found[list(best.values())] = True
    return found


def _enlarge(above: Axes, below: Axes, places: np.ndarray) -> None:
    """Show only the neighbourhood of `places` in the panel below, and frame it in the one above."""
    from matplotlib.patches import Rectangle

    low, high = places.min(axis=0), places.max(axis=0)
    span = np.abs(np.array([np.diff(above.get_xlim())[0], np.diff(above.get_ylim())[0]]))
    margin = np.maximum(0.25 * (high - low), 0.02 * span)
    low, high = low - margin, high + margin
    width, height = high - low
    above.add_patch(Rectangle(tuple(low), width, height, fill=False, edgecolor=style.QUIET, linewidth=0.8, zorder=4))
    flipped = above.xaxis_inverted(), above.yaxis_inverted()
    below.set_xlim(*((high[0], low[0]) if flipped[0] else (low[0], high[0])))
    below.set_ylim(*((high[1], low[1]) if flipped[1] else (low[1], high[1])))


def _key(
    figure: Figure,
    points: Sequence[Mapping[str, float]],
    best: Mapping[str, int],
    today: Mapping[str, float] | None,
    dials: Sequence[str],
    reader: Reader,
) -> None:
    from matplotlib.lines import Line2D

    text = reader.text

    def values(point: Mapping[str, float]) -> str:
        return reader.lower(text["comma"].join(f"{reader.label(dial)} {point[dial]:g}" for dial in dials))

    def mark(shape: str, fill: str, edge: str, size: float, words: str) -> Line2D:
        return Line2D(
            [], [], linestyle="", marker=shape, markersize=size, markerfacecolor=fill, markeredgecolor=edge, label=words
        )

    marks = [
        mark(
            shape,
            fill,
            style.INK,
            8,
            text["fig_pareto_best"].format(
                outcome=reader.outcome_inside(outcome),
                values=values(points[best[outcome]]),
            ),
        )
        for outcome, shape, fill in zip(best, SHAPES, FILLS, strict=False)
    ]
    if today is not None:
        marks.append(mark("X", style.INK, style.PAPER, 8, text["fig_pareto_today"].format(values=values(today))))
    marks.append(mark("o", style.LEAD, style.PAPER, 5, text["fig_pareto_efficient"]))
    marks.append(mark("o", "#d5dade", "#aab2b9", 4, text["fig_pareto_other"]))
    figure.legend(handles=marks, loc="outside lower left", ncols=2, frameon=False, fontsize=8, columnspacing=2.0)
