"""Paths: each outcome week by week, all settings in one panel, with the band over replicates.

Weekly shares are noisy, so what is drawn is a centred moving mean. Where policy starts at week 0 it does not reach
across that week; where nothing starts, it does, since two means that end there would show a jump that is chance. A band
stays inside the range of a share, and needs style.LEAST_FOR_BAND replicates. The note under the figure says all this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis import LEVEL
from analysis.figures import datasets, layout, style
from analysis.figures.registry import JobFigure
from analysis.uncertainty import Band, band, mean_of_present
from analysis.words import Reader

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

YEAR = datasets.WEEKS_A_YEAR
SMOOTH_WEEKS = 13
MOST_LINES = 3  # of a setting's name beside its line
NARROW = 4.6  # inches below which years are not named


def moving_mean(
    values: NDArray[np.float64], week: NDArray[np.int64], width: int, cut: bool = True
) -> NDArray[np.float64]:
    """Centred mean over `width` weeks along the last axis [..., week].

    The weeks before 0 and those from 0 on are kept apart, unless told otherwise (cut). Missing values (nan) are left
    out; near an edge the window is what is left of it.
    """
    if width <= 1:
        return values
    result = np.full_like(values, np.nan)
    parts = (np.flatnonzero(week < 0), np.flatnonzero(week >= 0)) if cut else (np.arange(len(week)),)
    for part in parts:
        for place, position in enumerate(part):
            window = values[..., part[max(0, place - width // 2) : place + width // 2 + 1]]
            result[..., position] = mean_of_present(window, axis=-1)
    return result


def smoothed(dataset: xarray.Dataset, outcome: str, smooth_weeks: int = SMOOTH_WEEKS) -> NDArray[np.float64]:
    """What is drawn of an outcome: moving means [setting, replicate, week], cut at week 0 where something begins."""
    week, calm = datasets.weeks(dataset), datasets.unchanged(dataset)
    return np.stack(
        [
            moving_mean(values, week, smooth_weeks, cut=name not in calm)
            for name, values in zip(datasets.setting_names(dataset), datasets.series(dataset, outcome), strict=True)
        ]
    )


@style.figure
def paths(
    dataset: xarray.Dataset,
    *,
    reader: Reader | None = None,
    outcomes: Sequence[str] | None = None,
    language: str = "en",
    settings: Sequence[str] | None = None,
    smooth_weeks: int = SMOOTH_WEEKS,
    band_kind: str = "interval_of_mean",
    level: float = LEVEL,
) -> Figure:
    """One panel an outcome over all weeks of `dataset` [setting, replicate, week].

    The reader's outcomes are the panels, or those named; without a reader, labels and units are the dataset's own.
    `settings` chooses and orders the lines, the first is the one compared with. `band_kind` is "interval_of_mean" or
    "quantiles". Raises ValueError for an unknown outcome or setting.
    """
    from matplotlib.figure import Figure

    reader = datasets.reader_for(dataset, reader, outcomes, language)
    text = reader.text
    names = datasets.setting_names(dataset, settings)
    reader = reader.with_labels(datasets.setting_labels(dataset, reader.labels))
    week = datasets.weeks(dataset)
    figure = Figure(figsize=(layout.width_or(7.2), 0.95 + 1.55 * len(reader.outcomes)), layout="constrained")
    panels = figure.subplots(len(reader.outcomes), 1, sharex=True, squeeze=False)[:, 0]
    count = 0
    for row, (panel, outcome) in enumerate(zip(panels, reader.outcomes, strict=True)):
        raw, values = datasets.series(dataset, outcome), smoothed(dataset, outcome, smooth_weeks)
        chosen = datasets.setting_index(dataset, names)
        bands = [_shown(raw[i], values[i], band_kind, level) for i in chosen]
        count = bands[0].count
        calm = [name in datasets.unchanged(dataset) for name in names]
        shared = [np.array_equal(raw[i][:, week < 0], raw[chosen[0]][:, week < 0], equal_nan=True) for i in chosen]
        _lines(figure, panel, week, bands, [reader.label(name) for name in names], shared, calm)
        unit = reader.quantity_of(outcome)
        _scale(panel, unit.factor)
        title = reader.outcome(outcome)
        panel.set_title(
            text["fig_with_unit"].format(name=title, unit=unit.axis_unit) if unit.axis_unit else title,
            pad=25 if row == 0 else None,
        )
        _calendar(panel, week, text, named_years=row == 0)
        style.keep_font(panel)
    panels[-1].set_xlabel(text["fig_week"], loc="right")
    style.foot(figure, _note(reader, count, band_kind, level, smooth_weeks, set(names) <= datasets.unchanged(dataset)))
    return figure


def _shown(raw: NDArray[np.float64], values: NDArray[np.float64], kind: str, level: float) -> Band:
    """The line, and its band where there are replicates enough, inside the range of what was seen [replicate, week]."""
    found = band(values, kind, level)
    low, high = datasets.kept_inside(raw, found.low, found.high)
    if found.count < style.LEAST_FOR_BAND:
        low, high = np.full_like(low, np.nan), np.full_like(high, np.nan)
    return replace(found, low=low, high=high)


def _note(reader: Reader, count: int, kind: str, level: float, smooth: int, calm: bool) -> str:
    text = reader.text
    if count < 2:
        first = text["fig_band_none"]
    elif count < style.LEAST_FOR_BAND:
        first = text[f"fig_band_few_{kind}"].format(n=count, least=style.LEAST_FOR_BAND)
    else:
        first = text[f"fig_band_{kind}"].format(n=count, level=reader.percent(level))
    second = (
        text["fig_smooth_whole" if calm else "fig_smooth"].format(weeks=smooth) if smooth > 1 else text["fig_weekly"]
    )
    return first + text["semicolon"] + second


def _look(position: int, settings: int) -> tuple[str, Any, float]:
    """Colour, line style and width of the line at `position`."""
    if settings == 1:
        return style.LEAD, "solid", 1.8
    if position == 0:
        return style.BASE, (0, (4, 1.6)), 1.5
    if position == 1:
        return style.LEAD, "solid", 1.9
    return (
        style.MORE[(position - 2) % len(style.MORE)],
        style.DASHES[(position - 1) % len(style.DASHES)],
        1.6,
    )


def _lines(
    figure: Figure,
    panel: Axes,
    week: NDArray[np.int64],
    bands: list[Band],
    names: list[str],
    shared: list[bool],
    calm: list[bool],
) -> None:
    """Lines and bands; a setting that shares the history of the first is drawn from week 0 on."""
    before = week < 0
    ends, drawn = [], []
    for position, shown in enumerate(bands):
        colour, dashes, width = _look(position, len(bands))
        keep = np.ones(len(week), dtype=bool)
        if position and shared[position]:
            keep = ~before
        breaks = np.where((week[keep] < 0) | calm[position], 0, 1)
        for part in (0, 1):  # two strokes where something begins, so that no line joins across week 0
            chosen = np.flatnonzero(keep)[breaks == part]
            if chosen.size == 0:
                continue
            panel.fill_between(
                week[chosen],
                shown.low[chosen],
                shown.high[chosen],
                color=colour,
                alpha=0.2,
                linewidth=0,
            )
            panel.plot(week[chosen], shown.middle[chosen], color=colour, linestyle=dashes, linewidth=width)
        finite = np.flatnonzero(np.isfinite(shown.middle))
        if finite.size:
            ends.append(float(shown.middle[finite[-1]]))
            drawn.append((names[position], colour))
    if len(bands) > 1:
        _name_lines(figure, panel, week, ends, drawn)


def _name_lines(
    figure: Figure, panel: Axes, week: NDArray[np.int64], ends: list[float], drawn: list[tuple[str, str]]
) -> None:
    """Names at the right-hand ends of the lines, moved apart where they would touch."""
    panel.set_ylim(panel.get_ylim())
    room = min(1.25, 0.24 * figure.get_figwidth()) * 72.0
    labels = []
    for (name, colour), end in zip(drawn, ends, strict=True):
        label = panel.annotate(
            layout.broken(name, 8.5, room, MOST_LINES),
            xy=(week[-1] + 1, end),
            xytext=(week[-1] + 1 + 0.023 * len(week), end),
            color=colour,
            fontsize=8.5,
            va="center",
            ha="left",
            annotation_clip=False,
            linespacing=1.1,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "linewidth": 0.6,
                "shrinkA": 1,
                "shrinkB": 1,
            },
        )
        labels.append(label)

    layout.spread_names(figure, panel, labels, ends)


def _scale(panel: Axes, factor: float) -> None:
    """Tick labels in printed units."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    panel.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    panel.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{factor * value:,.6g}".replace("-", "\N{MINUS SIGN}"))
    )


