"""Waiting against the limit, kind by kind of case: mean working days to close, and the statutory limit of the kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import datasets, layout, style
from analysis.figures.before_and_after import LOOKS
from analysis.figures.registry import JobFigure
from analysis.words import Reader
from analysis.words.quantities import number

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

TICKS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200)


@style.figure
def waiting(
    dataset: xarray.Dataset, kinds: Sequence[Mapping[str, Any]], *, reader: Reader | None = None, language: str = "en"
) -> Figure:
    """One row a kind of case.

    kinds: id, en, zh and limit (working days) of each; the dataset has days_<id> and on_time_<id>. Raises ValueError if
    it has none of them.
    """
    reader = reader or Reader(language)
    text, states = reader.text, datasets.states(dataset, reader)
    shown = [kind for kind in kinds if f"days_{kind['id']}" in dataset]
    if not shown:
        raise ValueError("the dataset has no days by kind of case.")
    figure, (panel,) = style.side_by_side(1, len(shown), 1.6, each=7.0, row=0.36)
    across = panel.get_yaxis_transform()
    for place, kind in enumerate(shown):
        means = [datasets.mean_and_ends(datasets.figures_of(dataset, f"days_{kind['id']}", s)) for s in states]
        panel.plot([float(kind["limit"])] * 2, [place - 0.36, place + 0.36], color=style.INK, linewidth=2.0, zorder=2)
        for at, three in enumerate(means):
            mark_state(panel, place + 0.2 * (at - (len(states) - 1) / 2), at, len(states), three)
        on_time = [datasets.mean_and_ends(datasets.figures_of(dataset, f"on_time_{kind['id']}", s))[0] for s in states]
        said = text["fig_from_to"].format(before=_percent(on_time[0]), after=_percent(on_time[-1]))
        panel.text(1.02, place, said, transform=across, fontsize=7.5, va="center")
    panel.set_xscale("log")
    low, high = panel.get_xlim()
    ticks = [tick for tick in TICKS if low <= tick <= high]
    style.in_rows(panel, [reader.pick(kind) for kind in shown])
    style.right_head(panel, text["fig_waiting_on_time"], 1.02)
    panel.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    panel.set_xticks([], minor=True)
    style.keep_font(panel)
    layout.least(panel, row=0.3)
    panel.set_xlabel(text["fig_waiting_axis"])
    style.head(figure, text["fig_waiting_title"])
    marks = [text["fig_sign"].format(sign=state.mark, says=state.label) for state in states]
    style.foot(figure, "   ".join([*marks, text["fig_waiting_limit"]]) + "\n" + text["fig_waiting_note"])
    return figure


def _percent(share: float) -> str:
    return f"{number(100.0 * share, 0)}%"


def mark_state(panel: Any, at: float, position: int, count: int, three: tuple[float, float, float]) -> None:
    """A state's mean with its interval; the first is the year before."""
    value, low, high = three
    if position == 0:
        marker, colour, filled = "o", style.BASE, False
    else:
        marker, colour, filled = LOOKS[position - 1] if count > 2 else LOOKS[1]
    panel.plot([low, high], [at, at], color=colour, linewidth=1.2, zorder=3)
    face = colour if filled else style.PAPER
    panel.plot(value, at, marker=marker, markersize=5.0, markerfacecolor=face, markeredgecolor=colour, zorder=4)


def _of_job(dataset: Any, kinds: Sequence[Mapping[str, Any]], reader: Reader) -> dict[str, Figure]:
    return {"waiting": waiting(dataset, kinds, reader=reader)}


FIGURE = JobFigure(("dataset", "kinds"), _of_job, variables=("days_plot", "on_time_plot"), written=False)
