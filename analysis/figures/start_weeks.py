"""What a late start costs, measure by measure, and below what the order of starts does.

One column an outcome. A filled mark is the longest delay, an open one a shorter delay; a grey one cannot be told apart
from no effect. Rows have the order of the longest delay's cost.
"""

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
ORDERS = ("best_first", "cheapest_first", "best_last", "first_or_last")


@style.figure
def start_weeks(
    rows: Iterable[Mapping[str, Any]], *, reader: Reader, period: str = "mean", level: float = LEVEL
) -> Figure:
    """One period from the `rows` of analysis.attribution.start_weeks; raises ValueError if it has none."""
    text = reader.text
    table = [row for row in rows if row["period"] == period]
    shown = [outcome for outcome in reader.outcomes if any(row["outcome"] == outcome for row in table)]
    if not shown:
        raise ValueError(f"there are no start weeks of {', '.join(reader.outcomes)} in the period {period!r}.")
    count = len({row["name"] for row in table if row["kind"] == "delay"})
    orders = [name for name in ORDERS if any(row["name"] == name for row in table)]
    ratios = (count + 1 if count else 1, len(orders) + 1)
    figure, panels = style.pairs(len(shown), ratios, 2.4, each=3.4, row=0.235)
    for column, outcome in enumerate(shown):
        own = [row for row in table if row["outcome"] == outcome]
        unit = reader.quantity_of(outcome)
        factor = unit.factor
        late = [row for row in own if row["kind"] == "delay"]
        most = max((weeks_of(row) for row in late), default=0)
        names = [str(row["name"]) for row in late if weeks_of(row) == most]
        _panel(panels[0][column], late, names, [reader.label(name) for name in names], factor)
        one_after_another = [row for row in own if row["kind"] == "order"]
        named = [text[f"timing_{name}"] if style.is_first(panels[1][column]) else "" for name in orders]
        _panel(panels[1][column], one_after_another, orders, named, factor)
        panels[0][column].set_title(reader.outcome(outcome), x=0.0)
        panels[1][column].set_xlabel(text["fig_ranking_change"].format(unit=unit.axis_change_unit))
    style.head(figure, text["fig_timing_title"])
    weeks = sorted({weeks_of(row) for row in table if row["kind"] == "delay"})
    apart = max((weeks_of(row) for row in table if row["kind"] == "order"), default=0)
    note = text["fig_timing_note"].format(
        weeks=text["comma"].join(map(str, weeks)) or "–",
        apart=apart,
        period=text[f"timing_period_{period}"],
        level=reader.percent(level),
        n=int(float(table[0]["seeds"])),
    )
    style.foot(figure, note)
    return figure


def weeks_of(row: Mapping[str, Any]) -> int:
    """Weeks late, or between two starts."""
    return int(float(row["weeks"]))


def _panel(panel: Axes, rows: Rows, names: Sequence[str], named: Sequence[str], factor: float) -> None:
    """Marks of `rows` at the places of `names`; several delays of a name stand one below the other."""
    most = max(map(weeks_of, rows), default=0)
    panel.axvline(0, color=style.INK, linewidth=0.8, zorder=1)
    for row in rows:
        if row["name"] not in names:
            continue
        longest = weeks_of(row) == most
        at = names.index(str(row["name"])) + (0.0 if row["kind"] == "order" else 0.14 if longest else -0.14)
        three = factor * float(row["difference"]), factor * float(row["ci_low"]), factor * float(row["ci_high"])
        style.mark(panel, at, three, str(row["verdict"]), filled=longest)
    style.in_rows(panel, named)


FIGURE = JobFigure(
    ("timing",), lambda rows, reader: {"timing": start_weeks(rows, reader=reader)}, ("timing",), by="timing"
)
