"""What stays when a measure ends: the effect that is kept (filled) and the effect after the end (open), with intervals.

One column an outcome; the package stands first, measures by the effect that is kept. Grey cannot be told apart from no
effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis import LEVEL, PACKAGE
from analysis.figures import style
from analysis.figures.registry import JobFigure
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@style.figure
def endings(rows: Iterable[Mapping[str, Any]], *, reader: Reader, level: float = LEVEL) -> Figure:
    """The `rows` of analysis.attribution.persistence; raises ValueError if they are of no outcome shown."""
    text, table = reader.text, list(rows)
    shown = [outcome for outcome in reader.outcomes if any(row["outcome"] == outcome for row in table)]
    if not shown:
        raise ValueError(f"there are no endings of {', '.join(reader.outcomes)}.")
    count = max(sum(row["outcome"] == outcome for row in table) for outcome in shown)
    figure, panels = style.side_by_side(len(shown), count, 2.0, each=3.4, row=0.27)
    for panel, outcome in zip(panels, shown, strict=True):
        own = [row for row in table if row["outcome"] == outcome]
        unit = reader.quantity_of(outcome)
        _panel(panel, own, [name_of(row, reader) for row in own], unit.factor)
        panel.set_title(reader.outcome(outcome), x=0.0)
        panel.set_xlabel(text["fig_ranking_change"].format(unit=unit.axis_change_unit))
    style.head(figure, text["fig_endings_title"])
    fields = {"weeks": int(float(table[0]["weeks"])), "level": reader.percent(level)}
    style.foot(figure, text["fig_endings_note"].format(**fields, n=int(float(table[0]["seeds"]))))
    return figure


def name_of(row: Mapping[str, Any], reader: Reader) -> str:
    """A measure's name, or that of the package."""
    return reader.text["endings_package"] if row["name"] == PACKAGE else reader.label(str(row["name"]))


def _panel(panel: Axes, rows: Sequence[Mapping[str, Any]], names: Sequence[str], factor: float) -> None:
    panel.axvline(0, color=style.INK, linewidth=0.8, zorder=1)
    for at, row in enumerate(rows):
        for case, shift in (("kept", -0.15), ("ended", 0.15)):
            value, low, high = (factor * float(row[key]) for key in (case, f"{case}_low", f"{case}_high"))
            says = str(row[f"{case}_verdict"])
            style.mark(panel, at + shift, (value, low, high), says, filled=case == "kept")
    style.in_rows(panel, names)


FIGURE = JobFigure(
    ("endings",), lambda rows, reader: {"endings": endings(rows, reader=reader)}, ("endings",), by="endings"
)
