"""The glossary: every term is in use somewhere, and every row says it in both languages."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tools import DOCS, ROOT

GLOSSARY = DOCS / "glossary.md"
USED_IN = {"sim": "*.py", "experiments": "*.py", "analysis": "*.py", "configs": "*.yaml", "docs": "*.md"}


def rows() -> list[list[str]]:
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def plain(text: str) -> str:
    """Lower case, with blanks for hyphens, underscores and line breaks; DesignKey becomes design key."""
    return re.sub(r"[\s_-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).lower()


@cache
def texts() -> str:
    """All code and documents but the glossary itself."""
    paths = (path for folder, kind in USED_IN.items() for path in (ROOT / folder).rglob(kind) if path != GLOSSARY)
    return plain("\n".join(path.read_text(encoding="utf-8") for path in paths))


def unused(terms: str) -> list[str]:
    """Those of comma-separated terms that stand nowhere else."""
    return [term for term in terms.split(", ") if not re.search(rf"\b{re.escape(plain(term))}s?\b", texts())]


def test_every_term_is_in_use():
    missing = [term for row in rows() for term in unused(row[0])]
    assert not missing, f"docs/glossary.md has terms that nobody uses: {missing}"
    assert unused("lever, no such term anywhere") == ["no such term anywhere"]


@pytest.mark.parametrize("column", range(4))
def test_every_row_is_whole_and_in_both_languages(column):
    for row in rows():
        assert len(row) == 4, row
        chinese = bool(re.search("[\u4e00-\u9fff]", row[column]))
        assert row[column] and chinese == (column % 2 == 1), row


def test_no_term_stands_twice():
    terms = [term for row in rows() for term in row[0].split(", ")]
    assert len(terms) == len(set(terms))
