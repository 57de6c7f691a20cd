"""Measures whose place is known, ranked in a real town: one that does nothing, and one that is there twice."""

from __future__ import annotations

import shutil

import pytest
import yaml

import sim.measures
from experiments import rank
from sim.measures import MEASURES
from sim.reading import CONFIGS

from .finished import read, rows

STUDY = """
settings:
  today: {}
  all: {measures: {one_window: 1, twin: 1, idle: 1}}
ranking: {setting: all, methods: [shapley, leave_one_out, add_one_in, morris]}
"""


@pytest.fixture
def known(place, monkeypatch):
    """Measures with a copy of one-window service under another name, and one that moves its lever by nothing."""
    shutil.copytree(CONFIGS / "measures", place / "configs" / "measures")
    folder = place / "configs" / "measures"
    given = yaml.safe_load((folder / "one_window.yaml").read_text(encoding="utf-8"))
    idle = {"lever": "seals_multiplier", "op": "scale", "weak": 1.0, "mode": 1.0, "strong": 1.0}
    new = {"twin": {}, "idle": {"entries": [idle], "costs": dict.fromkeys(given["costs"], 0.0)}}
    for order, (name, changes) in enumerate(new.items(), start=100):
        text = yaml.safe_dump({**given, "id": name, "order": order, **changes}, allow_unicode=True)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sim.measures, "CONFIGS", place / "configs")
    assert {"twin", "idle"} <= set(MEASURES)
    (place / "known.yaml").write_text(STUDY, encoding="utf-8")
    return ["experiment=known.yaml", "residents=3000", "weeks=104", "replicates=20", "output=out", "quiet=true"]


def ranked(place) -> dict[tuple[str, str], dict[str, dict[str, str]]]:
    """Rows by measure, for each method and outcome."""
    found: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    for row in rows(place / "out", "ranking"):
        found.setdefault((row["method"], row["outcome"]), {})[row["measure"]] = row
    return found


def ends(row, *keys) -> list[float]:
    return [float(row[key]) for key in keys or ("ci_low", "ci_high")]


def test_a_measure_that_does_nothing_is_last_with_nothing(known, place, no_drawing):
    """Nothing is announced, and outsiders see to it that nothing is reported upwards that is not there."""
    assert rank.main([*known, "levers.reform_publicity=0", "levers.third_party=1"]) == 0
    for (method, outcome), found in ranked(place).items():
        idle = found["idle"]
        assert ends(idle, "contribution", "ci_low", "ci_high") == pytest.approx([0.0] * 3, abs=1e-12), (method, outcome)
        if outcome != "micro_corruption":  # one-window service does not surely move that here
            assert idle["rank_low"] == idle["rank_high"] == "3", (method, outcome)


def test_what_moves_no_lever_is_still_reported_and_announced(known, place, no_drawing):
    assert rank.main(known) == 0
    found = ranked(place)
    low, high = ends(found["leave_one_out", "satisfaction"]["idle"])
    assert low < high < 0.0  # expectations rise with what is announced and does not come
    low, high = ends(found["add_one_in", "satisfaction"]["idle"])
    assert 0.0 < low < high  # reported as done, it eases the pressure from above
    for (method, outcome), own in found.items():
        if outcome != "micro_corruption":
            others = [abs(float(own[name]["contribution"])) for name in ("one_window", "twin")]
            assert abs(float(own["idle"]["contribution"])) < 0.3 * min(others), (method, outcome)
            assert own["idle"]["rank_low"] == own["idle"]["rank_high"] == "3", (method, outcome)


def test_a_measure_that_is_there_twice_shares_its_credit_equally(known, place, no_drawing):
    assert rank.main(known) == 0
    found = ranked(place)
    for (method, outcome), own in found.items():
        one, twin = own["one_window"], own["twin"]
        if method in ("leave_one_out", "add_one_in"):
            assert ends(one, "contribution", "ci_low", "ci_high") == ends(twin, "contribution", "ci_low", "ci_high")
        assert (one["rank_low"], one["rank_high"]) == (twin["rank_low"], twin["rank_high"]), (method, outcome)
    for outcome in ("service_efficiency", "satisfaction"):
        shares = [float(found["shapley", outcome][name]["contribution"]) for name in ("one_window", "twin")]
        alone = float(found["add_one_in", outcome]["one_window"]["contribution"])
        assert shares[0] == pytest.approx(shares[1], rel=0.05)
        assert 0.5 * alone < shares[0] < alone  # each has half of what both do, which is more than one does
    first = {row["outcome"]: float(row["effect"]) for row in rows(place / "out", "package_effect")}
    summary = read(place / "out", "summary.json")
    for outcome, effect in first.items():
        total = sum(float(row["contribution"]) for row in found["shapley", outcome].values())
        assert total == pytest.approx(effect, rel=1e-9, abs=1e-12) == summary[f"package_effect_{outcome}"]
