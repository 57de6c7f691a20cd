"""Dose and response: the effect of each dial over its range, the others at today's values, with the spread over draws.

Draws differ more in the level of an outcome than in the effect of a dial on it. So there are two bands. The light one
shows levels; the dark one shows changes from today, draw by draw, added to today's median.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures import style
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RANGE = (5.0, 50.0, 95.0)


def at_today(doses: Sequence[float], values: np.ndarray, today: float) -> np.ndarray:
    """Values (doses, draws) at the dial's value of today, by draw; interpolated linearly between two doses."""
    return np.array([np.interp(today, doses, draw) for draw in values.T])


@style.figure
def dose_response(
    responses: Mapping[str, Mapping[str, np.ndarray]],
    *,
    doses: Mapping[str, Sequence[float]],
    today: Mapping[str, float],
    reader: Reader,
) -> Figure:
    """A column a dial, a row an indicator.

    responses: dial -> indicator -> (doses, draws), raw units, nan where missing. doses: dial -> its values. today: the
    dials' values in the town as it is. Indicators are the reader's outcomes; a second line of a dial's label says what
    is on its axis.
    """
    from matplotlib.figure import Figure

    text, dials, indicators = reader.text, list(doses), list(reader.outcomes)
    figure = Figure(figsize=(2.2 * len(dials) + 1.4, 1.2 * len(indicators) + 1.2), layout="constrained")
    panels = figure.subplots(len(indicators), len(dials), squeeze=False, sharex="col", sharey="row")
    count = 0
    for row, name in enumerate(indicators):
        for column, dial in enumerate(dials):
            values = responses[dial][name]
            count = values.shape[1]
            _panel(panels[row, column], doses[dial], values, today[dial], name, reader)
        panels[row, 0].set_ylabel(_label_and_unit(name, reader), rotation=0, ha="right", va="center", linespacing=1.35)
    for column, dial in enumerate(dials):
        dial_name, _, axis = reader.label(dial).partition("\n")
        panels[0, column].set_title(dial_name, fontsize=9.5)
        panels[-1, column].set_xlabel(axis or dial_name, linespacing=1.35)
    style.head(figure, text["fig_dose_title"])
    style.foot(figure, text["fig_dose_foot"].format(count=count))
    return figure


def _panel(axes: Axes, doses: Sequence[float], values: np.ndarray, today: float, name: str, reader: Reader) -> None:
    factor = reader.quantity_of(name).factor
    usual = at_today(doses, values, today)
    there = np.isfinite(values - usual).any(axis=1)
    at = np.array(doses)[there]
    if at.size:
        low, _, high = factor * np.nanpercentile(values[there], RANGE, axis=1)
        axes.fill_between(at, low, high, color=style.LEAD, alpha=0.12, linewidth=0)
        moved = np.nanmedian(usual) + np.nanpercentile(values[there] - usual, RANGE, axis=1)
        axes.fill_between(at, factor * moved[0], factor * moved[2], color=style.LEAD, alpha=0.4, linewidth=0)
        axes.plot(at, factor * moved[1], "o-", color=style.LEAD, markersize=3)
    axes.axvline(today, color=style.QUIET, linewidth=0.8, linestyle=style.DASHES[2])
    axes.locator_params(nbins=5)
    style.keep_font(axes)


def _label_and_unit(name: str, reader: Reader) -> str:
    """Label and unit, one below the other, as in the margin of a row."""
    outcome = reader.outcome(name)
    lines = [outcome] if len(outcome) < 22 else _halves(outcome)
    return "\n".join([*lines, reader.text["unit_below"].format(unit=reader.quantity_of(name).axis_unit)])


def _halves(words: str) -> list[str]:
    """A long label on two lines, broken at the blank next to its middle."""
    blanks = [i for i, letter in enumerate(words) if letter == " "]
    if not blanks:
        return [words]
    middle = min(blanks, key=lambda i: abs(i - len(words) / 2))
    return [words[:middle], words[middle + 1 :]]
