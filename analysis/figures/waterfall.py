"""Waterfall: from nothing to the whole package by the measures' Shapley values, which add up to its effect.

The clearest come first; those that are small beside them share a bar. An interval is that of the measure's own value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.figures.registry import JobFigure
from analysis.words import Reader
from analysis.words.quantities import decimals, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

METHOD = "shapley"  # the only method whose values add up
NAMED = 9  # measures with a bar of their own


@style.figure
def waterfall(rows: Iterable[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """One panel an outcome from the Shapley rows of a ranking; raises ValueError if there are none."""
    text = reader.text
    table = {
        outcome: sorted(own, key=lambda row: -abs(float(row["contribution"])))
        for given in [list(rows)]
        for outcome in reader.outcomes
        if (own := [row for row in given if row["method"] == METHOD and row["outcome"] == outcome])
    }
    if not table:
        raise ValueError("the ranking has no Shapley values, which alone add up to the effect of the package.")
    count = max(min(len(own), NAMED + 1) for own in table.values()) + 1
    figure, panels = style.side_by_side(len(table), count, 1.5)
    for panel, (outcome, own) in zip(panels, table.items(), strict=True):
        _panel(panel, own, outcome, reader)
    style.head(figure, text["fig_waterfall_title"])
    style.foot(figure, text["fig_waterfall_key"])
    return figure


def _panel(panel: Axes, own: Sequence[Mapping[str, Any]], outcome: str, reader: Reader) -> None:
    text, unit = reader.text, reader.quantity_of(outcome)
    better = -1.0 if reader.outcomes[outcome].get("better") == "lower" else 1.0
    alone = own if len(own) <= NAMED + 1 else own[:NAMED]
    steps = [(reader.label(row["measure"]), unit.factor * float(row["contribution"])) for row in alone]
    rest = [unit.factor * float(row["contribution"]) for row in own[len(alone) :]]
    if rest:
        steps.append((text["fig_waterfall_rest"].format(n=len(rest)), sum(rest)))
    whole = sum(value for _, value in steps)
    digits = decimals(max(abs(value) for _, value in steps) / 30.0)
    at = 0.0
    for place, (_, value) in enumerate(steps):
        _bar(panel, place, at, value, better * value >= 0.0)
        at += value
        panel.plot([at, at], [place + 0.32, place + 0.68], color=style.QUIET, linewidth=0.7)
    panel.barh(len(steps), whole, height=0.64, color=style.INK)
    across = panel.get_yaxis_transform()
    for place, value in enumerate([*(value for _, value in steps), whole]):
        panel.text(1.02, place, number(value, digits, sign=True), transform=across, fontsize=7.5, va="center")
    panel.axvline(0.0, color=style.INK, linewidth=0.8)
    style.in_rows(panel, [*(name for name, _ in steps), text["fig_waterfall_whole"]])
    panel.set_title(reader.outcome(outcome), x=0.0)
    panel.set_xlabel(text["fig_ranking_change"].format(unit=unit.axis_change_unit))
    layout.least(panel, height=1.2)


def _bar(panel: Axes, place: int, at: float, value: float, improves: bool) -> None:
    panel.barh(
        place,
        value,
        left=at,
        height=0.64,
        color=style.IMPROVES if improves else style.PAPER,
        edgecolor=style.IMPROVES if improves else style.WORSENS,
        hatch="" if improves else "////",
        linewidth=0.9,
    )


def _of_job(rows: Sequence[Mapping[str, Any]], reader: Reader) -> dict[str, Figure]:
    there = any(row["method"] == METHOD for row in rows)
    return {"waterfall": waterfall(rows, reader=reader)} if there else {}


FIGURE = JobFigure(("ranking",), _of_job, by="shapley", written=False)
