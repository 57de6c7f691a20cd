"""Templates: each is read back and run as it stands, by the line that it tells."""

from __future__ import annotations

import shlex

import pytest
import yaml
from openpyxl import load_workbook

from experiments import compare, run, template
from sim.inputs.settings import setting

from .finished import read, rows

SMALL = ["replicates=1", "quiet=true", "output=out"]


def written(capfd, *words: str) -> list[str]:
    """Make a template; the words of the line to try, after the module's name."""
    assert template.main(list(words)) == 0
    said, line = capfd.readouterr().out.splitlines()
    assert said.startswith("Written: ")
    program, *rest = shlex.split(line.removeprefix("Try it: "))[2:]
    assert program == "experiments.compare"
    return rest


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_town_is_filled_in_explained_and_runs(place, model, capfd, language):
    line = written(capfd, "town", "output=我的村.xlsx", f"language={language}")
    book = load_workbook(place / "我的村.xlsx")
    table, explained = book.worksheets
    columns = [cell.value for cell in table[1]]
    first = 0 if language == "en" else 1
    assert [row[first].value for row in explained.iter_rows(min_row=2, max_row=len(columns) + 1)] == columns
    assert all(cell.value for row in explained.iter_rows(min_row=2, max_row=len(columns) + 1) for cell in row)
    town = setting("from_table", table=place / "我的村.xlsx", sheet=table.title).town
    assert town.residents == 13_090 and len(town.units[0].villages) == 6
    assert [v.income for v in town.units[0].villages][3] is None
    assert sum("filled in" in note.en for note in town.notes) == 1
    assert compare.main([*line, *SMALL]) == 0
    assert len(rows(place / "out", "villages")) == 12


def test_both_languages_of_a_town_are_the_same_town(place, capfd):
    keys = []
    for language, sheet in (("en", "villages"), ("zh", "村情")):
        written(capfd, "town", f"output={language}.xlsx", f"language={language}")
        keys.append(setting("from_table", table=place / f"{language}.xlsx", sheet=sheet).fingerprint)
    assert keys[0] == keys[1]


def test_a_measure_runs_as_it_stands(place, model, capfd):
    (place / "mine").mkdir()
    line = written(capfd, "measure", "output=mine/evening.yaml")
    assert compare.main([*line, *SMALL]) == 0
    assert "by default" not in capfd.readouterr().err
    kept = read(place / "out", "provenance.json")
    definition = kept["settings"]["with_it"]["setting"]["definitions"]["evening"]
    assert definition["label_zh"] == "夜间窗口" and definition["ramp_weeks"] == 12
    assert kept["labels"]["evening"] == {"en": "Evening desk", "zh": "夜间窗口"}
    assert {"id": "evening", "label_zh": "夜间窗口"}.items() <= {
        k: v for row in rows(place / "out", "names") if row["id"] == "evening" for k, v in row.items()
    }.items()


def test_an_experiment_runs_as_it_stands(place, model, capfd):
    line = written(capfd, "experiment", "output=mine.yaml")
    assert compare.main([*line, *SMALL]) == 0
    assert "measure evening_desk, by default: nature rule, ramp_weeks 26" in capfd.readouterr().err
    assert list(read(place / "out", "provenance.json")["settings"]) == ["today", "desk", "desk_and_relief"]
    file = yaml.safe_load((place / "mine.yaml").read_text(encoding="utf-8"))
    assert set(file["settings"]) == {"today", "desk", "desk_and_relief"}
    assert run.main([*line, "replicates=1", "quiet=true", "output=one"]) == 0


def test_what_a_template_refuses(place, capfd, subtests):
    (place / "there.yaml").touch()
    for words, part in (
        ([], "nothing given, one of town, measure, experiment expected"),
        (["town", "measure", "output=a.yaml"], "town measure given"),
        (["town"], "output: missing, the path of a new .xlsx file expected"),
        (["town", "output=a.csv"], "output: 'a.csv' given, the path of a new .xlsx file expected"),
        (["town", "output=no/a.xlsx"], "no folder no"),
        (["experiment", "output=there.yaml"], "there.yaml is there already"),
        (["measure", "output=夜间.yaml"], "a name of ASCII letters"),
        (["measure", "output=one_window.yaml"], "the toolkit has a measure one_window"),
        (["town", "output=a.xlsx", "language=fr"], "language: 'fr' given, en or zh expected"),
        (["town", "output=a.xlsx", "residents=3"], "residents: no such key"),
    ):
        with subtests.test(words=words):
            assert template.main(words) == 2
            (line,) = capfd.readouterr().err.splitlines()
            assert part in line
            assert sorted(path.name for path in place.iterdir()) == ["there.yaml"]