def _calendar(panel: Axes, week: NDArray[np.int64], text: Mapping[str, str], named_years: bool) -> None:
    """Ticks where years turn, a mark at week 0, the evaluation year shaded, years named above."""
    first, last = int(week.min()), int(week.max())
    turns = np.arange(YEAR * int(np.ceil(first / YEAR)), last + 2, YEAR)
    panel.set_xlim(first, last + 1)
    names = [str(turn).replace("-", "\N{MINUS SIGN}") for turn in turns]
    names = [f"0\n{text['fig_start']}" if turn == 0 else name for turn, name in zip(turns, names, strict=True)]
    panel.set_xticks(turns, names)
    panel.grid(True, axis="x")
    if last >= 0:
        panel.axvline(0, color=style.INK, linewidth=1.0)
        panel.axvspan(last + 1 - YEAR, last + 1, color="#f1efe8", zorder=0, linewidth=0)
    if not named_years:
        return
    narrow = (layout.asked_width() or NARROW) < NARROW
    for turn in turns[:-1]:
        if turn + YEAR > last + 1:
            continue
        number = turn // YEAR + 1
        name = text["fig_year_before"] if number == 0 else text["fig_year"].format(n=number)
        evaluation = turn + YEAR == last + 1 and number > 1
        if narrow and not evaluation:
            continue
        if evaluation:
            name = text["fig_evaluation"] if narrow else f"{text['fig_evaluation']}\n{name}"
        panel.annotate(
            name,
            xy=(turn + YEAR if narrow else turn + YEAR / 2, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            ha="right" if narrow else "center",
            va="bottom",
            fontsize=7.5,
            color=style.QUIET,
            linespacing=1.1,
        )


def _of_job(dataset: xarray.Dataset, reader: Reader) -> dict[str, Figure]:
    return {"paths": paths(dataset, reader=reader.without_composite())}


FIGURE = JobFigure(("dataset",), _of_job)
