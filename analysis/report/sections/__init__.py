"""The sections of a page, one file each: every file here that has a SECTION.

A section more is its file, and its words in every language.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from analysis.report.section import Material, Section


def _find() -> dict[str, Section]:
    names = [file.name for file in iter_modules(__path__)]
    found = {name: getattr(import_module(f"{__name__}.{name}"), "SECTION", None) for name in names}
    known = {name: section for name, section in found.items() if isinstance(section, Section)}
    return dict(sorted(known.items(), key=lambda item: item[1].order))


SECTIONS = _find()
"""By the name of their file, in the order of the page."""


TABLES = tuple(
    name
    for name in dict.fromkeys(name for section in SECTIONS.values() for name in section.reads)
    if name not in ("dataset", "levels", "effects", "ranking")
)
"""Tables beside levels, effects and ranking that a page tells of."""


def make_sections(given: Material, only: Collection[str] = SECTIONS) -> list[dict[str, Any]]:
    """All sections for which there is something in `given`, in the order of the page; `only` are names of SECTIONS."""
    there = {name for name, rows in given.tables.items() if rows} | (
        {"dataset"} if given.dataset is not None else set()
    )
    wanted = [section for name, section in SECTIONS.items() if name in only]
    return [made for section in wanted if there & set(section.reads) for made in section.make(given)]
