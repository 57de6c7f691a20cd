"""Heat map of what pairs of measures do together, with the clearest pairs said in words.

The area of a square is the size of the joint surplus. Its colour, and whether it stands on a side or on a corner, show
whether that is an improvement. A pair whose surplus cannot be told apart from zero is a dot, so that chance draws no
pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import pi
from typing import TYPE_CHECKING, Any

from analysis import LEVEL
from analysis.figures import layout, style
from analysis.figures.registry import JobFigure
from analysis.words import Reader
from analysis.words.quantities import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SAID = 6  # pairs said in words
LARGEST = 0.55  # half the diagonal of the largest square, in cells


def sentence(row: Mapping[str, Any], reader: Reader) -> str:
    """The verdict of a row of analysis.attribution.interactions as a sentence; empty where there is none."""
    text, said = reader.text, str(row["verdict"])
    if said == "unclear":
        return ""
    one, other = (reader.label(row[who]) for who in ("first", "second"))
    if row["needy"] == "second" or (said == "hinders" and _harmed(row) == "second"):
        one, other = other, one
    return text[f"interaction_{said}" + ("_both" if row["needy"] == "both" else "")].format(one=one, other=other)


def _harmed(row: Mapping[str, Any]) -> str:
    """Whose effect beside the other is the worse one (the joint surplus tells which side is worse)."""
    side = 1.0 if float(row["interaction"]) > 0.0 else -1.0
    return max(("first", "second"), key=lambda who: side * float(row[f"{who}_with"]))


@style.figure
def interactions(rows: Iterable[Mapping[str, Any]], *, outcome: str, reader: Reader, level: float = LEVEL) -> Figure:
    """One outcome from the `rows` of analysis.attribution.interactions.

    Measures stand in the order of how much they take part. Raises ValueError if there are no rows.
    """
    from matplotlib.figure import Figure

    text = reader.text
    table = [row for row in rows if row["outcome"] == outcome]
    if not table:
        raise ValueError(f"the table has no interactions for {outcome}.")
    better = -1.0 if reader.outcomes[outcome].get("better") == "lower" else 1.0
    unit = reader.quantity_of(outcome)
    clear = [row for row in table if row["verdict"] != "unclear"]
    order = _order(table)
    most = _room(table, reader)
    left_out = max(0, len(order) - most)
    if left_out:
        order = {name: place for name, place in order.items() if place < most}
        table = [row for row in table if row["first"] in order and row["second"] in order]
    largest = max(abs(float(row["interaction"])) for row in clear or table)

    said = [sentence(row, reader) for row in clear[:SAID]] or [text["fig_interactions_none"]]
    size = 0.27 * len(order)
    width = layout.width_or(size + 2.6)
    figure = Figure(figsize=(width, min(size + 2.6, width) + 1.6 + 0.19 * len(said)), layout="constrained")
    panel = figure.subplots()
    _squares(panel, table, order, largest, better)
    _frame(panel, [reader.label(name) for name in order])
    style.keep_font(panel)
    title = text["fig_interactions_title"].format(outcome=reader.outcome(outcome))
    style.head(figure, title)
    printed = number(unit.factor * largest, 2 if unit.factor * largest < 10 else 1) + unit.change_unit
    note = text["fig_interactions_note"].format(
        largest=printed,
        level=reader.percent(level),
        runs=f"{int(float(table[0]['runs'])):,}",
    )
    fewer = [text["fig_interactions_most"].format(n=len(order), rest=left_out)] if left_out else []
    style.foot(figure, "\n".join([*said, "", text["fig_interactions_key"], note, *fewer]))
    return figure


def _room(table: Sequence[Mapping[str, Any]], reader: Reader) -> int:
    """How many measures a figure of the width that is asked for has room for."""
    width = layout.asked_width()
    if width is None:
        return len(table)
    names = {reader.label(row[who]) for row in table for who in ("first", "second")}
    longest = min(0.4 * width, max(layout.text_width(name, 8.0) for name in names) / 72.0)
    return max(4, int((width - longest - 0.3) / 0.2) + 1)


def _order(table: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Places of the measures, in the order of how much they take part; pairs that are not clear hardly count."""
    part: dict[str, float] = {}
    for row in table:
        weight = 1e-6 if row["verdict"] == "unclear" else 1.0
        for who in (str(row["first"]), str(row["second"])):
            part[who] = part.get(who, 0.0) + abs(float(row["interaction"])) * weight
    return {name: place for place, name in enumerate(sorted(part, key=lambda name: -part[name]))}


def _squares(
    panel: Axes, table: Sequence[Mapping[str, Any]], order: Mapping[str, int], largest: float, better: float
) -> None:
    """A square for each clear pair, a dot for the others; `better` is 1 where more is better, else -1."""
    from matplotlib.patches import RegularPolygon

    for row in table:
        high, low = sorted((order[str(row["first"])], order[str(row["second"])]))
        value = float(row["interaction"])
        if row["verdict"] == "unclear":
            panel.plot(high, low, marker=".", markersize=2.4, color=style.UNCLEAR, linestyle="none")
            continue
        improves = better * value > 0.0
        panel.add_patch(
            RegularPolygon(
                (high, low),
                4,
                radius=LARGEST * (abs(value) / largest) ** 0.5,
                orientation=pi / 4 if improves else 0.0,
                facecolor=style.IMPROVES if improves else style.WORSENS,
                edgecolor=style.PAPER,
                linewidth=0.6,
                zorder=3,
            )
        )


def _frame(panel: Axes, names: Sequence[str]) -> None:
    """Names of the measures, and guide lines within the triangle only."""
    panel.set_xlim(-0.6, len(names) - 1.4)
    panel.set_ylim(len(names) - 0.4, 0.4)
    panel.set_yticks(range(1, len(names)), names[1:])
    panel.set_xticks(range(len(names) - 1), names[:-1], rotation=90)
    panel.tick_params(length=0)
    panel.set_aspect("equal")
    panel.grid(False)
    for place in range(1, len(names)):  # guide lines within the triangle only
        panel.plot([-0.6, place - 1], [place, place], color=style.GRID, linewidth=0.7, zorder=0)
        panel.plot([place - 1] * 2, [place, len(names) - 0.4], color=style.GRID, linewidth=0.7, zorder=0)
    for side_name in ("left", "bottom"):
        panel.spines[side_name].set_visible(False)


def _of_job(rows: Sequence[Mapping[str, Any]], reader: Reader) -> dict[str, Figure]:
    shown = dict.fromkeys(str(row["outcome"]) for row in rows)
    return {f"interactions_{outcome}": interactions(rows, outcome=outcome, reader=reader) for outcome in shown}


FIGURE = JobFigure(("interactions",), _of_job, by="pairs")
