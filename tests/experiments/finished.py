"""Words that make a job small, and what stands in the folder of a finished one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

SMALL = ["residents=900", "weeks=60"]


def read(folder: Path, name: str):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with open(folder / "tables" / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
