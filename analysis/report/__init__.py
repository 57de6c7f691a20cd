"""Reports: what a finished job found, as a page, a Word file, a PDF and a workbook.

    content.py   make_report: all that a report says, as plain blocks
    blocks.py    the plain form: parts, paragraphs, tables, figures
    opening.py, brief.py   what it says first
    method.py    what it says last
    sections/    SECTIONS, one file a section
    section.py   what a section is, and what all of them are made of
    prose.py     sentences written from the numbers
    tables.py    tables as plain lists of text
    assumptions.py  names of assumptions, and where they are explained
    settings_table.py  what was run, in words

One writer a format:

    page.py      HTML, one self-contained file (page.html, page.css; fonts.py embeds its letters)
    word.py      docx (layouts.py, word_styles.py, word_fields.py)
    pdf.py       PDF, set by typst (pdf.typ)
    workbook.py  xlsx: every table of the folder (workbook_columns.py, workbook_figures.py)
    seal.py      by which an edited file is known

Words come from analysis.words, one file a language.
"""

from __future__ import annotations

from analysis.report.content import PARTS, make_report
from analysis.report.page import build_page, write_page

__all__ = ["PARTS", "build_page", "make_report", "write_page"]
