"""Figures and sections of what a ranking leaves in doubt, from made-up tables."""

from __future__ import annotations

import warnings

import pytest
from matplotlib.text import Text

from analysis import figures
from analysis.figures.robustness_orders import robustness_orders
from analysis.figures.robustness_ranks import robustness_ranks
from analysis.figures.style import FAMILY, IMPROVES, WORSENS
from analysis.figures.variance_by_measure import variance_by_measure
from analysis.report.section import Material
from analysis.report.sections import SECTIONS, make_sections
from analysis.words import LANGUAGES, Reader

FACTORS = ("seed", "behaviour", "potency", "intensity", "together")
SHARES = (0.1, 0.5, 0.2, 0.15, 0.05)
PLACES = (("study", "study"), ("town", "inspected"), ("theory", "habit"), ("election", "104"), ("potency", "weak"))
ORDER = ("one_window", "burden_relief", "publicity")


@pytest.fixture(scope="module")
def labels(made):
    return {**made.LABELS, "inspected": {"en": "Inspected township", "zh": "巡视反馈乡镇"}}


@pytest.fixture(scope="module")
def tables(made):
    def share(outcome, measure, factor, part):
        said = {"outcome": outcome, "measure": measure, "factor": factor, "levels": 0 if factor == "together" else 7}
        return {
            **said,
            "share": part,
            "ci_low": 0.0,
            "ci_high": 0.9,
            "deviation": part**0.5 * 0.02,
        }

    def place(outcome, at, measure, rank):
        """In the inspected town the last is surely first, and the first surely last."""
        there = 4 - rank if at == ("town", "inspected") else rank
        said = {"circumstance": at[0], "value": at[1], "outcome": outcome, "measure": measure, "contribution": 0.1}
        ends = {"ci_low": 0.0, "ci_high": 0.2, "rank": there, "rank_low": there, "rank_high": there}
        return {**said, **ends, "change": 0.0, "change_low": 0.0, "change_high": 0.0, "replicates": 6}

    def statement(outcome, at, upper, lower):
        verdict = {"town": "reversed", "theory": "unclear"}.get(at[0], "holds")
        said = {"outcome": outcome, "upper": upper, "lower": lower, "circumstance": at[0], "value": at[1]}
        return {**said, "difference": 0.1, "ci_low": 0.0, "ci_high": 0.2, "verdict": verdict, "replicates": 6}

    def sign(outcome, at, measure):
        """In the inspected town the first does harm; where all are weak nothing can be told."""
        turns = at == ("town", "inspected") and measure == ORDER[0]
        said = {"outcome": outcome, "measure": measure, "circumstance": at[0], "value": at[1]}
        ends = {"contribution": -0.05, "ci_low": -0.08, "ci_high": -0.02} if turns else {}
        ends = ends or {"contribution": 0.1, "ci_low": 0.05, "ci_high": 0.15}
        verdict = "reversed" if turns else "unclear" if at[0] == "potency" else "holds"
        in_study = {"study": 0.1, "study_low": 0.09, "study_high": 0.11}
        return {**said, **ends, "verdict": verdict, **in_study, "replicates": 6}

    return {
        "sources": [
            share(outcome, measure, factor, part)
            for outcome in made.OUTCOMES
            for measure in ("package", *ORDER)
            for factor, part in zip(FACTORS, SHARES, strict=True)
        ],
        "stability": [
            {
                "outcome": o,
                "factor": f,
                "levels": 7,
                "tau": 0.8,
                "tau_least": 0.5,
                "first": ORDER[0],
                "first_share": 1.0,
            }
            for o in made.OUTCOMES
            for f in (*FACTORS[:-1], "none")
        ],
        "circumstances": [place(o, at, m, k + 1) for o in made.OUTCOMES for at in PLACES for k, m in enumerate(ORDER)],
        "orders": [
            {"outcome": o, "upper": upper, "lower": lower, "factor": f, "cases": cases, "holds": held}
            | {"share": held / cases, "ci_low": 0.4, "ci_high": 0.9}
            for o in made.OUTCOMES
            for upper, lower, held in ((*ORDER[:2], 7), (*ORDER[1:], 3))
            for f, cases in (("cells", 7), *((f, 7) for f in FACTORS[:-1]))
        ],
        "statements": [statement(o, at, *ORDER[:2]) for o in made.OUTCOMES for at in PLACES[1:]],
        "signs": [sign(o, at, m) for o in made.OUTCOMES for at in PLACES[1:] for m in ORDER],
    }


@pytest.fixture(scope="module")
def draw(made, labels, tables):
    return lambda language, of=tables: figures.draw_figures(of, Reader(language, made.OUTCOMES, labels))


