"""The file that is written, without a browser: its words, its one script, its policy, and what is refused."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from analysis.report.fonts import FULL_WIDTH_IN_CHINESE_FONTS
from analysis.words.town_page import TOWN_PAGE
from experiments.page.__main__ import main
from experiments.page.document import WEB, group_of, joined_scripts
from sim.inputs.files import csv_rows
from sim.inputs.measures import read_measures
from tools import DOCS

ALL = joined_scripts() + (WEB / "index.html").read_text(encoding="utf-8")


def test_both_languages_fill_in_the_same_and_english_has_no_full_width_sign():
    for key, (english, chinese) in TOWN_PAGE.items():
        assert english and (chinese or key == "joint"), key
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", chinese)), key
        assert not FULL_WIDTH_IN_CHINESE_FONTS & set(english), key
        assert not re.search("[\u4e00-\u9fff]", english) or key == "switch_language", key


def test_every_word_is_used_and_every_word_used_is_there():
    asked = set(re.findall(r'\btext\("(\w+)"', ALL)) | set(re.findall(r'data-word="(\w+)"', ALL))
    assert asked <= set(TOWN_PAGE)
    said = set(re.findall(r'"(\w+)"', ALL)) | set(re.findall(r"\{\{(\w+)\}\}", ALL))
    heads = tuple(re.findall(r"`(\w+_)\$\{", ALL))
    assert {key for key in TOWN_PAGE if key not in said and not key.startswith(heads)} == set()


def test_no_name_stands_twice_in_the_joined_script():
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", joined_scripts(), flags=re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert not re.search(r"^(import|export)\b", joined_scripts(), flags=re.MULTILINE)


def test_the_measures_stand_in_the_groups_of_the_essay():
    counts = Counter(group_of(measure) for measure in read_measures().values())
    assert counts == {1: 3, 2: 3, 3: 3, 4: 3, 5: 3, 6: 4}


def test_the_file_allows_its_own_script_and_no_request(compiled_model, tmp_path, capsys):
    target = tmp_path / "镇.html"
    assert main(["residents=600", "seeds=1", "language=zh", f"output={target}"]) == 0
    assert str(target) in capsys.readouterr().out
    page = target.read_text(encoding="utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert "default-src &#x27;none&#x27;" in policy
    assert "unsafe-inline" not in policy and "http" not in policy
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert not re.search(r"\{\{\w+\}\}", page)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["seeds=0"], "seeds: 0 given"),
        (["residents=99"], "residents: 99 given"),
        (["seedz=3"], "seedz"),
        (["language=fr"], "language: 'fr' given"),
        (["town=county"], "town of one township unit expected"),
        (["town=nowhere"], "nowhere"),
        (["output=."], "which is a folder"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(words, said, capsys):
    assert main(words) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


def test_the_five_of_a_lesson_are_those_of_the_full_ranking():
    """The best package for service that a quarter of the hours pays for."""
    table = csv_rows(DOCS / "results" / "tables" / "packages.csv")
    best = next(row for row in table if row["outcome"] == "service_efficiency" and row["currency"] == "hours")
    code = (WEB / "lessons.js").read_text(encoding="utf-8")
    listed = re.search(r"const FIVE = (\[.*\]);", code)[1]
    assert json.loads(listed) == best["measures"].split()
