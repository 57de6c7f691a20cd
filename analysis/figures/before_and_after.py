"""Pain points and causes before and after: the year of evaluation in hundredths of the year before.

Each stands for itself by its first indicator. Units differ, so that every row has its own level before as 100; the
levels themselves stand at the right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import datasets, layout, style
from analysis.figures.registry import JobFigure
from analysis.words import Reader
from analysis.words.quantities import Quantity, number

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

FURTHEST = 200.0  # what lies beyond is drawn at this edge, with an arrow
LOOKS = (  # of the settings' evaluation years: sign, colour, filled
    ("s", style.BASE, False),
    ("o", style.LEAD, True),
    ("^", style.MORE[0], True),
    ("D", style.MORE[1], True),
)


@style.figure
def pain_points(
    dataset: xarray.Dataset, points: Sequence[Mapping[str, Any]], *, reader: Reader | None = None, language: str = "en"
) -> Figure:
    """One row an entry of `points` whose first indicator the dataset has.

    points: id, en, zh and indicators (ids of variables, the first foremost) of each. Raises ValueError if there is none
    that the dataset has.
    """
    reader = reader or Reader(language)
    text, states = reader.text, datasets.states(dataset, reader)
    shown = [
        point for point in points if f"{point['indicators'][0]}_in" in dataset or point["indicators"][0] in dataset
    ]
    if not shown:
        raise ValueError("the dataset has no indicator of a pain point.")
    figure, (panel,) = style.side_by_side(1, len(shown), 1.4, each=7.0, row=0.34)
    panel.axvline(100.0, color=style.INK, linewidth=0.8, zorder=1)
    names = []
    for place, point in enumerate(shown):
        variable = str(point["indicators"][0])
        described = datasets.describe(dataset, variable)
        names.append(_name(point, described[reader.language], reader))
        levels = [datasets.figures_of(dataset, variable, state) for state in states]
        means = [datasets.mean_and_ends(values) for values in levels]
        _row(panel, place, means, described["better"])
        printed = _printed(means[0][0], means[-1][0], reader.quantity(described["unit"]))
        panel.text(
            1.04,
            place,
            layout.broken(text["fig_from_to"].format(before=printed[0], after=printed[1]), 7.5, _room(figure), 2),
            transform=panel.get_yaxis_transform(),
            fontsize=7.5,
            va="center",
            color=style.INK,
        )
    panel.set_xlim(0.0, FURTHEST * 1.03)
    style.in_rows(panel, names)
    layout.least(panel, row=0.3)
    panel.set_xticks([0.0, 50.0, 100.0, 150.0] if (layout.asked_width() or 9.0) > 4.5 else [0.0, 100.0])
    panel.set_xlabel(text["fig_points_axis"])
    style.head(figure, text["fig_points_title"])
    marks = [text["fig_sign"].format(sign=state.mark, says=state.label) for state in states[1:]]
    style.foot(figure, "   ".join(marks) + "\n" + text["fig_points_note"].format(last=states[-1].label))
    return figure


def _room(figure: Figure) -> float:
    return 72.0 * min(2.4, 0.27 * figure.get_figwidth())


def _name(point: Mapping[str, Any], indicator: str, reader: Reader) -> str:
    """The pain point, and below it what stands for it."""
    name = reader.pick(point)
    return name if name == indicator else f"{name}\n{reader.text['fig_points_by'].format(indicator=indicator)}"


def _printed(before: float, after: float, unit: Quantity) -> tuple[str, str]:
    """Two levels with their unit once."""
    digits = 1 if unit.factor == 100.0 or abs(before) >= 10.0 else 2
    digits = 0 if abs(unit.factor * before) >= 1000.0 else digits
    return number(unit.factor * before, digits), number(unit.factor * after, digits) + unit.level_unit


def _row(panel: Any, place: int, means: Sequence[tuple[float, float, float]], better: str) -> None:
    """The states after, in hundredths of the first: full where better than before, open where worse."""
    before = means[0][0]
    if not math.isfinite(before) or before == 0.0:
        return
    for at, (value, low, high) in enumerate(means[1:]):
        sign, colour, _ = LOOKS[at % len(LOOKS)] if len(means) > 2 else LOOKS[1]
        filled = better == ("higher" if value > before else "lower") and colour != style.BASE
        if colour != style.BASE and not filled:
            colour = style.WORSENS if better in ("higher", "lower") else style.INK
        down = place + 0.13 * (2 * at - (len(means) - 2))
        ends = [min(FURTHEST, max(0.0, 100.0 * end / before)) for end in (low, high)]
        if math.isfinite(low):
            panel.plot(ends, [down, down], color=colour, linewidth=1.2, zorder=2)
        shown = 100.0 * value / before
        beyond = ">" if shown > FURTHEST else "<" if shown < 0.0 else sign
        panel.plot(
            min(FURTHEST, max(0.0, shown)),
            down,
            marker=beyond,
            markersize=5.0,
            markerfacecolor=colour if filled else style.PAPER,
            markeredgecolor=colour,
            clip_on=False,
            zorder=3,
        )


def _of_job(dataset: Any, points: Sequence[Mapping[str, Any]], reader: Reader) -> dict[str, Figure]:
    return {"pain_points": pain_points(dataset, points, reader=reader)}


FIGURE = JobFigure(("dataset", "points"), _of_job, ("pain_points",), written=False)
