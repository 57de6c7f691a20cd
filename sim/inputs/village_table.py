"""A user's table of villages (CSV) as village specs.

One line a village. Columns, in English or Chinese: residents (required), share_over_60, cadres,
visibility (a number, or roadside/remote), income (collective, yuan a year), kind. Names may
stand in the table and are not read. What is missing is filled from documented defaults and listed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.inputs.files import file_bytes
from sim.inputs.places import KINDS, RESIDENTS, VillageSpec
from sim.inputs.validators import SettingError, number, place_name, refuse, unknown, whole

COLUMNS = {
    "residents": "residents population people 居民数 居民 居民人数 人口 人口数 总人口 常住人口 户籍人口",
    "share_over_60": "share_over_60 over_60 share_60_plus share_60+ 60岁以上占比 60岁以上比例 "
    "60岁及以上占比 60岁及以上比例 老年人口占比 老年人占比 老龄化率",
    "cadres": "cadres village_cadres 村干部 村干部数 干部数 两委人数 村两委人数 两委干部数",
    "visibility": "visibility location roadside_or_remote 可见度 区位 位置 沿线",
    "roadside": "roadside 是否沿路 沿路 是否沿线",
    "remote": "remote 是否偏远 偏远",
    "income": "income collective_income 集体收入 村集体收入 集体经济收入 集体收入(元) 村集体收入(元) 集体经济收入(元)",
    "income_10k": "集体收入(万元) 村集体收入(万元) 集体经济收入(万元)",
    "kind": "kind type 类型 类别 村居类型",
    "name": "name id village 村名 名称 村 村居 村社 村(社区) 序号 编号",
}
_SYNONYMS = {word: column for column, words in COLUMNS.items() for word in words.split()}
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
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|[-+]?(nan|inf|infinity)", re.I)
DEFAULTS = {  # column -> what stands where the table says nothing
    "kind": "rural taken",
    "cadres": "by size, as in the average town",
    "share_over_60": "drawn from facts",
    "visibility": "drawn from facts",
    "income": "drawn from facts",
}


def read_villages(path: Path) -> tuple[tuple[VillageSpec, ...], tuple[str, ...]]:
    """The villages of a table, in its order, and notes on what was filled in.

    Raises SettingError naming file, line and column.
    """
    origin, notes = place_name(path), []
    content, encoding = _decoded(path, origin)
    if encoding != "utf-8":
        notes.append(f"{origin} was read as {encoding}")
    lines = [row for row in _lines(content, origin) if any(cell.strip() for cell in row[1])]
    if not lines:
        raise SettingError(f"{origin}: empty, a header line and one line a village expected")
    columns = _header(*lines[0], origin)
    if len(lines) == 1:
        raise SettingError(f"{origin}: a header without villages, at least one line below it expected")
    villages, missing = [], dict.fromkeys(DEFAULTS, 0)
    for line, cells in lines[1:]:
        if len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :]):
            where = f"{origin}, line {line}"
            raise SettingError(f"{where}: {len(cells)} cells given, {len(columns)} expected")
        villages.append(_village(columns, cells, f"{origin}, line {line}", missing))
    total = sum(village.residents for village in villages)
    whole(total, *RESIDENTS, origin, "residents in all")
    for column, count in missing.items():
        if count:
            what = DEFAULTS[column]
            which = "all" if count == len(villages) else str(count)
            notes.append(f"{column}: missing for {which} of {len(villages)} villages, {what}")
    if any(column == "name" for column, _ in columns):
        notes.append("names in the table are not read; villages are numbered in its order")
    return tuple(villages), tuple(notes)


def _decoded(path: Path, origin: str) -> tuple[str, str]:
    """The file's text and the encoding it was in."""
    raw = file_bytes(path, "CSV")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in raw:
        excel = raw[:2] in (b"PK", b"\xd0\xcf")
        kind = "an Excel workbook" if excel else "not text"
        raise SettingError(f"{origin}: {kind}, a CSV file in UTF-8 expected")
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return raw.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            pass
    raise SettingError(f"{origin}: unknown encoding, a CSV file in UTF-8 expected")


