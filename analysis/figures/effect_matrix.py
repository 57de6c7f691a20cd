"""Pain point by measure: which measure moves which indicator, from tables/indicator_effects.

A triangle points to the side on which the indicator is better or worse; its area is the effect beside the largest of
its row. A dot stands where the interval of the mean or the range over draws holds no effect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.figures.registry import JobFigure
from analysis.uncertainty import verdict
from analysis.uncertainty.ignorance import whole_range
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELL = 0.24  # inches
SIGNS = {
    "improves": ("^", style.IMPROVES, True),
    "worsens": ("v", style.WORSENS, False),
    "changes": ("s", style.INK, False),
}


@style.figure
def effect_matrix(rows: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """A row a pain point by its first indicator, a column a measure; rows of tables/indicator_effects.

    points: id, en, zh and indicators of each; with their directions ("better") by indicator in the reader's outcomes or
    the points' own "better". Raises ValueError if no row is of an indicator of a point.
    """
    text = reader.text
    by = {(str(row["measure"]), str(row["indicator"])): row for row in rows}
    shown = [point for point in points if any(indicator == point["indicators"][0] for _, indicator in by)]
    if not shown:
        raise ValueError("the table has no indicator of a pain point.")
    measures = list(dict.fromkeys(measure for measure, _ in by))
    names = [reader.pick(point) for point in shown]
    width = layout.width_or(CELL * len(measures) + 3.0)
    longest = min(0.4 * width, max(layout.text_width(name, 8.0) for name in names) / 72.0)
    room = max(3, int((width - longest - 0.35) / CELL))
    parts = -(-len(measures) // room)
    size = -(-len(measures) // parts)
    figure, panels = _panels(parts, len(shown), width)
    for part, panel in enumerate(panels):
        _panel(panel, by, shown, measures[part * size : (part + 1) * size], size, names, reader)
    style.head(figure, text["fig_matrix_title"])
    style.foot(figure, text["fig_matrix_key"])
    return figure


def _panels(parts: int, rows: int, width: float) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, 1.0 + parts * (0.24 * rows + 1.3)), layout="constrained")
    return figure, list(figure.subplots(parts, 1, squeeze=False)[:, 0])


def _panel(
    panel: Axes,
    by: Mapping[tuple[str, str], Mapping[str, Any]],
    points: Sequence[Mapping[str, Any]],
    measures: Sequence[str],
    columns: int,
    names: Sequence[str],
    reader: Reader,
) -> None:
    for down, point in enumerate(points):
        indicator = str(point["indicators"][0])
        better = str(point.get("better", {}).get(indicator, "neither"))
        own = {measure: row for (measure, of), row in by.items() if of == indicator}
        largest = max((abs(float(row["median"])) for row in own.values()), default=0.0)
        for across, measure in enumerate(measures):
            if measure not in own:
                continue
            row = own[measure]
            says = verdict(*whole_range(row), better)
            if says not in SIGNS:
                panel.plot(across, down, marker=".", markersize=2.4, color=style.UNCLEAR)
                continue
            sign, colour, filled = SIGNS[says]
            share = math.sqrt(abs(float(row["median"])) / largest) if largest else 0.0
            panel.plot(
                across,
                down,
                marker=sign,
                markersize=3.0 + 7.0 * share,
                markerfacecolor=colour if filled else style.PAPER,
                markeredgecolor=colour,
                markeredgewidth=1.0,
            )
    panel.set_xlim(-0.6, columns - 0.4)
    panel.set_xticks(range(len(measures)), [reader.label(name) for name in measures], rotation=90)
    style.in_rows_plain(panel, names)


def _of_job(
    rows: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]], reader: Reader
) -> dict[str, Figure]:
    return {"effect_matrix": effect_matrix(rows, points, reader=reader)}


FIGURE = JobFigure(("indicator_effects", "points"), _of_job, by="indicator_effects", written=False)
