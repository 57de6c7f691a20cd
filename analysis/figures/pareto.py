"""Pareto picture: what a grid of dial settings gives in each pair of outcomes.

A column a pair of outcomes, drawn so that better is to the right and up: above all points, below the corner
where the best of them lie. Points that no other point beats in all outcomes at once are full, the others are
faint; the best point of each outcome has a shape of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures import data, style
from analysis.uncertainty import efficient
from analysis.words import label
from analysis.words.quantities import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Labels = Mapping[str, Mapping[str, str]]

SHAPES = ("s", "^", "D")  # best point of the first, second, third outcome
FILLS = ("#f0c766", "#c4572a", "#ffffff")
WORDS = {
    "en": {
        "title": "No one setting of {dials} is best for all outcomes",
        "all": "All {count} settings",
        "corner": "The framed corner, enlarged",
        "better": "{outcome}, {unit} (better →)",
        "best": "Best for {outcome}: {values}",
        "today": "Today: {values}",
        "efficient": "No other setting is as good in all, better in one",
        "other": "Another setting is",
        "and": " and ",
        "comma": ", ",
    },
    "zh": {
        "title": "{dials}的取值，没有一组对各项结果都最好",
        "all": "全部 {count} 组取值",
        "corner": "方框部分放大",
        "better": "{outcome}（{unit}，→ 更好）",
        "best": "{outcome}最好：{values}",
        "today": "现状：{values}",
        "efficient": "没有别的取值各项都不差、至少一项更好",
        "other": "有这样的取值",
        "and": "和",
        "comma": "、",
    },
}


@style.drawn
def pareto(
    points: Sequence[Mapping[str, float]],
    *,
    best: Mapping[str, int],
    dials: Labels,
    outcomes: Mapping[str, Mapping[str, str]],
    language: str,
    today: Mapping[str, float] | None = None,
) -> Figure:
    """Panels of all pairs of outcomes over the points of a grid.

    points: for each, its dials and its mean outcomes, raw units. best: outcome -> row of its best point.
    dials and outcomes: id -> labels (outcomes with unit and better). today: a point to be marked besides.
    Raises ValueError for fewer than two outcomes or an outcome without a best point.
    """
    from matplotlib.figure import Figure

    names = list(outcomes)
    if len(names) < 2 or set(best) != set(names):
        raise ValueError(f"two outcomes or more, each with its best point, expected; {names} and {list(best)} given.")
    turned = np.array(
        [[point[n] if outcomes[n]["better"] == "higher" else -point[n] for n in names] for point in points]
    )
    kept = efficient(turned)
    pairs = list(combinations(names, 2))
    text = WORDS[language]
    figure = Figure(figsize=(0.4 + 2.55 * len(pairs), 6.4), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.06)  # type: ignore[union-attr, call-arg]
    rows = figure.subplots(2, len(pairs), squeeze=False)
    for column, pair in enumerate(pairs):
        for panel in rows[:, column]:
            _panel(panel, points, kept, best, today, outcomes, pair, language)
        _enlarge(rows[0, column], rows[1, column], _places(points, outcomes, pair, language)[_corner(kept, best)])
    rows[0, 0].set_title(text["all"].format(count=len(points)), fontsize=9)
    rows[1, 0].set_title(text["corner"], fontsize=9)
    named = [label(dials, dial, language) for dial in dials]
    listed = text["comma"].join(named[:-1]) + text["and"] + named[-1]
    figure.suptitle(
        text["title"].format(dials=listed if language == "zh" else listed.lower()),
        x=0.008,
        ha="left",
        fontsize=10.5,
    )
    _key(figure, points, best, today, dials, outcomes, language)
    return figure


def _panel(
    panel: Axes,
    points: Sequence[Mapping[str, float]],
    kept: np.ndarray,
    best: Mapping[str, int],
    today: Mapping[str, float] | None,
    outcomes: Mapping[str, Mapping[str, str]],
    pair: tuple[str, str],
    language: str,
) -> None:
    places = _places(points, outcomes, pair, language)
    for which, size, face, edge, order in ((~kept, 9, "#d5dade", "#aab2b9", 2), (kept, 20, style.LEAD, style.PAPER, 3)):
        panel.scatter(places[which, 0], places[which, 1], s=size, c=face, edgecolors=edge, linewidths=0.5, zorder=order)
    if today is not None:
        place = _places([today], outcomes, pair, language)[0]
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
        unit = quantity(outcomes[name]["unit"], language).axis_unit
        words = WORDS[language]["better"].format(outcome=data.outcome_labels(outcomes, name, language), unit=unit)
        (panel.set_xlabel if axis == "x" else panel.set_ylabel)(words)
        if outcomes[name]["better"] == "lower":
            (panel.invert_xaxis if axis == "x" else panel.invert_yaxis)()
    panel.margins(0.08)
    panel.locator_params(nbins=5)
    style.keep_font(panel)


def _places(
    points: Sequence[Mapping[str, float]],
    outcomes: Mapping[str, Mapping[str, str]],
    pair: tuple[str, str],
    language: str,
) -> np.ndarray:
    """Where points stand in a panel [point, axis], in printed units."""
    factors = np.array([quantity(outcomes[name]["unit"], language).factor for name in pair])
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
    dials: Labels,
    outcomes: Mapping[str, Mapping[str, str]],
    language: str,
) -> None:
    from matplotlib.lines import Line2D

    text = WORDS[language]

    def values(point: Mapping[str, float]) -> str:
        named = (f"{label(dials, dial, language)} {point[dial]:g}" for dial in dials)
        return text["comma"].join(named) if language == "zh" else text["comma"].join(named).lower()

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
            text["best"].format(
                outcome=_inside(data.outcome_labels(outcomes, outcome, language), language),
                values=values(points[best[outcome]]),
            ),
        )
        for outcome, shape, fill in zip(best, SHAPES, FILLS, strict=False)
    ]
    if today is not None:
        marks.append(mark("X", style.INK, style.PAPER, 8, text["today"].format(values=values(today))))
    marks.append(mark("o", style.LEAD, style.PAPER, 5, text["efficient"]))
    marks.append(mark("o", "#d5dade", "#aab2b9", 4, text["other"]))
    figure.legend(handles=marks, loc="outside lower left", ncols=2, frameon=False, fontsize=8, columnspacing=2.0)


def _inside(words: str, language: str) -> str:
    """A label in the middle of a sentence."""
    return words if language == "zh" else words[:1].lower() + words[1:]
