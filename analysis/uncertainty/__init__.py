"""How sure a number is: intervals over replicates, paired differences, bands over weeks.

paired.py       differences between settings run with common seeds
bands.py        a middle line and what surrounds it
ranks.py        which places each measure could take
front.py        what each step along the cost-outcome frontier (Pareto front) buys, and who is on it
precision.py    how precise a ranking is by now, and how many more seeds it takes
variance.py     share of the variance due to each source (seed, behaviour, potency, town, ..)
stability.py    whether an order holds when something else is drawn
reversals.py    how far an assumption must be off for a statement to be reversed
ignorance.py    how effects differ between draws, with chance taken out
regions.py      which points of a grid are best, and in how many draws
evppi.py        what it would be worth to know a parameter before choosing
"""

from __future__ import annotations

from analysis.uncertainty.bands import BAND_KINDS, Band, band, mean_of_present
from analysis.uncertainty.front import STEP_COLUMNS, efficient, steps
from analysis.uncertainty.paired import (
    EFFECT_COLUMNS,
    LEVEL_COLUMNS,
    VERDICTS,
    Interval,
    levels,
    paired_effects,
    ratio_interval,
    sharpen,
    t_interval,
    variance_ratio,
    verdict,
)
from analysis.uncertainty.precision import TIE_COLUMNS, Precision, precision, ties
from analysis.uncertainty.ranks import MINIMUM, RankSets, place_probability, rank_sets, simultaneous

__all__ = [
    "BAND_KINDS",
    "EFFECT_COLUMNS",
    "LEVEL_COLUMNS",
    "MINIMUM",
    "Band",
    "Interval",
    "Precision",
    "RankSets",
    "STEP_COLUMNS",
    "TIE_COLUMNS",
    "VERDICTS",
    "band",
    "efficient",
    "levels",
    "mean_of_present",
    "paired_effects",
    "place_probability",
    "precision",
    "rank_sets",
    "sharpen",
    "simultaneous",
    "steps",
    "ratio_interval",
    "t_interval",
    "ties",
    "variance_ratio",
    "verdict",
]
