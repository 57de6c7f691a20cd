"""What a measure brings for what it costs: its effect for 1,000 cadre hours or 10,000 yuan a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import style
from analysis.figures.registry import JobFigure
from analysis.uncertainty import verdict
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CURRENCIES = ("hours", "yuan")


@style.figure
def costs(rows: Iterable[Mapping[str, Any]], *, reader: Reader, currency: str = "hours") -> Figure:
    """One panel an outcome, one row a measure that costs anything in the currency, from tables/cost_effectiveness.

    Raises ValueError if there are no such rows.
    """
    text = reader.text
    table = {
        outcome: sorted(own, key=lambda row: int(float(row["rank"])))
        for given in [[row for row in rows if row["currency"] == currency]]
        for outcome in reader.outcomes
        if (own := [row for row in given if row["outcome"] == outcome])
    }
    if not table:
        raise ValueError(f"there are no costs in {currency}.")
    figure, panels = style.side_by_side(len(table), max(map(len, table.values())), 1.6)
    for panel, (outcome, own) in zip(panels, table.items(), strict=True):
        unit = reader.quantity_of(outcome)
        better = str(reader.outcomes[outcome].get("better", ""))
        panel.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
        for place, row in enumerate(own):
            value, low, high = (unit.factor * float(row[key]) for key in ("effect", "ci_low", "ci_high"))
            says = verdict(low, high, better)
            style.mark(panel, place, (value, low, high), says, filled=says not in ("unclear", "unknown"))
        style.in_rows(panel, [reader.label(row["measure"]) for row in own])
        panel.set_title(reader.outcome(outcome), x=0.0)
        panel.set_xlabel(text[f"fig_costs_axis_{currency}"].format(unit=unit.axis_change_unit))
    style.head(figure, text[f"fig_costs_title_{currency}"])
    style.foot(figure, text["fig_ranking_key"] + "\n" + text["fig_costs_note"])
    return figure


def _of_job(rows: Sequence[Mapping[str, Any]], reader: Reader) -> dict[str, Figure]:
    found = {row["currency"] for row in rows}
    return {f"costs_{name}": costs(rows, reader=reader, currency=name) for name in CURRENCIES if name in found}


FIGURE = JobFigure(("cost_effectiveness",), _of_job, by="costs", written=False)
