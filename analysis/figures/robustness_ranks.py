"""A ranking in other circumstances: the rank of each measure there.

Circumstances are columns, the study's own first. Ranks that these runs cannot tell apart from the study's are left
pale, so that chance draws no pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.figures.contexts import CELL, Context, Row, blocks, context_of, frame, one_an_outcome, place_columns
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@style.figure
def robustness_ranks(rows: Iterable[Row], *, reader: Reader) -> Figure:
    """Rank of each measure in each circumstance from the rows of tables/contexts: one panel an outcome.

    Measures stand in the study's own order. A cell is filled where the study's rank lies outside the rank set that
    the measure has there. Raises ValueError if there are no rows.
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    text, table = reader.text, list(rows)
    shown = [outcome for outcome in reader.outcomes if any(row["outcome"] == outcome for row in table)]
    if not shown:
        raise ValueError("there are no circumstances to show: no row belongs to an outcome.")
    columns = place_columns(table)
    count = len({row["measure"] for row in table})
    width = CELL * (max(columns.values()) + 1) + 1.6
    parts = blocks(columns, [reader.label(row["measure"]) for row in table], reader)
    lines, across = (1, len(shown)) if layout.asked_width() is None else (len(parts) * len(shown), 1)
    size = (layout.width_or(width * len(shown) + 0.2), 1.3 + (1.7 + 0.235 * count) * lines)
    figure = Figure(figsize=size, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, wspace=0.02)  # type: ignore[union-attr, call-arg]
    each = [(outcome, part) for outcome in shown for part in parts]
    for panel, (outcome, part) in zip(figure.subplots(lines, across, squeeze=False).ravel(), each, strict=True):
        own = [row for row in table if row["outcome"] == outcome and context_of(row) in part]
        _panel(panel, own, part, reader)
        panel.set_title(reader.outcome(outcome), x=0.0)
    figure.legend(
        [
            Patch(facecolor=style.IMPROVES, edgecolor=style.IMPROVES),
            Patch(facecolor=style.PAPER, edgecolor=style.WORSENS, linewidth=1.4),
        ],
        [text["fig_places_up"], text["fig_places_down"]],
        loc="outside lower left",
        ncols=2,
        frameon=False,
        fontsize=8.0,
    )
    style.head(figure, text["fig_places_title"])
    return figure


def _panel(panel: Axes, own: Sequence[Row], columns: Mapping[Context, float], reader: Reader) -> None:
    """The ranks of one outcome."""
    first = next(iter(columns))
    home = {str(row["measure"]): int(float(row["rank"])) for row in own if context_of(row) == first}
    order = sorted(home, key=lambda name: home[name])
    for row in own:
        rank, low, high = (int(float(row[key])) for key in ("rank", "rank_low", "rank_high"))
        at_home = home[str(row["measure"])]
        fill = style.IMPROVES if high < at_home else style.WORSENS if low > at_home else ""
        across, down = columns[context_of(row)], order.index(str(row["measure"]))
        if fill:
            panel.add_patch(_square(across, down, fill))
        colour = style.PAPER if fill == style.IMPROVES else style.INK
        panel.text(across, down, str(rank), fontsize=7.0, color=colour, va="center", ha="center")
    frame(panel, columns, [reader.label(name) for name in order], reader)


def _square(across: float, down: float, fill: str) -> Any:
    from matplotlib.patches import Rectangle

    full = fill == style.IMPROVES  # on a grey printer, full and framed are told apart
    face, width = (fill, 0.0) if full else (style.PAPER, 1.4)
    return Rectangle((across - 0.44, down - 0.42), 0.88, 0.84, facecolor=face, edgecolor=fill, linewidth=width)


FIGURE = JobFigure(
    ("contexts",),
    lambda rows, reader: one_an_outcome("contexts", robustness_ranks, rows, reader),
    ("contexts",),
    by="contexts",
)
