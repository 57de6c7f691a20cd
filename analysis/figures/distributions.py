"""Contributions over draws: medians and 5 to 95 % ranges, and inside them the interval of the mean.

The wide, pale bar is what is not known and stays as wide however long one runs; the short, dark one is how well the
mean is known. How likely each measure makes the outcome better stands at the right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.figures import style
from analysis.figures.contributions import leading_method
from analysis.figures.registry import JobFigure
from analysis.words import Reader
from analysis.words.likelihood import probability_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PALE = "#a9c3da"


@style.figure
def distributions(rows: Iterable[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """One panel an outcome from the `rows` of one method; raises ValueError if none has figures over draws."""
    text, there = reader.text, [row for row in rows if math.isfinite(float(row["median"]))]
    table = {
        outcome: sorted((row for row in there if row["outcome"] == outcome), key=lambda row: -_better(row, reader))
        for outcome in reader.outcomes
    }
    shown = [outcome for outcome in reader.outcomes if table[outcome]]
    if not shown:
        raise ValueError("the ranking has no figures over draws.")
    count = max(len(table[outcome]) for outcome in shown)
    figure, panels = style.side_by_side(len(shown), count, 1.4)
    for panel, outcome in zip(panels, shown, strict=True):
        _panel(panel, table[outcome], outcome, reader)
    style.head(figure, text["fig_distributions_title"])
    style.foot(figure, text["fig_distributions_key"])
    return figure


def _better(row: Mapping[str, Any], reader: Reader) -> float:
    """The median, towards the better side."""
    sign = -1.0 if reader.outcomes[str(row["outcome"])].get("better") == "lower" else 1.0
    return sign * float(row["median"])


def _panel(panel: Axes, table: list[Mapping[str, Any]], outcome: str, reader: Reader) -> None:
    text, unit = reader.text, reader.quantity_of(outcome)
    panel.axvline(0, color=style.INK, linewidth=0.8, zorder=1)
    across = panel.get_yaxis_transform()
    for place, row in enumerate(table):
        low, middle, high = (unit.factor * float(row[name]) for name in ("q05", "median", "q95"))
        ends = [unit.factor * float(row[name]) for name in ("ci_low", "ci_high")]
        panel.plot([low, high], [place, place], color=PALE, linewidth=6.0, solid_capstyle="butt", zorder=2)
        panel.plot(ends, [place, place], color=style.LEAD, linewidth=1.5, zorder=3)
        panel.plot(middle, place, marker="|", markersize=8, markeredgewidth=2.0, color=style.INK, zorder=4)
        said = probability_text(float(row["p_better"]))
        panel.text(1.03, place, said, transform=across, fontsize=7.5, color=style.INK, va="center")
    style.in_rows(panel, [reader.label(row["measure"]) for row in table])
    style.right_head(panel, text["fig_distributions_better"])
    panel.set_title(reader.outcome(outcome), x=0.0)
    side = text.get(f"fig_ranking_better_{reader.outcomes[outcome].get('better', '')}", "")
    change = text["fig_ranking_change"].format(unit=unit.axis_change_unit) if unit.axis_change_unit else ""
    panel.set_xlabel("   ".join(filter(None, [change, side])))


def _of_job(ranking: Iterable[Mapping[str, Any]], reader: Reader) -> dict[str, Figure]:
    rows = list(ranking)
    own = [row for row in rows if row["method"] == leading_method(rows)]
    if not any(math.isfinite(float(row.get("median", "nan"))) for row in own):
        return {}
    return {"distributions": distributions(own, reader=reader)}


FIGURE = JobFigure(("ranking",), _of_job, by="draws")
