"""One page of a validation: how often each pattern holds, and how large each published effect comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.calibration.verdicts import BREAKS, HOLDS
from analysis.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LIMIT = 4.0
_TEXT = {
    "en": {
        "patterns": "Patterns: share of draws in which each holds",
        "effects": "Published effects: size in the model, published = 1",
        "set": "behavioural set",
        "knock_out": "mechanism frozen",
        "random": "random draws",
        "share": "share of draws; lines at {holds:.0%} and {breaks:.0%}",
        "size": "median and 90 % of draws; grey: within a factor of two",
        "sign": "sign or bound: {share:.0%} of draws",
        "hypotheses": "hypotheses, not counted",
        "assumed": "assumed, not counted",
    },
    "zh": {
        "patterns": "模式：成立的抽样占比",
        "effects": "已发表效应：模型中的大小，以发表值为 1",
        "set": "行为参数集",
        "knock_out": "冻结机制",
        "random": "随机抽样",
        "share": "抽样占比；参考线为 {holds:.0%} 与 {breaks:.0%}",
        "size": "中位数与 90% 抽样范围；灰色：两倍以内",
        "sign": "仅有方向或界限：{share:.0%} 的抽样",
        "hypotheses": "假说，不计入",
        "assumed": "模型据此写成，不计入",
    },
}
_MARKS = {"set": ("o", style.IMPROVES), "knock_out": ("X", style.WORSENS), "random": ("|", style.QUIET)}


@style.drawn
def page(
    rows: Sequence[Mapping[str, Any]],
    conditions: Sequence[Mapping[str, Any]],
    *,
    labels: Mapping[str, Mapping[str, str]],
    language: str,
) -> Figure:
    """Patterns on the left, effects on the right; rows of validation.csv and conditions.csv.

    What is not counted stands below a line: hypotheses, and effects that the model was written after.
    """
    from matplotlib.figure import Figure

    effects = sorted((row for row in rows if row["kind"] == "effect"), key=lambda row: not row["counted"])
    of_set = [c for row in effects for c in conditions if c["pass"] == "set" and c["id"] == row["id"]]
    counted = {row["id"] for row in effects if row["counted"]}
    figure = Figure(figsize=(11.0, 1.4 + 0.24 * max(len(of_set), 18)), layout="constrained")
    left, right = figure.subplots(1, 2)
    patterns = [row for row in rows if row["kind"] == "pattern"]
    _patterns(left, [*patterns, *(row for row in rows if row["kind"] == "hypothesis")], labels, language)
    _effects(right, of_set, labels, language)
    _line(left, len(patterns), _TEXT[language]["hypotheses"])
    _line(right, sum(row["id"] in counted for row in of_set), _TEXT[language]["assumed"])
    return figure


def _line(axes: Axes, above: int, said: str) -> None:
    """A line below the first rows, and what it means."""
    axes.axhline(above - 0.5, color=style.QUIET, linewidth=0.8)
    axes.annotate(
        said, (1.0, above - 0.5), xycoords=("axes fraction", "data"), xytext=(-2, -2), textcoords="offset points",
        ha="right", va="top", fontsize=7.5, color=style.QUIET,
    )  # fmt: skip


def _patterns(axes: Axes, rows, labels, language: str) -> None:
    text = _TEXT[language]
    columns = {
        "set": "share_of_behavioural_set",
        "random": "base_rate_random_draws",
        "knock_out": "share_with_knock_out",
    }
    shares = {name: [row[column] for row in rows] for name, column in columns.items()}
    for name, values in shares.items():
        mark, colour = _MARKS[name]
        size = 12 if name == "random" else 7
        axes.plot(values, range(len(rows)), mark, color=colour, markersize=size, label=text[name], clip_on=False)
    for share in (HOLDS, BREAKS):
        axes.axvline(share, color=style.QUIET, linewidth=0.7, linestyle=style.DASHES[1])
    axes.set_yticks(range(len(rows)), [labels[row["id"]][language] for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xlabel(text["share"].format(holds=HOLDS, breaks=BREAKS))
    axes.set_title(text["patterns"])
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=3, frameon=False, fontsize=8)
    style.keep_font(axes)


def _effects(axes: Axes, rows, labels, language: str) -> None:
    text = _TEXT[language]
    axes.axvspan(0.5, 2.0, color=style.GRID, zorder=0)
    axes.axvline(1.0, color=style.QUIET, linewidth=0.7)
    axes.axvline(0.0, color=style.INK, linewidth=0.9)
    names = []
    for place, row in enumerate(rows):
        names.append(labels[row["id"]][language] if row["condition"] == 1 else f"{row['condition']}")
        size = row["published"]
        if size != size:
            said = text["sign"].format(share=row["share_of_draws"])
            axes.text(0.06, place, said, va="center", fontsize=8, color=style.QUIET)
            continue
        low, middle, high = (max(-1.0, min(LIMIT, row[key] / size)) for key in ("ci_low", "value", "ci_high"))
        axes.plot([low, high], [place, place], color=style.LEAD, linewidth=2.0)
        axes.plot(middle, place, "o", color=style.LEAD, markersize=6)
    axes.set_yticks(range(len(rows)), names)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-1.0, LIMIT)
    axes.set_xlabel(text["size"])
    axes.set_title(text["effects"])
    style.keep_font(axes)
