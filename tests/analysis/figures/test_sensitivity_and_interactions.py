"""Figures of indices, interactions and sources of spread, in both languages."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from matplotlib.text import Text

from analysis import attribution, figures
from analysis.attribution import interactions
from analysis.figures.style import FAMILY
from analysis.uncertainty import stability, variance
from analysis.words import LANGUAGES, Reader, words
from experiments.ranking.questions.variance import array

FACTORS = ("town", "theory", "behaviour", "seed")  # whatever is in the columns of the array
NAMES = ("sobol", "morris", "strength", "interactions", "variance")


@pytest.fixture(scope="module")
def tables(made):
    players, value = list(made.MEASURES), made.game()

    def rows(method, seeds):
        problem = attribution.Problem(players, range(seeds), made.OUTCOMES)
        design = interactions.sample(problem) if method == "interactions" else attribution.sample(method, problem)
        analyse = interactions.analyse if method == "interactions" else attribution.analyse
        values = value(design.coalitions, design.seeds)
        noise = np.random.default_rng(1).normal(0, 0.004, (seeds, 19, 19))[design.seeds]
        c = design.coalitions.astype(float)
        values[:, 0] += np.einsum("ri,rij,rj->r", c, noise, c) + 0.03 * c[:, 0] * c[:, 1] - 0.03 * c[:, 2] * c[:, 3]
        return analyse(problem, design, values)

    keyed = np.random.default_rng(2)
    effects = keyed.normal(size=(4, 5))
    cells = [dict(zip((*FACTORS, "unused"), cell, strict=False)) for cell in array(5)]
    values = [sum(effects[k, cell[f]] for k, f in enumerate(FACTORS)) + keyed.normal() for cell in cells]
    shares = variance.shares([{**cell, "value": v} for cell, v in zip(cells, values, strict=True)], FACTORS)
    scores = [
        {**cell, "measure": m, "contribution": k + keyed.normal()} for cell in cells for k, m in enumerate(players[:5])
    ]
    columns = {**{factor: [factor] for factor in FACTORS}, "none": ["unused"]}
    return {
        "sobol": rows("sobol", 128),
        "morris": rows("morris", 10),
        "interactions": rows("interactions", 10),
        "shares": dict.fromkeys(made.OUTCOMES, shares),
        "stability": dict.fromkeys(made.OUTCOMES, stability.stability(scores, columns)),
    }


@pytest.fixture(scope="module")
def draw(made, tables):
    def make(name, language):
        common = {"reader": Reader(language, made.OUTCOMES, made.LABELS)}
        if name == "sobol":
            return figures.sensitivity(tables["sobol"], design="sobol", **common)
        if name == "morris":
            return figures.contributions(tables["morris"], method="morris", **common)
        if name == "strength":
            return figures.sensitivity(tables["morris"], design="morris", **common)
        if name == "interactions":
            return figures.interactions(tables["interactions"], outcome="service_efficiency", **common)
        return figures.variance(tables["shares"], tables["stability"], **common)

    return make


def texts(figure):
    return [t.get_text() for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_no_glyph_is_missing_and_every_text_is_set_in_our_font(draw, name, language, tmp_path):
    figure = draw(name, language)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.save(figure, tmp_path, name)
    for text in figure.findobj(Text):
        if text.get_text().strip():
            assert text.get_fontfamily() == FAMILY, text.get_text()
    if language == "zh":
        assert [t for t in texts(figure) if any("a" <= letter <= "z" for letter in t.lower())] == []


def test_the_heat_map_draws_what_is_clear_and_says_it(draw, made, tables):
    figure = draw("interactions", "en")
    clear = [r for r in tables["interactions"] if r["outcome"] == "service_efficiency" and r["verdict"] != "unclear"]
    assert len(figure.axes[0].patches) == len(clear) >= 2
    shown = "\n".join(texts(figure))
    for row in clear[:2]:
        assert figures.sentence(row, Reader("en", labels=made.LABELS)) in shown


def test_a_heat_map_without_anything_clear_says_so(made, tables):
    rows = [{**row, "verdict": "unclear", "needy": ""} for row in tables["interactions"]]
    figure = figures.interactions(rows, outcome="satisfaction", reader=Reader("zh", made.OUTCOMES, made.LABELS))
    assert not figure.axes[0].patches
    assert words("zh")["fig_interactions_none"] in "\n".join(texts(figure))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_name_who_needs_and_who_is_harmed(made, language):
    row = {"first": "one_window", "second": "publicity", "interaction": 1.0, "first_with": 1.0, "second_with": -1.0}
    first, second = made.LABELS["one_window"][language], made.LABELS["publicity"][language]
    said = {
        (verdict, needy): figures.sentence(
            {**row, "verdict": verdict, "needy": needy}, Reader(language, labels=made.LABELS)
        )
        for verdict, needy in (
            ("needs", "first"),
            ("needs", "second"),
            ("needs", "both"),
            ("helps", ""),
            ("unclear", ""),
        )
    }
    assert said["needs", "first"].index(first) < said["needs", "first"].index(second)
    assert said["needs", "second"].index(second) < said["needs", "second"].index(first)
    assert said["unclear", ""] == ""
    assert len(set(said.values())) == 5
    # More is better and the surplus is a loss: the second does harm.
    harm = figures.sentence(
        {**row, "interaction": -1.0, "verdict": "hinders", "needy": ""}, Reader(language, labels=made.LABELS)
    )
    assert harm.index(second) < harm.index(first)


def test_sources_hold_a_row_for_each_factor_and_their_interplay(draw):
    figure = draw("variance", "en")
    named = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert named == ["Town", "Theory", "Behaviour of people", "Chance", "Their interplay"]
    assert len(figure.axes) == 6


def test_a_table_without_the_rows_is_refused(made):
    with pytest.raises(ValueError, match="no rows of method 'sobol_total'"):
        figures.sensitivity([], reader=Reader("en", made.OUTCOMES, made.LABELS))
    with pytest.raises(ValueError, match="no interactions for satisfaction"):
        figures.interactions([], outcome="satisfaction", reader=Reader("en", made.OUTCOMES, made.LABELS))
