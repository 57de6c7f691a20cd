"""The laws in one picture: in what share of draws each clause holds, and holds with its knock-out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.calibration.laws import BROKEN, HOLDS
from analysis.figures import style
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SHADE = {"holds": style.IMPROVES, "open": style.UNCLEAR, "broken": style.WORSENS}


@style.figure
def laws(rows: Sequence[Mapping[str, Any]], *, draws: int, reader: Reader) -> Figure:
    """One line a clause, grouped by law.

    rows: law and clause (labels by language), first (whether it is the law's first line) and verdict, and together
    (bool). share of draws in which it holds is nan where it cannot be evaluated; frozen is that share with its
    knock-out, nan where there is none.
    """
    from matplotlib.figure import Figure

    text = reader.text
    figure = Figure(figsize=(9.4, 1.5 + 0.24 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for place, row in enumerate(rows):
        if row["first"] and place:
            axes.axhline(place - 0.5, color=style.QUIET, linewidth=0.6)
        if math.isfinite(row["frozen"]):
            axes.plot(row["frozen"], place, "X", color=style.WORSENS, markersize=6, clip_on=False, zorder=4)
        if math.isfinite(row["share"]):
            face = style.PAPER if row["together"] else style.IMPROVES
            edge = style.IMPROVES
            axes.plot(row["share"], place, "o", mfc=face, mec=edge, markersize=7, clip_on=False)
        axes.annotate(
            text[f"fig_laws_{row['verdict']}"], (1.0, place), xycoords=("axes fraction", "data"), xytext=(12, 0),
            textcoords="offset points", fontsize=8, va="center", color=_SHADE[row["verdict"]],
        )  # fmt: skip
    for share in (HOLDS, BROKEN):
        axes.axvline(share, color=style.QUIET, linewidth=0.7, linestyle=style.DASHES[1])
    axes.set_yticks(range(len(rows)), [_name(row, reader) for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-0.03, 1.03)
    holds, broken = (math.floor(share * draws + 0.5) for share in (HOLDS, BROKEN))
    axes.set_xlabel(text["fig_laws_share"].format(holds=holds, broken=broken, count=draws))
    _key(figure, text)
    style.head(figure, text["fig_laws_title"])
    style.keep_font(axes)
    return figure


def _name(row: Mapping[str, Any], reader: Reader) -> str:
    return reader.pick(row["law"]) + reader.text["colon"] + reader.pick(row["clause"])


def _key(figure: Figure, text: Mapping[str, str]) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], linestyle="", marker="o", color=style.IMPROVES, markersize=7, label=text["fig_laws_law"]),
        Line2D(
            [], [], linestyle="", marker="o", markerfacecolor=style.PAPER, markeredgecolor=style.IMPROVES, markersize=7,
            label=text["fig_laws_together"],
        ),
        Line2D([], [], linestyle="", marker="X", color=style.WORSENS, markersize=7, label=text["fig_laws_knock_out"]),
    ]  # fmt: skip
    figure.legend(handles=marks, loc="outside lower left", ncols=3, frameon=False, fontsize=8)
