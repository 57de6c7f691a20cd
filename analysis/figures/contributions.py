"""Ranking: contributions of the measures with intervals, rank sets and tiers.

Outcomes stand side by side, each in its own order, because there is no overall one. In a bracket
the first measure cannot be told apart from the others; the rank set of each stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis import LEVEL
from analysis.figures import style
from analysis.figures.registry import JobFigure
from analysis.uncertainty import verdict
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

METHODS = ("shapley", "leave_one_out", "add_one_in")
"""Methods whose figures have a sign, the one shown first before the others."""


def leading_method(ranking: Iterable[Mapping[str, Any]]) -> str:
    """The method shown first: Shapley where there is one; none ("") if only sizes without a sign could be had."""
    found = {row["method"] for row in ranking}
    return next((method for method in METHODS if method in found), "")


@style.figure
def contributions(
    rows: Iterable[Mapping[str, Any]], *, reader: Reader, method: str = "shapley", level: float = LEVEL
) -> Figure:
    """One panel an outcome from the `rows` of one method.

    Their columns are those of analysis.attribution. Raises ValueError if no row of `method` belongs to one of
    the outcomes.
    """
    text = reader.text
    table = {
        outcome: sorted(
            (row for row in rows if row["method"] == method and row["outcome"] == outcome),
            key=lambda row: int(float(row["rank"])),
        )
        for rows in [list(rows)]
        for outcome in reader.outcomes
    }
    shown = [outcome for outcome in reader.outcomes if table[outcome]]
    if not shown:
        raise ValueError(f"the ranking has no rows of method {method!r} for {', '.join(reader.outcomes)}.")
    count = max(len(table[outcome]) for outcome in shown)
    figure, panels = style.side_by_side(len(shown), count, 1.5)
    for panel, outcome in zip(panels, shown, strict=True):
        _panel(panel, table[outcome], outcome, reader)
    style.head(figure, text[f"fig_ranking_title_{method}"])
    runs = int(float(table[shown[0]][0]["runs"]))
    note = text["fig_ranking_note"].format(level=reader.percent(level), runs=f"{runs:,}")
    style.foot(figure, text["fig_ranking_key"] + "\n" + note)
    return figure


def _panel(panel: Axes, table: list[Mapping[str, Any]], outcome: str, reader: Reader) -> None:
    text = reader.text
    better = str(reader.outcomes[outcome].get("better", "higher"))
    unit = reader.quantity_of(outcome)
    panel.axvline(0, color=style.INK, linewidth=0.8, zorder=1)
    for place, row in enumerate(table):
        low, high = unit.factor * float(row["ci_low"]), unit.factor * float(row["ci_high"])
        says = verdict(low, high, better)
        colour = style.COLOURS[says]
        panel.plot([low, high], [place, place], color=colour, linewidth=1.5, zorder=2)
        panel.plot(
            unit.factor * float(row["contribution"]),
            place,
            marker=style.MARKERS[says],
            markersize=5.2 if says != "worsens" else 4.8,
            markerfacecolor=style.PAPER if says in ("unclear", "unknown") else colour,
            markeredgecolor=colour,
            markeredgewidth=1.1,
            zorder=3,
        )
    style.in_rows(panel, [reader.label(row["measure"]) for row in table])
    panel.set_title(reader.outcome(outcome), x=0.0)
    change = unit.axis_change_unit
    side = text[f"fig_ranking_better_{better}"] if better in ("higher", "lower") else ""
    panel.set_xlabel("   ".join(filter(None, [text["fig_ranking_change"].format(unit=change) if change else "", side])))
    _rank_sets(panel, table, text)


def _rank_sets(panel: Axes, table: list[Mapping[str, Any]], text: Mapping[str, str]) -> None:
    """The rank set of each measure at the right, and a bracket round each tier of more than one."""
    across = panel.get_yaxis_transform()  # x in axes fractions, y in places
    for place, row in enumerate(table):
        low, high = int(float(row["rank_low"])), int(float(row["rank_high"]))
        panel.text(
            1.075,
            place,
            str(low) if low == high else text["rank_range"].format(low=low, high=high),
            transform=across,
            fontsize=7.5,
            color=style.INK,
            va="center",
            ha="left",
        )
    style.right_head(panel, text["fig_ranking_ranks"], 1.075)
    places: dict[str, list[int]] = {}
    for place, row in enumerate(table):
        places.setdefault(str(row["tier"]), []).append(place)
    for members in places.values():
        if len(members) < 2:
            continue
        top, bottom = members[0] - 0.3, members[-1] + 0.3
        panel.plot(
            [1.025, 1.05, 1.05, 1.025],
            [top, top, bottom, bottom],
            transform=across,
            color=style.QUIET,
            linewidth=0.9,
            clip_on=False,
        )


def _of_job(ranking: Iterable[Mapping[str, Any]], reader: Reader) -> dict[str, Figure]:
    method = leading_method(ranking)
    return {"ranking": contributions(ranking, reader=reader, method=method)} if method else {}


FIGURE = JobFigure(("ranking",), _of_job, ("ranking",), by="rank")
