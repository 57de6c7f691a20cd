"""A ranking in other circumstances: where each measure stands there, and which printed orders hold.

Circumstances are columns, the study's own first. What these runs cannot tell from the study is left pale, so that
chance draws no pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis import LEVEL
from analysis.figures import data, style
from analysis.words import label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Row = Mapping[str, Any]
Place = tuple[str, str]
CELL = 0.215  # inches
GAP = 0.3  # columns between kinds of circumstances
HELD = {  # verdict -> marker, colour, filled
    "holds": ("o", style.IMPROVES, True),
    "reversed": ("D", style.WORSENS, True),
    "unclear": ("o", style.UNCLEAR, False),
}


def circumstance(kind: str, value: str, labels: Mapping[str, Mapping[str, str]], language: str) -> str:
    """Name of a circumstance, from the two columns that say it in the tables."""
    text = words(language)
    if kind == "town":
        return label(labels, value, language)
    if kind == "theory":
        return text["circumstance_theory"].format(name=text.get(f"theory_{value}") or value)
    if kind == "election":
        return text["circumstance_election"].format(week=value)
    return text.get(f"circumstance_{value}") or value


@style.drawn
def places(
    rows: Iterable[Row],
    *,
    outcomes: Mapping[str, Mapping[str, Any]],
    labels: Mapping[str, Mapping[str, str]],
    language: str,
) -> Figure:
    """Rank of each measure in each circumstance from the rows of tables/circumstances: one panel an outcome.

    Measures stand in the study's own order. A cell is filled where the study's rank lies outside the rank set that
    the measure has there. Raises ValueError if there are no rows.
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    text, table = words(language), list(rows)
    shown = [outcome for outcome in outcomes if any(row["outcome"] == outcome for row in table)]
    if not shown:
        raise ValueError("there are no circumstances to show: no row belongs to an outcome.")
    columns = _columns(table)
    count = len({row["measure"] for row in table})
    width = CELL * (max(columns.values()) + 1) + 1.6
    figure = Figure(figsize=(width * len(shown) + 0.2, 3.0 + 0.235 * count), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, wspace=0.02)  # type: ignore[union-attr, call-arg]
    for panel, outcome in zip(figure.subplots(1, len(shown), squeeze=False)[0], shown, strict=True):
        own = [row for row in table if row["outcome"] == outcome]
        first = next(iter(columns))
        home = {str(row["measure"]): int(float(row["rank"])) for row in own if _at(row) == first}
        order = sorted(home, key=lambda name: home[name])
        for row in own:
            rank, low, high = (int(float(row[key])) for key in ("rank", "rank_low", "rank_high"))
            at_home = home[str(row["measure"])]
            fill = style.IMPROVES if high < at_home else style.WORSENS if low > at_home else ""
            across, down = columns[_at(row)], order.index(str(row["measure"]))
            if fill:
                panel.add_patch(_square(across, down, fill))
            panel.text(
                across,
                down,
                str(rank),
                fontsize=7.0,
                color=style.PAPER if fill else style.INK,
                va="center",
                ha="center",
            )
        _frame(panel, columns, [label(labels, name, language) for name in order], labels, language)
        panel.set_title(data.outcome_labels(outcomes, outcome, language), x=0.0)
    figure.legend(
        [Patch(color=style.IMPROVES), Patch(color=style.WORSENS)],
        [text["fig_places_up"], text["fig_places_down"]],
        loc="outside lower left",
        ncols=2,
        frameon=False,
        fontsize=8.0,
    )
    figure.suptitle(text["fig_places_title"], x=0.008, ha="left", fontsize=11.5, color=style.INK)
    return figure


@style.drawn
def statements(
    rows: Iterable[Row],
    *,
    outcomes: Mapping[str, Mapping[str, Any]],
    labels: Mapping[str, Mapping[str, str]],
    language: str,
    level: float = LEVEL,
) -> Figure:
    """Whether each printed order of two tiers holds in each circumstance, from the rows of tables/statements.

    One panel an outcome, below one another. Raises ValueError if there are no rows.
    """
    from matplotlib.figure import Figure

    text, table = words(language), list(rows)
    orders = {
        outcome: list(dict.fromkeys((str(r["upper"]), str(r["lower"])) for r in table if r["outcome"] == outcome))
        for outcome in outcomes
    }
    shown = [outcome for outcome in outcomes if orders[outcome]]
    if not shown:
        raise ValueError("there are no orders to show: no row belongs to an outcome.")
    columns = _columns(table)
    heights = [len(orders[outcome]) + 1.2 for outcome in shown]
    size = (1.2 * CELL * (max(columns.values()) + 1) + 3.9, 2.4 + 0.2 * sum(heights))
    figure = Figure(figsize=size, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06)  # type: ignore[union-attr, call-arg]
    panels = figure.subplots(len(shown), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    for panel, outcome in zip(panels, shown, strict=True):
        for row in table:
            if row["outcome"] == outcome:
                marker, colour, filled = HELD[str(row["verdict"])]
                panel.plot(
                    columns[_at(row)],
                    orders[outcome].index((str(row["upper"]), str(row["lower"]))),
                    marker=marker,
                    markersize=5.6 if filled else 3.6,
                    markerfacecolor=colour if filled else style.PAPER,
                    markeredgecolor=colour,
                )
        named = [
            text["order_item"].format(upper=label(labels, upper, language), lower=label(labels, lower, language))
            for upper, lower in orders[outcome]
        ]
        _frame(panel, columns, named, labels, language)
        panel.tick_params(axis="x", labelbottom=panel is panels[-1])
        panel.set_title(data.outcome_labels(outcomes, outcome, language), x=0.0)
    figure.suptitle(text["fig_statements_title"], x=0.008, ha="left", fontsize=11.5, color=style.INK)
    percent = text["percent_level"].format(level=f"{100 * level:g}")
    style.foot(figure, text["fig_statements_key"] + "\n" + text["fig_statements_note"].format(level=percent))
    return figure


def _at(row: Row) -> Place:
    return str(row["circumstance"]), str(row["value"])


def _columns(table: Sequence[Row]) -> dict[Place, float]:
    """Where each circumstance stands, in order of mention, with a gap between kinds."""
    found: dict[Place, float] = {}
    last = None
    for at in dict.fromkeys(_at(row) for row in table):
        found[at] = found[last] + 1.0 + GAP * (at[0] != last[0]) if last else 0.0
        last = at
    return found


def _square(across: float, down: float, fill: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((across - 0.46, down - 0.44), 0.92, 0.88, facecolor=fill, edgecolor="none")


def _frame(
    panel: Axes,
    columns: Mapping[Place, float],
    named: Sequence[str],
    labels: Mapping[str, Mapping[str, str]],
    language: str,
) -> None:
    """Names at both sides, and nothing else round the cells."""
    panel.set_xlim(-0.6, max(columns.values()) + 0.6)
    panel.set_ylim(len(named) - 0.4, -0.6)
    panel.set_xticks(list(columns.values()), [circumstance(*at, labels, language) for at in columns], rotation=90)
    panel.set_yticks(range(len(named)), named)
    panel.tick_params(length=0)
    panel.grid(False, axis="x")
    for side in ("left", "bottom"):
        panel.spines[side].set_visible(False)
    style.keep_font(panel)
