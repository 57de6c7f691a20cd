"""Reversals: how far assumptions must move, together, until an order of two tiers turns round."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEAR = 3.0  # standard deviations, the edge of what the draws can say anything about


@style.figure
def reversals(rows: Sequence[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """One panel an outcome, one row a printed order, from the rows of tables/flip; ValueError without any."""
    text = reader.text
    table = {outcome: _orders([row for row in rows if row["outcome"] == outcome]) for outcome in reader.outcomes}
    shown = [outcome for outcome in reader.outcomes if table[outcome]]
    if not shown:
        raise ValueError(f"there are no reversals of {', '.join(reader.outcomes)}.")
    count = max(len(table[outcome]) for outcome in shown)
    figure, panels = style.side_by_side(len(shown), count, 1.7, each=4.2, row=0.3)
    for panel, outcome in zip(panels, shown, strict=True):
        _panel(panel, table[outcome], reader)
        panel.set_title(reader.outcome(outcome), x=0.0)
    style.head(figure, text["fig_reversals_title"])
    style.foot(figure, text["fig_reversals_key"])
    return figure


def _orders(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The nearest point of each order; those for which none was found last."""
    nearest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in sorted(rows, key=_distance):
        nearest.setdefault((str(row["upper"]), str(row["lower"])), row)
    return sorted(nearest.values(), key=_distance)


def _distance(row: Mapping[str, Any]) -> float:
    value = _number(row["distance"])
    return value if math.isfinite(value) else math.inf


def _number(value: Any) -> float:
    return float(value) if str(value).strip() else math.nan


def _panel(panel: Axes, own: Sequence[Mapping[str, Any]], reader: Reader) -> None:
    text = reader.text
    across = panel.get_yaxis_transform()
    for place, row in enumerate(own):
        distance = _distance(row)
        if math.isfinite(distance):
            low, high = _number(row["ci_low"]), _number(row["ci_high"])
            ends = [low if math.isfinite(low) else distance, min(NEAR, high) if math.isfinite(high) else NEAR]
            panel.plot(ends, [place, place], color=style.LEAD, linewidth=1.3)
            panel.plot(
                min(distance, NEAR),
                place,
                marker="o" if distance <= NEAR else ">",
                markersize=5,
                color=style.LEAD,
                clip_on=False,
            )
        else:
            panel.text(
                0.5,
                place,
                text["fig_reversals_none"],
                transform=across,
                fontsize=7.5,
                color=style.QUIET,
                va="center",
                ha="center",
            )
        panel.text(1.03, place, f"{100 * _number(row['in_reach']):.0f}%", transform=across, fontsize=7.5, va="center")
    panel.set_xlim(0.0, NEAR)
    names = [
        text["order_item"].format(upper=reader.label(row["upper"]), lower=reader.label(row["lower"])) for row in own
    ]
    style.in_rows(panel, names)
    style.right_head(panel, text["fig_reversals_reach"])
    layout.least(panel, row=0.26)
    panel.set_xlabel(text["fig_reversals_axis"])


def _of_job(rows: Sequence[Mapping[str, Any]], reader: Reader) -> dict[str, Figure]:
    return {"reversals": reversals(rows, reader=reader)}


FIGURE = JobFigure(("flip",), _of_job, by="reversals", written=False)
