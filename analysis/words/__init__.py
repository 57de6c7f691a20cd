"""The words of figures and reports, in English and Chinese, and how numbers are written in both.

Names of measures, levers, indicators and settings are not here: they stand beside their ids and
come in with the data. Files en.py and zh.py, en_ranking.py and zh_ranking.py hold the same keys;
quantities.py knows how each unit is written.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.words import en, en_ranking, zh, zh_ranking

LANGUAGES = ("en", "zh")
_WORDS = {"en": en.WORDS | en_ranking.WORDS, "zh": zh.WORDS | zh_ranking.WORDS}


def words(language: str) -> Mapping[str, str]:
    """All words of a language, key -> text (may hold {fields}).

    Raises ValueError for a language there is none of.
    """
    if language not in _WORDS:
        raise ValueError(f"language {language!r} is unknown; allowed are {', '.join(LANGUAGES)}.")
    return _WORDS[language]


def label(labels: Mapping[str, Mapping[str, str]] | None, name: str, language: str) -> str:
    """Name of a measure, outcome or setting in `language`.

    The id itself where nobody gave a label.
    """
    found = (labels or {}).get(name, {})
    return str(found.get(language) or found.get(f"label_{language}") or name)
