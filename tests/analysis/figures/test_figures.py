from __future__ import annotations

import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import matplotlib
import numpy as np
import pytest
from matplotlib.text import Text

from analysis import figures
from analysis.figures.paths import moving_mean
from analysis.figures.style import ACTIVITIES, FAMILY, drawing, foot, wide
from analysis.words import LANGUAGES, Reader, words

NAMES = ("paths", "contributions", "hours", "package_effect")


@pytest.fixture(scope="module")
def draw(made, dataset, effects, ranking):
    rows = {"paths": dataset, "contributions": ranking, "hours": dataset, "package_effect": effects}

    def make(name, language, **more):
        labels = made.MEASURES if name == "contributions" else made.LABELS if name == "package_effect" else {}
        return getattr(figures, name)(rows[name], reader=Reader(language, made.OUTCOMES, labels), **more)

    return make


def texts(figure) -> list[str]:
    return [t.get_text() for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()]


def joined(figure) -> str:
    return " ".join(" ".join(texts(figure)).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_no_glyph_is_missing_and_nothing_warns(draw, name, language, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.save(draw(name, language), tmp_path, name)
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".pdf", ".png", ".svg"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_set_in_our_font(draw, name, language):
    for text in draw(name, language).findobj(Text):
        if text.get_text().strip():
            assert text.get_fontfamily() == FAMILY, text.get_text()


@pytest.mark.parametrize("name", NAMES)
def test_chinese_figures_speak_chinese_only(draw, name):
    left = [t for t in texts(draw(name, "zh")) if any("a" <= letter <= "z" for letter in t.lower())]
    assert left == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_paths_name_outcomes_settings_years_and_band(draw, made, language):
    shown, text = joined(draw("paths", language)), words(language)
    for described in (*made.OUTCOMES.values(), *made.SETTINGS.values()):
        assert described[language] in shown
    for year in range(1, 5):
        assert text["fig_year"].format(n=year) in shown
    assert text["fig_year_before"] in shown
    assert text["fig_evaluation"] in shown
    assert text["fig_band_interval_of_mean"].format(n=12, level="95%") in shown
    assert "\N{MINUS SIGN}52" in shown and "208" in shown


def test_paths_name_the_band_they_show(draw):
    assert "central 95% of replicates" in joined(draw("paths", "en", band_kind="quantiles"))


def test_paths_of_a_single_run_say_that_there_is_no_band(made):
    one = made.dataset(replicates=1).isel(replicate=0, setting=1, drop=True)
    shown = joined(figures.paths(one, reader=Reader("en", made.OUTCOMES)))
    assert words("en")["fig_band_none"] in shown


def test_a_setting_with_shared_history_is_drawn_from_week_0(draw):
    panel = draw("paths", "en").axes[0]
    starts = [line.get_xdata()[0] for line in panel.lines if len(line.get_xdata()) > 2]
    assert sorted(starts) == [-52, 0, 0]


def test_moving_mean_does_not_reach_across_week_0():
    week = np.arange(-20, 20)
    jump = np.where(week < 0, 0.0, 1.0)
    assert np.array_equal(moving_mean(jump, week, 13), jump)
    assert moving_mean(week.astype(float), week, 5)[10] == pytest.approx(week[10])
    assert np.isfinite(moving_mean(np.where(week == 3, np.nan, jump), week, 3)).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_ranking_names_every_measure_and_its_ranks(draw, made, ranking, language):
    figure = draw("contributions", language)
    assert len(figure.axes) == 3
    for panel, outcome in zip(figure.axes, made.OUTCOMES, strict=True):
        rows = [r for r in ranking if r["method"] == "shapley" and r["outcome"] == outcome]
        shown = [t.get_text() for t in panel.get_yticklabels()]
        assert shown == [made.MEASURES[row["measure"]][language] for row in rows]
        assert panel.get_title("left") == made.OUTCOMES[outcome][language]
        sets = {t.get_text() for t in panel.texts}
        low, high = rows[0]["rank_low"], rows[0]["rank_high"]
        assert (str(low) if low == high else f"{low}–{high}") in sets


def test_ranking_says_which_side_is_better(draw):
    figure = draw("contributions", "en")
    assert [("better →" in p.get_xlabel(), "← better" in p.get_xlabel()) for p in figure.axes] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def test_ranking_of_a_method_that_was_not_run_is_refused(made, ranking):
    rows = [row for row in ranking if row["method"] != "shapley"]
    with pytest.raises(ValueError, match="no rows of method 'shapley'"):
        figures.contributions(rows, reader=Reader("en", made.OUTCOMES, made.LABELS))


@pytest.mark.parametrize("language", LANGUAGES)
def test_hours_name_every_activity_beside_the_columns(draw, language):
    shown = texts(draw("hours", language))
    for activity in ACTIVITIES:
        assert words(language)[f"activity_{activity}"] in shown


def test_hours_show_one_column_for_a_shared_past(draw, made):
    headings = [t.get_text() for t in draw("hours", "en").axes[0].get_xticklabels()]
    assert headings == [
        "Year before",
        "No rectification,\nyear 4",
        "Full rectification,\nyear 1",
        "Full rectification,\nyear 4",
    ]
    other = made.dataset()
    other["slack_share"][1, :, :52] += 0.1
    panel = figures.hours(other, reader=Reader("en")).axes[0]
    headings = [" ".join(t.get_text().split()) for t in panel.get_xticklabels()]
    assert headings[:2] == ["Year before, No rectification", "Year before, Full rectification"]


def test_package_effect_prints_its_numbers(draw, effects):
    shown = texts(draw("package_effect", "en"))
    last = next(r for r in effects if r["outcome"] == "service_efficiency" and r["period"] == "evaluation")
    assert f"+{100 * last['difference']:.1f}" in shown


def test_package_effect_holds_several_packages(made, effects):
    more = [{**row, "other": "relief"} for row in effects]
    figure = figures.package_effect([*effects, *more], reader=Reader("en", made.OUTCOMES))
    assert len(figure.axes[0].get_yticklabels()) == 4


def test_the_same_figure_gives_the_same_bytes(draw, tmp_path):
    first = figures.save(draw("package_effect", "zh"), tmp_path / "a", "strip")
    second = figures.save(draw("package_effect", "zh"), tmp_path / "b", "strip")
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


def test_threads_do_not_disturb_one_another_nor_the_caller(draw, tmp_path):
    with matplotlib.rc_context({"font.family": ["DejaVu Sans"], "axes.grid": False}):
        before = dict(matplotlib.rcParams)
        alone = figures.save(draw("package_effect", "zh"), tmp_path / "alone", "x")[1].read_bytes()

        def work(k: int) -> bytes:
            return figures.save(draw("package_effect", "zh"), tmp_path / str(k), "x")[1].read_bytes()

        with ThreadPoolExecutor(3) as pool:
            assert set(pool.map(work, range(4))) == {alone}
        assert dict(matplotlib.rcParams) == before


def test_labels_are_never_read_as_formulas(draw, made, dataset, tmp_path):
    odd = {"baseline": {"en": "cost $x_1$ & <b>", "zh": "x"}}
    figure = figures.paths(dataset, reader=Reader("en", made.OUTCOMES, odd))
    figures.save(figure, tmp_path, "odd")
    assert "cost $x_1$" in joined(figure)


def test_pyplot_is_never_loaded():
    code = (
        "import sys, analysis.figures, analysis.report\n"
        "assert 'matplotlib' not in sys.modules and 'xarray' not in sys.modules\n"
        "from analysis.figures.style import drawing\n"
        "with drawing(): pass\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_setting_is_named(dataset, made):
    with pytest.raises(ValueError, match="'nobody' is not in the dataset"):
        figures.paths(dataset, reader=Reader("en", made.OUTCOMES), settings=["nobody"])


@pytest.mark.parametrize("note", ["Bars: intervals on their own. " * 6, "横线：各自的区间，互不相干。" * 9, "short"])
def test_a_note_goes_on_below_rather_than_beyond_its_figure_and_loses_nothing(note):
    from matplotlib.figure import Figure

    with drawing():
        figure = Figure(figsize=(wide(0.0), 3.0), layout="constrained")
        figure.subplots()
        foot(figure, note)
        figure.draw_without_rendering()
        (said,) = [text for text in figure.texts if text.get_text()]
        assert said.get_window_extent().x1 <= figure.bbox.x1
    assert "".join(said.get_text().split()) == "".join(note.split())
    assert ("\n" in said.get_text()) == (note != "short")
