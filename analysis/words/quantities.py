"""How a quantity is written: its factor, its unit and its decimals, as a level and as a change.

A share of 0.153 is printed 15.3% and its change in percentage points; a 0-100 score changes in points; everything else
keeps its unit. The interval decides the decimals: every digit that it supports is printed, and no other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.words.languages import language_file

MINUS = "\N{MINUS SIGN}"


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
    names: Mapping[str, str] = language_file(language).UNITS
    plain = unit.strip().lower().replace("–", "-")
    if plain.startswith("share") or plain in ("%", "percent"):
        points = names["percentage points"]
        return Quantity(1.0 if plain in ("%", "percent") else 100.0, "%", f" {points}", "%", points)
    if plain in ("0-100", "points", "score"):
        level, points = names["points, level"], names["points"]
        return Quantity(1.0, level and f" {level}", f" {points}", names["0-100"], points)
    if plain in ("0-1", "1", "", "none"):
        return Quantity(1.0, "", "", names["0-1"] if plain == "0-1" else unit.strip(), "")
    named = names.get(plain, unit.strip())
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
