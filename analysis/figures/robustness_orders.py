"""A ranking in other circumstances: which of its printed orders hold there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis import LEVEL
from analysis.figures import layout, style
from analysis.figures.contexts import CELL, Row, blocks, context_of, frame, one_an_outcome, place_columns
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARKS = {  # verdict -> marker, colour, filled
    "holds": ("o", style.IMPROVES, True),
    "reversed": ("D", style.WORSENS, True),
    "unclear": ("o", style.UNCLEAR, False),
}


@style.figure
def robustness_orders(rows: Iterable[Row], *, reader: Reader, level: float = LEVEL) -> Figure:
    """Whether each printed order of two tiers holds in each circumstance, from the rows of tables/statements.

    One panel an outcome, below one another. Raises ValueError if there are no rows.
    """
    from matplotlib.figure import Figure

    text, table = reader.text, list(rows)
    orders = {
        outcome: list(dict.fromkeys((str(r["upper"]), str(r["lower"])) for r in table if r["outcome"] == outcome))
        for outcome in reader.outcomes
    }
    shown = [outcome for outcome in reader.outcomes if orders[outcome]]
    if not shown:
        raise ValueError("there are no orders to show: no row belongs to an outcome.")
    columns = place_columns(table)
    parts = blocks(columns, [_said(pair, reader) for pairs in orders.values() for pair in pairs], reader)
    each = [(outcome, part) for outcome in shown for part in parts]
    heights = [len(orders[outcome]) + 1.2 for outcome, _ in each]
    size = (layout.width_or(1.2 * CELL * (max(columns.values()) + 1) + 3.9), 2.4 + 0.2 * sum(heights))
    figure = Figure(figsize=size, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06)  # type: ignore[union-attr, call-arg]
    panels = figure.subplots(len(each), 1, squeeze=False, sharex=len(parts) == 1, height_ratios=heights)[:, 0]
    for panel, (outcome, part) in zip(panels, each, strict=True):
        for row in table:
            if row["outcome"] == outcome and context_of(row) in part:
                marker, colour, filled = MARKS[str(row["verdict"])]
                panel.plot(
                    part[context_of(row)],
                    orders[outcome].index((str(row["upper"]), str(row["lower"]))),
                    marker=marker,
                    markersize=5.6 if filled else 3.6,
                    markerfacecolor=colour if filled else style.PAPER,
                    markeredgecolor=colour,
                )
        frame(panel, part, [_said(pair, reader) for pair in orders[outcome]], reader)
        panel.tick_params(axis="x", labelbottom=len(parts) > 1 or panel is panels[-1])
        panel.set_title(reader.outcome(outcome), x=0.0)
    style.head(figure, text["fig_statements_title"])
    note = text["fig_statements_note"].format(level=reader.percent(level))
    style.foot(figure, text["fig_statements_key"] + "\n" + note)
    return figure


def _said(pair: tuple[str, str], reader: Reader) -> str:
    """An order of two measures, as it stands beside its row."""
    upper, lower = (reader.label(name) for name in pair)
    return reader.text["order_item"].format(upper=upper, lower=lower)


FIGURE = JobFigure(
    ("statements",),
    lambda rows, reader: one_an_outcome("statements", robustness_orders, rows, reader),
    ("statements",),
    by="contexts",
)
