"""Joint misfits of a calibration: which pairs of targets pull against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import style
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@style.figure
def calibration_misfits(rows: Sequence[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """A triangle of pairs of targets; below 1 two targets pull against each other."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys([row["one"] for row in rows] + [row["other"] for row in rows]))
    figure = Figure(figsize=(7.4, 5.4), layout="constrained")
    axes = figure.subplots()
    place = {name: i for i, name in enumerate(names)}
    for row in rows:
        value = row["by_independence"]
        if value != value:
            continue
        colour = style.WORSENS if value < 0.9 else style.IMPROVES if value > 1.1 else style.QUIET
        axes.text(place[row["one"]], place[row["other"]], f"{value:.2f}", color=colour, ha="center", fontsize=8)
    named = [reader.label(name) for name in names]
    axes.set_xticks(range(len(names)), named, rotation=35, ha="right")
    axes.set_yticks(range(len(names)), named)
    axes.set_xlim(-0.6, len(names) - 1)
    axes.set_ylim(len(names) - 0.5, 0.4)
    axes.grid(False)
    figure.suptitle(reader.text["fig_calibration_misfits"], x=0.008, ha="left", fontsize=10.5)
    style.keep_font(axes)
    return figure
