"""A user's table of villages (XLSX or CSV) as village specs, and an account of how it was read.

One line a village below a header; sim/inputs/village_columns.py says how the columns may be called. Only residents are
required. What is missing is filled from documented defaults. Whatever is left out, converted or filled in is said:
nothing is guessed in silence. A line that is a sum by its name is left out; one that is a sum by arithmetic only is
refused until `town.sum_lines` says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.inputs.cells import CONVERSIONS, missing, plain_text
from sim.inputs.places import KINDS, RESIDENTS, Note, VillageSpec
from sim.inputs.sheets import LOOKED_AT, Sheet, read_sheet
from sim.inputs.sum_lines import adds_up, is_named_mean, is_named_sum, sums_among
from sim.inputs.validators import SettingError, place_name, whole
from sim.inputs.village_columns import Account, Column, amount, columns_of, is_header, known_columns, read_cell

DEFAULTS = {  # column -> what stands where the table says nothing
    "kind": ("rural taken", "按农村计"),
    "cadres": ("by size, as in the average town", "按规模，同平均乡镇"),
    "share_over_60": ("drawn from facts", "按事实数据抽取"),
    "visibility": ("drawn from facts", "按事实数据抽取"),
    "income": ("drawn from facts", "按事实数据抽取"),
}
NAMES_ZH = {
    "kind": "类型",
    "cadres": "村干部数",
    "share_over_60": "60岁以上占比",
    "visibility": "可见度",
    "income": "集体收入",
}
SUM_LINES = ("drop", "keep")  # lines that are sums: left out, or villages like any other
OTHER_COLUMNS = ("drop",)  # columns that are not known: left out
ADDED_UP = ("residents", "cadres", "income")  # columns of which a sum line has the sum
FOOTERS = ("注", "备注", "说明", "来源", "数据来源", "资料来源", "填表", "制表", "审核", "note", "source")
_UNIT_ABOVE = re.compile(r"单位.{0,20}[万亿千]|\b(in|units?)\b.{0,20}(thousand|million|10[ ,]?000)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TableRequest:
    """A table and how it is to be read: the sheet of a workbook, and what becomes of sum lines and other columns."""

    path: Path
    sheet: str | None = None
    sum_lines: str | None = None
    other_columns: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: its number in the file, and a cell for every column."""

    number: int
    cells: Sequence[str]


def read_villages(request: TableRequest) -> tuple[tuple[VillageSpec, ...], tuple[Note, ...]]:
    """The villages of a table, in its order, and the account of how it was read.

    Raises SettingError naming file, line and column.
    """
    origin = place_name(request.path)
    sheet = read_sheet(request.path, request.sheet, known_columns)
    if not sheet.lines:
        raise SettingError(f"{origin}: empty, a header line and one line a village expected")
    top, columns = _header(sheet, request)
    notes = _titles(sheet, top, columns)
    lines, more = _without_remarks(sheet, top, columns)
    notes += more
    lines, more = _without_sums(lines, columns, sheet, request)
    notes += more
    if not lines:
        raise SettingError(f"{origin}: a header without villages, at least one line below it expected")
    account, filled = Account(), dict.fromkeys(DEFAULTS, 0)
    villages = tuple(_village(columns, line, sheet, account, filled) for line in lines)
    total = whole(sum(village.residents for village in villages), *RESIDENTS, origin, "residents in all")
    others = [column.word for column in columns if not column.key and column.word]
    if others:
        notes.append(Note(f"columns left out: {', '.join(others)}", f"未采用的列：{'、'.join(others)}"))
    count = len(villages)
    first = Note(f"{origin}: {count} villages, {total:,} residents", f"{origin}：{count}个村，{total:,}人")
    return villages, (first, *_filled_in(filled, count), *_cells_told(account), *notes, *sheet.notes)


# ---------------------------------------------------------------- lines


def _header(sheet: Sheet, request: TableRequest) -> tuple[int, list[Column]]:
    """Which of the lines is the header, and its columns; without one the error of the line that comes nearest."""
    first = sheet.lines[:LOOKED_AT]
    top = max(range(len(first)), key=lambda i: known_columns(first[i][1]))
    number, cells = first[top]
    return top, columns_of(cells, sheet.place(number), request.other_columns == "drop")


def _titles(sheet: Sheet, top: int, columns: Sequence[Column]) -> list[Note]:
    """What stands above the header, which is not read; a unit for the whole table is refused."""
    notes = []
    for number, cells in sheet.lines[:top]:
        said = " ".join(" ".join(filter(None, cells)).split())[:60]
        bare = next(
            (one for one in columns if one.key == "income" and one.factor == "1" and "元" not in one.word), None
        )
        if bare and _UNIT_ABOVE.search(said):
            raise SettingError(
                f"{sheet.place(number)}: {said!r} given above the header, a unit in the name of the column expected, "
                f"as in {bare.word}(万元)"
            )
        notes.append(Note(f"line {number} above the header skipped ({said})", f"跳过表头上方第{number}行（{said}）"))
    return notes


def _without_remarks(sheet: Sheet, top: int, columns: Sequence[Column]) -> tuple[list[Line], list[Note]]:
    """The lines below the header, without headers that come again and remarks at the foot."""
    lines: list[Line] = []
    notes: list[Note] = []
    for number, cells in sheet.lines[top + 1 :]:
        given = [cell for cell in cells if cell]
        if is_header(cells):
            notes.append(Note(f"line {number}: the header again, skipped", f"第{number}行重复表头，已跳过"))
        elif len(given) == 1 and plain_text(given[0]).startswith(FOOTERS):
            said = " ".join(given[0].split())[:60]
            notes.append(Note(f"line {number} skipped, a remark ({said})", f"跳过第{number}行备注（{said}）"))
        else:
            lines.append(Line(number, cells))
    return lines, notes


