"""How sure a number is: intervals over replicates, paired differences, bands over weeks.

paired.py   differences between settings run with common seeds
bands.py    a middle line and what surrounds it
ranks.py    which places each measure could take
"""

from __future__ import annotations

from analysis.uncertainty.bands import BAND_KINDS, Band, band, mean_of_present
from analysis.uncertainty.paired import (
    EFFECT_COLUMNS,
    LEVEL_COLUMNS,
    VERDICTS,
    Interval,
    levels,
    paired_effects,
    t_interval,
    variance_ratio,
    verdict,
)
from analysis.uncertainty.ranks import RankSets, rank_sets, tiers

__all__ = [
    "BAND_KINDS",
    "EFFECT_COLUMNS",
    "LEVEL_COLUMNS",
    "Band",
    "Interval",
    "VERDICTS",
    "RankSets",
    "band",
    "levels",
    "mean_of_present",
    "paired_effects",
    "rank_sets",
    "t_interval",
    "tiers",
    "variance_ratio",
    "verdict",
]
