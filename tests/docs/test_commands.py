"""What the pages tell a reader to type: every line is known, and accepted by the program that it starts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments.cli.command_line import read_words
from experiments.job import study_of
from tests.docs.commands import commands, job_of, typed_commands
from tests.docs.recipes import NOT_TYPED, ROOT, check, reason_not_typed, recipes

COOKBOOK = ROOT / "docs" / "guide" / "cookbook.md"
PYTHON = ROOT / "docs" / "guide" / "python.md"
STUDIES = ("run", "compare", "rank", "sweep")
SAMPLE = ("Your own town", "As many cores as you like")  # of the cookbook; all run in make test-deep
FILES = "residents,share_over_60\n1200,0.24\n900,0.31\n"
MEASURE = "entries:\n  - {lever: reporting_reach, op: close, mode: 0.2}\n"
PAGE = """## One

Save as `a.csv`:

```csv
x
1
```

```sh
python -c 'print(open("a.csv").read())'
```

```text
1
```
"""


@pytest.fixture
def workspace(tmp_path, monkeypatch) -> Path:
    """A folder with the files that lines speak of."""
    monkeypatch.chdir(tmp_path)
    for name in ("my_villages.csv", "a.csv", "b.csv"):
        Path(name).write_text(FILES, encoding="utf-8")
    for folder in ("configs", "docs"):  # of the checkout, in which lines of some pages are typed
        Path(folder).symlink_to(ROOT / folder)
    for folder in (Path("."), Path("my")):
        folder.mkdir(exist_ok=True)
        (folder / "evening_desk.yaml").write_text(MEASURE, encoding="utf-8")
    return tmp_path


def test_there_are_lines_and_each_reason_not_to_type_one_has_a_line():
    assert len(typed_commands()) > 60
    idle = [start for start in NOT_TYPED if not any(line.startswith(start) for line in commands())]
    assert not idle


def test_every_target_of_make_exists():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = {line.split()[1] for line in commands() if line.startswith("make ")}
    assert named and named <= set(targets)


def accepted(line: str) -> None:
    """Read a line as its program does, and run nothing."""
    job, words = job_of(line)
    asked = read_words(words)
    if job in STUDIES and asked.help_topic is None:
        study_of(job, asked.values)


def test_every_line_that_starts_a_job_is_accepted(workspace, subtests):
    lines = [line for line in typed_commands() if job_of(line)[0] in STUDIES]
    made_by_other_lines = re.compile(r"=(\S+\.xlsx|\S*behaviour\.csv|experts\.csv)")
    for line in lines:
        if not made_by_other_lines.search(line):
            with subtests.test(line=line):
                accepted(line)


@pytest.mark.parametrize("word", ["replicate=3", "town=nowhere", "ranking.until.halfwidth=1"])
def test_a_line_that_is_wrong_is_noticed(word):
    with pytest.raises(ValueError, match=re.escape(word.partition("=")[0].split(".")[-1])):
        accepted(f"python -m experiments.rank experiment=quick_ranking {word}")


def test_every_other_line_starts_a_program_that_exists():
    for line in typed_commands():
        if module := re.match(r"(?:\.venv/bin/)?python -m (\S+)", line):
            path = ROOT / module[1].replace(".", "/")
            assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), line
        else:
            assert line.split()[0] == "township", line


@pytest.mark.slow
@pytest.mark.parametrize("title", SAMPLE)
def test_a_recipe_gives_the_figures_on_the_page(title, tmp_path):
    (recipe,) = [one for one in recipes(COOKBOOK) if one.title == title]
    check(recipe, tmp_path)


@pytest.mark.slow
def test_the_examples_from_python_print_what_the_page_says(subtests, tmp_path):
    for recipe in recipes(PYTHON):
        with subtests.test(section=recipe.title):
            check(recipe, tmp_path)


@pytest.mark.parametrize("change", ["print(2)", "raise SystemExit(1)"])
def test_a_recipe_that_prints_something_else_is_noticed(tmp_path, change):
    page = tmp_path / "page.md"
    page.write_text("## One\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n", encoding="utf-8")
    (right,) = recipes(page)
    check(right, tmp_path)
    page.write_text(page.read_text(encoding="utf-8").replace("print(1)", change), encoding="utf-8")
    (wrong,) = recipes(page)
    with pytest.raises((AssertionError, SystemExit)):
        check(wrong, tmp_path)


def test_a_recipe_writes_its_files_and_a_line_must_end_well(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    (recipe,) = recipes(page)
    check(recipe, tmp_path)
    page.write_text(PAGE.replace('open("a.csv")', 'open("b.csv")'), encoding="utf-8")
    (recipe,) = recipes(page)
    with pytest.raises(AssertionError, match="exit code 1"):
        check(recipe, tmp_path)


def test_every_recipe_shows_a_figure():
    found = recipes(COOKBOOK)
    assert len(found) >= 15
    for recipe in found:
        assert any(step.kind == "output" and re.search(r"\d", step.text) for step in recipe.steps), recipe.title
    assert all(not reason_not_typed(line) for recipe in found for line in recipe.commands)
