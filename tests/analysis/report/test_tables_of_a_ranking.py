"""What stands beside a ranking on the page: the top rows, what they say, and what they do not."""

from __future__ import annotations

import re

import pytest

from analysis.report.section import Material
from analysis.report.sections import SECTIONS, make_sections
from analysis.report.sections.cost_effectiveness import cost_table
from analysis.report.sections.packages import package_text, packages_table
from analysis.report.sections.sensitivity import morris_table, sobol_table
from analysis.report.sections.ties import ties_table
from analysis.words import LANGUAGES, Reader, words

from .test_page import build_page, content, plain, read  # noqa: F401 (content is a fixture)

OUTCOMES = {
    "service_efficiency": {"en": "Service", "zh": "服务", "unit": "share", "better": "higher"},
    "satisfaction": {"en": "Satisfaction", "zh": "满意度", "unit": "0-100", "better": "higher"},
}
LABELS = {
    "one": {"en": "One window", "zh": "一窗受理"},
    "two": {"en": "Burden relief", "zh": "基层减负"},
    "three": {"en": "Publicity", "zh": "宣传引导"},
    "four": {"en": "Leading group", "zh": "领导小组"},
}
ENDS = {"ci_low": 0.01, "ci_high": 0.03}


def tie(upper, lower, more, outcome="service_efficiency"):
    said = {"method": "shapley", "outcome": outcome, "upper": upper, "lower": lower}
    return {**said, "difference": 0.02, "ci_low": -0.01, "ci_high": 0.05, "runs_more": more}


def package(measures, effect, efficient, currency="hours", budget=100.0, outcome="service_efficiency"):
    said = {"outcome": outcome, "currency": currency, "budget": budget, "cost": 19_396.0, "expected": effect}
    said["within_budget"] = 0.344
    ends = {"effect": effect, "ci_low": effect - 0.01, "ci_high": effect + 0.01}
    step = {"step": 0.02, "step_low": -0.01, "step_high": 0.05, "verdict": "unclear"}
    step = step if efficient else dict.fromkeys(step, float("nan")) | {"verdict": ""}
    own = {"fresh_seeds": 60, "efficient": efficient, **step, "front_share": 0.5}
    return {**said, "measures": measures, **ends, **own}


def cost(measure, currency, rank, outcome="service_efficiency"):
    said = {"outcome": outcome, "measure": measure, "currency": currency, "cost": 10.0, "effect": 0.02 / rank}
    return {**said, **ENDS, "rank": rank}


TABLES = {
    "ties": [tie("one", "two", 500.0)],
    "cost_effectiveness": [cost("one", "hours", 1), cost("two", "yuan", 1)],
    "packages": [package("one two", 0.1, 1)],
}


def reader(language):
    return Reader(language, OUTCOMES, LABELS)


def sections(tables, language):
    """Sections of a ranking of all measures that no method of the page ranked."""
    ranking = [{"measure": name, "outcome": "satisfaction", "method": "by hand"} for name in LABELS]
    given = Material(reader(language), {**tables, "ranking": ranking}, lambda *figure: {})
    return make_sections(given)


