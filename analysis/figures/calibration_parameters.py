"""Parameters of a calibration: which of them the targets teach something about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_NAMED = 14


@style.figure
def calibration_parameters(rows: Sequence[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """Posterior width against shift; the parameters that moved beyond chance are named."""
    from matplotlib.figure import Figure

    text = reader.text
    figure = Figure(figsize=(layout.width_or(7.0), 4.2), layout="constrained")
    axes = figure.subplots()
    points = [{**row, "shift": float(row["shift"]), "width_ratio": float(row["width_ratio"])} for row in rows]
    learned = [row for row in points if float(row["learned"])]
    rest = [row for row in points if not float(row["learned"])]
    axes.plot([r["shift"] for r in rest], [r["width_ratio"] for r in rest], "o", color=style.UNCLEAR, markersize=3)
    axes.plot([r["shift"] for r in learned], [r["width_ratio"] for r in learned], "o", color=style.LEAD, markersize=5)
    named = sorted(learned, key=lambda r: -abs(r["shift"]))[:MOST_NAMED]
    wanted = [row["width_ratio"] for row in named]
    labels = [
        axes.annotate(
            reader.label(row["parameter"]), (row["shift"], at), xytext=(1.02, at), textcoords=("axes fraction", "data"),
            fontsize=7, va="center", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": style.UNCLEAR, "linewidth": 0.5},
        )
        for row, at in zip(named, wanted, strict=True)
    ]  # fmt: skip
    layout.spread_names(figure, axes, labels, wanted)
    axes.axhline(1, color=style.QUIET, linewidth=0.7)
    axes.axvline(0, color=style.QUIET, linewidth=0.7)
    axes.set_xlabel(text["fig_calibration_shift"])
    axes.set_ylabel(text["fig_calibration_width"])
    style.head(figure, text["fig_calibration_learned"])
    style.keep_font(axes)
    return figure


FIGURE = JobFigure(
    ("parameters",),
    lambda rows, reader: {"parameters": calibration_parameters(rows, reader=reader)},
    ("parameters",),
    by="calibrate",
    written=False,
)
