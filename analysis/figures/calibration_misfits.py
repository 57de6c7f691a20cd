"""Joint misfits of a calibration: which pairs of targets pull against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure


PULL, PUSH = 0.9, 1.1  # below, two targets pull against each other; above, they go together
NARROW = 5.0  # inches below which signs stand for numbers


@style.figure
def calibration_misfits(rows: Sequence[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """A triangle of pairs of targets; below 1 two targets pull against each other."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys([row["one"] for row in rows] + [row["other"] for row in rows]))
    figure = Figure(figsize=(layout.width_or(7.4), 0.85 * layout.width_or(6.4)), layout="constrained")
    axes = figure.subplots()
    small = figure.get_figwidth() < NARROW
    place = {name: i for i, name in enumerate(names)}
    for row in rows:
        value = float(row["by_independence"])
        if value != value:
            continue
        at = place[row["one"]], place[row["other"]]
        colour = style.WORSENS if value < PULL else style.IMPROVES if value > PUSH else style.QUIET
        if small:
            sign, face = ("s", style.PAPER) if value < PULL else ("s", colour) if value > PUSH else (".", colour)
            axes.plot(
                *at, marker=sign, markersize=4.0 if sign == "s" else 2.0, markeredgecolor=colour, markerfacecolor=face
            )
            continue
        weight = "bold" if colour != style.QUIET else "normal"
        axes.text(*at, f"{value:.2f}", color=colour, ha="center", va="center", fontsize=7.0, weight=weight)
    if small:
        axes.tick_params(labelsize=6.0)
        style.foot(figure, reader.text["fig_calibration_misfits_key"])
    named = [reader.label(name) for name in names]
    axes.set_xticks(range(len(names)), named, rotation=90)
    axes.set_yticks(range(len(names)), named)
    axes.set_xlim(-0.6, len(names) - 1)
    axes.set_ylim(len(names) - 0.5, 0.4)
    axes.grid(False)
    style.head(figure, reader.text["fig_calibration_misfits"])
    style.keep_font(axes)
    return figure


FIGURE = JobFigure(
    ("misfits",),
    lambda rows, reader: {"misfits": calibration_misfits(rows, reader=reader)},
    ("misfits",),
    by="calibrate",
    written=False,
)
