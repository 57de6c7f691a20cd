"""The workbook: every table of a folder, with names in the language, units and full numbers that show rounded.

A sheet a table, one for the data of each figure that is drawn from the dataset, and one in front that says what there
is. Nothing in it is worked out by a formula: what begins like one is text (also in Excel's own mark for that). openpyxl
writes the file, row by row.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from analysis.figures.style import ACTIVITIES
from analysis.report.blocks import Part, Picture, Report, Text, clean, number_of
from analysis.report.seal import seal_package
from analysis.report.workbook_columns import IN_UNIT, Cell, cell, decimals_of, heading, is_share, outcome_of, unit_of
from analysis.report.workbook_figures import hours_sheet, paths_sheet
from analysis.words import Reader

MOST_ROWS = 200_000  # of a sheet: what a spreadsheet still opens at once (it has room for 1,048,576)
LONGEST_NAME, LONGEST_TEXT = 31, 32_767  # letters of a sheet's name and of a cell
WIDEST = 42
FORMULAS = ("=", "+", "-", "@")
FIGURES = {"paths": (), "hours": tuple(ACTIVITIES)}  # drawn from the dataset, and what it must have
HEAD = Font(name="Arial", bold=True)
PLAIN = Font(name="Arial")
RULE = Border(bottom=Side(style="thin"))
Rows = Sequence[Mapping[str, str]]


def workbook_file(report: Report, tables: Mapping[str, Rows], dataset: Any = None) -> bytes:
    """The workbook of a report.

    `tables` are all tables of the folder as read from CSV, by name. The reader of the report names outcomes and
    measures; outcomes that it lacks have the names of the folder's own table of names.
    """
    reader = _with_names(report.reader, tables.get("names", ()))
    book = Workbook(write_only=True)
    made: list[tuple[str, str, int]] = []
    notes: list[str] = []
    about = book.create_sheet(_sheet_name(reader.text["book_about"], set()))
    taken = {about.title}
    for name, rows in tables.items():
        if rows:
            title = reader.text.get(f"sheet_{name}", name)
            if len(rows) > MOST_ROWS:
                notes.append(reader.text["book_cut"].format(name=title, rows=f"{MOST_ROWS:,}", id=name))
            heads, cells = _table_cells(rows[:MOST_ROWS], reader)
            made.append((_write(book, title, heads, cells, taken), title, len(rows)))
    pictures = {block.name: block for block in report.blocks() if isinstance(block, Picture)}
    for name, needs in FIGURES.items():
        if dataset is not None and all(need in dataset for need in needs):
            block = pictures.get(name)
            title = block.title if block else reader.text[f"sec_{name}"]
            make = paths_sheet if name == "paths" else hours_sheet
            heads, cells = make(dataset, reader.of(report.reader.outcomes))
            short = reader.text["book_figure"].format(number=number_of(block, reader)) if block else title
            made.append((_write(book, short, heads, cells, taken), title, len(cells)))
    _about(about, report, made, notes)
    _describe(book, report)
    buffer = io.BytesIO()
    book.save(buffer)
    return seal_package(buffer.getvalue())


def _with_names(reader: Reader, names: Rows) -> Reader:
    """The reader with the names and units of all outcomes that the folder's table of names has."""
    own = {
        row["id"]: {"en": row["label_en"], "zh": row["label_zh"], "unit": row["unit"].replace("nan", "")}
        for row in names
        if row["kind"] == "outcome"
    }
    labels = {row["id"]: {"en": row["label_en"], "zh": row["label_zh"]} for row in names if row["kind"] != "outcome"}
    return reader.with_labels({**labels, **reader.labels}).of({**own, **reader.outcomes})


def _table_cells(rows: Rows, reader: Reader) -> tuple[list[str], list[list[Cell]]]:
    """Heads and cells of a table; a column of units behind the outcome where numbers have the row's unit."""
    columns = list(rows[0])
    sample = [row for row in rows[:5000] if not is_share(outcome_of(row), reader)]
    digits = {column: decimals_of([_float(row[column]) for row in sample]) for column in columns}
    with_unit = "outcome" in columns and bool((IN_UNIT - {"ci_low", "ci_high"}) & set(columns))
    heads, cells = [], []
    for column in columns:
        heads.append(heading(column, columns, reader))
        heads += [reader.text["book_unit"]] if with_unit and column == "outcome" else []
    for row in rows:
        line = []
        for column in columns:
            line.append(cell(column, row, reader, digits[column]))
            line += [Cell(unit_of(row, reader))] if with_unit and column == "outcome" else []
        cells.append(line)
    return heads, cells


