"""The page: one self-contained HTML file with findings, figures, tables, settings, provenance.

    page.py      build_page, write_page: puts the parts together
    opening.py   what it says first
    sections/    SECTIONS, one file a section
    section.py   what a section is, and what all of them are made of
    prose.py     sentences written from the numbers
    tables.py    tables as plain lists of text
    assumptions.py  names of assumptions, and where they are explained
    settings_table.py  what was run, in words
    fonts.py     the letters the page needs, embedded
    page.html, page.css   its form

Words come from analysis.words, one file a language.
"""

from __future__ import annotations

from analysis.report.page import build_page, write_page

__all__ = ["build_page", "write_page"]
