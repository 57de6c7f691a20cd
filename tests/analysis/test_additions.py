"""What one more language, figure or section takes: its own file, and for the latter two their words, no more."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import analysis
from tests.guide import carry_out

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


@pytest.fixture
def package(tmp_path):
    """A copy of the package, to which files are added."""
    shutil.copytree(Path(analysis.__file__).parent, tmp_path / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "analysis"


def run(package: Path, code: str, *behind: Path) -> None:
    """Run code that sees this package, and then those in the folders `behind`."""
    folders = os.pathsep.join(map(str, (package.parent, *behind)))
    environment = {**os.environ, "PYTHONPATH": folders, "PYTHONIOENCODING": "utf-8"}
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
    carry_out(package.parent, "A figure")
    run(
        package,
        """
rows = [{"outcome": "satisfaction", "width": "1"}]
for language, title in (("en", "How far the parts lie apart"), ("zh", "各部分相差多远")):
    reader = Reader(language, made.OUTCOMES)
    assert figures.draw_figures({"widest": rows}, reader)["widest"].get_suptitle() == title
assert figures.draw_figures({"widest": []}, Reader("en", made.OUTCOMES)) == {}
""",
    )


def test_a_section_more_is_its_file_and_its_words(package):
    carry_out(package.parent, "A section of the report")
    run(
        package,
        """
import re
from analysis.report.sections import TABLES
assert "widest" in TABLES
rows = [{"outcome": "satisfaction", "width": "1.5"}, {"outcome": "unknown", "width": "2.5"}]
for language, title in (("en", "How far the parts lie apart"), ("zh", "各部分相差多远")):
    told = re.sub("<svg.*?</svg>", "", page(language, further={"widest": rows}), flags=re.DOTALL)
    assert title in told and "1.500" in told and "2.500" not in told
    assert title not in page(language)
""",
    )


DOOR = """
import sys
from experiments.job import study_of
from experiments.cli.help import page
study = study_of("run", {"experiment": "baseline", "language": "xx"})
assert study.language == "xx" and "language=en, xx, zh" in page("run")
from experiments import report
assert "language=en, xx, zh" in report.HELP
assert report.main(["from=nowhere", "language=yy"]) == 2
"""


def test_a_third_language_is_let_in_at_every_door(package):
    english = (package / "words" / "en.py").read_text(encoding="utf-8")
    (package / "words" / "xx.py").write_text(english.replace('TAG = "en"', 'TAG = "xx"'), encoding="utf-8")
    run(package, DOOR, Path(__file__).resolve().parents[2])
