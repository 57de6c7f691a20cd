"""A behavioural set for the user's own figures, from the pool that is shipped; no run is made."""

from __future__ import annotations

import pytest

from experiments import calibrate
from experiments.validation import own_figures
from sim.inputs.files import csv_rows, read_yaml


def test_own_figures_choose_draws_of_the_pool_and_make_no_run(place, use_model, no_drawing):
    model = use_model()
    words = ["figures={on_time: [0.75, 0.8], hotline_days: [2.5, 3.1]}", "output=out", "quiet=true"]
    assert calibrate.main(words) == 0
    assert not model.calls["branch"]
    pool = {int(row["draw"]): row for row in csv_rows(own_figures.POOL)}
    chosen = csv_rows(place / "out" / "behaviour.csv")
    assert own_figures.LEAST <= len(chosen) < len(pool)
    for row in chosen:
        there = pool[int(row["draw"])]
        assert 0.75 <= float(there["on_time"]) <= 0.8 and 2.5 <= float(there["hotline_days"]) <= 3.1
        assert 0.44 <= float(there["share_satisfied"]) <= 0.75  # a target that stays
    assert "on_time: [0.75, 0.8]" in read_yaml(place / "out" / "behaviour.yaml")["command"]
    (found,) = (row for row in csv_rows(place / "out" / "tables" / "targets.csv") if row["target"] == "on_time")
    assert (float(found["allowed_low"]), float(found["allowed_high"]), found["standing"]) == (0.75, 0.8, "own")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ["figures={on_time: [0.75, 0.7501]}"],
            1,
            "of 600 draws of the pool meet these figures, at least 30 are wanted",
        ),
        (["figures={on_tim: [0.7, 0.8]}"], 2, "figures.on_tim: no such target; did you mean on_time?"),
        (["figures={on_time: 0.7}"], 2, "figures.on_time: 0.7 given, [low, high]"),
        (["figures={on_time: [0.8, 0.7]}"], 2, "figures.on_time: [0.8, 0.7] given, [low, high]"),
        (["figures={}"], 2, "figures: {} given"),
        (["pool=x.csv"], 2, "pool: 'x.csv' given, beside figures= only"),
        (["figures={on_time: [0.7, 0.8]}", "pool=none.csv"], 2, "none.csv"),
    ],
)
def test_figures_that_choose_nothing_are_one_sentence(place, capfd, words, code, said):
    assert calibrate.main([*words, "output=out", "quiet=true"]) == code
    err = capfd.readouterr().err
    assert said in err and len(err.splitlines()) == 1 and not (place / "out").exists()
