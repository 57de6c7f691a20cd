"""The workbook to begin a table of villages with: a filled example, and a sheet that explains each column."""

from __future__ import annotations

import io
from typing import Any

SHEETS = {"en": ("villages", "columns"), "zh": ("村情", "列说明")}
# Per column: name, meaning, what may stand in it, what stands where it is empty; each in English and in Chinese.
COLUMNS: tuple[tuple[tuple[str, str], tuple[str, str], tuple[str, str], tuple[str, str]], ...] = (
    (
        ("name", "村名"),
        ("What the village is called; stands in tables/villages.csv only", "村的名称，只出现在 tables/villages.csv 中"),
        ("any text", "不限"),
        ("no name", "不写村名"),
    ),
    (
        ("residents", "居民数"),
        ("People who live there", "常住人口"),
        ("a whole number, 1 to 200,000; 2,140 and 0.2万 are read", "整数，1 至 200,000；也可写 2,140 或 0.2万"),
        ("needed", "必填"),
    ),
    (
        ("share_over_60", "60岁以上占比"),
        ("Share of residents aged 60 and over", "60 岁及以上居民所占比例"),
        ("0 to 1, or per cent: 0.24 or 24%", "0 至 1，或百分数：0.24 或 24%"),
        ("drawn from facts", "按事实数据抽取"),
    ),
    (
        ("cadres", "村干部数"),
        ("Members of the two committees", "村“两委”干部人数"),
        ("a whole number, 1 to 60", "整数，1 至 60"),
        ("by size, as in the average town", "按规模，同平均乡镇"),
    ),
    (
        ("location", "区位"),
        ("How well superiors see the village", "上级看得到的程度"),
        ("roadside, remote, or a number from 0 (remote) to 1", "沿线、偏远，或 0（偏远）至 1 之间的数"),
        ("drawn from facts", "按事实数据抽取"),
    ),
    (
        ("income", "集体收入（元）"),
        ("The collective's income, yuan a year", "村集体每年收入，元"),
        ("a number from 0; 310,000 and 31万 are read; — is not known", "不小于 0；也可写 310,000 或 31万；— 表示不明"),
        ("drawn from facts", "按事实数据抽取"),
    ),
    (
        ("kind", "类型"),
        ("A rural village, or an urban community", "行政村，或城市社区"),
        ("rural or community", "行政村或社区"),
        ("rural", "行政村"),
    ),
)
WORDS = {
    "villages": {"en": "Village {}", "zh": "{}村"},
    "letters": {"en": "ABCDEF", "zh": "甲乙丙丁戊己"},
    "roadside": {"en": "roadside", "zh": "沿线"},
    "remote": {"en": "remote", "zh": "偏远"},
    "rural": {"en": "rural", "zh": "行政村"},
    "community": {"en": "community", "zh": "社区"},
}
EXAMPLE: tuple[tuple[Any, ...], ...] = (  # residents, share over 60, cadres, location, income, kind
    (2140, 0.24, 6, "roadside", 310_000, "rural"),
    (1320, 0.31, 5, "remote", 95_000, "rural"),
    (1760, 0.27, 5, 0.6, 148_000, "rural"),
    (980, 0.35, 4, "remote", None, "rural"),
    (2510, 0.22, 7, "roadside", 420_000, "rural"),
    (4380, 0.18, 9, 0.9, 650_000, "community"),
)
HEADS = ("column", "列名", "meaning", "含义", "what may stand in it", "填法", "where it is empty", "不填时")
NOTE = (
    "One line a village on the other sheet. Delete the example, keep the header; columns may be left out or moved.",
    "另一张工作表中一村一行。删去示例，保留表头；列可以省略或调换次序。",
)


def town_workbook(language: str) -> bytes:
    """The workbook as bytes, columns of the table in `language`, explanations in both."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    place = ("en", "zh").index(language)
    book = Workbook()
    table = book.active
    assert table is not None
    table.title = SHEETS[language][0]
    table.append([column[0][place] for column in COLUMNS])
    letters = WORDS["letters"][language]
    for letter, (residents, share, cadres, where, income, kind) in zip(letters, EXAMPLE, strict=True):
        words = [WORDS[cell][language] if isinstance(cell, str) else cell for cell in (where, kind)]
        table.append([WORDS["villages"][language].format(letter), residents, share, cadres, words[0], income, words[1]])
    for row in table.iter_rows(min_row=2):
        row[1].number_format = row[5].number_format = "#,##0"
        row[2].number_format = "0%"
    explained = book.create_sheet(SHEETS[language][1])
    explained.append(HEADS)
    for column in COLUMNS:
        explained.append([text for pair in column for text in pair])
    for text in NOTE:
        explained.append([text])
    for sheet, width in ((table, 16), (explained, 30)):
        sheet.freeze_panes = "A2"
        for number, cell in enumerate(sheet[1], 1):
            cell.font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(number)].width = width
    for explanation in explained.iter_rows(min_row=2, max_row=1 + len(COLUMNS)):
        for cell in explanation:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
