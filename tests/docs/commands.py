"""Every line that the pages of the site tell a reader to type, and those that no test types.

The pages are those of docs/ and the READMEs; the lines stand in their blocks of kind sh or powershell, or in blocks
without a kind that begin with a program's name.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.docs.recipes import FENCE, ROOT, SHELLS, lines_of, reason_not_typed

PAGES = (*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "README.zh.md")
PROGRAMS = ("python ", "make ", "township ")

CLUSTER = "executor.address=tcp://192.0.2.7:8786"  # an address of documentation: nobody answers there


def commands() -> dict[str, list[Path]]:
    """Line -> the pages on which it stands, in the order of the pages."""
    found: dict[str, list[Path]] = {}
    for page in PAGES:
        for block in FENCE.finditer(page.read_text(encoding="utf-8")):
            for line in lines_of(block[2]):
                if block[1] in SHELLS or (not block[1] and line.startswith(PROGRAMS)):
                    found.setdefault(line, []).append(page)
    return found


def typed_commands() -> list[str]:
    """All lines that can be typed by a test."""
    return [line for line in commands() if not reason_not_typed(line)]


def job_of(line: str) -> tuple[str, list[str]]:
    """("rank", its words) of a line that starts a job, as `python -m experiments.rank` or `township rank`."""
    words = shlex.split(line)
    if words[0] == "township":
        return (words[1], words[2:]) if words[1:] else ("", [])
    module = re.fullmatch(r"experiments\.(\w+)", words[2]) if words[:2] == ["python", "-m"] else None
    return (module[1], words[3:]) if module else ("", words)
