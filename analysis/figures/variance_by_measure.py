"""Which source owns how much of the spread of each measure's effect: one panel an outcome, one bar a measure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import style
from analysis.figures.registry import JobFigure
from analysis.figures.variance import PACKAGE
from analysis.words import Reader
from analysis.words.quantities import decimals, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILLS = {  # source -> fill, hatch
    "seed": ("#33414d", ""),
    "town": ("#b5694a", "\\\\\\\\"),
    "behaviour": ("#2f7f79", ""),
    "potency": ("#8fb4d1", "////"),
    "intensity": ("#f0c766", ""),
    "together": ("#f3f1ec", "...."),
}


@style.figure
def variance_by_measure(rows: Iterable[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """Which source owns how much of the spread of each measure's effect: one panel an outcome, one bar a measure.

    `rows` are those of variance.shares with the outcome and the measure ("package" for all of them, on top). Measures
    stand in the order of their whole spread, which is printed beside the bar as a standard deviation.
    """
    text, table = reader.text, list(rows)
    shown = [outcome for outcome in reader.outcomes if any(row["outcome"] == outcome for row in table)]
    if not shown:
        raise ValueError("there is no spread to show: no row belongs to an outcome.")
    count = max(len({row["measure"] for row in table if row["outcome"] == outcome}) for outcome in shown)
    figure, panels = style.side_by_side(len(shown), count, 1.7)
    handles: dict[str, Any] = {}
    for panel, outcome in zip(panels, shown, strict=True):
        handles |= _panel(panel, [row for row in table if row["outcome"] == outcome], outcome, count, reader)
    figure.legend(
        [handles[factor] for factor in FILLS if factor in handles],
        [text[f"source_{factor}"] for factor in FILLS if factor in handles],
        loc="outside lower left",
        ncols=len(handles),
        frameon=False,
        fontsize=8.0,
    )
    style.head(figure, text["fig_spread_measures"])
    return figure


def _panel(panel: Axes, rows: Sequence[Mapping[str, Any]], outcome: str, count: int, reader: Reader) -> dict[str, Any]:
    """The bars of one outcome; gives one bar of each source, for the legend."""
    text, handles = reader.text, dict[str, Any]()
    own: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        own.setdefault(str(row["measure"]), []).append(row)
    whole = {name: math.hypot(*(float(row["deviation"]) for row in bars)) for name, bars in own.items()}
    order = sorted(own, key=lambda name: (name != PACKAGE, -whole[name]))
    unit = reader.quantity_of(outcome)
    for place, name in enumerate(order):
        left = 0.0
        for row in own[name]:
            fill, hatch = FILLS[str(row["factor"])]
            width = 100.0 * float(row["share"])
            bar = panel.barh(
                place, width, left=left, height=0.72, color=fill, hatch=hatch, edgecolor=style.INK, linewidth=0.4
            )
            handles.setdefault(str(row["factor"]), bar)
            left += width
        panel.text(
            103,
            place,
            number(unit.factor * whole[name], decimals(unit.factor * whole[name])),
            fontsize=7.5,
            color=style.INK,
            va="center",
            ha="left",
        )
    panel.set_xlim(0, 100)
    names = [text["source_package"] if name == PACKAGE else reader.label(name) for name in order]
    style.in_rows(panel, names)
    style.right_head(panel, text["fig_spread_deviation"])
    panel.set_title(reader.outcome(outcome), x=0.0)
    panel.set_xlabel(text["fig_spread_share"])
    return handles


FIGURE = JobFigure(
    ("sources",),
    lambda rows, reader: {"sources_by_measure": variance_by_measure(rows, reader=reader)},
    ("sources_by_measure",),
    by="sources",
)
