"""What one more language, figure or section takes: its own file, and for the latter two their words, no more."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import analysis

MADE_UP = Path(__file__).with_name("made_up.py")
BEGIN = f"""
import importlib.util
spec = importlib.util.spec_from_file_location("made_up", {str(MADE_UP)!r})
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)
from analysis import figures, report
from analysis.words import LANGUAGES, Reader
data = made.dataset(replicates=3)

def page(language, labels=made.LABELS, **tables):
    reader = Reader(language, made.OUTCOMES, labels)
    settings = {{"baseline": {{"fingerprint": "1a", "setting": {{"town": "average"}}}}}}
    return report.build_page(data, reader=reader, settings=settings, command="run", provenance={{}}, **tables)
"""
FIGURE = """
from matplotlib.figure import Figure
from analysis.figures import style
from analysis.figures.registry import JobFigure

@style.figure
def extra(rows, *, reader):
    figure = Figure()
    figure.suptitle(reader.text["fig_extra_title"])
    return figure

FIGURE = JobFigure(("extra",), lambda rows, reader: {"extra": extra(rows, reader=reader)})
"""
SECTION = """
from analysis.report.section import Section, table_section
from analysis.report.tables import Table

def _make(given):
    rows = [[row["outcome"], row["value"]] for row in given.rows("extra")]
    return [table_section("extra", Table("", ["", ""], rows), ["made"], [], given.reader)]

SECTION = Section(35, ("extra",), _make)
"""


@pytest.fixture
def package(tmp_path):
    """A copy of the package, to which files are added."""
    shutil.copytree(Path(analysis.__file__).parent, tmp_path / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "analysis"


def run(package: Path, code: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONIOENCODING": "utf-8"}
    folder = package.parent  # not the checkout, whose own package would come first
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr


def add_words(package: Path, language: str, **words: str) -> None:
    path = package / "words" / f"{language}.py"
    lines = "".join(f"    {key!r}: {text!r},\n" for key, text in words.items())
    head = "WORDS: dict[str, str] = {\n"
    path.write_text(path.read_text(encoding="utf-8").replace(head, head + lines), encoding="utf-8")


def test_a_third_language_is_one_file_with_words_and_names(package):
    english = (package / "words" / "en.py").read_text(encoding="utf-8")
    mine = english.replace('"sec_hours": "The working week"', '"sec_hours": "La semaine"')
    mine = mine.replace('"fig_hours_title": "Where the week\'s hours go"', '"fig_hours_title": "Les heures"')
    assert mine.count("La semaine") == mine.count("Les heures") == 1
    (package / "words" / "xx.py").write_text(
        f'{mine}\nLABELS = {{"satisfaction": "Contentement"}}\n'.replace('TAG = "en"', 'TAG = "xx"'), encoding="utf-8"
    )
    run(
        package,
        """
assert LANGUAGES == ("en", "xx", "zh")
figure = figures.hours(data, reader=Reader("xx", made.OUTCOMES))
assert figure.get_suptitle() == "Les heures"
told = page("xx", labels={})
assert '<html lang="xx">' in told and "La semaine" in told and "contentement" in told
assert "La semaine" not in page("en") and "一周" in page("zh")
""",
    )


def test_a_figure_more_is_its_file_and_its_words(package):
    (package / "figures" / "extra.py").write_text(FIGURE, encoding="utf-8")
    for language in ("en", "zh"):
        add_words(package, language, fig_extra_title=f"extra in {language}")
    run(
        package,
        """
rows = [{"outcome": "satisfaction", "value": "1"}]
for language in ("en", "zh"):
    reader = Reader(language, made.OUTCOMES)
    assert figures.draw_figures({"extra": rows}, reader)["extra"].get_suptitle() == f"extra in {language}"
assert figures.draw_figures({"extra": []}, Reader("en", made.OUTCOMES)) == {}
""",
    )


def test_a_section_more_is_its_file_and_its_words(package):
    (package / "report" / "sections" / "extra.py").write_text(SECTION, encoding="utf-8")
    for language in ("en", "zh"):
        add_words(package, language, sec_extra=f"Extra in {language}")
    run(
        package,
        """
from analysis.report.sections import TABLES
assert "extra" in TABLES
rows = [{"outcome": "satisfaction", "value": "one"}, {"outcome": "unknown", "value": "two"}]
for language in ("en", "zh"):
    told = page(language, further={"extra": rows})
    assert f"Extra in {language}" in told and "<td>one</td>" in told.replace(' class="n"', "") and "two" not in told
    assert "Extra in" not in page(language)
""",
    )
