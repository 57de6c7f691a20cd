"""Effect of a package, or of several.

A strip, one panel an outcome, year 1 above the evaluation year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.figures.registry import JobFigure
from analysis.uncertainty import verdict
from analysis.words import Reader
from analysis.words.quantities import interval_digits, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PERIODS = ("year1", "evaluation")


@style.figure
def package_effect(effects: Iterable[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """Intervals of the package effect from rows of analysis.uncertainty.paired_effects.

    They may hold one `other` or several against the same `base`. Raises ValueError if no row
    belongs to one of the outcomes.
    """
    rows = list(effects)
    found = {(row["outcome"], str(row["other"]), row["period"]): row for row in rows}
    lines = [(other, period) for other in dict.fromkeys(str(row["other"]) for row in rows) for period in PERIODS]
    shown = [outcome for outcome in reader.outcomes if any(row["outcome"] == outcome for row in rows)]
    if not shown:
        raise ValueError(f"the effects have no rows for {', '.join(reader.outcomes)}.")
    text = reader.text
    figure, panels = style.side_by_side(len(shown), len(lines), 1.05, each=2.4, row=0.45)
    several = len(lines) > len(PERIODS)
    named = [_line_name(line, several, reader) for line in lines]
    for panel, outcome in zip(panels, shown, strict=True):
        _panel(panel, [found.get((outcome, *line)) for line in lines], outcome, reader)
        panel.set_yticks(range(len(lines)), named if style.is_first(panel) else [""] * len(lines))
    first = rows[0]
    style.head(
        figure,
        text["fig_effect_title_several" if several else "fig_effect_title"].format(
            other=reader.label(first["other"]),
            base=reader.label(first["base"]),
        ),
    )
    return figure


def _line_name(line: tuple[str, str], several: bool, reader: Reader) -> str:
    text = reader.text
    period = text[f"fig_effect_{line[1]}"]
    if not several:
        return period[:1].upper() + period[1:]
    return text["fig_effect_row"].format(other=reader.label(line[0]), period=period)


def _panel(panel: Axes, lines: list[Mapping[str, Any] | None], outcome: str, reader: Reader) -> None:
    text = reader.text
    described = reader.outcomes[outcome]
    raw_unit = str(described.get("unit", ""))
    unit = reader.quantity(raw_unit)
    panel.axvline(0, color=style.INK, linewidth=0.8, zorder=1)
    for place, row in enumerate(lines):
        if row is None:
            continue
        value, low, high = (float(row[key]) for key in ("difference", "ci_low", "ci_high"))
        says = verdict(low, high, str(described.get("better", "")))
        colour = style.COLOURS[says]
        panel.plot([unit.factor * low, unit.factor * high], [place, place], color=colour, linewidth=2.2)
        panel.plot(
            unit.factor * value,
            place,
            marker=style.MARKERS[says],
            markersize=6,
            markerfacecolor=style.PAPER if says in ("unclear", "unknown") else colour,
            markeredgecolor=colour,
            markeredgewidth=1.2,
        )
        panel.annotate(
            number(unit.factor * value, interval_digits(value, low, high, raw_unit), sign=True),
            xy=(unit.factor * value, place),
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=8,
            color=style.INK,
        )
    panel.set_ylim(len(lines) - 0.5, -0.75)
    panel.margins(x=0.16)
    panel.grid(False, axis="y")
    panel.spines["left"].set_visible(False)
    panel.tick_params(axis="y", length=0)
    panel.locator_params(axis="x", nbins=4)
    layout.least(panel, row=0.36)
    panel.set_title(reader.outcome(outcome))
    if unit.axis_change_unit:
        panel.set_xlabel(text["fig_effect_axis"].format(unit=unit.axis_change_unit))
    style.keep_font(panel)


FIGURE = JobFigure(
    ("effects",), lambda rows, reader: {"effects": package_effect(rows, reader=reader)}, ("effects",), by="compare"
)
