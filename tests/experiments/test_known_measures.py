"""Measures whose place is known, ranked in a real town: one that does nothing, and one that is there twice."""

from __future__ import annotations

import shutil

import pytest
import yaml

import sim.inputs.measures
from experiments import rank
from sim.inputs.files import CONFIGS
from sim.inputs.measures import MEASURES

from .finished import read, rows

STUDY = """
settings:
  today: {}
  all: {measures: {one_window: 1, twin: 1, idle: 1}}
ranking: {setting: all, methods: [shapley, leave_one_out, add_one_in, morris]}
"""
# Together no more than leaders' attention carries: beyond that, one that does nothing takes attention from others.
SIX = """
settings:
  today: {}
  all: {measures: {one_window: 0.6, twin: 0.6, idle: 0.6, burden_relief: 0.6, error_tolerance: 0.6, lead_goose: 0.6}}
ranking: {setting: all, outcomes: [service_efficiency, satisfaction]}
"""
# Nothing is announced, and outsiders see to it that nothing is reported upwards that is not there.
SILENT = ["levers.reform_publicity=0", "levers.third_party=1"]


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
    monkeypatch.setattr(sim.inputs.measures, "CONFIGS", place / "configs")
    assert {"twin", "idle"} <= set(MEASURES)
    (place / "known.yaml").write_text(STUDY, encoding="utf-8")
    return ["experiment=known.yaml", "residents=3000", "weeks=104", "replicates=20", "output=out", "quiet=true"]


@pytest.fixture
def six(known, place):
    (place / "six.yaml").write_text(SIX, encoding="utf-8")
    return ["experiment=six.yaml", "residents=900", *SILENT, "output=out", "quiet=true"]


def ranked(place) -> dict[tuple[str, str], dict[str, dict[str, str]]]:
    """Rows by measure, for each method and outcome."""
    found: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    for row in rows(place / "out", "ranking"):
        found.setdefault((row["method"], row["outcome"]), {})[row["measure"]] = row
    return found


def ends(row, *keys) -> list[float]:
    return [float(row[key]) for key in keys or ("ci_low", "ci_high")]


def within_reach(one, other) -> bool:
    """Whether neither the intervals nor the rank sets of two rows set them apart."""
    low, high = zip(ends(one), ends(other), strict=True)
    first, last = zip(ends(one, "rank_low", "rank_high"), ends(other, "rank_low", "rank_high"), strict=True)
    return max(low) <= min(high) and max(first) <= min(last)


def test_a_measure_that_does_nothing_is_last_with_nothing(known, place, no_drawing):
    assert rank.main([*known, *SILENT]) == 0
    for (method, outcome), found in ranked(place).items():
        idle = found["idle"]
        assert ends(idle, "contribution", "ci_low", "ci_high") == pytest.approx([0.0] * 3, abs=1e-12), (method, outcome)
        if outcome != "micro_corruption":  # one-window service does not surely move that here
            assert idle["rank_low"] == idle["rank_high"] == "3", (method, outcome)


def test_what_moves_no_lever_is_still_announced(known, place, no_drawing):
    assert rank.main(known) == 0
    found = ranked(place)
    for method in ("leave_one_out", "add_one_in"):  # departments answer trouble: what is done on paper eases nothing
        low, high = ends(found[method, "satisfaction"]["idle"])
        assert low < high < 0.0  # expectations rise with what is announced and does not come
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


def test_among_six_nothing_is_worth_nothing_and_what_is_there_twice_is_in_one_place(six, place, no_drawing):
    words = ["weeks=104", "replicates=20", "ranking.methods=[shapley,leave_one_out,add_one_in,morris]"]
    assert rank.main([*six, *words]) == 0
    found = ranked(place)
    assert len(found) == 2 * 5  # morris has two figures
    for (method, outcome), own in found.items():
        one, twin, idle = own["one_window"], own["twin"], own["idle"]
        assert ends(idle, "contribution", "ci_low", "ci_high") == [0.0] * 3, (method, outcome)
        assert within_reach(one, twin), (method, outcome)
        if method in ("leave_one_out", "add_one_in"):
            assert ends(one, "contribution", "ci_low", "ci_high") == ends(twin, "contribution", "ci_low", "ci_high")
    for method in ("shapley", "leave_one_out", "add_one_in"):
        own = found[method, "satisfaction"]
        low, high = ends(own["burden_relief"], "rank_low", "rank_high")
        assert low == 1 and high <= 3, method  # a drive: by its second year people are tired of it
        low, high = ends(own["idle"], "rank_low", "rank_high")
        assert low <= 4 <= high, method  # three do good there, two do harm


def test_sobol_gives_no_share_to_what_does_nothing_and_like_shares_to_what_is_there_twice(six, place, no_drawing):
    """More of the spread of service efficiency is the two's than of that of satisfaction."""
    assert rank.main([*six, "weeks=60", "replicates=256", "ranking.methods=[add_one_in,sobol]"]) == 0
    found = ranked(place)
    for method in ("sobol_first", "sobol_total"):
        for outcome in ("service_efficiency", "satisfaction"):
            own = found[method, outcome]
            assert ends(own["idle"], "contribution", "ci_low", "ci_high") == [0.0] * 3, (method, outcome)
            assert within_reach(own["one_window"], own["twin"]), (method, outcome)
    for name in ("one_window", "twin"):
        much, less = (ends(found["sobol_total", o][name]) for o in ("service_efficiency", "satisfaction"))
        assert 0.0 < less[0] < much[0] and less[1] < much[1]
    own = found["sobol_total", "satisfaction"]
    assert own["idle"]["rank_high"] == found["sobol_total", "service_efficiency"]["idle"]["rank_high"] == "6"
    assert int(own["idle"]["rank_low"]) > max(int(own[name]["rank_high"]) for name in ("one_window", "twin"))
