"""Share of the variance due to each source, and how far the ranking holds over each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis import LEVEL
from analysis.figures import style
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Rows = Sequence[Mapping[str, Any]]
PACKAGE = "package"  # what the whole package is called among the measures of tables/sources.csv


@style.figure
def variance(
    shares: Mapping[str, Iterable[Mapping[str, Any]]],
    stability: Mapping[str, Iterable[Mapping[str, Any]]],
    *,
    reader: Reader,
    level: float = LEVEL,
) -> Figure:
    """Shares of the spread above, agreement of rankings below; one column an outcome.

    Both map an outcome to rows of analysis.uncertainty, variance.shares and stability.stability. The reader's labels
    name sources that are not among seed, behaviour, potency, intensity, town and theory.
    """
    text = reader.text
    tables = {outcome: list(rows) for outcome, rows in shares.items()}
    agree = {outcome: list(stability[outcome]) for outcome in tables}
    if not tables:
        raise ValueError("there is no spread to show: no outcome was given.")
    count, rows = (max(map(len, shown.values())) for shown in (tables, agree))
    figure, panels = style.pairs(len(tables), (count, rows), 1.9, each=3.3, row=0.28)
    for column, outcome in enumerate(tables):
        above, below = panels[0][column], panels[1][column]
        _shares(above, tables[outcome], text)
        above.set_title(reader.outcome(outcome), x=0.0)
        _agreement(below, agree[outcome], text)
        for panel, shown in ((above, tables[outcome]), (below, agree[outcome])):
            _name_rows(panel, shown, reader, style.is_first(above))
    style.head(figure, text["fig_spread_title"])
    note = text["fig_spread_note"].format(level=reader.percent(level))
    style.foot(figure, text["fig_spread_key"] + "\n" + note)
    return figure


def _shares(panel: Axes, rows: Rows, text: Mapping[str, str]) -> None:
    """The share of each source in the spread, with its interval."""
    for place, row in enumerate(rows):
        ends = [100 * float(row["ci_low"]), 100 * float(row["ci_high"])]
        panel.plot(ends, [place] * 2, color=style.LEAD, linewidth=1.5)
        panel.plot(100 * float(row["share"]), place, marker="o", markersize=5.2, color=style.LEAD)
    panel.set_xlim(-2, 102)
    panel.set_xlabel(text["fig_spread_share"])


def _agreement(panel: Axes, rows: Rows, text: Mapping[str, str]) -> None:
    """How far rankings agree over the levels of each source: on average, and the two that agree least."""
    for place, row in enumerate(rows):
        ends = [float(row["tau_least"]), float(row["tau"])]
        panel.plot(ends, [place] * 2, color=style.UNCLEAR, linewidth=1.0, zorder=1)
        panel.plot(ends[1], place, marker="o", markersize=5.2, color=style.LEAD, zorder=3)
        panel.plot(
            ends[0],
            place,
            marker="o",
            markersize=5.2,
            markerfacecolor=style.PAPER,
            markeredgecolor=style.LEAD,
            zorder=2,
        )
    panel.axvline(0, color=style.INK, linewidth=0.8, zorder=0)
    panel.set_xlim(min(-0.06, *(float(row["tau_least"]) - 0.06 for row in rows)), 1.06)
    panel.set_xlabel(text["fig_spread_tau"])


def _name_rows(panel: Axes, rows: Rows, reader: Reader, named: bool) -> None:
    text = reader.text
    names = [text.get(f"source_{row['factor']}") or reader.label(row["factor"]) for row in rows]
    panel.set_ylim(len(rows) - 0.4, -0.6)
    panel.set_yticks(range(len(rows)), names if named else [""] * len(rows))
    panel.grid(False, axis="y")
    panel.spines["left"].set_visible(False)
    style.keep_font(panel)


def _of_job(sources: Rows, stability: Rows, reader: Reader) -> dict[str, Figure]:
    whole = _by_outcome([row for row in sources if row["measure"] == PACKAGE], reader)
    agreed = _by_outcome(stability, reader)
    both = [name for name in whole if name in agreed]
    shares, orders = ({name: found[name] for name in both} for found in (whole, agreed))
    return {"sources": variance(shares, orders, reader=reader)} if both else {}


def _by_outcome(rows: Rows, reader: Reader) -> dict[str, list[Mapping[str, Any]]]:
    found = {name: [row for row in rows if row["outcome"] == name] for name in reader.outcomes}
    return {name: own for name, own in found.items() if own}


FIGURE = JobFigure(("sources", "stability"), _of_job, ("sources",), by="sources")
