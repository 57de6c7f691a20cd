"""Gaps between residents by age and use of the app, and between villages by the road and far from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.figures import datasets, layout, style
from analysis.figures.registry import JobFigure
from analysis.figures.waiting import mark_state
from analysis.words import Reader
from analysis.words.quantities import decimals, number

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

GAPS = ("age_gap", "digital_gap", "roadside_gap")


@style.figure
def gaps(dataset: xarray.Dataset, *, reader: Reader | None = None, language: str = "en") -> Figure:
    """One panel a gap, one row a state: the year before, and each setting's evaluation year.

    Raises ValueError if the dataset lacks a gap.
    """
    reader = reader or Reader(language)
    text, states = reader.text, datasets.states(dataset, reader)
    missing = [name for name in GAPS if name not in dataset]
    if missing:
        raise ValueError(f"the dataset has no variable {missing[0]!r}.")
    figure, panels = style.side_by_side(len(GAPS), len(states), 1.7, each=3.3, row=0.4)
    for panel, gap in zip(panels, GAPS, strict=True):
        described = datasets.describe(dataset, gap)
        unit = reader.quantity(described["unit"])
        panel.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
        for at, state in enumerate(states):
            three = [unit.factor * value for value in datasets.mean_and_ends(datasets.figures_of(dataset, gap, state))]
            mark_state(panel, at, at, len(states), (three[0], three[1], three[2]))
            said = number(three[0], max(1, decimals((three[2] - three[1]) / 2.0)))
            panel.text(1.02, at, said, transform=panel.get_yaxis_transform(), fontsize=7.5, va="center")
        panel.margins(x=0.15)
        style.in_rows(panel, [state.label for state in states])
        layout.least(panel, row=0.3)
        panel.set_title(described[reader.language], x=0.0)
        panel.set_xlabel(unit.axis_change_unit)
    style.head(figure, text["fig_gaps_title"])
    style.foot(figure, text["fig_gaps_note"])
    return figure


def _of_job(dataset: Any, reader: Reader) -> dict[str, Figure]:
    return {"gaps": gaps(dataset, reader=reader)}


FIGURE = JobFigure(("dataset",), _of_job, variables=GAPS, written=False)
