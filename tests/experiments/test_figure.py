"""One figure in one line: what a folder can draw, what it cannot, and what is refused."""

from __future__ import annotations

import csv
import json
import shutil

import numpy as np
import pytest
import xarray

from analysis.figures.style import ACTIVITIES
from experiments import figure as door
from experiments.output.drawable import drawable, points
from sim.dataset import attributes
from sim.indicators import INDICATORS


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder of a comparison, with made-up numbers under the model's own names."""
    folder = tmp_path_factory.mktemp("figure") / "compare"
    (folder / "tables").mkdir(parents=True)
    rng, week = np.random.default_rng(3), np.arange(-52, 104)
    shape = (2, 12, len(week))
    found = {
        name: (("setting", "replicate", "week"), rng.uniform(0.4, 0.6, shape), attributes(one))
        for name, one in INDICATORS.items()
    }
    for name in ACTIVITIES:  # six shares of all hours
        found[name] = (*found[name][:1], found[name][1] / 3.0, found[name][2])
    dims = ("setting", "replicate", "period")
    found |= {
        f"{name}_in": (dims, rng.uniform(0.4, 0.6, (2, 12, 3)), attributes(INDICATORS[name])) for name in INDICATORS
    }
    coords = {"setting": ["today", "relief"], "week": week, "period": ["baseline", "year1", "evaluation"]}
    xarray.Dataset(found, coords=coords).to_netcdf(folder / "data.nc", engine="h5netcdf")
    facts = {"case_kinds": {"plot": {"limit_days": 100.0}, "hotline": {"limit_days": 5.0}}}
    settings = {
        "today": {"fingerprint": "a", "setting": {"town": {"label_en": "Town", "label_zh": "镇"}, "facts": facts}},
        "relief": {"fingerprint": "b", "setting": {"levers": [{"id": "burden"}]}},
    }
    labels = {"today": {"en": "As it is", "zh": "现状"}, "relief": {"en": "Relief", "zh": "减负"}}
    record = {"job": "compare", "command": "x", "labels": labels, "settings": settings, "model_version": "v"}
    (folder / "provenance.json").write_text(json.dumps(record), encoding="utf-8")
    with open(folder / "tables" / "indicator_effects.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["measure", "indicator", "median", "q05", "q95", "ci_low", "ci_high", "unit"])
        for measure in ("one_window", "burden_relief"):
            for point in points():
                writer.writerow([measure, point["indicators"][0], 0.1, 0.0, 0.2, 0.05, 0.15, "share"])
    return folder


def ask(*words):
    return door.main([*words])


def test_a_folder_lists_what_it_can_draw_in_both_languages(finished, capsys):
    assert ask(f"from={finished}") == 0
    there, other = capsys.readouterr().out.split("Not in this folder")
    for kind in ("paths", "pain_points", "waiting", "diversion", "gaps", "hours", "effect_matrix", "poster"):
        assert f"  {kind} " in there
    assert "各痛点的前后变化" in there and "python -m experiments.calibrate" in other and "  ranking " in other


@pytest.mark.parametrize("kind", ["pain_points", "waiting", "diversion", "gaps", "effect_matrix"])
@pytest.mark.parametrize(("language", "width"), [("zh", "8cm"), ("en", "16cm")])
def test_texts_of_figures_on_request_stay_inside_and_apart(finished, kind, language, width):
    from analysis.figures.measuring import faults

    (drawn,) = drawable(finished).draw(kind, language, width=width, grey=True).values()
    assert faults(drawn) == []


def test_one_line_draws_one_figure(finished, tmp_path, capsys):
    path = tmp_path / "mine.svg"
    words = ("kind=paths", "outcome=fatigue,pressure", "title=我的 <b> $x$", "width=8cm", "language=zh", "format=svg")
    assert ask(f"from={finished}", *words, "text=true", f"output={path}") == 0
    said = path.read_text(encoding="utf-8")
    assert "疲劳程度" in said and "部门压力" in said and "我的 &lt;b&gt; $x$" in said and "<text" in said
    assert ask(f"from={finished}", *words, f"output={path}") == 0
    assert "<text" not in path.read_text(encoding="utf-8")


def test_a_poster_is_as_wide_as_a_phone_wants_it(finished, tmp_path):
    from PIL import Image

    path = tmp_path / "poster.png"
    assert ask(f"from={finished}", "format=poster", "language=zh", f"output={path}") == 0
    assert Image.open(path).size[0] == 1080 and Image.open(path).size[1] > 3000


def test_settings_in_which_nothing_begins_are_known_from_the_record(finished):
    assert drawable(finished).dataset.attrs["unchanged"] == "today"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kind=pathz"], "kind pathz: no such figure; did you mean paths?"),
        (
            ["kind=ranking"],
            "lacks what kind=ranking is drawn from; this writes it: a ranking: python -m experiments.rank",
        ),
        (["kind=villages"], "this writes it: sim.simulate"),
        (["kind=paths", "outcome=fatigeu"], "outcome fatigeu: no such indicator; did you mean fatigue?"),
        (["kind=paths", "width=3cm"], "width: 3cm given, a width from 6cm to 45cm expected"),
        (["kind=paths", "grey=perhaps"], "grey: 'perhaps' given, true or false expected"),
        (["kind=paths", "text=true"], "text: true given with format=png; it is for svg"),
        (["kind=paths", "format=poster"], "format: poster given with kind=paths"),
        (["format=poster", "width=8cm"], "width: '8cm' given for a poster"),
        (["kind=paths", "format=jpg"], "format: 'jpg' given, png or svg or pdf or poster expected"),
        (["kind=paths", "output=x.pdf", "format=png"], "output: x.pdf given with format=png; both must agree"),
        (["kind=paths", f"title={'x' * 301}"], "title: 301 letters given, at most 300 expected"),
        (["colour=red"], "colour: no such key"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(finished, capsys, words, said):
    assert ask(f"from={finished}", *words) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and said in captured.err and captured.err.count("\n") == 1


def test_a_folder_that_is_none_is_refused(finished, tmp_path, capsys):
    assert ask(f"from={tmp_path / 'nowhere'}") == 2
    assert "which does not exist; the folder of a finished job expected" in capsys.readouterr().err
    junk = tmp_path / "junk.nc"
    junk.write_text("junk")
    assert ask(f"from={junk}", "kind=paths") == 2
    assert "is no dataset that can be read" in capsys.readouterr().err
    shutil.copytree(finished, tmp_path / "empty", ignore=shutil.ignore_patterns("data.nc", "tables"))
    assert ask(f"from={tmp_path / 'empty'}", "format=poster") == 2
    assert "has 0 figures for a poster, at least 3 expected" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_figure_and_who_writes_its_data_has_words(language):
    from analysis.figures import CATALOGUE, kinds
    from analysis.words import words

    text = words(language)
    needed = {f"kind_{kind}" for kind in kinds()} | {f"by_{figure.by}" for figure in CATALOGUE.values()}
    assert needed <= text.keys()


def test_of_a_sweep_its_own_picture_is_drawn_and_no_paths(tmp_path):
    import xarray

    xarray.Dataset({"satisfaction_in": ("burden", [1.0])}).to_netcdf(tmp_path / "data.nc", engine="h5netcdf")
    (tmp_path / "provenance.json").write_text('{"sweep": {"points": 1}}', encoding="utf-8")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "sweep.csv").write_text("outcome,burden\nsatisfaction,1\n", encoding="utf-8")
    source = drawable(tmp_path)
    assert source.can("sweep") and not any(source.can(kind) for kind in ("paths", "pain_points", "villages"))
