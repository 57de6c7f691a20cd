"""Verdicts on a pattern or an effect, from one statistic a draw.

A pattern holds in a draw if every condition does, and holds if it does in at least 80 % of the draws. A knock-out
breaks it if with the mechanism frozen it holds in at most 20 %. An effect has the right sign if all its conditions have
it in at least 80 % of the draws. It is within a factor of two if, besides, each of its published sizes is between half
and twice the median over the draws. A missing statistic meets no condition. These shares were fixed before the first
run.

Beside the verdicts stand scores that reward honest uncertainty (Gneiting & Raftery 2007): the logarithm of the
probability that the draws give to what was found in the world. Against the score of random draws of the priors they
say how much the set knows that the priors do not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

HOLDS, BREAKS = 0.8, 0.2
RANGE = (5.0, 95.0)
FACTOR = 2.0


def passes(condition: Mapping[str, Any], value: float) -> bool:
    """Whether a value meets a condition: bounds where there are any, else the published sign."""
    if not math.isfinite(value):
        return False
    if value < condition.get("at_least", -math.inf) or value > condition.get("at_most", math.inf):
        return False
    sign = expected_sign(condition)
    return sign == 0 or sign * value > 0


def expected_sign(condition: Mapping[str, Any]) -> int:
    """1 or −1 where a sign is published, 0 where only bounds count."""
    if "published" in condition:
        return 1 if condition["published"] > 0 else -1
    return int(condition.get("sign", 0))


def expected_text(condition: Mapping[str, Any]) -> str:
    """What a condition expects, in plain signs."""
    if "published" in condition:
        return f"{condition['published']:+g}"
    if "sign" in condition:
        return "> 0" if condition["sign"] > 0 else "< 0"
    parts = [f">= {condition['at_least']:g}"] if "at_least" in condition else []
    parts += [f"<= {condition['at_most']:g}"] if "at_most" in condition else []
    return " and ".join(parts)


def held(conditions: Sequence[Mapping[str, Any]], values: np.ndarray) -> np.ndarray:
    """In which draws every condition is met: values (draws, conditions) -> bool (draws,)."""
    return np.array([all(passes(c, v) for c, v in zip(conditions, row, strict=True)) for row in values], bool)


def share(conditions: Sequence[Mapping[str, Any]], values: np.ndarray) -> float:
    """Share of the draws in which every condition is met; nan without draws."""
    return float(held(conditions, values).mean()) if len(values) else math.nan


def log_score(conditions: Sequence[Mapping[str, Any]], values: np.ndarray, draws: int | None = None) -> float:
    """Log probability, over the draws, that every condition is met; half a draw is added to either side.

    nan without draws. 0 is the best there is; draws that never meet a condition score log(.5 / (draws + 1)), so that
    scores can be compared only for one number of draws: `draws`, where it is not that of the values.
    """
    if not len(values):
        return math.nan
    count = draws or len(values)
    return math.log((held(conditions, values).mean() * count + 0.5) / (count + 1.0))


def size_score(conditions: Sequence[Mapping[str, Any]], values: np.ndarray) -> float:
    """Mean log density of the published sizes over the draws, in units of the size; nan where none is published.

    A t distribution of the draws' mean and spread (Geisser 1993): a narrow range at the wrong place scores worst.
    """
    from scipy.stats import t

    found = []
    for condition, column in zip(conditions, np.asarray(values, float).T, strict=True):
        there = column[np.isfinite(column)]
        if "published" not in condition or len(there) < 3:
            continue
        size = abs(condition["published"])
        spread = max(float(there.std(ddof=1)), 1e-3 * size) * math.sqrt(1.0 + 1.0 / len(there)) / size
        gap = (condition["published"] - float(there.mean())) / size
        found.append(float(t.logpdf(gap / spread, len(there) - 1)) - math.log(spread))
    return float(np.mean(found)) if found else math.nan


def middle(values: np.ndarray) -> tuple[float, float, float]:
    """Median and the range that holds 90 % of the draws, missing ones left out."""
    there = np.asarray(values, float)[np.isfinite(values)]
    if not len(there):
        return math.nan, math.nan, math.nan
    low, high = np.percentile(there, RANGE)
    return float(np.median(there)), float(low), float(high)


def within_factor(conditions: Sequence[Mapping[str, Any]], values: np.ndarray) -> bool:
    """Whether every published size is within a factor of two of the median; False where none is published."""
    sized = [(c["published"], middle(values[:, i])[0]) for i, c in enumerate(conditions) if "published" in c]
    return bool(sized) and all(1 / FACTOR <= median / size <= FACTOR for size, median in sized)


def verdict(kind: str, conditions: Sequence[Mapping[str, Any]], values: np.ndarray) -> str:
    """holds / fails for a pattern or hypothesis; within_factor_two / right_sign / wrong_sign for an effect."""
    often = share(conditions, values) >= HOLDS
    if kind != "effect":
        return "holds" if often else "fails"
    if not often:
        return "wrong_sign"
    return "within_factor_two" if within_factor(conditions, values) else "right_sign"


def knock_out_verdict(whole: float, frozen: float) -> str:
    """What a knock-out shows, from the share of draws in which the pattern holds without and with it."""
    if not whole >= HOLDS:
        return "nothing_to_break"
    return "breaks" if frozen <= BREAKS else "survives"


def facts(overlaps: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Patterns and effects that speak of one fact, as groups: each fact is to be counted once."""
    group = {id: {id} for id in overlaps}
    for id, others in overlaps.items():
        for other in others:
            joined = group[id] | group[other]
            for member in joined:
                group[member] = joined
    return [sorted(one) for one in {frozenset(one) for one in group.values()}]
