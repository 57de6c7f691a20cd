"""Diversion from opportunity to recovery: yuan within reach, taken, found, sanctioned and recovered, by channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.figures import datasets, layout, style
from analysis.figures.registry import JobFigure
from analysis.figures.waiting import mark_state
from analysis.words import Reader
from analysis.words.quantities import number

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CHANNELS = ("benefits", "assets", "projects", "claims")
STAGES = ("opportunity", "diverted", "found", "sanctioned", "recovered")


@style.figure
def diversion(dataset: xarray.Dataset, *, reader: Reader | None = None, language: str = "en") -> Figure:
    """One panel a channel, one row a stage, in 10,000 yuan a year on a logarithmic axis; zero stands at its left edge.

    Raises ValueError if the dataset lacks a stage.
    """
    reader = reader or Reader(language)
    text, states = reader.text, datasets.states(dataset, reader)
    missing = [name for name in VARIABLES if name not in dataset]
    if missing:
        raise ValueError(f"the dataset has no variable {missing[0]!r}.")
    figure, panels = style.side_by_side(len(CHANNELS), len(STAGES), 1.5, each=3.2, row=0.36)
    means = {
        (channel, stage): [_yearly(dataset, f"{stage}_{channel}", state) for state in states]
        for channel in CHANNELS
        for stage in STAGES
    }
    found = [three[0] for own in means.values() for three in own if three[0] > 0.0]
    edges = (10.0 ** np.floor(np.log10(max(min(found, default=0.1), 1e-3))), 3.0 * max(found, default=1.0))
    for panel, channel in zip(panels, CHANNELS, strict=True):
        _panel(panel, [means[channel, stage] for stage in STAGES], edges)
        style.in_rows(panel, [text[f"fig_diversion_{stage}"] for stage in STAGES])
        panel.set_title(text[f"fig_diversion_{channel}"], x=0.0)
        panel.set_xlabel(text["fig_diversion_axis"])
        layout.least(panel, row=0.3)
    style.head(figure, text["fig_diversion_title"])
    marks = [text["fig_sign"].format(sign=state.mark, says=state.label) for state in states]
    style.foot(figure, "   ".join(marks) + "\n" + text["fig_diversion_note"])
    return figure


def _yearly(dataset: Any, name: str, state: datasets.State) -> tuple[float, float, float]:
    """10,000 yuan a year with its interval: <name>_in is a sum over the year, and the mean of weeks is not."""
    weeks = 1.0 if f"{name}_in" in dataset else float(datasets.WEEKS_A_YEAR)
    return datasets.mean_and_ends(datasets.figures_of(dataset, name, state) * weeks / 10_000.0)


def _panel(panel: Axes, rows: Sequence[Sequence[tuple[float, float, float]]], edges: Any) -> None:
    low_end, high_end = edges
    panel.set_xscale("log")
    panel.set_xlim(low_end * 0.8, high_end)
    decades = [10.0**power for power in range(int(np.log10(low_end)), int(np.log10(high_end)) + 1)]
    decades = decades[:: 1 if len(decades) < 4 else 2]
    panel.set_xticks(decades, [f"{tick:,g}" for tick in decades])
    panel.set_xticks([], minor=True)
    across = panel.get_yaxis_transform()
    for place, means in enumerate(rows):
        for at, (value, low, high) in enumerate(means):
            shown = (max(low_end, value), max(low_end, low), max(low_end, high))
            mark_state(panel, place + 0.2 * (at - (len(means) - 1) / 2), at, len(means), shown)
        last = means[-1][0]
        panel.text(1.02, place, number(last, 0 if last >= 10 else 1), transform=across, fontsize=7.5, va="center")


def _of_job(dataset: Any, reader: Reader) -> dict[str, Figure]:
    return {"diversion": diversion(dataset, reader=reader)}


VARIABLES = tuple(f"{stage}_{channel}" for stage in STAGES for channel in CHANNELS)
FIGURE = JobFigure(("dataset",), _of_job, variables=VARIABLES, written=False)
