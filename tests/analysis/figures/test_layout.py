"""Texts of figures: none leaves the figure, none lies on another, whatever the width, the language and the labels."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from analysis import figures
from analysis.figures import layout
from analysis.figures.layout import apart, broken, inches, text_width
from analysis.figures.measuring import boxes, faults
from analysis.figures.paths import smoothed
from analysis.figures.style import LEAST_FOR_BAND, drawing
from analysis.words import Reader

LONGEST = "A label that goes on and on, " * 7
CHINESE = "把一件事情从头到尾说清楚的很长的名称，" * 11
RIGHT_TO_LEFT = "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd " * 4


def drawn(name, made, dataset, effects, ranking, labels, **asked):
    of = {"paths": dataset, "hours": dataset, "package_effect": effects, "contributions": ranking, "waterfall": ranking}
    reader = Reader(asked.pop("language"), made.OUTCOMES, labels)
    return getattr(figures, name)(of[name], reader=reader, **asked)


@pytest.mark.parametrize(
    ("name", "language", "width", "grey"),
    [
        ("paths", "zh", "8cm", False),
        ("hours", "en", "8cm", True),
        ("contributions", "en", "16cm", False),
        ("package_effect", "zh", "8cm", True),
        ("waterfall", "en", "8cm", False),
        ("paths", "en", "29.7cm", True),
    ],
)
def test_texts_stay_inside_and_apart(made, dataset, effects, ranking, name, language, width, grey):
    labels = {**made.MEASURES, **made.SETTINGS}
    figure = drawn(name, made, dataset, effects, ranking, labels, language=language, width=width, grey=grey)
    assert faults(figure) == []
    assert figure.get_figwidth() == pytest.approx(inches(width))


@pytest.mark.parametrize("label", [LONGEST, CHINESE, RIGHT_TO_LEFT, "x" * 200], ids=["long", "zh", "rtl", "word"])
@pytest.mark.parametrize("name", ["paths", "contributions", "package_effect"])
def test_the_longest_labels_are_broken_and_cut(made, dataset, effects, ranking, name, label):
    same = {"en": label, "zh": label}
    labels = {**dict.fromkeys(made.MEASURES, same), **dict.fromkeys(made.SETTINGS, same)}
    figure = drawn(name, made, dataset, effects, ranking, labels, language="zh", width="8cm")
    assert faults(figure) == []
    assert any("…" in said or "\n" in said for said, _ in boxes(figure))


def test_a_text_that_leaves_and_texts_that_overlap_are_found():
    with drawing():
        figure = Figure(figsize=(3.0, 2.0))
        figure.text(0.9, 0.5, "much too long for this place")
        figure.text(0.1, 0.2, "one")
        figure.text(0.12, 0.2, "other")
        found = faults(figure)
    assert len(found) == 2
    assert "leaves the figure" in found[0] and "'one' lies on 'other'" in found[1]


def test_a_text_is_broken_to_its_width_and_loses_nothing():
    with drawing():
        lines = broken(CHINESE + LONGEST, 8.0, 100.0).split("\n")
        assert max(text_width(line, 8.0) for line in lines) <= 100.0
        assert "".join("".join(lines).split()) == "".join((CHINESE + LONGEST).split())
        assert not any(line.startswith(("，", "。")) for line in lines)
        assert broken(LONGEST, 8.0, 100.0, 2).endswith("…")


@pytest.mark.parametrize("width", ["5cm", "46cm", "wide", "8 ells", "-3cm", "", "0", "1e9", "8cm;", "nan"])
def test_a_width_that_is_none_is_refused(width):
    with pytest.raises(ValueError, match=r"a width from 6cm to 45cm expected"):
        inches(width)


def test_widths_are_read():
    assert [round(inches(width), 3) for width in (8, "8cm", "80mm", "1080px", "6.3in")] == [3.15, 3.15, 3.15, 5.4, 6.3]


def test_names_move_apart_and_keep_their_order():
    placed = apart([5.0, 5.1, 9.9], [2.0, 2.0, 2.0], 0.0, 10.0)
    assert placed == sorted(placed) and placed[2] <= 9.0
    assert min(np.diff(placed)) >= 2.0 - 1e-9


def test_a_grey_figure_has_no_colour(made, dataset, effects, ranking):
    from io import BytesIO

    from PIL import Image

    figure = drawn("hours", made, dataset, effects, ranking, {}, language="en", width="8cm", grey=True)
    content = figures.render(figure, ("png",))["png"]
    pixels = np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(int)
    assert (pixels.max(axis=2) - pixels.min(axis=2)).max() <= 2
    assert len(np.unique(pixels)) > 20


# ---------------------------------------------------------------- house style


def lines_of(figure):
    return [line for line in figure.axes[0].lines if len(line.get_xdata()) > 2]


def test_where_nothing_begins_no_line_breaks_at_week_0(made, dataset):
    calm = dataset.copy()
    calm.attrs["unchanged"] = "baseline"
    reader = Reader("en", made.OUTCOMES)
    cut = figures.paths(dataset, reader=reader, settings=["baseline"])
    whole = figures.paths(calm, reader=reader, settings=["baseline"])

    def step(figure):
        found = {float(x): float(y) for line in lines_of(figure) for x, y in zip(*line.get_data(), strict=True)}
        return abs(found[0.0] - found[-1.0])

    noise = np.abs(np.diff(smoothed(calm, next(iter(made.OUTCOMES)))[0].mean(axis=0)))
    assert step(whole) <= noise.max() + 1e-12 < step(cut) + noise.max()
    assert "cut at week 0" not in " ".join(said for said, _ in boxes(whole))


def test_no_band_is_drawn_below_the_stated_number_of_replicates(made):
    few = made.dataset(replicates=LEAST_FOR_BAND - 1)
    figure = figures.paths(few, reader=Reader("en", made.OUTCOMES))
    said = " ".join(" ".join(text.split()) for text, _ in boxes(figure))
    assert f"no band below {LEAST_FOR_BAND}" in said
    ends = [path.vertices for axes in figure.axes for shape in axes.collections for path in shape.get_paths()]
    assert all(not len(found) or not np.isfinite(found[:, 1]).any() for found in ends)


def test_a_band_of_a_share_stays_inside_its_range(made):
    data = made.dataset()
    name = next(name for name, one in made.OUTCOMES.items() if one["unit"] == "share")
    odd = data.copy()
    odd[name] = odd[name] * 0.0
    odd[name][:, 0] = 1.0  # one replicate of twelve: the t interval of the mean goes below 0
    figure = figures.paths(odd, reader=Reader("en", {name: made.OUTCOMES[name]}))
    ends = np.concatenate(
        [
            path.vertices[:, 1]
            for shape in figure.axes[0].collections
            for path in shape.get_paths()
            if len(path.vertices)
        ]
    )
    assert np.nanmin(ends) >= 0.0 and np.nanmax(ends) > 0.2


def test_paths_need_no_reader(dataset):
    name = str(next(iter(dataset.data_vars)))
    figure = figures.paths(dataset, outcomes=[name], width="8cm", title="Mine")
    assert figure.get_suptitle() == "Mine"
    with pytest.raises(ValueError, match="has no outcome 'nonsense'; near it are"):
        figures.paths(dataset, outcomes=["nonsense"])


def test_what_was_asked_for_does_not_outlive_its_figure(dataset):
    with layout.asking("8cm", "Mine", True):
        assert layout.asked_width() == pytest.approx(inches("8cm"))
    assert layout.asked_width() is None
