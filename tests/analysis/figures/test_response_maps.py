"""Pictures of sweeps: curves, heat maps, small multiples; what is told only where it is known."""

from __future__ import annotations

import math
from itertools import product

import pytest

from analysis.figures.response_maps import response_maps
from analysis.words import Reader

OUTCOMES = {"share": {"en": "Share", "zh": "占比", "unit": "share", "better": "higher"}}
LABELS = {key: {"en": f"Key {key}", "zh": f"键{key}"} for key in "abcd"}


def rows(keys, told=True):
    """Means that add up the values of the keys; the last point is the best and alone in the region."""
    points = list(product((0.0, 0.5, 1.0), *((0.0, 1.0),) * (len(keys) - 1)))
    return [
        {
            "outcome": "share",
            **dict(zip(keys, point, strict=True)),
            "mean": sum(point) / 10,
            "ci_low": sum(point) / 10 - 0.01,
            "ci_high": sum(point) / 10 + 0.01,
            **dict.fromkeys(("median", "q05", "q95"), sum(point) / 10 if told else math.nan),
            "loss": (len(keys) - sum(point)) / 10,
            "p_best": math.nan,
            "in_region": int(sum(point) == len(keys)) if told else math.nan,
        }
        for point in points
    ]


def texts(figure):
    import matplotlib.text

    return [one.get_text() for one in figure.findobj(matplotlib.text.Text)]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("keys", "panels"), [("a", 1), ("ab", 1), ("abc", 2)])
def test_one_panel_an_outcome_and_a_value_of_the_third_key(language, keys, panels):
    reader = Reader(language, OUTCOMES, LABELS)
    figure = response_maps(rows(keys), reader=reader)
    heat = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]
    assert len(heat) == panels
    assert all(
        any(reader.label(key) in text or reader.label_inside(key) in text for text in texts(figure)) for key in keys
    )


def test_the_best_cell_has_the_star_and_only_the_region_a_frame():
    figure = response_maps(rows("ab"), reader=Reader("en", OUTCOMES, LABELS))
    assert [text for text in texts(figure) if text.startswith("★")] == ["★20"]
    assert len(figure.axes[0].patches) == 2  # one frame, dark and light
    untold = response_maps(rows("ab", told=False), reader=Reader("en", OUTCOMES, LABELS))
    assert not untold.axes[0].patches and any("Too few" in text for text in texts(untold))


def test_without_draws_there_is_no_band():
    told, untold = (response_maps(rows("a", one), reader=Reader("en", OUTCOMES, LABELS)) for one in (True, False))
    assert any("what is not known" in text for text in texts(told))
    assert not any("what is not known" in text for text in texts(untold))


def test_more_than_three_keys_have_no_picture():
    with pytest.raises(ValueError, match="one to three keys"):
        response_maps(rows("abcd"), reader=Reader("en", OUTCOMES, LABELS))


@pytest.mark.parametrize("keys", ["a", "ab"])
def test_a_table_that_was_written_and_read_is_drawn_alike(keys):
    import io

    read = [{key: str(value) for key, value in row.items()} for row in rows(keys)]
    drawn = []
    for table in (rows(keys), read):
        content = io.BytesIO()
        response_maps(table, reader=Reader("en", OUTCOMES, LABELS)).savefig(content, format="raw")
        drawn.append(content.getvalue())
    assert drawn[0] == drawn[1]