def through_csv(rows):
    """Rows as they are read back from a table."""
    return [{key: str(value) or "nan" for key, value in row.items()} for row in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_beside_a_ranking_has_a_section_with_a_sentence_a_table_and_where_the_rest_is(language):
    assert set(TABLES) < set(SECTIONS)
    found = sections(TABLES, language)
    assert {one["id"].replace("-", "_") for one in found} == set(TABLES)
    for one in found:
        name = one["id"].replace("-", "_")
        assert one["title"] == words(language)[f"sec_{name}"]
        assert one["intro"]
        assert f"tables/{name}.csv" in one["notes"][-1]
        (table,) = one["tables"]
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert not re.search(
            r"\{|\bnan\b|\bNone\b",
            " ".join([*one["intro"], *one["notes"], *(cell for row in table.rows for cell in row)]),
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_read_back_from_csv_make_the_same_sections(language):
    again = {name: through_csv(rows) for name, rows in TABLES.items()}
    assert sections(again, language) == sections(TABLES, language)


def test_ties_that_runs_would_split_soonest_come_first_and_those_that_none_would_split_say_so():
    rows = [tie("one", "two", float("inf")), tie("two", "three", 29_564.0), tie("three", "four", 5_054.0)]
    rows.append(tie("four", "one", 2e7))
    table = ties_table(rows, reader("en"), most=4)
    assert [row[-1] for row in table.rows] == ["5,100", "30,000", "over a million", "no number"]
    assert len(ties_table(rows, reader("en")).rows) == 3


def test_a_package_that_another_beats_is_left_out_and_one_proposed_twice_stands_once():
    rows = [
        package("one two", 0.10, 1),
        package("one two", 0.10, 1, budget=200.0),
        package("one two three", 0.09, 0),
        package("one two", 0.10, 1, currency="yuan"),
    ]
    table = packages_table(rows, list(LABELS), reader("en"))
    assert [row[1] for row in table.rows] == ["19,396 hours", "19,396 yuan"]
    assert [row[2] for row in table.rows] == ["100 (34%)", "100 (34%)"]  # of the least budget
    assert table.rows[0][3] == "2: one window and burden relief"
    assert table.rows[0][5] == "+10.0 [+9.0 to +11.0]"


def test_a_package_says_what_it_brings_more_than_the_next_cheaper_one_and_whether_that_is_sure():
    rows = [
        package("", 0.0, 1) | {"step": 0.0, "step_low": 0.0, "step_high": 0.0, "front_share": 1.0},
        package("one", 0.1, 1) | {"step_low": 0.01, "step_high": 0.03, "verdict": "improves", "front_share": 0.96},
        package("one two", 0.1, 1),
        package("one two", 0.1, 1, budget=200.0),
        package("three", 0.09, 0) | {"front_share": 0.99},  # not shown, so not counted
    ]
    table = packages_table(rows, list(LABELS), reader("en"))
    assert [row[6] for row in table.rows] == [
        "–",
        "surely better: +2.0 [+1.0 to +3.0]",
        "cannot be told: +2.0 [−1.0 to +5.0]",
    ]
    (section,) = sections({"packages": rows}, "en")
    assert "of the 3 packages, 2 are in it in at least 95%" in section["notes"][0]


def test_a_package_of_most_measures_names_those_left_out():
    measures = list(LABELS)
    assert package_text(["one", "two", "three"], measures, reader("en")) == "3, all but leading group"
    assert package_text(measures, measures, reader("en")) == "all 4"
    assert package_text([], measures, reader("en")) == "none"
    assert package_text(["one"], measures, reader("zh")) == "1 项：一窗受理"


def test_a_currency_in_which_nothing_else_costs_leaves_a_dash():
    rows = [cost("one", "hours", 1), cost("two", "hours", 2), cost("three", "yuan", 1), cost("four", "hours", 4)]
    table = cost_table(rows, reader("en"))
    assert [row[1] for row in table.rows] == ["1", "2"]  # the fourth is not among the first three
    assert table.rows[0][2].startswith("One window: +2.000\N{NO-BREAK SPACE}[")
    assert table.rows[1][3] == "–"


# ---------------------------------------------------------------- Morris and Sobol


@pytest.fixture(scope="module")
def screened(made):
    """Rows of Morris and Sobol for few measures, as analysis.attribution gives them."""
    from analysis import attribution

    problem = attribution.Problem(list(made.MEASURES)[:4], range(128), made.OUTCOMES)
    value = made.game(players=4)
    rows = []
    for method in ("morris", "sobol"):
        design = attribution.sample(method, problem)
        rows += attribution.analyse(problem, design, value(design.coalitions, design.seeds))
    return rows


@pytest.fixture(scope="module")
def screened_pages(made, dataset, content, ranking, screened):  # noqa: F811
    unranked = [{"method": "sobol", "outcome": "satisfaction", "reason": "chance"}]
    kept = [row for row in screened if not (row["method"].startswith("sobol") and row["outcome"] == "satisfaction")]
    given = {**content, "ranking": [*ranking, *kept], "further": {"unranked": unranked}}
    return {language: build_page(dataset, language=language, **given) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_morris_and_sobol_have_their_figures_captions_and_what_they_do_not_say(screened_pages, language):
    page, text = screened_pages[language], words(language)
    told = plain(page)
    for design in ("morris", "sobol"):
        assert f"figure-{design}" in read(page).ids
        for key in (f"sec_{design}", f"say_{design}", f"say_{design}_not", f"cap_ranking_{design}"):
            assert text[key] in told
    assert not re.search(r"\{\w*\}|\bNone\b|\bnan\b", told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_outcome_that_a_method_could_not_be_used_for_is_said(screened_pages, made, language):
    outcome = made.OUTCOMES["satisfaction"][language].lower()
    text = words(language)
    assert text["unranked_chance"].format(method=text["method_sobol"], outcome=outcome) in plain(
        screened_pages[language]
    )


@pytest.mark.parametrize(("replicates", "told"), [(128, True), (498, True), (500, False)])
def test_few_rows_of_sobol_are_said(made, dataset, content, ranking, screened, replicates, told):  # noqa: F811
    record = {**content["provenance"], "ranking": {"replicates": replicates}}
    given = {**content, "provenance": record, "ranking": [*ranking, *screened]}
    page = plain(build_page(dataset, language="en", **given))
    assert (words("en")["note_sobol_rows"].format(rows=replicates // 2) in page) == told


@pytest.mark.parametrize("reason", ["missing", "constant", "chance"])
def test_a_method_that_could_be_used_for_nothing_has_no_figure_but_is_told(made, dataset, content, ranking, reason):  # noqa: F811
    unranked = [{"method": "sobol", "outcome": name, "reason": reason} for name in made.OUTCOMES]
    page = build_page(dataset, language="en", **content, ranking=ranking, further={"unranked": unranked})
    assert "figure-sobol" not in read(page).ids
    assert words("en")["say_sobol"] in plain(page)
    assert plain(page).count("Sobol's indices: not used for") == len(made.OUTCOMES)


def test_strength_has_no_sign_and_the_mean_effect_has_one(made, screened):
    table = morris_table(screened, Reader("en", made.OUTCOMES, made.LABELS))
    assert len(table.rows) == 3 * 4
    assert not any(re.match(r"[+−]", row[2]) for row in table.rows)
    assert all(re.match(r"[+−]|0", row[3]) for row in table.rows)
    assert all(0 <= float(row[4].rstrip("%")) <= 100 for row in table.rows)
    shares = sobol_table(screened, Reader("en", made.OUTCOMES, made.LABELS))
    totals = [float(row[2].split("%")[0]) for row in shares.rows[:4]]
    assert totals == sorted(totals, reverse=True)
    assert sum(totals) == pytest.approx(100, abs=25)  # the game is nearly additive


def test_where_a_strength_is_printed_as_zero_nothing_is_said_of_its_direction(made, screened):
    still = [
        {**row, "contribution": 1e-9, "ci_low": 0.0, "ci_high": 2e-9} if row["method"].startswith("morris") else row
        for row in screened
    ]
    assert {row[4] for row in morris_table(still, Reader("en", made.OUTCOMES, made.LABELS)).rows} == {"–"}


def test_a_figure_of_few_outcomes_is_no_wider_than_the_text(screened_pages):
    page = screened_pages["en"]
    assert '<figure class="middle" id="figure-sobol">' in page
    assert '<figure class="wide" id="figure-morris">' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_and_the_chance_of_the_first_places_are_on_the_page(dataset, content, ranking, language):  # noqa: F811
    outcome, measures = ranking[0]["outcome"], list(dict.fromkeys(row["measure"] for row in ranking))
    first = {"method": "shapley", "outcome": outcome, "probability": 0.876}
    chances = [{**first, "measure": name, "places": places} for name in measures for places in (1, 3, 5)]
    chances = [{**row, "probability": 0.123} if row["places"] != 3 else row for row in chances]
    of_three = [row for row in chances if row["places"] == 3]
    of_three[0]["probability"], of_three[1]["probability"] = 0.0, 1.0  # shares of resamples are no certainty
    strength = {"method": "morris_strength", "outcome": outcome, "contribution": 0.02, **ENDS, "runs": 12}
    groups = [
        {**strength, "measure": name, "rank": k, "rank_low": 1, "rank_high": 2}
        for k, name in ((1, "desks & data"), (2, measures[0]))
    ]
    further = {"among_first": chances, "groups": groups}
    page, text = build_page(dataset, language=language, **content, ranking=ranking, further=further), words(language)
    told = plain(page)
    assert "figure-ranking" in read(page).ids
    assert told.count(text["col_among_first"].format(count=3)) == 1  # the other outcomes have no chances here
    assert told.count("88%") == len(measures) - 2 and told.count("<1%") == told.count(">99%") == 1 and "12%" not in told
    assert text["sec_groups"] in told and "desks & data" in told and "desks &amp; data" in page
    assert re.search(r"desks & data\s*2\.0 \[", told)  # a size, without a sign
    without = plain(build_page(dataset, language=language, **content, ranking=ranking))
    assert text["sec_groups"] not in without and text["note_among_first"] not in without
