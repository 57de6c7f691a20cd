"""Figures in one style, for screen, print and grey printers: one file a figure, named by what it shows.

Those of a job's folder (FIGURES: every file here that has a JobFigure):

    paths.py                 outcomes week by week, with the band over replicates
    hours.py                 where the week's hours go
    package_effect.py        effect of the package in year 1 and the evaluation year
    contributions.py         contributions of the measures with intervals, rank sets and tiers
    distributions.py         the same over draws: what is not known, and how long it was run
    sensitivity.py           Sobol indices and Morris strengths, which have no sign
    interactions.py          what pairs of measures do together
    start_weeks.py           what a late start costs, and the order of starts
    variance.py              variance shares by source, and over which sources the order holds
    variance_by_measure.py   the same spread, measure by measure
    robustness_ranks.py      the ranking in other towns, theories, election weeks and potencies
    robustness_orders.py     whether its printed orders hold there
    response_maps.py         outcomes over what was swept, and where they are best

Those of checks: calibration_targets.py, calibration_parameters.py, calibration_misfits.py, validation.py, laws.py,
dose_response.py and pareto.py. They share style.py (fonts, colours, the lock round matplotlib's global settings),
datasets.py (reading labelled datasets) and contexts.py (columns of other circumstances). image_files.py writes png,
svg and pdf, and SVG inside a page; registry.py describes a figure.

Every function takes labelled data and a Reader (analysis.words) and returns a matplotlib Figure; none touches pyplot.
To add a figure, add its file with a FIGURE, and its words in every language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from analysis.figures.contributions import contributions, leading_method
from analysis.figures.distributions import distributions
from analysis.figures.hours import hours
from analysis.figures.image_files import inline_svg, render, save
from analysis.figures.interactions import interactions, sentence
from analysis.figures.package_effect import package_effect
from analysis.figures.paths import paths
from analysis.figures.registry import JobFigure
from analysis.figures.sensitivity import sensitivity
from analysis.figures.start_weeks import start_weeks
from analysis.figures.variance import variance
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "FIGURES",
    "contributions",
    "distributions",
    "draw_figures",
    "hours",
    "inline_svg",
    "interactions",
    "leading_method",
    "package_effect",
    "paths",
    "render",
    "save",
    "sensitivity",
    "sentence",
    "start_weeks",
    "variance",
]


def _find() -> dict[str, JobFigure]:
    names = (file.name for file in iter_modules(__path__))
    found = {name: getattr(import_module(f"{__name__}.{name}"), "FIGURE", None) for name in names}
    return {name: figure for name, figure in found.items() if isinstance(figure, JobFigure)}


FIGURES = _find()
"""Figures of a job's folder by the name of their file."""


def draw_figures(given: Mapping[str, Any], reader: Reader, only: Collection[str] = FIGURES) -> dict[str, Figure]:
    """Figures by the names of their files, as many of FIGURES as `given` allows; `only` are names of FIGURES.

    `given` holds the dataset and the tables by name; rows of outcomes that the reader does not have are left out.
    """
    shown = {name: _of_outcomes(value, reader) if name != "dataset" else value for name, value in given.items()}
    drawn: dict[str, Figure] = {}
    for name, figure in FIGURES.items():
        if name in only and all(len(shown.get(need, ())) for need in figure.needs):
            drawn |= figure.draw(*(shown[need] for need in figure.needs), reader)
    return drawn


def _of_outcomes(rows: Any, reader: Reader) -> list[Mapping[str, Any]]:
    return [row for row in rows or () if row.get("outcome") in reader.outcomes]
