"""Questions, sheets and the priors that answers make, with sheets that are made up: nobody was asked."""

from __future__ import annotations

import csv
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from analysis.calibration.elicited import quantiles
from experiments import elicit
from experiments.elicitation.questions import ASKED, deciding, read_questions
from experiments.study.behaviour import draw_priors, read_set
from sim.inputs.priors import read_parameters

CASES = Path(__file__).parents[1] / "cases" / "elicitation"
SHEETS = [CASES / "made_up_first.csv", CASES / "made_up_second.csv"]


def answers(path: Path) -> dict[str, list[float]]:
    """Parameter -> the three numbers of a made-up sheet, as they stand there."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return {row[0]: list(map(float, row[5:8])) for row in rows if row[5]}


def test_one_answer_has_its_quartiles_and_its_ends():
    answer = (2.0, 3.0, 5.0)
    assert quantiles([0, 0.25, 0.5, 0.75, 1], 1.0, 9.0, [answer]) == pytest.approx([1, 2, 3, 5, 9])
    assert quantiles([0.125, 0.875], 1.0, 9.0, [answer]) == pytest.approx([1.5, 7.0])


def test_two_answers_are_pooled_as_if_one_of_them_were_drawn():
    first, second = (0.1, 0.2, 0.3), (0.6, 0.7, 0.9)
    keyed = np.random.default_rng(0)
    pooled = quantiles(keyed.random(200_000), 0.0, 1.0, [first, second])
    drawn = [quantiles(keyed.random(100_000), 0.0, 1.0, [one]) for one in (first, second)]
    for share in np.linspace(0.05, 0.95, 19):
        assert np.quantile(pooled, share) == pytest.approx(np.quantile(np.concatenate(drawn), share), abs=0.01)
    assert quantiles([0.3, 0.6], 0, 1, [first, first]) == pytest.approx(quantiles([0.3, 0.6], 0, 1, [first]))


@pytest.mark.parametrize("bad", [[(0.2, 0.1, 0.3)], [(0.0, 0.1, 0.3)], [(0.2, 0.3, 1.0)], [(0.2, 0.2, 0.3)], []])
def test_quartiles_that_do_not_rise_within_the_ends_are_refused(bad):
    with pytest.raises(ValueError, match="must rise"):
        quantiles([0.5], 0.0, 1.0, bad)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sheet_asks_thirty_questions_in_natural_units(place, language, capsys):
    assert elicit.main(["sheet", f"language={language}", "output=asked"]) == 0
    rows = list(load_workbook(place / "asked" / "sheet.xlsx").worksheets[0].iter_rows(values_only=True))
    page = unescape((place / "asked" / "form.html").read_text(encoding="utf-8"))
    assert len(rows) == 1 + ASKED
    for id, words, unit, low, high, *empty in rows[1:]:
        prior, asked = read_parameters()[id], read_questions()[id]
        assert (low, high) == (pytest.approx(prior.low * asked.per), pytest.approx(prior.high * asked.per))
        assert empty == [None] * 3 and words in page and unit in page
        assert (words, unit) == (asked.words[language], asked.units[language])


def test_every_question_stands_in_both_languages_and_leaves_room_for_an_answer():
    for id, asked in read_questions().items():
        assert asked.low < asked.high, id
        assert asked.words["en"].endswith("?") and asked.words["zh"].endswith("？"), id


def test_a_ranking_says_which_are_asked_first(place, capsys):
    tables = place / "ranked" / "tables"
    tables.mkdir(parents=True)
    (tables / "evppi.csv").write_text(
        "outcome,parameter,gain\na,kickback,2\na,redo,1\na,potency.one_window.x,9\nb,mood_speed,0.5\nb,exit_base,0\n",
        encoding="utf-8",
    )
    (tables / "reversals.csv").write_text("outcome,parameters\na,exit_base redo\na,exit_base\na,\n", encoding="utf-8")
    # a: 2/9 and 1/9, b: 1; and two thirds of three mentions, one third
    assert deciding(place / "ranked") == ["mood_speed", "exit_base", "redo", "kickback"]
    assert elicit.main(["sheet", "from=ranked", "output=asked"]) == 0
    rows = list(load_workbook(place / "asked" / "sheet.xlsx").worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:4]] == ["exit_base", "redo", "kickback"]
    assert "1 of those that decide most: mood_speed" in capsys.readouterr().err


def test_made_up_answers_become_a_behavioural_set(place, capsys):
    words = ["read", f"sheet=[{', '.join(map(str, SHEETS))}]", "draws=4000", "output=experts.csv"]
    assert elicit.main(words) == 0
    found, known, asked = read_set("experts.csv"), read_parameters(), read_questions()
    given = [answers(path) for path in SHEETS]
    told = {id for own in given for id in own}
    assert not found.changed and set(found.provenance["elicited"]) == told and len(told) > 20
    for id in told:
        experts = [np.array(own[id]) / asked[id].per for own in given if id in own]
        values = np.array([row[id] for row in found.draws.values()])
        assert known[id].low <= values.min() and values.max() <= known[id].high
        for k, share in enumerate((0.25, 0.5, 0.75)):  # the pool has a share of `share` below, on average over experts
            if len(experts) == 1:
                assert (values < experts[0][k]).mean() == pytest.approx(share, abs=0.03), id
        middle = np.mean([(values < one[1]).mean() for one in experts])
        assert middle == pytest.approx(0.5, abs=0.2), id
    plain = draw_priors(range(4000))
    left = set(known) - told
    assert all(found.draws[n][id] == plain[n][id] for n in (0, 17, 3999) for id in left)


def test_a_filled_workbook_says_the_same_as_a_sheet_in_csv(place):
    elicit.main(["sheet", "output=asked"])
    book = load_workbook(place / "asked" / "sheet.xlsx")
    given = answers(SHEETS[0])
    for row in book.worksheets[0].iter_rows(min_row=2, max_col=8):
        for cell, value in zip(row[5:], given.get(row[0].value, ()), strict=False):
            cell.value = value
    book.save(place / "filled.xlsx")
    (place / "gb.csv").write_bytes(SHEETS[0].read_text(encoding="utf-8-sig").encode("gb18030"))
    for name in ("filled.xlsx", "gb.csv", str(SHEETS[0])):
        assert elicit.main(["read", f"sheet={name}", f"output={Path(name).stem}_out.csv", "draws=50"]) == 0
    sets = [(place / f"{name}_out.csv").read_bytes() for name in ("filled", "gb", "made_up_first")]
    assert sets[0] == sets[1] == sets[2]


LINE = "redo,question,unit,9,22.5"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([f"{LINE},10,12,11"], "line 2, redo: 10, 12, 11 given; three numbers that rise expected, all above 9"),
        ([f"{LINE},9,12,15"], "all above 9 and below 22.5"),
        ([f"{LINE},10,,15"], "redo, middle: nothing given, a number expected"),
        ([f"{LINE},10,many,15"], "redo, middle: 'many' given"),
        ([f"{LINE},nan,12,15"], "three numbers that rise"),
        ([f"{LINE},10,12,15", f"{LINE},10,12,15"], "line 3: redo is answered twice"),
        (["radio,question,unit,9,22.5,10,12,15"], "line 2: 'radio' is no question"),
        ([f"{LINE},,,"], "no question is answered"),
        ([], "no question is answered"),
    ],
)
def test_bad_sheets_are_refused_in_one_sentence(place, capsys, lines, said):
    (place / "bad.csv").write_text("\n".join(["key,question,unit,more than,less than,low,middle,high", *lines]))
    assert elicit.main(["read", "sheet=bad.csv", "output=out.csv"]) == 2
    error = capsys.readouterr().err
    assert "bad.csv" in error and said in error and error.count("\n") == 1
    assert not (place / "out.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["shet"], "shet"),
        ([], "sheet"),
        (["read"], "sheet: missing"),
        (["read", "sheet=none.xlsx"], "none.xlsx: no such file"),
        (["read", "sheet=broken.xlsx"], "broken.xlsx: cannot be read as XLSX"),
        (["read", "sheet=broken.txt"], "neither .xlsx nor .csv"),
        (["read", "sheet=broken.csv", "output=out.xlsx"], "a file that ends in .csv"),
        (["sheet", "language=fr"], "language"),
        (["sheet", "from=nowhere"], "neither tables/evppi.csv nor tables/reversals.csv"),
        (["sheet", "draws=10"], "draws"),
    ],
)
def test_bad_words_are_refused_in_one_sentence(place, capsys, words, said):
    for ending in ("xlsx", "txt", "csv"):
        (place / f"broken.{ending}").write_text("nothing")
    assert elicit.main(words) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert not list(place.glob("out*"))
