"""Figures of a calibration: targets against what priors and the set give, parameters learned, joint misfits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_NAMED = 14
_TEXT = {
    "en": {
        "targets": "Targets: range (grey), priors (orange) and behavioural set (blue), 5 to 95 %",
        "range": "in widths of the range; 0 and 1 are its ends; thin line: how far a guess may be missed",
        "percent": "; % = priors missing it",
        "learned": "What the targets teach: each point a parameter",
        "width": "spread in the set, by that of the prior",
        "shift": "shift of the mean, in prior standard deviations",
        "misfits": "Draws that meet both targets, by what independence would give",
    },
    "zh": {
        "targets": "校准目标：范围（灰）、先验（橙）与行为参数集（蓝），5% 至 95%",
        "range": "以范围宽度为单位；0 和 1 为两端；细线：猜测值允许的偏离",
        "percent": "；% 为未达标的先验",
        "learned": "目标告诉我们什么：每点为一个参数",
        "width": "参数集离散度与先验之比",
        "shift": "均值移动（先验标准差）",
        "misfits": "同时满足两项目标的抽样，与相互独立时之比",
    },
}


@style.drawn
def targets(rows: Sequence[Mapping[str, Any]], *, labels: Mapping[str, Mapping[str, str]], language: str) -> Figure:
    """Ranges of the targets with what priors and the behavioural set give, each in widths of its range."""
    from matplotlib.figure import Figure

    text = _TEXT[language]
    figure = Figure(figsize=(7.0, 0.9 + 0.36 * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(0, 1, color=style.GRID, zorder=0)
    for place, row in enumerate(rows):
        width = row["high"] - row["low"]
        ends = [(row[key] - row["low"]) / width for key in ("allowed_low", "allowed_high")]
        axes.plot(ends, [place, place], color=style.QUIET, linewidth=0.8, zorder=1)
        for kind, shift, colour in (("prior", 0.16, style.WORSENS), ("set", -0.16, style.IMPROVES)):
            low, middle, high = ((row[f"{kind}_{q}"] - row["low"]) / width for q in ("p5", "p50", "p95"))
            axes.plot([low, high], [place - shift] * 2, color=colour, linewidth=2.2)
            axes.plot(middle, place - shift, "o" if kind == "set" else "D", color=colour, markersize=4.5)
        share = row["share_of_draws_missing"]
        axes.annotate(
            f"{share:.0%}", (1.0, place), xycoords=("axes fraction", "data"), fontsize=8, va="center",
            xytext=(4, 0), textcoords="offset points",
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), [labels[row["target"]][language] for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.6)
    axes.set_xlim(-1.0, 2.0)
    axes.set_xlabel(f"{text['range']}{text['percent']}")
    figure.suptitle(text["targets"], x=0.008, ha="left", fontsize=10.5)
    style.keep_font(axes)
    return figure


@style.drawn
def parameters(rows: Sequence[Mapping[str, Any]], *, language: str) -> Figure:
    """Posterior width against shift; the parameters that moved beyond chance are named."""
    from matplotlib.figure import Figure

    text = _TEXT[language]
    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    axes = figure.subplots()
    learned = [row for row in rows if row["learned"]]
    rest = [row for row in rows if not row["learned"]]
    axes.plot([r["shift"] for r in rest], [r["width_ratio"] for r in rest], "o", color=style.UNCLEAR, markersize=3)
    axes.plot([r["shift"] for r in learned], [r["width_ratio"] for r in learned], "o", color=style.LEAD, markersize=5)
    for row in sorted(learned, key=lambda r: -abs(r["shift"]))[:MOST_NAMED]:
        place = (row["shift"], row["width_ratio"])
        axes.annotate(row["parameter"], place, xytext=(4, 3), textcoords="offset points", fontsize=7)
    axes.axhline(1, color=style.QUIET, linewidth=0.7)
    axes.axvline(0, color=style.QUIET, linewidth=0.7)
    axes.set_xlabel(text["shift"])
    axes.set_ylabel(text["width"])
    axes.set_title(text["learned"])
    style.keep_font(axes)
    return figure


@style.drawn
def misfits(rows: Sequence[Mapping[str, Any]], *, labels: Mapping[str, Mapping[str, str]], language: str) -> Figure:
    """A triangle of pairs of targets; below 1 two targets pull against each other."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys([row["one"] for row in rows] + [row["other"] for row in rows]))
    figure = Figure(figsize=(7.4, 5.4), layout="constrained")
    axes = figure.subplots()
    place = {name: i for i, name in enumerate(names)}
    for row in rows:
        value = row["by_independence"]
        if value != value:
            continue
        colour = style.WORSENS if value < 0.9 else style.IMPROVES if value > 1.1 else style.QUIET
        axes.text(place[row["one"]], place[row["other"]], f"{value:.2f}", color=colour, ha="center", fontsize=8)
    named = [labels[name][language] for name in names]
    axes.set_xticks(range(len(names)), named, rotation=35, ha="right")
    axes.set_yticks(range(len(names)), named)
    axes.set_xlim(-0.6, len(names) - 1)
    axes.set_ylim(len(names) - 0.5, 0.4)
    axes.grid(False)
    figure.suptitle(_TEXT[language]["misfits"], x=0.008, ha="left", fontsize=10.5)
    style.keep_font(axes)
    return figure
