"""The worked examples of docs/extending.md, carried out in a copy of the project."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "extending.md"


def examples(heading: str) -> list[tuple[str, str, str]]:
    """(file, place in it, text) of each example under a heading; no place: the file, or its last line."""
    sections = re.split(r"^## ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (section,) = [text for text in sections if text.startswith(f"{heading}\n")]
    found = re.findall(r"^```\w+\n# (\S+?)(?:, in (\w+))?\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    assert found, f"{heading}: no example that names its file"
    return found


def carry_out(root: Path, heading: str) -> None:
    """Do what the examples under a heading say, in a copy of the project at `root`."""
    for name, place, text in examples(heading):
        path = root / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(_changed(old, place, text), encoding="utf-8")


def _changed(old: str, place: str, text: str) -> str:
    """The text with lines at its end, at the start of a table, or in the place of a function."""
    if not place:
        return old + text
    table = re.search(rf"^{place}\b[^\n]*[({{]\n", old, flags=re.MULTILINE)
    if table:
        return old[: table.end()] + text + old[table.end() :]
    function = re.search(rf"^def {place}\(.*?(?=\n\n\n|\Z)", old, flags=re.MULTILINE | re.DOTALL)
    assert function, f"neither a table nor a function {place}"
    return old[: function.start()] + text.rstrip() + old[function.end() :]
