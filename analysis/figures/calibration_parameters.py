"""Parameters of a calibration: which of them the targets teach something about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import style
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_NAMED = 14


@style.figure
def calibration_parameters(rows: Sequence[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """Posterior width against shift; the parameters that moved beyond chance are named."""
    from matplotlib.figure import Figure

    text = reader.text
    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    axes = figure.subplots()
    learned = [row for row in rows if row["learned"]]
    rest = [row for row in rows if not row["learned"]]
    axes.plot([r["shift"] for r in rest], [r["width_ratio"] for r in rest], "o", color=style.UNCLEAR, markersize=3)
    axes.plot([r["shift"] for r in learned], [r["width_ratio"] for r in learned], "o", color=style.LEAD, markersize=5)
    for row in sorted(learned, key=lambda r: -abs(r["shift"]))[:MOST_NAMED]:
        place = (row["shift"], row["width_ratio"])
        axes.annotate(row["parameter"], place, xytext=(4, 3), textcoords="offset points", fontsize=7)
    axes.axhline(1, color=style.QUIET, linewidth=0.7)
    axes.axvline(0, color=style.QUIET, linewidth=0.7)
    axes.set_xlabel(text["fig_calibration_shift"])
    axes.set_ylabel(text["fig_calibration_width"])
    axes.set_title(text["fig_calibration_learned"])
    style.keep_font(axes)
    return figure
