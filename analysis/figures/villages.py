"""Villages as small multiples: an outcome in each village week by week, over the mean of all of them.

Drawn from a dataset by village, sim.simulate(town, detail="village"), which no job's folder holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.figures import datasets, layout, style
from analysis.figures.paths import SMOOTH_WEEKS, moving_mean
from analysis.figures.registry import JobFigure
from analysis.uncertainty import mean_of_present
from analysis.words import Reader

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

MOST = 40  # villages that are drawn


@style.figure
def villages(
    dataset: xarray.Dataset,
    *,
    reader: Reader | None = None,
    outcomes: Sequence[str] | None = None,
    language: str = "en",
    smooth_weeks: int = SMOOTH_WEEKS,
) -> Figure:
    """One panel a village for the first of the outcomes, dimensions week and village.

    Villages stand by the level of their last year. Raises ValueError for a dataset without villages or the outcome.
    """
    from matplotlib.figure import Figure

    if "village" not in dataset.dims:
        raise ValueError('the dataset has no villages; sim.simulate(town, detail="village") makes one that has.')
    by_village = [str(name) for name in dataset.data_vars if {"week", "village"} <= set(dataset[name].dims)]
    shown = outcomes or [name for name in (reader.outcomes if reader else ()) if name in by_village] or by_village[:1]
    reader = datasets.reader_for(dataset, reader, list(shown)[:1], language)
    (outcome,) = reader.outcomes
    if outcome not in by_village:
        raise ValueError(f"{outcome} is not counted by village; {', '.join(by_village[:6])} are, among others.")
    values = np.asarray(dataset[outcome].transpose("village", "week").values, dtype=float)
    week = datasets.weeks(dataset)
    lines = moving_mean(values, week, smooth_weeks)
    order = np.argsort(mean_of_present(lines[:, -datasets.WEEKS_A_YEAR :], axis=1))[::-1][:MOST]
    width = layout.width_or(7.2)
    columns = max(2, int(width / 1.15))
    rows = -(-len(order) // columns)
    unit, text = reader.quantity_of(outcome), reader.text
    figure = Figure(figsize=(width, 1.1 + 0.85 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    middle = mean_of_present(lines, axis=0)
    for panel, village in zip(panels, order, strict=False):
        panel.plot(week, unit.factor * middle, color=style.UNCLEAR, linewidth=1.0, linestyle=style.DASHES[1])
        panel.plot(week, unit.factor * lines[village], color=style.LEAD, linewidth=1.4)
        panel.axvline(0, color=style.INK, linewidth=0.7)
        panel.set_title(_name(dataset, int(village), text["fig_village"]), fontsize=8.0, pad=3)
        panel.set_xticks([0, int(week[-1]) + 1])
        panel.locator_params(axis="y", nbins=3)
        layout.least(panel, height=0.5)
        style.keep_font(panel)
    for empty in panels[len(order) :]:
        empty.remove()
    style.head(
        figure,
        text["fig_villages_title"].format(
            outcome=text["fig_with_unit"].format(name=reader.outcome(outcome), unit=unit.axis_unit)
        ),
    )
    more = text["fig_villages_most"].format(n=MOST, all=len(lines)) if len(lines) > MOST else ""
    style.foot(figure, text["fig_villages_note"].format(weeks=smooth_weeks) + more)
    return figure


def _name(dataset: Any, village: int, form: str) -> str:
    if "village_name" in dataset.coords:
        return str(dataset["village_name"].values[village])
    return form.format(n=int(dataset["village"].values[village]) + 1 if "village" in dataset.coords else village + 1)


def _of_job(dataset: Any, reader: Reader) -> dict[str, Figure]:
    return {"villages": villages(dataset, reader=reader)} if "village" in dataset.dims else {}


FIGURE = JobFigure(("dataset",), _of_job, by="villages", written=False)
