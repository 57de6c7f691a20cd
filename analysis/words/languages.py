"""The languages there are, their words, and the names of ids in them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

FIRST = "en"
LANGUAGES = (FIRST, *sorted(path.stem for path in Path(__file__).parent.glob("??.py") if path.stem != FIRST))


def language_file(language: str) -> ModuleType:
    """The file of a language; raises ValueError for a language there is none of."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is unknown; allowed are {', '.join(LANGUAGES)}.")
    return import_module(f"analysis.words.{language}")


def words(language: str) -> Mapping[str, str]:
    """All words of a language, key -> text (may hold {fields})."""
    found: Mapping[str, str] = language_file(language).WORDS
    return found


def label(labels: Mapping[str, Mapping[str, str]] | None, name: str, language: str) -> str:
    """Name of a measure, outcome or setting in `language`; the id itself where nobody gave a label."""
    found = (labels or {}).get(name, {})
    own = found.get(language) or found.get(f"label_{language}")
    return str(own or getattr(language_file(language), "LABELS", {}).get(name) or name)
