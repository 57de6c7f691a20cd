"""What python-docx has no words for: fields, bookmarks, links, native tables and alternative texts, as Word's XML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from analysis.report.column_widths import column_shares
from analysis.report.tables import Table


def element(tag: str, *children: Any, **attributes: str) -> Any:
    """An element of Word's XML with attributes in its namespace."""
    made = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    made.extend(children)
    return made


def run(text: str, style: str = "") -> Any:
    """A run of text; a line break where the text has one."""
    made = element("r")
    if style:
        made.append(element("rPr", element("rStyle", val=style)))
    for place, line in enumerate(text.split("\n")):
        if place:
            made.append(element("br"))
        written = element("t")
        written.set(qn("xml:space"), "preserve")
        written.text = line
        made.append(written)
    return made


def field(code: str, result: str) -> list[Any]:
    """A field that holds its result already; Word works it out again on F9."""
    return [*field_start(code), run(result), field_end()]


def field_start(code: str) -> list[Any]:
    """The beginning of a field, up to its result."""
    instruction = element("instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    return [
        element("r", element("fldChar", fldCharType="begin")),
        element("r", instruction),
        element("r", element("fldChar", fldCharType="separate")),
    ]


def field_end() -> Any:
    """The end of a field."""
    return element("r", element("fldChar", fldCharType="end"))


def bookmark(name: str, number: int, content: Sequence[Any]) -> list[Any]:
    """Content that something can refer to."""
    mark = str(number)
    return [element("bookmarkStart", id=mark, name=name), *content, element("bookmarkEnd", id=mark)]


def link(target: str, text: str) -> Any:
    """A link to a bookmark of the same file."""
    return element("hyperlink", run(text), anchor=target, history="1")


def table_element(table: Table, width: int, caption: str) -> Any:
    """A native table `width` twips wide: three rules, heads that are repeated on every page, rows that stay whole.

    The first columns are row heads; columns of numbers stand at the right. The caption is its alternative text.
    """
    widths = [round(width * share) for share in column_shares(table)]
    rule = {"val": "single", "space": "0", "color": "auto"}
    borders = element("tblBorders", element("top", sz="12", **rule), element("bottom", sz="12", **rule))
    look = element("tblLook", val="06A0", firstRow="1", lastRow="0", firstColumn="1", lastColumn="0", noHBand="1")
    margins = element("tblCellMar", element("left", w="60", type="dxa"), element("right", w="60", type="dxa"))
    properties = element(
        "tblPr",
        element("tblW", w=str(width), type="dxa"),
        element("jc", val="center"),
        borders,
        element("tblLayout", type="fixed"),
        margins,
        look,
        element("tblCaption", val=caption[:250]),
    )
    grid = element("tblGrid", *(element("gridCol", w=str(one)) for one in widths))
    made = element("tbl", properties, grid, _row(table.columns, table, widths, head=True))
    for place, cells in enumerate(table.rows):
        follows = place < 2 or (table.short and place < len(table.rows) - 1)
        made.append(_row(cells, table, widths, group=place in table.breaks and place > 0, keep=follows))
    return made


def _row(
    cells: Sequence[str],
    table: Table,
    widths: Sequence[int],
    *,
    head: bool = False,
    group: bool = False,
    keep: bool = True,
) -> Any:
    """A row; `keep`: on one page with the next one. `group`: it begins a group."""
    properties = element("trPr", element("cantSplit"))
    if head:
        properties.append(element("tblHeader"))
    made = element("tr", properties)
    for column, text in enumerate(cells):
        cell = element("tcPr", element("tcW", w=str(widths[column]), type="dxa"))
        rule = {"val": "single", "sz": "6" if head else "4", "space": "0", "color": "auto"}
        if head or group:
            cell.append(element("tcBorders", element("bottom" if head else "top", **rule)))
        cell.append(element("vAlign", val="bottom" if head else "top"))
        set_to = "left" if column in table.words else "right"
        together = [element("keepNext")] if keep else []
        style = element("pPr", element("pStyle", val="TableText"), *together, element("jc", val=set_to))
        made.append(element("tc", cell, element("p", style, run(str(text)))))
    return made
