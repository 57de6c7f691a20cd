"""Sizes without a sign: Sobol's first and total indices, or Morris's strengths, each with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis import LEVEL
from analysis.figures import style
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

METHODS = {"sobol": ("sobol_total", "sobol_first"), "morris": ("morris_strength",)}
"""What is shown of each design, the leading figure first; it gives the order."""


@style.figure
def sensitivity(
    rows: Iterable[Mapping[str, Any]], *, reader: Reader, design: str = "sobol", level: float = LEVEL
) -> Figure:
    """One panel an outcome from the `rows` of a design, "sobol" or "morris".

    Their columns are those of analysis.attribution. Raises ValueError if there are no such rows.
    """
    text, table = reader.text, list(rows)
    lead, *_ = METHODS[design]
    shown = [o for o in reader.outcomes if any(r["method"] == lead and r["outcome"] == o for r in table)]
    if not shown:
        raise ValueError(f"the table has no rows of method {lead!r} for {', '.join(reader.outcomes)}.")
    count = max(sum(r["method"] == lead and r["outcome"] == o for r in table) for o in shown)
    figure, panels = style.side_by_side(len(shown), count, 1.5)
    for panel, outcome in zip(panels, shown, strict=True):
        _panel(panel, table, outcome, design, reader)
    style.head(figure, text[f"fig_sizes_title_{design}"])
    runs = next(int(float(row["runs"])) for row in table if row["method"] == lead)
    note = text["fig_sizes_note"].format(level=reader.percent(level), runs=f"{runs:,}")
    style.foot(figure, text[f"fig_sizes_key_{design}"] + "\n" + note)
    return figure


def _panel(panel: Axes, table: Sequence[Mapping[str, Any]], outcome: str, design: str, reader: Reader) -> None:
    """The figures of one outcome; measures have the order of the leading one."""
    text = reader.text
    lead, *more = METHODS[design]
    factor, axis = 100.0, text["fig_sizes_axis"]
    if design == "morris":
        unit = reader.quantity_of(outcome)
        factor, axis = unit.factor, text["fig_sizes_change"].format(unit=unit.axis_change_unit)
    order: dict[str, int] = {}
    for place, method in enumerate((lead, *more)):
        own = [row for row in table if row["method"] == method and row["outcome"] == outcome]
        if not order:
            own.sort(key=lambda row: int(float(row["rank"])))
            order = {str(row["measure"]): k for k, row in enumerate(own)}
        colour = style.LEAD if method == lead else style.MORE[0]
        for row in own:
            at = order[str(row["measure"])] + (0.26 * place - 0.13 if more else 0.0)
            ends = [factor * float(row["ci_low"]), factor * float(row["ci_high"])]
            panel.plot(ends, [at, at], color=colour, linewidth=1.4, zorder=2)
            panel.plot(
                factor * float(row["contribution"]),
                at,
                marker="o",
                markersize=4.6,
                markerfacecolor=colour if method == lead else style.PAPER,
                markeredgecolor=colour,
                markeredgewidth=1.1,
                zorder=3,
            )
    panel.axvline(0, color=style.INK, linewidth=0.8, zorder=1)
    style.in_rows(panel, [reader.label(name) for name in order])
    panel.set_title(reader.outcome(outcome), x=0.0)
    panel.set_xlabel(axis)


def _of_job(ranking: Sequence[Mapping[str, Any]], reader: Reader) -> dict[str, Figure]:
    found = {row["method"] for row in ranking}
    designs = [design for design, (lead, *_) in METHODS.items() if lead in found]
    return {design: sensitivity(ranking, reader=reader, design=design) for design in designs}


FIGURE = JobFigure(("ranking",), _of_job, tuple(METHODS), by="methods")
