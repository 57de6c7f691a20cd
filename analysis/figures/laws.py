"""The laws in one picture: in what share of draws each clause holds, and holds with its knock-out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.calibration.laws import BROKEN, HOLDS
from analysis.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TEXT = {
    "en": {
        "title": "Laws: share of draws in which each statement holds",
        "law": "as it is",
        "knock_out": "with its knock-out",
        "together": "judged over the draws together",
        "share": "share of draws; lines at {holds} and {broken} of {count}",
        "holds": "holds",
        "open": "open",
        "broken": "broken",
    },
    "zh": {
        "title": "规律：各条陈述成立的抽样占比",
        "law": "模型原样",
        "knock_out": "去除其机制",
        "together": "全部抽样合并判定",
        "share": "抽样占比；参考线为 {count} 次中的 {holds} 与 {broken} 次",
        "holds": "成立",
        "open": "未定",
        "broken": "不成立",
    },
}
_SHADE = {"holds": style.IMPROVES, "open": style.UNCLEAR, "broken": style.WORSENS}


@style.drawn
def laws(rows: Sequence[Mapping[str, Any]], *, draws: int, language: str) -> Figure:
    """One line a clause, grouped by law.

    rows: law and clause (labels by language), first (whether it is the law's first line), verdict, share (of draws, nan
    where it could not be asked), frozen (the same with its knock-out, nan where there is none), together (bool).
    """
    from matplotlib.figure import Figure

    text = _TEXT[language]
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
            text[row["verdict"]], (1.0, place), xycoords=("axes fraction", "data"), xytext=(12, 0),
            textcoords="offset points", fontsize=8, va="center", color=_SHADE[row["verdict"]],
        )  # fmt: skip
    for share in (HOLDS, BROKEN):
        axes.axvline(share, color=style.QUIET, linewidth=0.7, linestyle=style.DASHES[1])
    axes.set_yticks(range(len(rows)), [_name(row, language) for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-0.03, 1.03)
    holds, broken = (math.floor(share * draws + 0.5) for share in (HOLDS, BROKEN))
    axes.set_xlabel(text["share"].format(holds=holds, broken=broken, count=draws))
    _key(figure, text)
    figure.suptitle(text["title"], x=0.008, ha="left", fontsize=10.5)
    style.keep_font(axes)
    return figure


def _name(row: Mapping[str, Any], language: str) -> str:
    between = "：" if language == "zh" else ": "
    return f"{row['law'][language]}{between}{row['clause'][language]}"


def _key(figure: Figure, text: Mapping[str, str]) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], linestyle="", marker="o", color=style.IMPROVES, markersize=7, label=text["law"]),
        Line2D(
            [], [], linestyle="", marker="o", markerfacecolor=style.PAPER, markeredgecolor=style.IMPROVES, markersize=7,
            label=text["together"],
        ),
        Line2D([], [], linestyle="", marker="X", color=style.WORSENS, markersize=7, label=text["knock_out"]),
    ]  # fmt: skip
    figure.legend(handles=marks, loc="outside lower left", ncols=3, frameon=False, fontsize=8)
