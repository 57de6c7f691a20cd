"""docs/results is made of a finished folder, in both languages, whatever tables the folder has."""

from __future__ import annotations

import json
import re

import pytest

from experiments.output.csv_tables import write_csv
from tools import DOCS, results

MEASURES = ("one_window", "burden_relief", "publicity")
OUTCOMES = ("service_efficiency", "micro_corruption", "satisfaction")
ENDS = {"ci_low": 0.01, "ci_high": 0.03}


def ranked(method):
    return [
        {"method": method, "outcome": outcome, "measure": measure, "contribution": 0.02, **ENDS}
        | {"rank": place, "rank_low": 1, "rank_high": 3, "runs": 24, "tier": 1}
        for outcome in OUTCOMES
        for place, measure in enumerate(MEASURES, 1)
    ]


ALWAYS = {
    "ranking": [row for method in ("shapley", "leave_one_out", "add_one_in") for row in ranked(method)],
    "package_effect": [{"outcome": outcome, "effect": 0.02, **ENDS, "seeds": 12} for outcome in OUTCOMES],
}
TIE = {"outcome": "satisfaction", "upper": "one_window", "lower": "publicity"}
SOMETIMES = {
    "ties": [{"method": "shapley", **TIE, "difference": 0.02, "ci_low": -0.01, "ci_high": 0.05, "runs_more": 500.0}],
    "interactions": [
        {"outcome": "satisfaction", "first": "one_window", "second": "publicity", "interaction": 0.3}
        | {"ci_low": 0.1, "ci_high": 0.5, "first_without": 0.1, "first_with": 0.4, "second_without": 0.1}
        | {"second_with": 0.4, "verdict": "helps", "needy": "", "runs": 90},
        {"outcome": "satisfaction", "first": "one_window", "second": "burden_relief", "interaction": 0.1}
        | {"ci_low": -0.1, "ci_high": 0.3, "first_without": 0.1, "first_with": 0.2, "second_without": 0.1}
        | {"second_with": 0.2, "verdict": "unclear", "needy": "", "runs": 90},
    ],
    "start_weeks": [
        {"outcome": "satisfaction", "kind": kind, "name": name, "weeks": 26, "period": period}
        | {"difference": -0.2, "ci_low": -0.3, "ci_high": -0.1, "verdict": "worsens", "seeds": 9, "runs": 90}
        for kind, name in (("delay", "one_window"), ("order", "best_last"))
        for period in ("year1", "evaluation", "mean")
    ],
    "contexts": [
        {"context": where, "value": value, "outcome": "satisfaction", "measure": measure, **ENDS}
        | {"contribution": 0.2, "rank": rank, "rank_low": 1, "rank_high": 2, "change": change}
        | {"change_low": change - 0.1, "change_high": change + 0.1, "replicates": 9}
        for where, value, change in (("study", "study", 0.0), ("town", "remote_town", 0.3), ("town", "county", 0.05))
        for rank, measure in enumerate(("publicity", "one_window"), 1)
    ],
    "statements": [
        {**TIE, "context": where, "value": value, "difference": difference, "ci_low": difference - 0.1}
        | {"ci_high": difference + 0.1, "verdict": verdict, "replicates": 9}
        for where, value, difference, verdict in (
            ("town", "remote_town", -0.4, "reversed"),
            ("election", "30", -0.05, "unclear"),
        )
    ],
    "variance": [
        {"outcome": "satisfaction", "measure": measure, "factor": factor, "levels": levels, "share": share}
        | {"ci_low": 0.2, "ci_high": 0.6, "deviation": 0.1}
        for measure, share in (("package", 0.74), ("publicity", 0.77))
        for factor, levels, share in (("seed", 4, share), ("together", 0, 1.0 - share))
    ],
    "orders": [
        {"outcome": "satisfaction", "upper": "one_window", "lower": "publicity", "factor": factor, "cases": cases}
        | {"holds": 4, "share": 4 / cases, "ci_low": 0.1, "ci_high": 0.5}
        for factor, cases in (("cells", 16), ("seed", 4))
    ],
    "stability": [
        {"outcome": "satisfaction", "factor": "seed", "levels": 4, "tau": 0.9, "tau_least": 0.8}
        | {"first": "one_window", "first_share": 0.75}
    ],
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A finished folder with what every ranking has; docs/results is a folder of its own."""
    here = tmp_path / "results"
    here.mkdir()
    monkeypatch.setattr(results, "RESULTS", here)
    made = tmp_path / "made"
    (made / "tables").mkdir(parents=True)
    (made / "figures").mkdir()
    record = {
        "command": "python -m experiments.rank", "model_version": "690bd0fd", "runs": 9200, "replicates": 12,
        "behaviour": {"set": "average", "draws": [1, 2]}, "runs_beside": {"packages": {"runs": 900}},
        "settings": {"baseline": {"fingerprint": "0952", "setting": {"weeks": 208}}},
        "ranking": {"methods": ["shapley"]},
        "labels": {"baseline": {"en": "As it is", "zh": "现状"}, "remote_town": {"en": "Hills", "zh": "山区乡镇"}},
    }  # fmt: skip
    (made / "provenance.json").write_text(json.dumps(record), encoding="utf-8")
    (made / "summary.json").write_text("{}", encoding="utf-8")
    put(made, ALWAYS)
    return made


def put(folder, tables):
    for name, rows in tables.items():
        write_csv(folder / "tables" / f"{name}.csv", rows)


def pages() -> dict[str, str]:
    return {language: (results.RESULTS / page).read_text(encoding="utf-8") for language, page in results.PAGES.items()}


def test_the_words_above_the_line_are_left_and_what_is_below_is_made_in_both_languages(folder):
    for page in results.PAGES.values():
        (results.RESULTS / page).write_text(f"# By hand\n\n{results.LINE}\n\nOld.\n", encoding="utf-8")
    results.main(folder)
    for language, page in pages().items():
        assert page.startswith(f"# By hand\n\n{results.LINE}\n")
        assert "Old." not in page
        assert {"en": "As it is 0952", "zh": "现状 0952"}[language] in page
        assert "9,200" in page and "900" in page and "`average`" in page
        assert not re.search(r"\{|\bnan\b|\bNone\b", page)
        assert results.MEASURES["one_window"].label_zh in page or language == "en"
    first = pages()
    results.main(folder)
    assert pages() == first


@pytest.mark.slow
def test_both_pages_have_the_same_shape(folder):
    put(folder, SOMETIMES)
    results.main(folder)
    english, chinese = (re.findall(r"^(?:#+|\||!\[|\*\*)", page, re.MULTILINE) for page in pages().values())
    assert english == chinese
    for page in pages().values():
        for target in re.findall(r"\]\(([^)]+)\)", page):
            assert (results.RESULTS / target).is_file(), target


def test_what_some_rankings_have_is_told_as_on_the_page_and_where_all_of_it_is(folder):
    results.main(folder)
    before = pages()["en"]
    put(folder, SOMETIMES)
    results.main(folder)
    after = pages()["en"]
    for name in SOMETIMES:
        assert f"(tables/{name}.csv)" in after and f"{name}.csv" not in before
    assert "One-window service and Publicity strengthen each other" in after
    assert "Burden relief strengthen" not in after  # what cannot be told from nothing is no finding
    assert "| One-window service | 26 | −0.2 [" in after and "| best last | 26 |" in after
    assert "Hills" in after and "山区乡镇" in pages()["zh"]
    assert "74%" in after and "0.90" in after


@pytest.mark.slow
def test_figures_are_drawn_in_both_languages_and_those_of_an_earlier_folder_go(folder):
    put(folder, SOMETIMES)
    results.main(folder)
    for name in ("ranking", "interactions-satisfaction", "start_weeks", "variance", "contexts", "statements"):
        english, chinese = ((results.RESULTS / f"{name}{ending}.png").read_bytes() for ending in ("", "_zh"))
        assert english != chinese
    (folder / "tables" / "ties.csv").unlink()
    (folder / "tables" / "start_weeks.csv").unlink()
    results.main(folder)
    assert not (results.RESULTS / "start_weeks.png").exists() and not (results.RESULTS / "timing_zh.png").exists()
    assert not (results.RESULTS / "tables" / "ties.csv").exists()


def test_the_pages_in_the_repository_say_the_same_in_both_languages():
    heads = []
    for page in results.PAGES.values():
        text = (DOCS / "results" / page).read_text(encoding="utf-8")
        above, below = text.split(results.LINE)
        heads.append((re.findall(r"^#+", text, re.MULTILINE), above.count("\n- "), bool(below)))
    assert heads[0] == heads[1]


def test_without_a_finished_folder_nothing_is_touched(folder, tmp_path, capsys):
    assert results.started([]) == 2 and "python -m tools.results" in capsys.readouterr().err
    (folder / "summary.json").unlink()
    for given, missing in ((folder, "summary.json"), (tmp_path / "none", "provenance.json")):
        assert results.started([str(given)]) == 2
        assert capsys.readouterr().err.startswith(f"{given}: no {missing};")
    assert not list(results.RESULTS.iterdir())


def test_a_composite_has_its_name_and_other_outcomes_stay_out(folder):
    own = [
        {**row, "outcome": outcome}
        for outcome in ("composite", "petitions")
        for row in ALWAYS["ranking"]
        if row["outcome"] == "satisfaction"
    ]
    put(folder, {"ranking": [*ALWAYS["ranking"], *own]})
    results.main(folder)
    for language, composite in (("en", "weighted composite"), ("zh", "综合")):
        assert composite in pages()[language].lower()
        assert "petitions" not in pages()[language].lower()
