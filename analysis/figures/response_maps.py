"""A sweep: curves for one key, a heat map for two, a row of heat maps for three; the best region is marked.

Curves: the pale band holds nine draws of ten (what is not known), the dark bars are the interval of the mean (how long
it was run). Heat maps: darker is more; points that no other is clearly better than have a thick frame, the best a star.
Without draws there is no band, with too few draws or seeds no region.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.figures import style
from analysis.figures.registry import JobFigure
from analysis.words import Reader
from analysis.words.quantities import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

PALE, DARK = "#f1f5f8", "#0f4c81"
MOST_TOLD = 8  # values of a key up to which cells carry their number
STATISTICS = frozenset(
    ("outcome", "mean", "ci_low", "ci_high", "median", "q05", "q95", "chance", "units", "loss", "loss_low", "loss_high")
) | {"p_best", "in_region"}

Rows = list[Mapping[str, Any]]


@style.figure
def response_maps(rows: Iterable[Mapping[str, Any]], *, reader: Reader) -> Figure:
    """The picture of tables/sweep.csv: one panel an outcome and, of three keys, a value of that with fewest values.

    Raises ValueError for no key or more than three, or if no row belongs to one of the outcomes.
    """
    table = [row for row in rows if row["outcome"] in reader.outcomes]
    keys = [name for name in (table[0] if table else ()) if name not in STATISTICS]
    if not 1 <= len(keys) <= 3:
        raise ValueError(f"a sweep of one to three keys expected; {keys} given.")
    by_outcome = {name: own for name in reader.outcomes if (own := [row for row in table if row["outcome"] == name])}
    figure = _curves(by_outcome, keys[0], reader) if len(keys) == 1 else _maps(by_outcome, keys, reader)
    told = any(math.isfinite(float(row["in_region"])) for row in table)
    drawn = any(math.isfinite(float(row["q05"])) for row in table)
    text, kind = reader.text, "curves" if len(keys) == 1 else "maps"
    names = reader.join([reader.label_inside(key) for key in keys])
    figure.suptitle(text["fig_sweep_title"].format(keys=names), x=0.008, ha="left", fontsize=10.5)
    parts = [text[f"fig_sweep_{kind}"]]
    parts += [text["fig_sweep_band"]] if drawn and kind == "curves" else []
    parts += [text[f"fig_sweep_region_{kind}" if told else "fig_sweep_untold"]]
    style.foot(figure, text["sentence_space"].join(parts))
    return figure


def _curves(by_outcome: Mapping[str, Rows], key: str, reader: Reader) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(style.wide(2.6 * len(by_outcome) + 0.3), 3.4), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08)  # type: ignore[union-attr, call-arg]
    panels = figure.subplots(1, len(by_outcome), squeeze=False)[0]
    for panel, (outcome, rows) in zip(panels, by_outcome.items(), strict=True):
        factor = reader.quantity_of(outcome).factor
        at = [float(row[key]) for row in rows]
        three = {name: factor * np.array([float(row[name]) for row in rows]) for name in _CURVE}
        if np.isfinite(three["q05"]).any():
            panel.fill_between(at, three["q05"], three["q95"], color=style.LEAD, alpha=0.16, linewidth=0)
            panel.plot(at, three["median"], color=style.QUIET, linewidth=1.0, linestyle=style.DASHES[1])
        panel.plot(at, three["mean"], color=style.LEAD, zorder=3)
        panel.vlines(at, three["ci_low"], three["ci_high"], color=style.LEAD, linewidth=2.0, zorder=3)
        for x, y, row in zip(at, three["mean"].tolist(), rows, strict=True):
            full = float(row["in_region"]) == 1.0
            panel.plot(
                x,
                y,
                "o",
                markersize=6.0 if full else 4.5,
                markerfacecolor=style.LEAD if full else style.PAPER,
                markeredgecolor=style.LEAD,
                zorder=4,
            )
        panel.set_title(_titled(outcome, reader))
        panel.set_xlabel(reader.label(key))
        panel.locator_params(nbins=5)
        style.keep_font(panel)
    return figure


_CURVE = ("mean", "ci_low", "ci_high", "median", "q05", "q95")


def _maps(by_outcome: Mapping[str, Rows], keys: Sequence[str], reader: Reader) -> Figure:
    """Heat maps of the first two keys; of three, the one with the fewest values gives the columns."""
    from matplotlib.figure import Figure

    values = {key: sorted({float(row[key]) for rows in by_outcome.values() for row in rows}) for key in keys}
    third = min(keys, key=lambda key: len(values[key])) if len(keys) == 3 else None
    x, y = (key for key in keys if key != third)
    slices: list[float | None] = list(values[third]) if third else [None]
    lines, columns = (len(by_outcome), len(slices)) if third else (1, len(by_outcome))
    size = (style.wide(2.25 * columns + 0.9), 2.2 * lines + 1.1) if third else (style.wide(3.0 * columns + 0.3), 3.7)
    figure = Figure(figsize=size, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.06)  # type: ignore[union-attr, call-arg]
    panels = figure.subplots(lines, columns, squeeze=False)
    colours = _colours()
    for i, (outcome, rows) in enumerate(by_outcome.items()):
        factor = reader.quantity_of(outcome).factor
        every = factor * np.array([float(row["mean"]) for row in rows])
        ends = (float(np.nanmin(every)), float(np.nanmax(every)))
        own = panels[i] if third else [panels[0, i]]
        for j, (panel, at) in enumerate(zip(own, slices, strict=True)):
            shown = [row for row in rows if third is None or float(row[third]) == at]
            drawn = _heat(panel, shown, (x, y), values, ends, factor, colours)
            if third:
                name = f"{reader.label(third)} = {at:g}"
                panel.set_title(name if i == 0 else "", fontsize=9.0)
            else:
                panel.set_title(_titled(outcome, reader))
            if not third or i == lines - 1:
                panel.set_xlabel(reader.label(x))
            if j == 0:
                label = f"{_titled(outcome, reader)}\n{reader.label(y)}" if third else reader.label(y)
                panel.set_ylabel(label)
        bar = figure.colorbar(drawn, ax=list(own), shrink=0.9, aspect=25)
        bar.outline.set_visible(False)
        bar.ax.tick_params(labelfontfamily=style.FAMILY)
    return figure


def _heat(
    panel: Axes,
    rows: Rows,
    keys: tuple[str, str],
    values: Mapping[str, Sequence[float]],
    ends: tuple[float, float],
    factor: float,
    colours: Colormap,
) -> Any:
    """One heat map; cells of equal size, however far apart the values are."""
    from matplotlib.patches import Rectangle

    (x, y), rank = keys, {key: {value: i for i, value in enumerate(values[key])} for key in keys}
    grid = np.full((len(values[y]), len(values[x])), np.nan)
    told = max(len(values[key]) for key in keys) <= MOST_TOLD
    width = (ends[1] - ends[0]) or 1.0
    digits = int(min(3, max(0, 1 - math.floor(math.log10(width)))))
    inside = set()
    for row in rows:
        at = rank[x][float(row[x])], rank[y][float(row[y])]
        value = grid[at[1], at[0]] = factor * float(row["mean"])
        ink = style.PAPER if (value - ends[0]) / width > 0.55 else style.INK
        star = "★" if float(row["loss"]) == 0.0 else ""
        if told or star:
            panel.text(
                *at, star + (number(value, digits) if told else ""), ha="center", va="center", fontsize=7, color=ink
            )
        if float(row["in_region"]) == 1.0:
            inside.add(at)
    drawn = panel.imshow(grid, cmap=colours, vmin=ends[0], vmax=ends[1], origin="lower", aspect="auto")
    for at in inside:
        panel.add_patch(
            Rectangle((at[0] - 0.44, at[1] - 0.44), 0.88, 0.88, fill=False, edgecolor=style.INK, linewidth=1.8)
        )
        panel.add_patch(
            Rectangle((at[0] - 0.40, at[1] - 0.40), 0.80, 0.80, fill=False, edgecolor=style.PAPER, linewidth=0.8)
        )
    panel.set_xticks(range(len(values[x])), [f"{value:g}" for value in values[x]])
    panel.set_yticks(range(len(values[y])), [f"{value:g}" for value in values[y]])
    panel.grid(False)
    for side in panel.spines.values():
        side.set_visible(False)
    style.keep_font(panel)
    return drawn


def _colours() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("sweep", [PALE, DARK])


def _titled(outcome: str, reader: Reader) -> str:
    """The outcome with its unit and which side is better."""
    unit = reader.quantity_of(outcome).axis_unit
    side = reader.text.get(f"fig_sweep_better_{reader.outcomes[outcome].get('better', '')}", "")
    name = (
        reader.text["outcome_in"].format(outcome=reader.outcome(outcome), unit=unit)
        if unit
        else reader.outcome(outcome)
    )
    return f"{name}\n{side}" if side else name


FIGURE = JobFigure(
    ("sweep",), lambda rows, reader: {"sweep": response_maps(rows, reader=reader)}, ("sweep",), by="sweep"
)