def _lines(content: str, origin: str) -> list[tuple[int, list[str]]]:
    """(line number, cells) of every record; the separator is what the first line has most of."""
    first = next((line for line in content.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(content), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        start = 1
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        problem = " ".join(str(error).split())
        raise SettingError(f"{origin}, line {reader.line_num}: not CSV ({problem})") from None
    return rows


def _header(line: int, cells: list[str], origin: str) -> list[tuple[str, str]]:
    """(column, the user's word for it) from left to right."""
    where = f"{origin}, line {line}"
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    columns: list[tuple[str, str]] = []
    for cell in cells:
        word = re.sub(r"[\s-]+", "_", cell.strip().lower()).replace("（", "(").replace("）", ")")
        if not word:
            raise SettingError(f"{where}: a column without a name given, a name expected")
        if word not in _SYNONYMS:
            names = [name for name in _SYNONYMS if name not in ("remote", "roadside", "id", "type")]
            raise unknown(where, f"column {cell.strip()}", "column", names, _known())
        column = _SYNONYMS[word]
        for other, theirs in columns:
            if _target(other) == _target(column) and column != "name":
                raise SettingError(
                    f"{where}, column {cell.strip()}: {_target(column)} given twice (also as {theirs}), once expected"
                )
        columns.append((column, cell.strip()))
    if "residents" not in dict(columns):
        raise SettingError(f"{where}, column residents: missing, every table needs it (or 居民数)")
    return columns


def _known() -> str:
    return f"known: {', '.join(column for column in COLUMNS if column != 'income_10k')}"


def _target(column: str) -> str:
    """The field of a village that a column fills."""
    return {"roadside": "visibility", "remote": "visibility", "income_10k": "income"}.get(column, column)


def _village(
    columns: list[tuple[str, str]],
    cells: list[str],
    where: str,
    missing: dict[str, int],
) -> VillageSpec:
    """One line as a village; counts in `missing` what it leaves out."""
    fields: dict[str, Any] = {
        "kind": KINDS[0],
        "share_over_60": None,
        "cadres": None,
        "visibility": None,
        "income": None,
    }
    found = set()
    for (column, word), cell in zip(columns, cells, strict=False):
        cell = cell.strip()
        if column == "name" or (not cell and column != "residents"):
            continue
        found.add(_target(column))
        fields[_target(column)] = _READ[column](cell, where, f"column {word}")
    for column in missing:
        missing[column] += column not in found
    return VillageSpec(**fields)


def _value(cell: str) -> Any:
    """A cell as a number where it is one, else as the text it is."""
    return float(cell) if _NUMBER.fullmatch(cell) else cell


def _residents(cell: str, where: str, key: str) -> int:
    return whole(_value(cell), 1, 200_000, where, key, "a whole number of residents")


def _cadres(cell: str, where: str, key: str) -> int:
    return whole(_value(cell), 1, 60, where, key, "a whole number of cadres")


def _share(cell: str, where: str, key: str) -> float:
    return number(_value(cell), 0.0, 1.0, where, key, "a share")


def _money(factor: float) -> Callable[[str, str, str], float]:
    def read(cell: str, where: str, key: str) -> float:
        unit = "yuan a year" if factor == 1 else "10,000 yuan a year"
        return factor * number(_value(cell), 0.0, 1e10 / factor, where, key, unit)

    return read


def _word(words: dict[str, Any], otherwise: str) -> Callable[[str, str, str], Any]:
    def read(cell: str, where: str, key: str) -> Any:
        found = words.get(cell.lower())
        if found is not None:
            return found
        if otherwise and _NUMBER.fullmatch(cell):
            return _share(cell, where, key)
        known = " or ".join(dict.fromkeys([word for word in words if word.isascii()][:4]))
        raise refuse(where, key, cell, otherwise + known)

    return read


def _remote(cell: str, where: str, key: str) -> float:
    return 1.0 - _word(_YES, "a share between 0 and 1 or ")(cell, where, key)


_READ: dict[str, Callable[[str, str, str], Any]] = {
    "residents": _residents,
    "share_over_60": _share,
    "cadres": _cadres,
    "visibility": _word(_WHERE, "a number between 0 (remote) and 1 (roadside) or "),
    "roadside": _word(_YES, "a share between 0 and 1 or "),
    "remote": _remote,
    "income": _money(1.0),
    "income_10k": _money(10_000.0),
    "kind": _word(_KINDS, ""),
}
