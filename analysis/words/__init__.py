"""Every word that a reader of figures and reports meets, one file a language.

    en.py, zh.py   WORDS (key -> text), UNITS (unit of an indicator -> as it is written), how the language is written
    languages.py   which there are
    reader.py      Reader: the language, and what ids are called in it
    quantities.py  how numbers are written with their units

A file named by two letters is a language; all have the same keys. Names of measures, levers, indicators and settings
stand beside their ids and come in with the data, in `label_en` and `label_zh`. A further language may hold them in
LABELS (id -> name).
"""

from __future__ import annotations

from analysis.words.languages import LANGUAGES, label, language_file, words
from analysis.words.reader import Labels, Outcomes, Reader, with_composite

__all__ = ["LANGUAGES", "Labels", "Outcomes", "Reader", "label", "language_file", "with_composite", "words"]