def texts(figure) -> list[str]:
    return [t.get_text() for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_is_drawn_in_our_font_without_a_warning(draw, language, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = draw(language)
        for name, figure in drawn.items():
            figures.save(figure, tmp_path, name)
    assert set(drawn) == {"sources", "sources_by_measure", "circumstances", "statements"}
    for figure in drawn.values():
        for text in figure.findobj(Text):
            if text.get_text().strip():
                assert text.get_fontfamily() == FAMILY, text.get_text()


def test_chinese_figures_speak_chinese_only(draw):
    for figure in draw("zh").values():
        assert [t for t in texts(figure) if any("a" <= letter <= "z" for letter in t.lower())] == []


def test_there_is_no_figure_without_its_table(draw, tables):
    assert draw("en", {}) == {}
    assert set(draw("en", {**tables, "stability": [], "statements": []})) == {"sources_by_measure", "circumstances"}
    for function in (variance_by_measure, robustness_ranks, robustness_orders):
        with pytest.raises(ValueError, match="to show"):
            function([], reader=Reader("en"))


def test_bars_are_the_shares_and_the_package_stands_on_top(draw, made):
    panels = draw("en")["sources_by_measure"].axes
    assert len(panels) == len(made.OUTCOMES)
    for panel in panels:
        assert panel.get_yticklabels()[0].get_text() == "Whole package"
        widths = [bar.get_width() for bars in panel.containers[:5] for bar in bars]
        assert widths == pytest.approx([100 * part for part in SHARES])


def test_ranks_that_surely_moved_are_filled_and_the_others_are_not(draw, made):
    figure = draw("en")["circumstances"]
    for panel in figure.axes:
        named = [tick.get_text() for tick in panel.get_xticklabels()]
        assert named == [
            "This study", "Inspected township", "Theory: habit", "Election in week 104", "All measures weak",
        ]  # fmt: skip
        colours = [patch.get_edgecolor() for patch in panel.patches]
        filled = [patch.get_facecolor() == patch.get_edgecolor() for patch in panel.patches]
        from matplotlib.colors import to_rgba

        assert colours == [to_rgba(WORSENS), to_rgba(IMPROVES)]  # the first fell, the last rose
        assert filled == [False, True]  # so that a grey printer tells them apart
        assert [text.get_text() for text in panel.texts] == list("123321123123123")


def test_verdicts_have_a_mark_of_their_own(draw):
    for panel in draw("en")["statements"].axes:
        marks = [line.get_marker() for line in panel.lines]
        assert marks == ["D", "o", "o", "o"]
        assert panel.get_yticklabels()[0].get_text() == "One window above Burden relief"


def figure(drawn, name, title, alt, caption):
    assert drawn is not None and title and alt and caption
    return {"id": name}


def sections(made, labels, tables, language):
    return make_sections(Material(Reader(language, made.OUTCOMES, labels), tables, figure))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_say_in_words_what_the_figures_show(made, labels, tables, language):
    found = sections(made, labels, tables, language)
    assert [section["id"] for section in found] == ["sources", "circumstances"]
    assert [len(section["figures"]) for section in found] == [2, 2]
    (orders,), (signs,) = (section["tables"] for section in found)
    assert len(signs.rows) == len(made.OUTCOMES)  # one measure in one town
    where = {"en": "Inspected township", "zh": "巡视反馈乡镇"}[language]
    assert {row[3] for row in signs.rows} == {where} and signs.rows[0][1] == labels[ORDER[0]][language]
    assert all(row[2].startswith("+") and row[4].startswith("−") for row in signs.rows)
    assert len(orders.rows) == 2 * len(made.OUTCOMES)
    assert orders.rows[0][3:] == [{"en": "43% [40% to 90%]", "zh": "43% [40% 至 90%]"}[language], *["3/7"] * 4]
    assert orders.rows[1][-1] == "7/7"
    first, second = (" ".join(section["notes"]) for section in found)
    if language == "en":
        assert "by estimate, comes from behaviour of people (50%, 95% interval 0% to 90%)" in first
        assert "0.80 for potency of measures" in first
        assert (
            "tiers (2), taken between the measures alone, hold in all 7 cells 1, in fewer than half of them 1." in first
        )
        assert "Each source has 7 levels: a 95% interval of a share is on average 90 points wide" in first
        assert "one window, the first in the study, is first in 3 of 4 other circumstances" in second
        assert "of 4 cases (orders of two tiers: 1, other circumstances: 4) surely hold 2, surely reversed 1" in second
        assert "Reversed: one window above burden relief (Inspected township)" in second
        asked, cases = 3 * len(made.OUTCOMES), 3 * 4 * len(made.OUTCOMES)
        few = len(made.OUTCOMES)
        assert f"Of {asked} contributions with a sure sign in the study" in second and f"({cases} cases)" in second
        assert f"holds in {cases - 4 * few}, is surely the other one in {few} and cannot be told in {3 * few}" in second
        assert "no sample" in second and "6 replicates" in second
    else:
        assert "按估计份额最大的来源是人的行为（50%，95% 区间 0% 至 90%）" in first
        assert "颠倒的有：“一窗受理”先于“基层减负”（巡视反馈乡镇）" in second
        assert f"确实相反 {len(made.OUTCOMES)} 例" in second
        assert "不是样本" in second


def test_where_nothing_turns_round_there_is_a_sentence_and_no_table(made, labels, tables):
    steady = {**tables, "signs": [row for row in tables["signs"] if row["verdict"] != "reversed"]}
    _, section = sections(made, labels, steady, "en")
    assert section["tables"] == []
    assert "is surely the other one in 0 and" in " ".join(section["notes"])


def test_rows_read_back_from_a_file_say_the_same(made, labels, tables):
    def read(rows):
        return [{key: str(value) for key, value in row.items()} for row in rows]

    again = {name: read(tables[name]) for name in (*SECTIONS["variance"].reads, *SECTIONS["robustness"].reads)}
    for language in LANGUAGES:
        one = sections(made, labels, tables, language)
        assert sections(made, labels, again, language) == one


def test_without_tables_there_is_no_section(made, labels):
    assert sections(made, labels, {"coalitions": [{"seed": 1}]}, "en") == []
