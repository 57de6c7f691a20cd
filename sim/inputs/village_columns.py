"""The columns of a table of villages: how they may be called, their units, and what a cell of each may be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from sim.inputs.cells import Number, missing, number_in, plain_text, suspected
from sim.inputs.places import KINDS
from sim.inputs.validators import SettingError, number, refuse, shown, unknown, whole

COLUMNS = {
    "residents": "residents population people 居民数 居民 居民人数 人口 人口数 总人口 常住人口 户籍人口 人数 总人数",
    "share_over_60": "share_over_60 over_60 share_60_plus share_60+ 60岁以上占比 60岁以上比例 60岁以上人口占比 "
    "60岁及以上占比 60岁及以上比例 60岁及以上人口占比 老年人口占比 老年人占比 老龄化率",
    "cadres": "cadres village_cadres 村干部 村干部数 村干部人数 干部数 两委人数 村两委人数 两委干部数",
    "visibility": "visibility location roadside_or_remote 可见度 区位 位置 沿线",
    "roadside": "roadside 是否沿路 沿路 是否沿线",
    "remote": "remote 是否偏远 偏远",
    "income": "income collective_income 集体收入 村集体收入 集体经济收入 村集体经济收入",
    "kind": "kind type 类型 类别 村居类型",
    "name": "name id no no. village village_name 村名 名称 村名称 村 村居 村社 村(社区) "
    "村(居) 村居名称 行政村 序号 编号",
}
TARGETS = {"roadside": "visibility", "remote": "visibility"}  # column -> the field of a village, where named otherwise
UNITS: dict[str, dict[str, str]] = {  # column -> unit in its name -> what a number is multiplied by
    "residents": {"人": "1", "名": "1", "万人": "10000", "people": "1", "persons": "1"},
    "share_over_60": {"%": "0.01"},
    "cadres": {"人": "1", "名": "1"},
    "income": {
        "元": "1",
        "千元": "1000",
        "万元": "10000",
        "亿元": "100000000",
        "元/年": "1",
        "万元/年": "10000",
        "yuan": "1",
        "10,000_yuan": "10000",
        "yuan_a_year": "1",
    },
}
CELL_UNITS = {  # column -> units that may stand behind a number
    "residents": ("人", "名", "口"),
    "cadres": ("人", "名", "个"),
    "income": ("元",),
    **dict.fromkeys(("share_over_60", "visibility", "roadside", "remote"), ("%",)),
}
_SYNONYMS = {word: column for column, words in COLUMNS.items() for word in words.split()}
_BETWEEN = "_/,:()[]"  # a name and its unit
_KINDS = {
    **dict.fromkeys(("rural", "village", "rural_village", "村", "行政村", "农村", "建制村"), KINDS[0]),
    **dict.fromkeys(("community", "urban", "社区", "居委会", "居民区", "城市社区"), KINDS[1]),
}
_WHERE = {
    **dict.fromkeys(("roadside", "沿路", "沿线", "公路沿线"), 1.0),
    **dict.fromkeys(("remote", "偏远", "偏僻", "山区"), 0.0),
}
_YES = {
    **dict.fromkeys(("yes", "true", "y", "是"), 1.0),
    **dict.fromkeys(("no", "false", "n", "否"), 0.0),
}
_WORDS: dict[str, dict[str, Any]] = {"visibility": _WHERE, "roadside": _YES, "remote": _YES, "kind": _KINDS}
_OTHERWISE = {
    "visibility": "a number between 0 (remote) and 1 (roadside) or ",
    **dict.fromkeys(("roadside", "remote"), "a share between 0 and 1 or "),
}
_LONGEST_NAME = 60  # signs of a village's name


class Column(NamedTuple):
    """A column of the table: its key in COLUMNS ("" is not read), the user's word, what numbers are multiplied by."""

    key: str
    word: str
    factor: str = "1"

    @property
    def target(self) -> str:
        """The field of a village that the column fills."""
        return TARGETS.get(self.key, self.key)


@dataclass
class Account:
    """What reading cells came to: cells that were converted, and those that say that nothing is known."""

    converted: dict[tuple[str, str], list[tuple[str, Any]]] = field(default_factory=dict)  # (word, how) -> cells
    unknown: dict[str, list[str]] = field(default_factory=dict)  # word -> cells


def column_of(cell: str) -> tuple[str, str] | None:
    """(key of COLUMNS, factor) of a word in a header, None for another word; units may stand in brackets or at the end.

    >>> column_of("集体收入（万元）")
    ('income', '10000')
    """
    word = re.sub(r"[\s-]+", "_", plain_text(cell))
    for form in (word, word.replace("_", "")):
        if form in _SYNONYMS:
            return _SYNONYMS[form], "1"
        for cut in range(1, len(form)):
            key = _SYNONYMS.get(form[:cut].rstrip(_BETWEEN), "")
            unit = form[cut:].strip(_BETWEEN).removeprefix("单位").strip(_BETWEEN)
            if unit in UNITS.get(key, ()):
                return key, UNITS[key][unit]
    return None


