"""Every recipe and every line of the pages, typed one after the other: what a reader is told to do, done.

    python -m tests.benchmarks.commands                  all (hours: rankings have as many runs as the pages say)
    python -m tests.benchmarks.commands only=cookbook    pages whose path holds the word

First the recipes, each in an empty folder, their figures compared with the page; the first hour also with what a wheel
holds, in place of the checkout. Then all other lines, in the order of the pages, in one folder that holds the files
that they speak of. Jobs that name no size get `residents=1000`, where they take it, so that a night suffices; a line
that needs a cluster gets one of two workers. Exit code 1 if a line does not end with exit code 0, or a figure is
another one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import yaml
from openpyxl import load_workbook

from tests.docs.commands import CLUSTER, commands, job_of, typed_commands
from tests.docs.recipes import ROOT, check, recipes, typed

RECIPES = ("cookbook.md", "python.md", "first_hour.md", "first_hour.zh.md")
SIZED = ("experiment=full", "town=", "residents=", "--help", "executor.address=", "experiment=configs/")
FOLDERS = {
    "results/quick_ranking": ("results/my_ranking", "results/full_ranking", "results/demo")
}  # what lines read, under another name
VILLAGES = "residents,share_over_60\n1200,0.24\n900,0.31\n"


def prepare(folder: Path) -> None:
    """The files and the finished folders of which lines speak before they make them."""
    for name in ("my_villages.csv", "a.csv", "b.csv"):
        (folder / name).write_text(VILLAGES, encoding="utf-8")
    measure = {"entries": [{"lever": "reporting_reach", "op": "close", "mode": 0.2}]}
    (folder / "my").mkdir()
    for place in (folder, folder / "my"):
        (place / "evening_desk.yaml").write_text(yaml.safe_dump(measure), encoding="utf-8")
    for name in ("configs", "docs"):
        (folder / name).symlink_to(ROOT / name)
    words = "experiment=quick_ranking behaviour=average replicates=50 town=demo_village weeks=52 quiet=true"
    line = f"python -m experiments.rank {words} 'ranking.methods=[add_one_in]' output=results/quick_ranking"
    typed(line, folder)
    for source, names in FOLDERS.items():
        for name in names:
            (folder / name).symlink_to(folder / source)
    for name, language in (("my_villages.xlsx", "en"), ("我的村.xlsx", "zh")):
        typed(f"python -m experiments.template town language={language} output={name}", folder)


def answer(folder: Path) -> None:
    """Fill the sheet of questions in as a person would, and hand it on under the names of two others."""
    path = folder / "questions" / "sheet.xlsx"
    book = load_workbook(path)
    for row in book.worksheets[0].iter_rows(min_row=2, max_row=6):
        low, high = row[3].value, row[4].value
        for cell, share in zip(row[5:8], (0.3, 0.5, 0.7), strict=True):
            cell.value = low + share * (high - low)
    book.save(path)
    for name in ("zhang.xlsx", "li.xlsx"):
        (folder / name).write_bytes(path.read_bytes())


def wheel(folder: Path) -> Path:
    """Where a wheel of this checkout is unpacked, without what it depends on."""
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(folder), str(ROOT)], check=True)
    return folder


def as_typed(line: str) -> str:
    """The line, smaller where it names no size, and with the folder that a later line reads."""
    job, _ = job_of(line)
    if CLUSTER in line:
        return line.replace(CLUSTER, "executor.workers=2") + " residents=1000"
    if job == "calibrate" and "output=" not in line and "check=" not in line:
        return f"{line} output=results/calibration"  # which a later line reads
    small = job in ("run", "compare", "rank", "sweep") and not any(word in line for word in SIZED)
    return f"{line} residents=1000" if small else line


def main(arguments: list[str]) -> int:
    """Type everything; returns the exit code."""
    only = "".join(word.removeprefix("only=") for word in arguments)
    failed = 0

    def told(what: str, do: Callable[[], object]) -> None:
        nonlocal failed
        start = time.monotonic()
        try:
            do()
            result = "done"
        except Exception as error:
            failed, result = failed + 1, f"FAILED\n{error}"
        print(f"{time.monotonic() - start:7.0f} s  {what}: {result}", flush=True)

    done: set[str] = set()
    for path in (ROOT / "docs" / "guide" / name for name in RECIPES):
        for recipe in recipes(path) if only in str(path) else []:
            with tempfile.TemporaryDirectory() as folder:
                told(f"{path.name} {recipe.title}", partial(check, recipe, Path(folder)))
            if path.name.startswith("first_hour"):
                with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as unpacked:
                    told(f"{path.name}, from a wheel", partial(check, recipe, Path(folder), wheel(Path(unpacked))))
        done |= {line for recipe in recipes(path) for line in recipe.commands}
    rest = [line for line in typed_commands() if line not in done and any(only in str(p) for p in commands()[line])]
    with tempfile.TemporaryDirectory() as folder:
        if rest:
            told("what lines read", partial(prepare, Path(folder)))
        for line in rest:
            if line.startswith("python -m experiments.elicit read"):
                answer(Path(folder))
            told(line, partial(typed, as_typed(line), Path(folder)))
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
