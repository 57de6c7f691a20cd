from __future__ import annotations

import re
import string

import pytest

from analysis.words import LANGUAGES, en, label, language_file, words
from sim.vocabulary import THEORIES


def fields(text: str) -> set[str]:
    return {name.lower() for _, name, _, _ in string.Formatter().parse(text) if name}


ENGLISH, CHINESE = words("en"), words("zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_in_the_same_order(language):
    file = language_file(language)
    assert list(en.WORDS) == list(file.WORDS)
    assert list(en.UNITS) == list(file.UNITS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_uses_the_same_fields(language):
    for key in ENGLISH:
        assert fields(ENGLISH[key]) == fields(words(language)[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_empty(language):
    empty = {key for key, text in words(language).items() if not text.strip()}
    assert empty <= {"sentence_space"}


def test_each_language_is_written_in_its_own_letters():
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert not [key for key, text in ENGLISH.items() if chinese.search(text)]
    short = {key for key, text in CHINESE.items() if not chinese.search(text)}
    same = {key for key in short if re.search("[a-z]", re.sub(r"\{.*?\}", "", CHINESE[key]))}
    assert same == set()


def test_chinese_uses_full_width_punctuation():
    wrong = re.compile(r"[\u4e00-\u9fff}] ?[,;:!?]|[,;:!?](?=[\u4e00-\u9fff])|\((?=[\u4e00-\u9fff])")
    assert [key for key, text in CHINESE.items() if wrong.search(text)] == []


def test_every_character_is_in_the_font():
    from fontTools.ttLib import TTFont
    from pylopdf_fonts_zh_cn import sans_path, serif_path

    wanted = {letter for text in (*ENGLISH.values(), *CHINESE.values()) for letter in text}
    for path in (sans_path(), serif_path()):
        with TTFont(path, lazy=True) as font:
            known = font.getBestCmap()
        assert {letter for letter in wanted - {"\n"} if ord(letter) not in known} == set()


def test_every_word_is_used_somewhere():
    from pathlib import Path

    import analysis

    root = Path(analysis.__file__).parent
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.suffix in (".py", ".html") and not (path.parent.name == "words" and path.stem in LANGUAGES)
    )
    made = (  # keys put together from parts
        "activity_", "limit_", "method_", "verdict_", "period_", "theory_", "find_clause_",
        "fig_band_", "fig_ranking_title_", "fig_ranking_better_", "fig_effect_", "page_title_",
        "cap_ranking", "settings_", "sec_", "fig_sizes_", "interaction_", "source_",
        "say_", "alt_ranking_", "unranked_", "cost_", "circumstance_", "cap_variance",
        "likelihood_", "cap_distributions", "alt_distributions",
        "cap_contexts", "cap_statements", "alt_variance", "alt_contexts", "alt_statements",
            "timing_", "precision_", "step_", "fig_laws_", "fig_validation_", "fig_sweep_",
        "natural_", "sure_", "brief_", "how_", "made_", "sheet_", "column_", "value_",
        "points_", "matrix_", "profile_", "route_", "spread_", "nature_", "op_",
        "kind_", "by_", "fig_diversion_", "fig_costs_", "fig_budgets_cost_", "poster_",
    )  # fmt: skip
    unused = [key for key in ENGLISH if not key.startswith(made) and key not in code]
    assert unused == []


def test_every_theory_has_words_and_no_other():
    names = {name for part, theories in THEORIES.items() for name in (part, *theories)}
    assert {key for key in ENGLISH if key.startswith("theory_")} == {f"theory_{name}" for name in names}


def test_unknown_language_is_named():
    with pytest.raises(ValueError, match=f"'xx' is unknown; allowed are {', '.join(LANGUAGES)}"):
        words("xx")


def test_a_thing_without_a_label_is_called_by_its_id():
    assert label({"a": {"en": "A thing"}}, "a", "en") == "A thing"
    assert label({"a": {"label_zh": "某物"}}, "a", "zh") == "某物"
    assert label({}, "burden_relief", "zh") == "burden_relief"


def test_words_for_probabilities_are_those_of_the_stated_scale():
    from analysis.words.likelihood import likelihood, probability_text

    wanted = {
        1.0: "virtually_certain", 0.99: "virtually_certain", 0.9: "very_likely", 0.66: "likely",
        0.5: "as_likely_as_not", 0.32: "unlikely", 0.1: "unlikely", 0.05: "very_unlikely",
        0.0: "exceptionally_unlikely",
    }  # fmt: skip
    assert {value: likelihood(value) for value in wanted} == wanted
    assert [probability_text(value) for value in (0.0, 0.5, 1.0)] == ["<1%", "50%", ">99%"]
