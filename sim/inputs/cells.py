"""Numbers as people write them in tables: 2,140; 24%; 31.0万; NA and dashes."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

_MISSING = (
    *("-", "--", "---", "—", "——", "–", "―", "−", "/", "//", ".", "..", "...", "…", "……", "*", "#"),
    *("na", "n/a", "n.a.", "#n/a", "nan", "null", "nil", "missing", "unknown"),
    *("不详", "未知", "缺", "缺失", "暂缺", "未统计", "无数据", "空"),
)
MISSING = frozenset(unicodedata.normalize("NFKC", word) for word in _MISSING)
SCALES = {"万": 10_000, "亿": 100_000_000}
CONVERSIONS = {  # how a number was written -> in words
    "grouped": ("thousands separators", "千位分隔符"),
    "percent": ("per cent", "百分数"),
    "scale": ("万 or 亿", "万或亿"),
    "unit": ("a unit beside the number", "数字旁的单位"),
    "column": ("the unit of the column", "列的单位"),
    "wide": ("full-width signs", "全角字符"),
}
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)¥?\s*(?P<digits>[1-9]\d{0,2}(?P<group>[,' ])\d{3}(?:(?P=group)\d{3})*(?:\.\d+)?|\d+\.?\d*|\.\d+)"
    r"(?P<exponent>[eE][-+]?\d{1,3})?\s*(?P<scale>[万亿]?)\s*(?P<unit>%|元|人|名|口|个)?"
)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,(\d{1,2}|\d{4,})|[-+]?0,\d+")
_DOTS = re.compile(r"\d{1,3}(\.\d{3})+")


class Number(NamedTuple):
    """A number in a cell; `unit` stands behind it, `how` are keys of CONVERSIONS."""

    value: float
    unit: str
    how: tuple[str, ...]


def missing(cell: str) -> bool:
    """Whether a cell says that nothing is known."""
    return not cell or plain_text(cell) in MISSING


def plain_text(cell: str) -> str:
    """A cell without full-width signs and blanks around, in small letters."""
    return unicodedata.normalize("NFKC", cell).strip().lower()


def number_in(cell: str) -> Number | None:
    """The number that a cell is, None if it is none. 万 and 亿 are multiplied out, per cent is divided."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if re.fullmatch(r"[-+]?(inf|infinity)", text, re.IGNORECASE):
        return Number(float(text), "", ())
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    digits = found["digits"].replace(found["group"], "") if found["group"] else found["digits"]
    value = Decimal(f"{found['sign']}{digits}{found['exponent'] or ''}") * SCALES.get(found["scale"], 1)
    unit = found["unit"] or ""
    how = {
        "grouped": found["group"],
        "percent": unit == "%",
        "scale": found["scale"],
        "unit": (unit and unit != "%") or "¥" in text,
        "wide": text != cell.strip() and not found["group"],
    }
    if unit == "%":
        value /= 100
    return Number(float(value), unit, tuple(key for key, is_so in how.items() if is_so))


def suspected(cell: str, whole: bool) -> str:
    """What a number with a decimal comma, or (where a whole one is expected) with grouping dots, may mean; or ""."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if _DECIMAL_COMMA.fullmatch(text):
        return text.replace(",", ".")
    if whole and _DOTS.fullmatch(text):
        return text.replace(".", "")
    return ""
