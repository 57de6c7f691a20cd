"""The page: one self-contained HTML file with findings, figures, tables, settings, provenance.

    page.py      build_page, write_page: puts the parts together
    findings.py  sentences written from the numbers
    tables.py    the numbers as tables
    ranking.py   the sections of a ranking, of which the parts are:
    doubts.py    sections on the sources of the spread and on other circumstances
    screening.py Morris and Sobol, and where a method could not be used
    beside.py    ties, costs, packages: what stands beside a ranking
    assumptions.py  what it hangs on: when a measure backfires, what turns an order, what is worth measuring
    together.py  pairs, start weeks, composite, wanted precision
    settings.py  what was run, in words
    fonts.py     the letters the page needs, embedded
    page.html, page.css   its form

Prose comes from analysis.words, in English and Chinese.
"""

from __future__ import annotations

from analysis.report.page import build_page, write_page

__all__ = ["build_page", "write_page"]
