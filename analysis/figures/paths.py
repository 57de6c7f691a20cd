"""Paths: each outcome week by week, all settings in one panel, with the band over replicates.

Weekly shares are noisy, so what is drawn is a centred moving mean that never reaches across week 0:
the jump where policy starts is neither smeared nor invented. The note under the figure says so, and
which band is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis import LEVEL
from analysis.figures import datasets, style
from analysis.figures.registry import JobFigure
from analysis.uncertainty import Band, band, mean_of_present
from analysis.words import Reader

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

YEAR = datasets.WEEKS_A_YEAR


def moving_mean(values: NDArray[np.float64], week: NDArray[np.int64], width: int) -> NDArray[np.float64]:
    """Centred mean over `width` weeks along the last axis [..., week].

    The weeks before 0 and those from 0 on are kept apart. Missing values (nan) are left out; near
    an edge the window is what is left of it.
    """
    if width <= 1:
        return values
    result = np.full_like(values, np.nan)
    for part in (np.flatnonzero(week < 0), np.flatnonzero(week >= 0)):
        for place, position in enumerate(part):
            window = values[..., part[max(0, place - width // 2) : place + width // 2 + 1]]
            result[..., position] = mean_of_present(window, axis=-1)
    return result


@style.figure
def paths(
    dataset: xarray.Dataset,
    *,
    reader: Reader,
    settings: Sequence[str] | None = None,
    smooth_weeks: int = 13,
    band_kind: str = "interval_of_mean",
    level: float = LEVEL,
) -> Figure:
    """One panel an outcome over all weeks of `dataset` [setting, replicate, week].

    The reader's outcomes are the panels; `settings` chooses and orders the lines, the first is the one compared with.
    `band_kind` is "interval_of_mean" or "quantiles".
    """
    from matplotlib.figure import Figure

    text = reader.text
    names = datasets.setting_names(dataset, settings)
    reader = reader.with_labels(datasets.setting_labels(dataset, reader.labels))
    week = datasets.weeks(dataset)
    figure = Figure(figsize=(7.2, 0.95 + 1.55 * len(reader.outcomes)), layout="constrained")
    panels = figure.subplots(len(reader.outcomes), 1, sharex=True, squeeze=False)[:, 0]
    count = 0
    for row, (panel, outcome) in enumerate(zip(panels, reader.outcomes, strict=True)):
        values = moving_mean(datasets.series(dataset, outcome), week, smooth_weeks)
        bands = [band(values[i], band_kind, level) for i in datasets.setting_index(dataset, names)]
        count = bands[0].count
        _lines(panel, week, bands, [reader.label(name) for name in names])
        unit = reader.quantity_of(outcome)
        _scale(panel, unit.factor)
        title = reader.outcome(outcome)
        panel.set_title(
            f"{title}  ({unit.axis_unit})" if unit.axis_unit else title,
            pad=25 if row == 0 else None,
        )
        _calendar(panel, week, text, named_years=row == 0)
        style.keep_font(panel)
    panels[-1].set_xlabel(text["fig_week"], loc="right")
    figure.supxlabel(
        _note(reader, count, band_kind, level, smooth_weeks),
        x=0.008,
        ha="left",
        fontsize=7.5,
        color=style.QUIET,
    )
    return figure


def _note(reader: Reader, count: int, kind: str, level: float, smooth: int) -> str:
    text = reader.text
    if count < 2:
        first = text["fig_band_none"]
    else:
        first = text[f"fig_band_{kind}"].format(n=count, level=reader.percent(level))
    second = text["fig_smooth"].format(weeks=smooth) if smooth > 1 else text["fig_weekly"]
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


def _lines(panel: Axes, week: NDArray[np.int64], bands: list[Band], names: list[str]) -> None:
    """Lines and bands; a setting that shares the history of the first is drawn from week 0 on."""
    before = week < 0
    ends, drawn = [], []
    for position, shown in enumerate(bands):
        colour, dashes, width = _look(position, len(bands))
        keep = np.ones(len(week), dtype=bool)
        if position and np.array_equal(shown.middle[before], bands[0].middle[before], equal_nan=True):
            keep = ~before
        breaks = np.where(week[keep] < 0, 0, 1)
        for part in (0, 1):  # two strokes, so that no line joins across week 0
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
        _name_lines(panel, week, ends, drawn)


def _name_lines(panel: Axes, week: NDArray[np.int64], ends: list[float], drawn: list[tuple[str, str]]) -> None:
    """Names at the right-hand ends of the lines, moved apart where they would touch."""
    low, high = panel.get_ylim()
    places = style.spread_labels(ends, 0.13 * (high - low), low, high)
    panel.set_ylim(low, high)
    for (name, colour), end, place in zip(drawn, ends, places, strict=True):
        panel.annotate(
            _wrapped(name),
            xy=(week[-1] + 1, end),
            xytext=(week[-1] + 7, place),
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


def _wrapped(name: str) -> str:
    """A long name on two lines."""
    if all(ord(letter) < 0x2E80 for letter in name):
        middle = [i for i, letter in enumerate(name) if letter == " "]
        if len(name) > 18 and middle:
            cut = min(middle, key=lambda i: abs(i - len(name) / 2))
            return f"{name[:cut]}\n{name[cut + 1 :]}"
        return name
    return name if len(name) <= 9 else f"{name[: (len(name) + 1) // 2]}\n{name[(len(name) + 1) // 2 :]}"


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
    for turn in turns[:-1]:
        if turn + YEAR > last + 1:
            continue
        number = turn // YEAR + 1
        name = text["fig_year_before"] if number == 0 else text["fig_year"].format(n=number)
        if turn + YEAR == last + 1 and number > 1:
            name = f"{text['fig_evaluation']}\n{name}"
        panel.annotate(
            name,
            xy=(turn + YEAR / 2, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=7.5,
            color=style.QUIET,
            linespacing=1.1,
        )


FIGURE = JobFigure(("dataset",), lambda dataset, reader: {"paths": paths(dataset, reader=reader.without_composite())})