def _float(given: str) -> float:
    try:
        return float(given)
    except ValueError:
        return 0.0


def _write(book: Any, title: str, heads: Sequence[str], cells: Sequence[Sequence[Cell]], taken: set[str]) -> str:
    """A sheet: heads that stay in view and can filter, columns as wide as they need; gives its name."""
    sheet = book.create_sheet(_sheet_name(title, taken))
    taken.add(sheet.title)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(cells) + 1}"
    for i, head in enumerate(heads):
        shown = [_shown_width(row[i]) for row in cells[:200]]
        sheet.column_dimensions[get_column_letter(i + 1)].width = min(WIDEST, 3 + max([min(_width(head), 16), *shown]))
    sheet.append([_cell(sheet, Cell(head), head=True) for head in heads])
    for row in cells:
        sheet.append([_cell(sheet, one) for one in row])
    return str(sheet.title)


def _cell(sheet: Any, one: Cell, head: bool = False) -> Any:
    """A cell of the sheet: a number with its format, or text that is text whatever it begins with."""
    if one.value is None:
        return None
    if isinstance(one.value, str):
        made = WriteOnlyCell(sheet, "")
        made.value = clean(one.value)[:LONGEST_TEXT]
        made.data_type = "s"
        made.quotePrefix = one.value[:1] in FORMULAS
    else:
        made = WriteOnlyCell(sheet, one.value)
        made.number_format = one.form
    made.font = HEAD if head else PLAIN
    if head:
        made.alignment, made.border = Alignment(wrap_text=True, vertical="bottom"), RULE
    return made


def _about(sheet: Any, report: Report, made: Sequence[tuple[str, str, int]], notes: Sequence[str]) -> None:
    """The first sheet: what this is, which sheets there are, what cells hold, and how to cite."""
    text = report.reader.text
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 90
    sheet.append([_cell(sheet, Cell(report.title), head=True)])
    for line in (report.author, report.date, text["page_conditional"], text["book_units"], *notes):
        if line:
            sheet.append([_cell(sheet, Cell(line))])
    sheet.append([])
    sheet.append([_cell(sheet, Cell(text[name]), head=True) for name in ("book_sheets", "col_item", "book_rows")])
    for name, title, count in made:
        linked = _cell(sheet, Cell(name))
        linked.hyperlink = f"#'{name.replace(chr(39), chr(39) * 2)}'!A1"
        linked.font = Font(name="Arial", underline="single", color="0F4C81")
        sheet.append([linked, _cell(sheet, Cell(title)), _cell(sheet, Cell(count, "#,##0"))])
    for part in report.parts:
        if part.id == "citation":
            sheet.append([])
            sheet.append([_cell(sheet, Cell(part.title), head=True)])
            for said in _texts(part):
                sheet.append([_cell(sheet, Cell(said))])


def _texts(part: Part) -> list[str]:
    return [block.said for block in part.blocks if isinstance(block, Text)]


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes, and that no other sheet has."""
    name = re.sub(r"[\[\]:*?/\\']", " ", clean(title)).strip()[:LONGEST_NAME] or "–"
    count, found = 1, name
    while found.lower() in {one.lower() for one in taken}:
        count += 1
        found = f"{name[: LONGEST_NAME - 4]} {count}"
    return found


def _width(text: str) -> float:
    return sum(2.0 if ord(letter) > 0x2E80 else 1.0 for letter in text)


def _shown_width(one: Cell) -> float:
    return _width(one.value) if isinstance(one.value, str) else 9.0


def _describe(book: Any, report: Report) -> None:
    """The file's own record: title, author, language and day."""
    properties = book.properties
    properties.title, properties.creator = report.title[:255], (report.author or "township-lab")[:255]
    properties.language = report.reader.language
    properties.created = properties.modified = datetime.fromisoformat(report.day or "2000-01-01")
