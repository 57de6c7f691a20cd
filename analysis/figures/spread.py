"""Which source owns how much of the spread, and how far the ranking holds over each of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis import LEVEL
from analysis.figures import data, style
from analysis.words import label, words
from analysis.words.quantities import decimals, number, quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILLS = {  # source -> fill, hatch
    "seed": ("#33414d", ""),
    "behaviour": ("#2f7f79", ""),
    "potency": ("#8fb4d1", "////"),
    "intensity": ("#f0c766", ""),
    "together": ("#f3f1ec", "...."),
}


@style.drawn
def sources(
    shares: Mapping[str, Iterable[Mapping[str, Any]]],
    stability: Mapping[str, Iterable[Mapping[str, Any]]],
    *,
    outcomes: Mapping[str, Mapping[str, Any]],
    labels: Mapping[str, Mapping[str, str]],
    language: str,
    level: float = LEVEL,
) -> Figure:
    """Shares of the spread above, agreement of rankings below; one column an outcome.

    Both map an outcome to rows of analysis.uncertainty, spread.shares and stability.stability.
    `labels` names sources that are not among seed, behaviour, potency, intensity, town and theory.
    """
    from matplotlib.figure import Figure

    text = words(language)
    tables = {outcome: list(rows) for outcome, rows in shares.items()}
    agree = {outcome: list(stability[outcome]) for outcome in tables}
    if not tables:
        raise ValueError("there is no spread to show: no outcome was given.")
    count, rows = (max(map(len, shown.values())) for shown in (tables, agree))
    width = style.wide(3.3 * len(tables) + 0.6)
    figure = Figure(figsize=(width, 1.9 + 0.28 * (count + rows)), layout="constrained")
    panels = figure.subplots(2, len(tables), squeeze=False, height_ratios=[count, rows])
    for column, outcome in enumerate(tables):
        above, below = panels[0][column], panels[1][column]
        for place, row in enumerate(tables[outcome]):
            above.plot(
                [100 * float(row["ci_low"]), 100 * float(row["ci_high"])], [place] * 2, color=style.LEAD, linewidth=1.5
            )
            above.plot(100 * float(row["share"]), place, marker="o", markersize=5.2, color=style.LEAD)
        above.set_xlim(-2, 102)
        above.set_xlabel(text["fig_spread_share"])
        above.set_title(data.outcome_labels(outcomes, outcome, language), x=0.0)
        for place, row in enumerate(agree[outcome]):
            ends = [float(row["tau_least"]), float(row["tau"])]
            below.plot(ends, [place] * 2, color=style.UNCLEAR, linewidth=1.0, zorder=1)
            below.plot(ends[1], place, marker="o", markersize=5.2, color=style.LEAD, zorder=3)
            below.plot(
                ends[0],
                place,
                marker="o",
                markersize=5.2,
                markerfacecolor=style.PAPER,
                markeredgecolor=style.LEAD,
                zorder=2,
            )
        below.axvline(0, color=style.INK, linewidth=0.8, zorder=0)
        below.set_xlim(min(-0.06, *(float(row["tau_least"]) - 0.06 for row in agree[outcome])), 1.06)
        below.set_xlabel(text["fig_spread_tau"])
        for panel, shown in ((above, tables[outcome]), (below, agree[outcome])):
            _rows(panel, shown, labels, language, column == 0)
    figure.suptitle(text["fig_spread_title"], x=0.008, ha="left", fontsize=11.5, color=style.INK)
    percent = text["percent_level"].format(level=f"{100 * level:g}")
    style.foot(figure, text["fig_spread_key"] + "\n" + text["fig_spread_note"].format(level=percent))
    return figure


def _rows(
    panel: Axes, rows: Sequence[Mapping[str, Any]], labels: Mapping[str, Any], language: str, named: bool
) -> None:
    text = words(language)
    names = [text.get(f"source_{row['factor']}") or label(labels, str(row["factor"]), language) for row in rows]
    panel.set_ylim(len(rows) - 0.4, -0.6)
    panel.set_yticks(range(len(rows)), names if named else [""] * len(rows))
    panel.grid(False, axis="y")
    panel.spines["left"].set_visible(False)
    style.keep_font(panel)


@style.drawn
def by_measure(
    rows: Iterable[Mapping[str, Any]],
    *,
    outcomes: Mapping[str, Mapping[str, Any]],
    labels: Mapping[str, Mapping[str, str]],
    language: str,
) -> Figure:
    """Which source owns how much of the spread of each measure's effect: one panel an outcome, one bar a measure.

    `rows` are those of spread.shares with the outcome and the measure ("package" for all of them, on top). Measures
    stand in the order of their whole spread, which is printed beside the bar as a standard deviation.
    """
    from matplotlib.figure import Figure

    text, table = words(language), list(rows)
    shown = [outcome for outcome in outcomes if any(row["outcome"] == outcome for row in table)]
    if not shown:
        raise ValueError("there is no spread to show: no row belongs to an outcome.")
    count = max(len({row["measure"] for row in table if row["outcome"] == outcome}) for outcome in shown)
    figure = Figure(figsize=(style.wide(3.65 * len(shown) + 0.2), 1.7 + 0.235 * count), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, wspace=0.03)  # type: ignore[union-attr, call-arg]
    handles: dict[str, Any] = {}
    for panel, outcome in zip(figure.subplots(1, len(shown), squeeze=False)[0], shown, strict=True):
        own: dict[str, list[Mapping[str, Any]]] = {}
        for row in table:
            if row["outcome"] == outcome:
                own.setdefault(str(row["measure"]), []).append(row)
        whole = {name: math.hypot(*(float(row["deviation"]) for row in bars)) for name, bars in own.items()}
        order = sorted(own, key=lambda name: (name != "package", -whole[name]))
        unit = quantity(str(outcomes[outcome].get("unit", "")), language)
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
        panel.text(103, -0.75, text["fig_spread_deviation"], fontsize=7.5, color=style.QUIET, va="bottom", ha="left")
        panel.set_xlim(0, 100)
        panel.set_ylim(count - 0.4, -0.6)
        names = [text["source_package"] if name == "package" else label(labels, name, language) for name in order]
        panel.set_yticks(range(len(order)), names)
        panel.grid(False, axis="y")
        panel.spines["left"].set_visible(False)
        panel.set_title(data.outcome_labels(outcomes, outcome, language), x=0.0, pad=14.0)
        panel.set_xlabel(text["fig_spread_share"])
        style.keep_font(panel)
    figure.legend(
        [handles[factor] for factor in FILLS if factor in handles],
        [text[f"source_{factor}"] for factor in FILLS if factor in handles],
        loc="outside lower left",
        ncols=len(handles),
        frameon=False,
        fontsize=8.0,
    )
    figure.suptitle(text["fig_spread_measures"], x=0.008, ha="left", fontsize=11.5, color=style.INK)
    return figure
