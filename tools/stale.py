"""Pages that tell of an earlier model say so on their first line.

    python -m tools.stale

A page of results names the version of the model that made it. Where that is not the present one, a line is put before
the page; where it is, such a line is taken away. Run it after a change of the engine; `make docs` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sim.version import model_version
from tools import DOCS

PLACES = ("checks/*.md", "results/*.md", "validation*.md", "model_history.md")
VERSION = re.compile(r"\b[0-9a-f]{16}\b")
FIFTH = "61308d5ea0dba607"
LINES = {
    "en": "> **Of {which}.** This was found with {which} and may not be so in the present one; it is renewed later.",
    "zh": "> **本页出自{which}。**以下结果由{which}得出，在现行模型中未必成立；稍后更新。",
}
WHICH = {
    "en": {FIFTH: "the fifth model", "": "an earlier state of the model"},
    "zh": {FIFTH: "第五版模型", "": "模型的较早状态"},
}


def pages() -> Iterator[Path]:
    """Every page that names the version of the model that made it."""
    for place in PLACES:
        for path in sorted(DOCS.glob(place)):
            if VERSION.search(path.read_text(encoding="utf-8")):
                yield path


def line_for(text: str, language: str, present: str) -> str:
    """The first line that a page needs; nothing where it is of the present model."""
    found = VERSION.search(text)
    if found is None or found.group() == present:
        return ""
    names = WHICH[language]
    return LINES[language].format(which=names.get(found.group(), names[""]))


def marked(text: str, language: str, present: str) -> str:
    """The page with the line that it needs, and no other."""
    first, _, rest = text.partition("\n")
    bare = rest.lstrip("\n") if first.startswith(LINES[language].partition("{")[0]) else text
    line = line_for(bare, language, present)
    return f"{line}\n\n{bare}" if line else bare


def language_of(path: Path) -> str:
    """The language of a page, by its name."""
    return "zh" if path.name.endswith(".zh.md") else "en"


def main() -> None:
    """Renew the first lines of all pages."""
    for path in pages():
        text = path.read_text(encoding="utf-8")
        there = marked(text, language_of(path), model_version())
        if there != text:
            path.write_text(there, encoding="utf-8")
            print(f"{path.relative_to(DOCS)}: first line renewed")


if __name__ == "__main__":
    main()
