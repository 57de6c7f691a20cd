"""One page of a validation: how often each pattern holds, and how large each published effect comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.calibration.verdicts import BREAKS, HOLDS
from analysis.figures import layout, style
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LIMIT = 4.0
_MARKS = {"set": ("o", style.IMPROVES), "knock_out": ("X", style.WORSENS), "random": ("|", style.QUIET)}


@style.figure
def validation(rows: Sequence[Mapping[str, Any]], conditions: Sequence[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """Patterns on the left, effects on the right; rows of validation.csv and conditions.csv.

    What is not counted stands below a line: hypotheses, and effects that the model was written after.
    """
    from matplotlib.figure import Figure

    rows = [_read(row, ("share_of_behavioural_set", "base_rate_random_draws", "share_with_knock_out")) for row in rows]
    conditions = [_read(row, ("value", "ci_low", "ci_high", "published", "share_of_draws")) for row in conditions]
    effects = sorted((row for row in rows if row["kind"] == "effect"), key=lambda row: not int(row["counted"]))
    of_set = [c for row in effects for c in conditions if c["pass"] == "set" and c["id"] == row["id"]]
    counted = {row["id"] for row in effects if int(row["counted"])}
    across = layout.columns_of(2, 4.2)
    size = (layout.width_or(11.0), (1.4 + 0.24 * max(len(of_set), 18)) * (3 - across))
    figure = Figure(figsize=size, layout="constrained")
    left, right = figure.subplots(3 - across, across).ravel()
    patterns = [row for row in rows if row["kind"] == "pattern"]
    _patterns(left, [*patterns, *(row for row in rows if row["kind"] == "hypothesis")], reader)
    _effects(right, of_set, reader)
    _line(left, len(patterns), reader.text["fig_validation_hypotheses"])
    _line(right, sum(row["id"] in counted for row in of_set), reader.text["fig_validation_assumed"])
    return figure


def _read(row: Mapping[str, Any], numbers: Sequence[str]) -> dict[str, Any]:
    """A row as made, or as read back from its file, with its numbers as numbers."""
    read: dict[str, Any] = {**row, **{name: float(row[name]) for name in numbers}}
    return {**read, "condition": int(row["condition"])} if "condition" in row else read


def _line(axes: Axes, above: int, said: str) -> None:
    """A line below the first rows, and what it means."""
    axes.axhline(above - 0.5, color=style.QUIET, linewidth=0.8)
    axes.annotate(
        said, (1.0, above - 0.5), xycoords=("axes fraction", "data"), xytext=(-2, -2), textcoords="offset points",
        ha="right", va="top", fontsize=7.5, color=style.QUIET,
    )  # fmt: skip


def _patterns(axes: Axes, rows, reader: Reader) -> None:
    text = reader.text
    columns = {
        "set": "share_of_behavioural_set",
        "random": "base_rate_random_draws",
        "knock_out": "share_with_knock_out",
    }
    shares = {name: [row[column] for row in rows] for name, column in columns.items()}
    for name, values in shares.items():
        mark, colour = _MARKS[name]
        size = 12 if name == "random" else 7
        axes.plot(
            values,
            range(len(rows)),
            mark,
            color=colour,
            markersize=size,
            label=text[f"fig_validation_{name}"],
            clip_on=False,
        )
    for share in (HOLDS, BREAKS):
        axes.axvline(share, color=style.QUIET, linewidth=0.7, linestyle=style.DASHES[1])
    axes.set_yticks(range(len(rows)), [reader.label(row["id"]) for row in rows])
    layout.least(axes, row=0.21)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xlabel(text["fig_validation_share"].format(holds=HOLDS, breaks=BREAKS))
    axes.set_title(text["fig_validation_patterns"])
    handles, words = axes.get_legend_handles_labels()
    axes.figure.legend(handles, words, loc="outside lower left", ncols=3, frameon=False, fontsize=8)
    style.keep_font(axes)


def _effects(axes: Axes, rows, reader: Reader) -> None:
    text = reader.text
    axes.axvspan(0.5, 2.0, color=style.GRID, zorder=0)
    axes.axvline(1.0, color=style.QUIET, linewidth=0.7)
    axes.axvline(0.0, color=style.INK, linewidth=0.9)
    names = []
    for place, row in enumerate(rows):
        names.append(reader.label(row["id"]) if row["condition"] == 1 else f"{row['condition']}")
        size = row["published"]
        if size != size:
            said = text["fig_validation_sign"].format(share=row["share_of_draws"])
            wide = layout.width_or(11.0)
            room = 72.0 * wide * (0.4 if wide < 6.0 else 0.24)
            axes.text(0.06, place, layout.broken(said, 7.5, room, 2), va="center", fontsize=7.5, color=style.QUIET)
            continue
        low, middle, high = (max(-1.0, min(LIMIT, row[key] / size)) for key in ("ci_low", "value", "ci_high"))
        axes.plot([low, high], [place, place], color=style.LEAD, linewidth=2.0)
        axes.plot(middle, place, "o", color=style.LEAD, markersize=6)
    axes.set_yticks(range(len(rows)), names)
    layout.least(axes, row=0.21)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-1.0, LIMIT)
    axes.set_xlabel(text["fig_validation_size"])
    axes.set_title(text["fig_validation_effects"])
    style.keep_font(axes)


FIGURE = JobFigure(
    ("validation", "conditions"),
    lambda rows, conditions, reader: {"validation": validation(rows, conditions, reader=reader)},
    ("validation",),
    by="validate",
    written=False,
)