def _without_sums(
    lines: Sequence[Line], columns: Sequence[Column], sheet: Sheet, request: TableRequest
) -> tuple[list[Line], list[Note]]:
    """The lines that are villages; lines that are sums are left out and told, or refused. See the head of this file."""
    if request.sum_lines == "keep":
        return list(lines), []
    added = [(k, one) for key in ADDED_UP for k, one in enumerate(columns) if one.key == key]
    amounts = [[amount(one, line.cells[k]) if k < len(line.cells) else None for k, one in added] for line in lines]
    named = [is_named_sum(line.cells) for line in lines]
    sums = sums_among(named, amounts)
    if sums.found and request.sum_lines is None:
        line = lines[sums.found[0]]
        raise SettingError(
            f"{sheet.place(line.number)}: {amounts[sums.found[0]][0]:,.12g} residents given, which other lines add up "
            "to; town.sum_lines=drop (a sum) or town.sum_lines=keep (a village) expected"
        )
    notes = []
    villages = [i for i in range(len(lines)) if i not in (*sums.named, *sums.found)]
    for i in sorted((*sums.named, *sums.found)):
        number, residents = lines[i].number, amounts[i][0]
        name = next((cell for cell in lines[i].cells if cell and is_named_sum([cell])), "")
        inner = [*([name] if name else []), *([f"{residents:,.12g}"] if residents is not None else [])]
        en, zh = f"line {number} left out, a sum", f"第{number}行为合计，未计入"
        if is_named_mean(name):
            en, zh = f"line {number} left out, a mean", f"第{number}行为平均数，未计入"
        elif residents is not None and not _adds_up(i, villages, sums.named, amounts):
            en, zh = f"{en} that differs from the lines beside it", f"{zh}，且与相邻各行之和不符"
        notes.append(Note(f"{en} ({', '.join(inner)})", f"{zh}（{'，'.join(inner)}）"))
    return [lines[i] for i in villages], notes


def _adds_up(i: int, villages: Sequence[int], named: Sequence[int], amounts: Sequence[Sequence[float | None]]) -> bool:
    """Whether a named sum is that of all villages, of those above it, or of those since the sum before it."""
    start = max((k for k in named if k < i), default=-1)
    after = min((k for k in named if k > i), default=len(amounts))
    spans = (
        villages,
        [k for k in villages if k < i],
        [k for k in villages if start < k < i],
        [k for k in villages if i < k < after],
    )
    return any(adds_up(amounts[i], [amounts[k] for k in span]) for span in spans)


def _village(
    columns: Sequence[Column], line: Line, sheet: Sheet, account: Account, filled: dict[str, int]
) -> VillageSpec:
    """One line as a village; counts in `filled` what it leaves out."""
    where, cells = sheet.place(line.number), line.cells
    if len(cells) < len(columns) or any(cells[len(columns) :]):
        raise SettingError(f"{where}: {len(cells)} cells given, {len(columns)} expected")
    fields: dict[str, Any] = dict.fromkeys(("share_over_60", "cadres", "visibility", "income"))
    names: list[tuple[bool, str]] = []
    for column, cell in zip(columns, cells, strict=False):
        if not column.key:
            if cell and not column.word:
                raise SettingError(f"{where}: a cell below a column without a name given, a name expected")
            continue
        value = read_cell(column, cell, where, account)
        if column.key == "name":
            names.append((cell.isdigit(), value))
        elif value is not None:
            fields[column.target] = value
    for key in filled:
        filled[key] += fields.get(key) is None
    name = next((value for is_number, value in sorted(names, key=lambda one: one[0]) if not missing(value)), "")
    return VillageSpec(**{**fields, "kind": fields.get("kind") or KINDS[0]}, name=name)


# ---------------------------------------------------------------- the account


def _filled_in(filled: dict[str, int], villages: int) -> list[Note]:
    """What the table leaves out, by column, as one note."""
    en, zh = [], []
    for column, count in filled.items():
        if count:
            taken, taken_zh = DEFAULTS[column]
            which, which_zh = f"{count} of {villages}", f"{villages}个村中{count}个"
            if count == villages:
                which, which_zh = "all", "全部"
            en.append(f"{column} for {which} ({taken})")
            zh.append(f"{NAMES_ZH[column]}，{which_zh}（{taken_zh}）")
    return [Note(f"filled in: {', '.join(en)}", f"补全：{'；'.join(zh)}")] if en else []


def _cells_told(account: Account) -> list[Note]:
    """Cells that were converted, and those that say that nothing is known."""
    notes = []
    if account.converted:
        en, zh = [], []
        for (word, how), cells in account.converted.items():
            cell, value = cells[0]
            way, way_zh = CONVERSIONS[how]
            example = f"{cell} = {value:,.12g}"
            en.append(
                f"{word}, {way}, {len(cells)} cells ({example})" if len(cells) > 1 else f"{word}, {way} ({example})"
            )
            zh.append(f"{word}，{way_zh}，{len(cells)}格（{example}）")
        notes.append(Note(f"converted: {'; '.join(en)}", f"换算：{'；'.join(zh)}"))
    if account.unknown:
        told = {word: f"{', '.join(dict.fromkeys(cells))}" for word, cells in account.unknown.items()}
        en = [f"{word} ({cells})" for word, cells in told.items()]
        zh = [f"{word}（{cells}）" for word, cells in told.items()]
        notes.append(Note(f"taken as not known: {', '.join(en)}", f"视为缺失：{'，'.join(zh)}"))
    return notes
