"""Targets of a calibration: their ranges against what priors and the behavioural set give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@style.figure
def calibration_targets(rows: Sequence[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """Ranges of the targets with what priors and the behavioural set give, each in widths of its range."""
    from matplotlib.figure import Figure

    text = reader.text
    rows = [{key: value if key == "target" else _number(value) for key, value in row.items()} for row in rows]
    figure = Figure(figsize=(layout.width_or(7.0), 0.9 + 0.36 * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(0, 1, color=style.GRID, zorder=0)
    for place, row in enumerate(rows):
        width = row["high"] - row["low"]
        ends = [(row[key] - row["low"]) / width for key in ("allowed_low", "allowed_high")]
        axes.plot(ends, [place, place], color=style.QUIET, linewidth=0.8, zorder=1)
        for kind, shift, colour in (("prior", 0.16, style.WORSENS), ("set", -0.16, style.IMPROVES)):
            low, middle, high = ((row[f"{kind}_{q}"] - row["low"]) / width for q in ("p5", "p50", "p95"))
            axes.plot([low, high], [place - shift] * 2, color=colour, linewidth=2.2)
            axes.plot(middle, place - shift, "o" if kind == "set" else "D", color=colour, markersize=4.5)
        share = row["share_of_draws_missing"]
        axes.annotate(
            f"{share:.0%}", (1.0, place), xycoords=("axes fraction", "data"), fontsize=8, va="center",
            xytext=(4, 0), textcoords="offset points",
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), [reader.label(row["target"]) for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.6)
    axes.set_xlim(-1.0, 2.0)
    layout.least(axes, row=0.26)
    style.foot(
        figure, f"{text['fig_calibration_range']}{text['fig_calibration_percent']}\n{text['fig_calibration_key']}"
    )
    style.head(figure, text["fig_calibration_targets"])
    style.keep_font(axes)
    return figure


def _number(value: Any) -> float:
    """A cell of a table as made or as read; nan for words."""
    try:
        return float(value)
    except ValueError:
        return float("nan")


FIGURE = JobFigure(
    ("targets",),
    lambda rows, reader: {"targets": calibration_targets(rows, reader=reader)},
    ("targets",),
    by="calibrate",
    written=False,
)