def known_columns(cells: Sequence[str]) -> int:
    """How many of a line's cells name a column; none where residents are not among them."""
    found = [column_of(cell) for cell in cells if cell]
    keys = {one[0] for one in found if one}
    return len(keys) if "residents" in keys else 0


def is_header(cells: Sequence[str]) -> bool:
    """Whether a line says nothing but names of columns, residents among them."""
    return known_columns(cells) > 0 and all(column_of(cell) for cell in cells if cell)


def columns_of(cells: Sequence[str], where: str, drop_others: bool) -> list[Column]:
    """The columns of a header from left to right. Raises SettingError."""
    columns: list[Column] = []
    if len(list(filter(None, cells))) == 1 and re.search(r".[，、|].", cells[0]) and column_of(cells[0]) is None:
        raise SettingError(f"{where}: {shown(cells[0])} given, cells apart by commas, semicolons or tabs expected")
    while cells and not cells[-1]:
        cells = cells[:-1]
    for cell in cells:
        found = column_of(cell)
        if found is None:
            if cell and not drop_others:
                raise _no_column(cell, where)
            columns.append(Column("", cell))
            continue
        column = Column(found[0], cell, found[1])
        for other in columns:
            if other.target == column.target and column.key != "name":
                raise SettingError(
                    f"{where}, column {cell}: {column.target} given twice (also as {other.word}), once expected"
                )
        columns.append(column)
    if all(column.key != "residents" for column in columns):
        raise SettingError(f"{where}, column residents: missing, every table needs it (or 居民数)")
    return columns


def _no_column(cell: str, where: str) -> SettingError:
    names = [name for name in _SYNONYMS if name not in ("remote", "roadside", "id", "no", "no.", "type", "people")]
    hint = f"known: {', '.join(COLUMNS)}; town.other_columns=drop leaves out the others"
    return unknown(where, f"column {' '.join(cell.split())}", "column", names, hint)


def read_cell(column: Column, cell: str, where: str, account: Account) -> Any:
    """The value of a cell; None where it says that nothing is known. Raises SettingError."""
    key = f"column {' '.join(column.word.split())}"
    if column.key == "name":
        return " ".join(cell.split())[:_LONGEST_NAME]
    if missing(cell) and column.key != "residents":
        if cell:
            account.unknown.setdefault(column.word, []).append(cell)
        return None
    words = _WORDS.get(column.key, {})
    if plain_text(cell) in words:
        found = words[plain_text(cell)]
        return 1.0 - found if column.key == "remote" else found
    if column.key == "kind" or (words and number_in(cell) is None):
        raise refuse(where, key, cell, _OTHERWISE.get(column.key, "") + _first_words(words))
    value, how = _number(column, cell, where, key)
    result = _checked(column, value, where, key)
    for one in how:
        account.converted.setdefault((column.word, one), []).append((cell, result))
    return result


def amount(column: Column, cell: str) -> float | None:
    """A number in a cell, for adding up; None where there is none."""
    found = number_in(cell)
    return None if found is None else float(Decimal(repr(found.value)) * Decimal(column.factor))


def _number(column: Column, cell: str, where: str, key: str) -> tuple[Any, tuple[str, ...]]:
    """The number in a cell in the unit of its column, or the text that it is; and how it was converted."""
    found: Number | None = number_in(cell)
    wholes = column.key in ("residents", "cadres") and column.factor == "1"
    meant = suspected(cell, wholes)
    if meant:
        raise refuse(where, key, cell, _allowed(column), meant)
    if found is None or (found.unit and found.unit not in CELL_UNITS.get(column.key, ())):
        return cell, ()
    if column.factor == "1":
        return found.value, found.how
    if found.unit == "%":
        return float(Decimal(repr(found.value)) / Decimal(column.factor)), found.how
    if "scale" in found.how or (found.unit and column.key == "income"):
        raise refuse(where, key, cell, "a plain number in the unit of the column")
    return found.value, (*found.how, "column")


def _checked(column: Column, value: Any, where: str, key: str) -> Any:
    factor = Decimal(column.factor)
    if column.key == "cadres":
        return whole(value, 1, 60, where, key, _allowed(column))
    if column.key == "residents" and factor == 1:
        return whole(value, 1, 200_000, where, key, _allowed(column))
    low, high = {"residents": (1, 200_000), "income": (0, 10**10)}.get(column.key, (0, 1))
    found = number(value, float(low / factor), float(high / factor), where, key, _allowed(column))
    result = float(Decimal(repr(found)) * factor)
    if column.key == "residents":
        return whole(result, low, high, where, key, _allowed(column))
    return 1.0 - result if column.key == "remote" else result


def _allowed(column: Column) -> str:
    """What a cell of a column may be, in words."""
    plain = column.factor == "1"
    if column.key == "income":
        return "yuan a year" if plain else f"{int(Decimal(column.factor)):,} yuan a year"
    if column.key == "residents":
        return "a whole number of residents" if plain else "10,000 residents"
    if column.key == "cadres":
        return "a whole number of cadres"
    return "a share" if plain else "per cent"


def _first_words(words: dict[str, Any]) -> str:
    return " or ".join(dict.fromkeys([word for word in words if word.isascii()][:4]))
