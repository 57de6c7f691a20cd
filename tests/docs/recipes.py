"""What pages of docs/ tell a reader to type, read off the pages and carried out.

A recipe is a section (`## `) of a page. Its blocks are steps, from top to bottom, in a folder of their own:

    sh, powershell    lines to type; each has to end with exit code 0
    python            run in one namespace a recipe
    yaml, csv, text   a file, if the line before the block ends in its name: "Save as `my.csv`:"
    text              otherwise what the step before prints: all of it for python, lines among others for sh

    python -m tests.docs.recipes docs/guide/cookbook.md --write    runs a page and renews what its python steps print
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`([\w./-]+\.(?:csv|yaml|py))`\W*$")
SHELLS = ("sh", "powershell")

# Lines that no test types, by how they begin, with the reason.
NOT_TYPED = {
    "python3.11 -m venv": "makes an environment; the environment of the test is one",
    "py -3.11": "Windows",
    ".venv\\Scripts\\": "Windows",
    ". env/bin/activate": "the test names the environment's Python in full",
    ". .venv/bin/activate": "the same",
    "python -m pip install": "fetches a gigabyte",
    ".venv/bin/python -m pip install": "the same",
    ".venv/bin/python -m pytest": "the tests themselves",
    "make ": "what a target runs is typed by itself; that the target exists is tested",
    "python -m tools.": "writes into docs/ of the checkout",
    "python -m jupyter lab": "a server that waits for a browser; tests/experiments/test_notebooks.py runs the notebook",
}


@dataclass(frozen=True)
class Step:
    """A block of a page: what it is (sh, python, file, output), its text, the name of its file."""

    kind: str
    text: str
    file: str = ""


@dataclass(frozen=True)
class Recipe:
    title: str
    steps: tuple[Step, ...]

    @property
    def commands(self) -> list[str]:
        """Lines to type, without comments."""
        return [line for step in self.steps if step.kind == "sh" for line in lines_of(step.text)]


def lines_of(text: str) -> list[str]:
    lines = (re.sub(r"\s+# .*", "", line).strip() for line in text.replace("\\\n", " ").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def reason_not_typed(line: str) -> str:
    """Why no test types a line; empty for those that one does."""
    if re.search(r"<\w+>", line):
        return "holds a place for a name"
    return next((reason for start, reason in NOT_TYPED.items() if line.startswith(start)), "")


def recipes(path: Path) -> list[Recipe]:
    """The sections of a page that have steps; the first hour is one recipe, since each part goes on from the last."""
    if path.name.startswith("first_hour"):
        return [Recipe("", tuple(_steps(path.read_text(encoding="utf-8"))))]
    sections = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = [Recipe(text.partition("\n")[0], tuple(_steps(text))) for text in sections]
    return [recipe for recipe in found if recipe.steps]


def _steps(section: str) -> Iterator[Step]:
    for block in FENCE.finditer(section):
        kind, text = block[1], block[2]
        before = section[: block.start()].rstrip()
        if kind in SHELLS:
            yield Step("sh", text)
        elif kind == "python":
            yield Step("python", text)
        elif named := NAMED.search(before.rpartition("\n")[2]):
            yield Step("file", text, named[1])
        elif kind == "text" and before.endswith("```"):
            yield Step("output", text)


def carry_out(recipe: Recipe, folder: Path, source: Path = ROOT) -> list[tuple[Step, str, str]]:
    """Do what a recipe says in a folder; returns each output step with what was really printed, and said beside it.

    `source` is the folder from which lines have the toolkit: the checkout, or where a wheel was unpacked.
    """
    printed, beside, told, names = "", "", [], {"__name__": "__recipe__"}
    for step in recipe.steps:
        if step.kind == "file":
            (folder / step.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / step.file).write_text(step.text, encoding="utf-8")
        elif step.kind == "sh":
            done = [typed(line, folder, source) for line in lines_of(step.text) if not reason_not_typed(line)]
            printed, beside = "".join(one.stdout for one in done), "".join(one.stderr for one in done)
        elif step.kind == "python":
            printed, beside = _run(step.text, folder, names), ""
        else:
            told.append((step, printed, beside))
    return told


def check(recipe: Recipe, folder: Path, source: Path = ROOT) -> None:
    """Carry a recipe out, and compare what the page says is printed with what is."""
    outputs = carry_out(recipe, folder, source)
    assert outputs, f"{recipe.title}: no figure is shown"
    for step, printed, beside in outputs:
        real = [line.strip() for line in (printed + beside).splitlines()]
        said = [line.strip() for line in step.text.splitlines()]
        before = recipe.steps[recipe.steps.index(step) - 1].kind
        assert said == real if before == "python" else set(said) <= set(real), f"{recipe.title}:\n{printed}"


def words_of(line: str) -> list[str]:
    """A line as a program is started with it."""
    words = shlex.split(line)
    python = [sys.executable]
    starts = {"python": python, ".venv/bin/python": python, "township": [*python, "-m", "experiments"]}
    return [*starts.get(words[0], words[:1]), *words[1:]]


def typed(line: str, folder: Path, source: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """What a line does in a folder; it has to end with exit code 0."""
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
    done = subprocess.run(words_of(line), cwd=folder, env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, f"{line}\nexit code {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def _run(code: str, folder: Path, names: dict[str, object]) -> str:
    os.environ.setdefault("MPLBACKEND", "Agg")
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "a recipe", "exec"), names)
    return printed.getvalue()


def renewed(text: str, title: str, outputs: list[tuple[Step, str, str]]) -> str:
    """A page with what the steps of a recipe print as it is now."""
    start = text.index(f"\n## {title}\n") if title else 0
    before, section = text[:start], text[start:]
    at = 0
    for step, printed, beside in outputs:
        old = f"```text\n{step.text}```"
        at = section.index(old, at)
        real = {line.strip() for line in (printed + beside).splitlines()}
        lost = {line.strip() for line in step.text.splitlines()} - real
        shown = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
        new = f"```text\n{shown}```" if lost or not step.text.strip() else old
        section = section[:at] + new + section[at + len(old) :]
        at += len(new)
    return before + section


def main(arguments: list[str]) -> None:
    """Run the recipes of a page, all or those whose titles begin with a text given, and renew their outputs."""
    page, *titles = [word for word in arguments if word != "--write"]
    path = ROOT / page
    for recipe in recipes(path):
        if titles and not recipe.title.startswith(tuple(titles)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                outputs = carry_out(recipe, Path(folder))
            except (AssertionError, ValueError, KeyError, AttributeError, OSError) as error:
                print(f"{recipe.title}: {error!r}", flush=True)
                continue
        print(f"{recipe.title}: {len(outputs)} outputs", flush=True)
        if "--write" in arguments:
            path.write_text(renewed(path.read_text(encoding="utf-8"), recipe.title, outputs), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
