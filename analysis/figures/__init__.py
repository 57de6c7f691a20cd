"""Figures in one style, for screen, print and grey printers: one file a figure, named by what it shows.

CATALOGUE has every figure that can be drawn from a job's folder (every file here with a FIGURE; registry.py describes
one), and `python -m experiments.figure from=<folder>` lists them. FIGURES are those that every job writes:

    paths.py                 outcomes week by week, with the band over replicates
    hours.py                 where the week's hours go
    package_effect.py        effect of the package in year 1 and the evaluation year
    contributions.py         contributions of the measures with intervals, rank sets and tiers
    distributions.py         the same over draws: what is not known, and how long it was run
    sensitivity.py           Sobol indices and Morris strengths, which have no sign
    interactions.py          what pairs of measures do together
    start_weeks.py           what a late start costs, and the order of starts
    persistence.py           what stays when a measure ends
    variance.py              variance shares by source, and over which sources the order holds
    variance_by_measure.py   the same spread, measure by measure
    robustness_ranks.py      the ranking in other towns, theories, election weeks and potencies
    robustness_orders.py     whether its printed orders hold there
    response_maps.py         outcomes over what was swept, and where they are best

The others are drawn when asked for:

    before_and_after.py, waiting.py, diversion.py, gaps.py, villages.py   of the town, before and after
    waterfall.py, effect_matrix.py, costs.py, budgets.py, reversals.py   of a ranking
    calibration_targets.py, calibration_parameters.py, calibration_misfits.py, validation.py   of those jobs

Those of checks: laws.py, dose_response.py and pareto.py. They share style.py (fonts, colours, the lock round
matplotlib's global settings), layout.py (widths, and texts fitted to their places), grey.py, datasets.py (reading
labelled datasets) and contexts.py (columns of other circumstances). image_files.py writes png, svg and pdf, and SVG
inside a page; poster.py sets figures one below the other for a phone.

Every function takes labelled data and a Reader (analysis.words) and returns a matplotlib Figure; none touches pyplot.
Those of a dataset do without a reader, and all take a width, a title and grey:

    figures.paths(ds, outcomes=["fatigue"], width="8cm", language="zh")

To add a figure, add its file with a FIGURE, and its words in every language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from analysis.figures.before_and_after import pain_points
from analysis.figures.budgets import budgets
from analysis.figures.contributions import contributions, leading_method
from analysis.figures.costs import costs
from analysis.figures.distributions import distributions
from analysis.figures.diversion import diversion
from analysis.figures.effect_matrix import effect_matrix
from analysis.figures.gaps import gaps
from analysis.figures.hours import hours
from analysis.figures.image_files import inline_svg, render, save
from analysis.figures.interactions import interactions, sentence
from analysis.figures.package_effect import package_effect
from analysis.figures.paths import paths
from analysis.figures.registry import JobFigure
from analysis.figures.reversals import reversals
from analysis.figures.sensitivity import sensitivity
from analysis.figures.start_weeks import start_weeks
from analysis.figures.variance import variance
from analysis.figures.villages import villages
from analysis.figures.waiting import waiting
from analysis.figures.waterfall import waterfall
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "CATALOGUE",
    "FIGURES",
    "budgets",
    "contributions",
    "costs",
    "distributions",
    "diversion",
    "draw_figures",
    "effect_matrix",
    "gaps",
    "hours",
    "inline_svg",
    "interactions",
    "kinds",
    "leading_method",
    "missing",
    "package_effect",
    "pain_points",
    "paths",
    "render",
    "reversals",
    "save",
    "sensitivity",
    "sentence",
    "start_weeks",
    "variance",
    "villages",
    "waiting",
    "waterfall",
]


def _find() -> dict[str, JobFigure]:
    names = (file.name for file in iter_modules(__path__))
    found = {name: getattr(import_module(f"{__name__}.{name}"), "FIGURE", None) for name in names}
    return {name: figure for name, figure in found.items() if isinstance(figure, JobFigure)}


CATALOGUE = _find()
"""Figures that can be drawn from a job's folder, by the name of their file."""

FIGURES = {name: figure for name, figure in CATALOGUE.items() if figure.written}
"""Those that every job writes."""


def kinds() -> dict[str, str]:
    """By what a figure is asked for (kind=) -> the name of its file."""
    return {kind: name for name, figure in CATALOGUE.items() for kind in figure.kinds or (name,)}


def draw_figures(given: Mapping[str, Any], reader: Reader, only: Collection[str] = FIGURES) -> dict[str, Figure]:
    """Figures by their names, as many as `given` allows; `only` are names of files, of CATALOGUE.

    `given` holds what figures need (registry.py): the dataset, and rows by the name of their table. Rows of outcomes
    that the reader does not have are left out.
    """
    shown = {name: value if name == "dataset" else _of_outcomes(value, reader) for name, value in given.items()}
    drawn: dict[str, Figure] = {}
    for name, figure in CATALOGUE.items():
        if name in only and not missing(figure, shown):
            drawn |= figure.draw(*(shown[need] for need in figure.needs), reader)
    return drawn


def missing(figure: JobFigure, given: Mapping[str, Any]) -> list[str]:
    """What a figure needs and `given` has not: names of needs and of variables."""
    dataset = given.get("dataset")
    gone = [need for need in figure.needs if given.get(need) is None or not len(given[need])]
    return gone + [name for name in figure.variables if dataset is None or name not in dataset]


def _of_outcomes(rows: Any, reader: Reader) -> list[Mapping[str, Any]]:
    return [row for row in rows or () if row.get("outcome") is None or row["outcome"] in reader.outcomes]
