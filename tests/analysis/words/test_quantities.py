from __future__ import annotations

import math

import pytest

from analysis.words.quantities import (
    interval_digits,
    level_text,
    number,
    quantity,
)


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (0.6923, "share", "69.2%", "69.2%"),
        (0.6923, "share of cadre hours", "69.2%", "69.2%"),
        (58.04, "0–100", "58.0", "58.0 分"),
        (58.04, "0-100", "58.0", "58.0 分"),
        (3.217, "trips", "3.22 trips", "3.22 次"),
        (12345.6, "yuan", "12,346 yuan", "12,346 元"),
        (0.4, "0–1", "0.40", "0.40"),
        (math.nan, "share", "–", "–"),
    ],
)
def test_levels(value, unit, en, zh):
    assert level_text(value, unit, "en") == en
    assert level_text(value, unit, "zh") == zh


def test_changes_of_shares_are_percentage_points():
    assert quantity("share", "en").change_unit == " percentage points"
    assert quantity("share", "zh").change_unit == " 个百分点"


def test_numbers_have_true_signs_and_no_negative_zero():
    assert number(-1.25, 1) == "\N{MINUS SIGN}1.2"
    assert number(-0.04, 1, sign=True) == "0.0"
    assert number(2.0, 1, sign=True) == "+2.0"
    assert number(math.nan, 1) == "–"


@pytest.mark.parametrize(
    ("low", "high", "digits"),
    [
        (0.12, 0.16, 1),  # half width 2 points
        (0.1200, 0.1204, 2),  # half width .02 points
        (0.0003, 0.02, 2),  # would print an end of 0.0 although it leaves zero out
        (-0.001, 0.02, 1),  # holds zero
    ],
)
def test_decimals_follow_the_interval(low, high, digits):
    assert interval_digits((low + high) / 2, low, high, "share") == digits
