"""The form to print (HTML) and the sheet to fill (XLSX), in one language."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from typing import Any

from experiments.elicitation.questions import Question

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "What do you think is usual?",
        "how": "There are no right answers. Think of ordinary townships and villages that you know. Write three "
        "numbers for each question. Middle: the true number is as likely to be above it as below. Low: one chance in "
        "four that the true number is below. High: one chance in four that it is above. Leave a question empty if you "
        "cannot say.",
        "between": "more than {low:g}, less than {high:g}",
        "name": "Name or number (may be left empty)",
    },
    "zh": {
        "title": "您觉得一般是多少？",
        "how": "这里没有标准答案，请按您熟悉的普通乡镇和村的情况来估。每题写三个数。"
        "中间值：真实数字比它高、比它低的可能各一半；偏低值：真实数字比它还低的可能只有四分之一；偏高值：真实数字比它还高的可能只有四分之一。说不上来的题可以空着。",
        "between": "大于 {low:g}，小于 {high:g}",
        "name": "姓名或编号（可不填）",
    },
}
HEADS = {
    "en": ["key", "question", "unit", "more than", "less than", "low", "middle", "high"],
    "zh": ["代号", "问题", "单位", "大于", "小于", "偏低值", "中间值", "偏高值"],
}
STYLE = """
body { font: 12pt/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; }
body { max-width: 46em; margin: 1.5em auto; } li { margin: 0 0 1em; break-inside: avoid; }
.boxes { display: flex; gap: 1.5em; margin-top: .3em; }
.boxes span { display: inline-block; width: 5em; border-bottom: 1px solid; } .quiet { color: #555; font-size: 10pt; }"""


def html(questions: Sequence[Question], language: str) -> bytes:
    """A page to print and to fill by hand."""
    words = WORDS[language]
    items = []
    for question in questions:
        boxes = "".join(f"<div>{head} <span>&nbsp;</span></div>" for head in HEADS[language][5:])
        asked, unit = escape(question.words[language]), escape(question.units[language])
        range_ = words["between"].format(low=question.low, high=question.high)
        items.append(
            f"<li>{asked}<div class=boxes>{boxes}<div>{unit}</div></div>"
            f"<div class=quiet>{range_} · {question.prior.id}</div></li>"
        )
    page = f"""<!doctype html>
<html lang="{language}"><meta charset="utf-8"><title>{words["title"]}</title><style>{STYLE}</style>
<h1>{words["title"]}</h1><p>{words["how"]}</p><p>{words["name"]}: ______________________</p>
<ol>{"".join(items)}</ol></html>
"""
    return page.encode()


def xlsx(questions: Sequence[Question], language: str) -> bytes:
    """A workbook of one sheet: a line of heads, then a line a question; the last three columns are to be filled."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    words, book = WORDS[language], Workbook()
    sheet = book.worksheets[0]
    sheet.title = words["title"][:30].rstrip("?？")
    sheet.append(HEADS[language])
    for question in questions:
        said = question.words[language], question.units[language]
        sheet.append([question.prior.id, *said, question.low, question.high])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2, max_col=8):
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
        for cell in row[5:]:
            cell.fill = PatternFill("solid", fgColor="FFF2CC")
    for column, width in zip("ABCDEFGH", (18, 70, 18, 10, 10, 10, 10, 10), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "B2"
    note = book.create_sheet("how to answer" if language == "en" else "说明")
    note["A1"], note.column_dimensions["A"].width = words["how"], 110
    note["A1"].alignment = Alignment(wrap_text=True, vertical="top")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
