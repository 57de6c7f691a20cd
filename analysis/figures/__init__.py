"""Figures in one style, in English and Chinese, for screen, print and grey printers.

    weekly.py         paths: outcomes week by week, with the band over replicates
    contributions.py  ranking: contributions with intervals, rank sets and tiers
    time_use.py       hours: where the week's hours go
    package.py        effect_strip: effect of the package in year 1 and the evaluation year
    indices.py        sizes: Sobol indices and Morris strengths, which have no sign
    interactions.py   heat_map: what pairs of measures do together
    spread.py         sources, by_measure: where the spread comes from, and whether the order holds
    circumstances.py  places, statements: the ranking and its orders in other circumstances
    doubts.py         the last four, as many as the tables of a ranking allow
    timing.py         timing: what a late start costs, and the order of starts
    style.py          fonts, colours, and the lock round matplotlib's global settings
    files.py          to png, svg and pdf, and to SVG inside a page

Every function takes labelled data and a language and returns a matplotlib Figure; none touches
pyplot.
"""

from __future__ import annotations

from analysis.figures.contributions import ranking
from analysis.figures.data import with_composite
from analysis.figures.doubts import doubt_figures
from analysis.figures.files import inline_svg, rendered, save
from analysis.figures.indices import sizes
from analysis.figures.interactions import heat_map, sentence
from analysis.figures.package import effect_strip
from analysis.figures.spread import sources
from analysis.figures.time_use import hours
from analysis.figures.timing import timing, together_figures
from analysis.figures.weekly import paths

__all__ = [
    "doubt_figures",
    "effect_strip",
    "heat_map",
    "hours",
    "inline_svg",
    "paths",
    "ranking",
    "rendered",
    "save",
    "sentence",
    "sizes",
    "sources",
    "timing",
    "together_figures",
    "with_composite",
]
