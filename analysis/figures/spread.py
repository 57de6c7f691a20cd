"""Which source owns how much of the spread, and how far the ranking holds over each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import data, style
from analysis.words import label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@style.drawn
def sources(
    shares: Mapping[str, Iterable[Mapping[str, Any]]],
    stability: Mapping[str, Iterable[Mapping[str, Any]]],
    *,
    outcomes: Mapping[str, Mapping[str, Any]],
    labels: Mapping[str, Mapping[str, str]],
    language: str,
    level: float = 0.95,
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
    count = max(map(len, tables.values()))
    figure = Figure(figsize=(3.3 * len(tables) + 0.6, 1.9 + 0.55 * count), layout="constrained")
    panels = figure.subplots(2, len(tables), squeeze=False, height_ratios=[count, count - 1])
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
        for panel, rows in ((above, tables[outcome]), (below, agree[outcome])):
            _rows(panel, rows, labels, language, column == 0)
    figure.suptitle(text["fig_spread_title"], x=0.008, ha="left", fontsize=11.5, color=style.INK)
    percent = text["percent_level"].format(level=f"{100 * level:g}")
    figure.supxlabel(
        text["fig_spread_key"] + "\n" + text["fig_spread_note"].format(level=percent),
        x=0.008,
        ha="left",
        fontsize=8.0,
        color=style.QUIET,
        linespacing=1.35,
    )
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
