"""How a quantity is written: its factor, its unit and its decimals, as a level and as a change.

A share of 0.153 is printed 15.3% and its change in percentage points; a 0-100 score changes in
points; everything else keeps its unit. Decimals follow the interval: no digit is printed that the
interval makes meaningless, and none is hidden that it supports.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"

_UNITS = {
    "working days": ("working days", "个工作日"),
    "days": ("days", "天"),
    "trips": ("trips", "次"),
    "times": ("times", "次"),
    "projects": ("projects", "个项目"),
    "yuan/resident-year": ("yuan a resident-year", "元/人·年"),
    "yuan/village": ("yuan a village", "元/村"),
    "cases": ("cases", "件"),
    "yuan": ("yuan", "元"),
    "hours": ("hours", "小时"),
    "per 100 cadre-years": ("per 100 cadre-years", "每百名干部每年"),
    "per 1,000 resident-years": ("per 1,000 resident-years", "每千名居民每年"),
    "per village-year": ("per village-year", "每村每年"),
    "per 100 village-years": ("per 100 village-years", "每百村每年"),
    "per episode-year": ("per episode-year", "每起每年"),
    "cases per 1,000 residents": ("cases per 1,000 residents", "件/千名居民"),
    "persons": ("persons", "人"),
    "hand-offs": ("hand-offs", "次流转"),
    "seals": ("seals", "枚章"),
    "units of appraisal": ("units of appraisal", "考核单位"),
    "hours/cadre-week": ("hours/cadre-week", "小时/人·周"),
    "yuan/village-year": ("yuan/village-year", "元/村·年"),
    "weeks": ("weeks", "周"),
    "meetings/year": ("meetings/year", "次会议/年"),
    "years": ("years", "年"),
    "multiple of today": ("multiple of today", "倍（现状为 1）"),
    "standard deviations": ("standard deviations", "个标准差"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """Printed value = factor x raw value.

    `level_unit` and `change_unit` follow the number (with their own space).
    """

    factor: float
    level_unit: str
    change_unit: str
    axis_unit: str
    axis_change_unit: str


def quantity(unit: str, language: str) -> Quantity:
    """How values of `unit` (as in an indicator's attributes) are written in `language`."""
    zh = language == "zh"
    plain = unit.strip().lower().replace("–", "-")
    if plain.startswith("share") or plain in ("%", "percent"):
        factor = 1.0 if plain in ("%", "percent") else 100.0
        points = " 个百分点" if zh else " percentage points"
        return Quantity(factor, "%", points, "%", points.strip())
    if plain in ("0-100", "points", "score"):
        points = " 分" if zh else " points"
        axis = "0—100 分" if zh else "0–100"
        return Quantity(1.0, " 分" if zh else "", points, axis, points.strip())
    if plain in ("0-1", "1", "", "none"):
        return Quantity(1.0, "", "", "0—1" if zh and plain == "0-1" else unit.strip(), "")
    named = _UNITS.get(plain, (unit.strip(), unit.strip()))[1 if zh else 0]
    return Quantity(1.0, f" {named}", f" {named}", named, named)


def decimals(scale: float, fewest: int = 1, most: int = 2) -> int:
    """Decimals that show one figure of a half width `scale`, which is in printed units."""
    if not math.isfinite(scale) or scale <= 0.0:
        return fewest
    return int(min(most, max(fewest, -math.floor(math.log10(scale)))))


def number(value: float, digits: int, sign: bool = False) -> str:
    """A number with a true minus sign, thousands separators and, if asked for, a plus sign.

    Nan is –.
    """
    if not math.isfinite(value):
        return "–"
    rounded = round(value, digits)
    text = f"{abs(rounded):,.{digits}f}"
    if rounded < 0.0:
        return MINUS + text
    return ("+" + text) if sign and rounded > 0.0 else text


def level_text(value: float, unit: str, language: str) -> str:
    """A level with its unit: 69.2%, 71.3 points."""
    q = quantity(unit, language)
    printed = q.factor * value
    if not math.isfinite(printed):
        return "–"
    digits = 1 if q.factor == 100.0 or abs(printed) >= 10.0 else 2
    if abs(printed) >= 1000.0:
        digits = 0
    return number(printed, digits) + q.level_unit


def interval_digits(value: float, low: float, high: float, unit: str) -> int:
    """Decimals for a change and its interval (raw units)."""
    factor = quantity(unit, "en").factor
    half = factor * (high - low) / 2.0
    if math.isfinite(half) and half > 0.0:
        scale = half
    else:
        scale = factor * abs(value) / 10.0
    digits = decimals(scale, fewest=0 if scale >= 100.0 else 1)
    return clear_of_zero(digits, low, high, unit)


def clear_of_zero(digits: int, low: float, high: float, unit: str) -> int:
    """One decimal more than `digits` where an interval without zero would show a zero end."""
    near = quantity(unit, "en").factor * min(abs(low), abs(high))
    return digits + 1 if low * high > 0.0 and round(near, digits) == 0.0 else digits
