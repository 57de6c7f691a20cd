"""Where the week's hours go: stacked shares before and after, each named beside the last column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.figures import datasets, layout, style
from analysis.figures.registry import JobFigure
from analysis.uncertainty import mean_of_present
from analysis.words import Reader

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SMALLEST = 0.03  # shares below this carry no number of their own


def columns(
    dataset: xarray.Dataset, *, reader: Reader, settings: Sequence[str] | None = None
) -> list[tuple[str, NDArray[np.float64]]]:
    """Heading and shares [activity] of each column, averaged over weeks and replicates.

    Activities come in the order of style.ACTIVITIES. First come columns of the year before: one where all settings
    share it, else one each. Then each setting has its evaluation year and, but for the first of several, year 1.
    """
    text = reader.text
    names = datasets.setting_names(dataset, settings)
    reader = reader.with_labels(datasets.setting_labels(dataset, reader.labels))
    chosen = datasets.setting_index(dataset, names)
    shares = np.stack([datasets.series(dataset, activity)[chosen] for activity in style.ACTIVITIES])

    def mean(position: int, phase: str) -> NDArray[np.float64]:
        chosen_weeks = datasets.phase_weeks(dataset, phase)
        return mean_of_present(shares[:, position][:, :, chosen_weeks], axis=(1, 2))

    result = []
    if datasets.phase_weeks(dataset, "baseline").any():
        before = [mean(position, "baseline") for position in range(len(names))]
        if all(np.allclose(before[0], other) for other in before[1:]):
            result.append((text["fig_hours_before"], before[0]))
        else:
            result += [
                (text["fig_hours_before_of"].format(setting=reader.label(name)), shown)
                for name, shown in zip(names, before, strict=True)
            ]
    last = datasets.last_year(dataset)
    for position, name in enumerate(names):
        setting = reader.label(name)
        if (position > 0 or len(names) == 1) and last > 1:
            heading = text["fig_hours_year1"].format(setting=setting)
            result.append((heading, mean(position, "year1")))
        heading = text["fig_hours_evaluation"].format(setting=setting, n=last)
        result.append((heading, mean(position, "evaluation")))
    return result


@style.figure
def hours(
    dataset: xarray.Dataset,
    *,
    reader: Reader | None = None,
    language: str = "en",
    settings: Sequence[str] | None = None,
) -> Figure:
    """Stacked columns of the six shares of cadre hours, see `columns`.

    Raises ValueError if a share is not in the dataset.
    """
    from matplotlib.figure import Figure

    reader = reader or Reader(language)
    text = reader.text
    shown = columns(dataset, reader=reader, settings=settings)
    width = layout.width_or(max(4.6, min(7.2, 1.9 + 1.25 * len(shown))))
    figure = Figure(figsize=(width, 4.3), layout="constrained")
    panel = figure.subplots()
    layout.least(panel, height=2.6)
    stacks = np.vstack([np.zeros(len(shown)), np.cumsum([s for _, s in shown], axis=1).T])
    for activity, (fill, hatch, ink) in enumerate(style.ACTIVITIES.values()):
        low, high = stacks[activity], stacks[activity + 1]
        panel.bar(
            range(len(shown)),
            high - low,
            bottom=low,
            width=0.62,
            color=fill,
            hatch=hatch,
            edgecolor="#9aa3aa" if hatch else style.PAPER,
            linewidth=0.8,
        )
        for column in range(len(shown)):
            if high[column] - low[column] >= SMALLEST:
                _percent(panel, column, low[column], high[column], ink, fill if hatch else "")
    for activity in range(1, len(style.ACTIVITIES)):  # thin lines lead the eye from column to column
        for column in range(len(shown) - 1):
            panel.plot(
                [column + 0.31, column + 0.69],
                stacks[activity, column : column + 2],
                color=style.UNCLEAR,
                linewidth=0.6,
            )
    _names(figure, panel, stacks[:, -1], len(shown) - 1, text)
    panel.set_xlim(-0.45, len(shown) - 0.55)
    panel.set_ylim(0, 1)
    panel.set_xticks(range(len(shown)), [heading for heading, _ in shown])
    panel.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    panel.tick_params(axis="x", length=0)
    panel.grid(False)
    panel.spines["left"].set_visible(False)
    panel.spines["bottom"].set_visible(False)
    panel.set_title(text["fig_hours_axis"], fontsize=8.5, color=style.QUIET)
    style.head(figure, text["fig_hours_title"])
    style.keep_font(panel)
    return figure


def _percent(panel: Axes, column: int, low: float, high: float, ink: str, back: str) -> None:
    panel.text(
        column,
        (low + high) / 2,
        f"{100 * (high - low):.0f}",
        ha="center",
        va="center",
        fontsize=8,
        color=ink,
        bbox={"boxstyle": "round,pad=0.12", "facecolor": back, "edgecolor": "none"} if back else None,
    )


def _names(figure: Figure, panel: Axes, stack: NDArray[np.float64], column: int, text: Mapping[str, str]) -> None:
    """Names of the activities to the right of the last column, at the height of their segments."""
    middles = [float(value) for value in (stack[1:] + stack[:-1]) / 2]
    room, labels = min(1.3, 0.26 * figure.get_figwidth()) * 72.0, []
    for activity, middle in zip(style.ACTIVITIES, middles, strict=True):
        label = panel.annotate(
            layout.broken(text[f"activity_{activity}"], 8.5, room),
            xy=(column + 0.32, middle),
            xytext=(column + 0.46, middle),
            va="center",
            ha="left",
            fontsize=8.5,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": style.UNCLEAR,
                "linewidth": 0.6,
                "shrinkA": 1,
                "shrinkB": 0,
            },
        )
        labels.append(label)
    layout.spread_names(figure, panel, labels, middles)


def _of_job(dataset: xarray.Dataset, reader: Reader) -> dict[str, Figure]:
    return {"hours": hours(dataset, reader=reader)}


FIGURE = JobFigure(("dataset",), _of_job, variables=tuple(style.ACTIVITIES))
