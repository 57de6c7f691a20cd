"""What a budget buys: the effect of the best package found at each cost, and the frontier (Pareto front) of those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.figures.costs import CURRENCIES
from analysis.figures.registry import JobFigure
from analysis.words import Reader
from analysis.words.quantities import MINUS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@style.figure
def budgets(rows: Iterable[Mapping[str, Any]], *, reader: Reader, currency: str = "hours") -> Figure:
    """One panel an outcome from the rows of tables/packages; a point's number is that of its measures.

    Raises ValueError if there are no rows of the currency.
    """
    text = reader.text
    table = {
        outcome: sorted(own, key=lambda row: float(row["cost"]))
        for given in [[row for row in rows if row["currency"] == currency]]
        for outcome in reader.outcomes
        if (own := [row for row in given if row["outcome"] == outcome])
    }
    if not table:
        raise ValueError(f"there are no packages under budgets in {currency}.")
    figure, panels = style.side_by_side(len(table), 1, 1.5, each=3.3, row=2.0)
    for panel, (outcome, own) in zip(panels, table.items(), strict=True):
        _panel(panel, own, reader.quantity_of(outcome).factor, text)
        panel.set_title(reader.outcome(outcome), x=0.0)
        panel.set_xlabel(text[f"fig_budgets_cost_{currency}"])
        panel.set_ylabel(text["fig_ranking_change"].format(unit=reader.quantity_of(outcome).axis_change_unit))
        layout.least(panel, height=1.6)
        style.keep_font(panel)
    style.head(figure, text["fig_budgets_title"])
    style.foot(figure, text["fig_budgets_key"])
    return figure


def _panel(panel: Axes, own: Sequence[Mapping[str, Any]], factor: float, text: Mapping[str, str]) -> None:
    from matplotlib.ticker import FuncFormatter

    seen: dict[str, Mapping[str, Any]] = {str(row["measures"]): row for row in own}
    front = [row for row in seen.values() if int(float(row["efficient"]))]
    at = [float(row["cost"]) / 10_000.0 for row in front]
    panel.plot([0.0, *at], [0.0, *(factor * float(row["effect"]) for row in front)], color=style.UNCLEAR, linewidth=1.0)
    for row in seen.values():
        efficient = bool(int(float(row["efficient"])))
        cost = float(row["cost"]) / 10_000.0
        value, low, high = (factor * float(row[key]) for key in ("effect", "ci_low", "ci_high"))
        colour = style.LEAD if efficient else style.UNCLEAR
        panel.plot([cost, cost], [low, high], color=colour, linewidth=1.3)
        panel.plot(
            cost,
            value,
            marker="o",
            markersize=5.4,
            markerfacecolor=colour if efficient else style.PAPER,
            markeredgecolor=colour,
        )
    for row in front:
        panel.annotate(
            str(len(str(row["measures"]).split())),
            (float(row["cost"]) / 10_000.0, factor * float(row["effect"])),
            xytext=(5, -9),
            textcoords="offset points",
            fontsize=7.5,
        )
    panel.axhline(0.0, color=style.INK, linewidth=0.8)
    panel.set_xlim(left=0.0)
    panel.locator_params(nbins=5)
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", MINUS)))


def _of_job(rows: Sequence[Mapping[str, Any]], reader: Reader) -> dict[str, Figure]:
    found = {row["currency"] for row in rows}
    return {f"budgets_{name}": budgets(rows, reader=reader, currency=name) for name in CURRENCIES if name in found}


FIGURE = JobFigure(("packages",), _of_job, by="packages", written=False)
