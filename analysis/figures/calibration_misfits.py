"""Joint misfits of a calibration: which pairs of targets pull against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@style.figure
def calibration_misfits(rows: Sequence[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """A triangle of pairs of targets; below 1 two targets pull against each other."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys([row["one"] for row in rows] + [row["other"] for row in rows]))
    figure = Figure(figsize=(layout.width_or(7.4), layout.width_or(5.4)), layout="constrained")
    axes = figure.subplots()
    size = min(8.0, 0.4 * 72.0 * 0.6 * figure.get_figwidth() / len(names))
    digits = 2
    place = {name: i for i, name in enumerate(names)}
    for row in rows:
        value = float(row["by_independence"])
        if value != value:
            continue
        colour = style.WORSENS if value < 0.9 else style.IMPROVES if value > 1.1 else style.QUIET
        said, weight = f"{value:.{digits}f}", "bold" if colour != style.QUIET else "normal"
        axes.text(
            place[row["one"]], place[row["other"]], said, color=colour, ha="center", va="center", fontsize=size, weight=weight
        )
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
