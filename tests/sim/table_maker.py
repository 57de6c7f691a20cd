"""Tables of villages as people have them, made with known truth: the same villages in many disguises."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030")
DELIMITERS = (",", ";", "\t")
ENDS = ("\n", "\r\n", "\r")
SUMS = ("合计", "总 计", "全镇合计", "合计（5个村）", "Total", "Grand total:")
UNKNOWN = ("", "—", "-", "NA", "n/a", "/", "不详", "＃N/A")
TITLES = ("2024年某镇村情统计表", "表1 村（社区）基本情况", "填报单位：某镇人民政府")
FOOTERS = ("注：数据来自村级台账", "填表人：", "Note: as of 2024")


@dataclass
class Made:
    """A table: its villages in truth (name, residents, share, cadres, income, kind), and what has to be said of it."""

    truth: list[tuple[Any, ...]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def made(number: int) -> Made:
    """Table `number`: random villages, of which a bit pattern of the number says how they are written."""
    chance = random.Random(number)
    table = Made()
    thousands, percent, wan, sums, titles, footers, unknown, subtotals, header, blank = (
        chance.random() < 0.5 for _ in range(10)
    )
    columns = ["村名", "居民数", "60岁以上占比", "村干部数", "集体收入（元）", "类型"]
    if number % 3 == 1:
        columns = ["village", "Residents", "share over 60", "cadres", "income", "kind"]
    if number % 3 == 2:
        columns = ["序号", "村 名", "常住人口（人）", "老龄化率(%)", "村干部数", "村集体收入(万元)", "类型"]
        percent = wan = False
    if titles:
        table.rows += [[text] for text in TITLES[: chance.randint(1, 3)]]
        table.said.append("above the header skipped")
    table.rows.append(columns)
    running = since = 0
    count = chance.randint(3, 9)
    for k in range(count):
        residents = chance.randint(800, 3_999)
        share, cadres = chance.randint(50, 450) / 1000, chance.randint(3, 9)
        income: int | None = chance.randint(1, 900) * 1_000
        kind = chance.choice(("rural", "community"))
        if unknown and k == 1:
            income = None
        name = f"{'甲乙丙丁戊己庚辛壬癸'[k]}村"
        table.truth.append((name, residents, share, cadres, income, kind))
        table.rows.append(_row(number, k, table.truth[-1], (thousands, percent, wan), chance))
        running, since = running + residents, since + residents
        if subtotals and k == 1:
            table.rows.append(_sum("小计", since, columns))
            since = 0
        if header and k == 2 and count > 3:
            table.rows.append(list(columns))
        if blank and k == 0:
            table.rows.append([""] * len(columns))
    if header and count > 3:
        table.said.append("the header again")
    if sums:
        table.rows.append(_sum(chance.choice(SUMS), running, columns))
    if sums or subtotals:
        table.said.append("left out, a sum (")
    if footers:
        table.rows.append([chance.choice(FOOTERS)])
        table.said.append("a remark")
    converted = {
        "thousands separators": thousands,
        "per cent": percent,
        "万 or 亿": wan,
        "the unit of": number % 3 == 2,
    }
    table.said += [words for words, is_so in converted.items() if is_so]
    return table


def _row(
    number: int, k: int, truth: tuple[Any, ...], ways: tuple[bool, bool, bool], chance: random.Random
) -> list[str]:
    name, residents, share, cadres, income, kind = truth
    thousands, percent, wan = ways
    words = {"rural": ("rural", "行政村"), "community": ("community", "社区")}[kind]
    # A digit or two show that residents are grouped everywhere, as spreadsheets do it: from 1,000 on.
    people = f"{residents:,}" if thousands or (k == 0 and thousands) else str(residents)
    age = f"{100 * share:.1f}%" if percent else f"{share:.3f}"
    if income is None:
        money = chance.choice(UNKNOWN)
    elif wan:
        money = f"{income / 10_000:g}万"
    else:
        money = f"{income:,}" if thousands else str(income)
    cells = [name, people, age, str(cadres), money, words[number % 2]]
    if number % 3 == 2:
        cells[2] = f"{100 * share:.1f}"
        cells[4] = money if income is None else f"{income / 10_000:g}"
        return [str(k + 1), *cells]
    return cells


def _sum(word: str, residents: int, columns: list[str]) -> list[str]:
    """A sum line: its word in the first column, the sum below residents, a dash or nothing elsewhere."""
    at = 2 if len(columns) == 7 else 1
    return [word, *[""] * (at - 1), str(residents), *["—"] * (len(columns) - at - 1)]


def as_csv(table: Made, encoding: str, delimiter: str, ends: str, sep: bool) -> bytes:
    """The table as a CSV file, with a `sep=` line where asked for."""
    text = io.StringIO()
    if sep:
        text.write(f"sep={delimiter}{ends}")
    csv.writer(text, delimiter=delimiter, lineterminator=ends).writerows(table.rows)
    return text.getvalue().encode(encoding)


def as_workbook(table: Made, path: Path, numbers: bool) -> None:
    """The table as a workbook, cells as text or as the numbers that they are, and an empty sheet behind it."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "村情"
    for row in table.rows:
        sheet.append([_typed(cell) if numbers else cell or None for cell in row])
    if numbers:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, str) and cell.value.endswith("%") and cell.value[:-1].replace(".", "").isdigit():
                cell.value, cell.number_format = float(cell.value[:-1]) / 100, "0.0%"
    book.create_sheet("Sheet2")
    book.save(path)


def _typed(cell: str) -> Any:
    try:
        return float(cell) if "." in cell else int(cell)
    except ValueError:
        return cell or None
