"""Indicators: what is read off a run. One table a file; every entry is plain data.

A ratio is pooled: numerator and denominator are summed over villages and over the weeks of a period before the
division. A ratio without a denominator is missing by design.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.indicators.by_kind import BY_KIND
from sim.indicators.headline import HEADLINE
from sim.indicators.indicator import Indicator
from sim.indicators.money import MONEY
from sim.indicators.pain_points import CAUSES, DETAIL, PAIN_POINTS, Item

OUTCOMES = ("service_efficiency", "micro_corruption", "satisfaction")
INDICATORS: Mapping[str, Indicator] = {i.id: i for i in (*HEADLINE, *DETAIL, *BY_KIND, *MONEY)}

__all__ = [
    "BY_KIND",
    "CAUSES",
    "DETAIL",
    "HEADLINE",
    "INDICATORS",
    "MONEY",
    "OUTCOMES",
    "PAIN_POINTS",
    "Indicator",
    "Item",
]
