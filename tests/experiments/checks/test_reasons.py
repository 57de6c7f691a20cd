"""Why patterns are missed, as experiments/checks/reasons.py tries it in docs/checks/reasons.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.calibration.statistics import Figures, joint_over_sum
from experiments.checks.reasons import read_reasons, rows_of, verdict
from experiments.ensemble.executors import Executor
from experiments.validation import request
from experiments.validation.plans import ValidationPlan
from sim.inputs.validators import SettingError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "reasons.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("one: {rule: no_such, text: x}", "no_such"),
        ("one: {rule: waiting_convex, text: x, without: {no_such: 1}}", "no_such"),
        ("one: {rule: waiting_convex, text: x, wihtout: {patience: 1}}", "wihtout"),
        ("one: {rule: waiting_convex, text: x, settings: {no_such: {burden: 1}}}", "no_such"),
        ("one: {rule: waiting_convex, text: x, conditions: [{statistic: no_such, at_most: 1}]}", "no_such"),
    ],
)
def test_a_reason_that_cannot_be_tried_is_refused_by_name(tmp_path, text, named):
    with pytest.raises(SettingError, match=named):
        read_reasons(written(tmp_path, text))


def test_a_change_is_in_every_setting_and_gives_way_to_what_the_rule_itself_says(tmp_path):
    (reason,) = read_reasons(
        written(
            tmp_path,
            "one: {rule: incidents_spread, text: x, without: {spread_heat: 1}, "
            "facts: {population: {response_days: 7, sparks_per_1000_year: 3}}}",
        )
    )
    assert {name: setting["without"] for name, setting in reason.changed.settings.items()} == {
        name: {"spread_heat": 1} for name in reason.rule.settings
    }
    assert reason.changed.settings["today"]["facts"]["population"]["response_days"] == 7
    slow = reason.changed.settings["slow"]["facts"]["population"]
    assert slow == {"response_days": 12, "sparks_per_1000_year": 3}
    assert "without" not in reason.rule.settings["today"]


def test_a_reason_may_run_other_settings_and_its_change_is_in_them_too(tmp_path):
    text = "one: {rule: incidents_spread, text: x, without: {spread_heat: 1}, settings: {slow: {burden: 2}}}"
    (reason,) = read_reasons(written(tmp_path, text))
    assert reason.changed.settings["slow"] == {"burden": 2, "without": {"spread_heat": 1}}
    assert reason.changed.settings["today"] == {**reason.rule.settings["today"], "without": {"spread_heat": 1}}
    assert "`slow`: burden 2" in reason.change


def test_shipped_reasons_can_be_read_and_each_names_a_change():
    for reason in read_reasons():
        assert reason.change and reason.changed != reason.rule


def test_a_reason_stands_where_most_draws_pass_and_is_wrong_where_no_more_do():
    assert verdict(0.8, 1.0) == "passes as it is"
    assert [verdict(0.1, after) for after in (0.8, 0.5, 0.2, 0.0)] == ["stands", "a part of it", "wrong", "wrong"]


def test_effects_that_add_up_are_told_from_those_that_fall_short_of_their_sum():
    figures = {"none": {"x": 10.0}, "a": {"x": 7.0}, "b": {"x": 5.0}, "sum": {"x": 2.0}, "less": {"x": 4.0}}
    f = Figures(figures, {}, (52, 4))
    assert joint_over_sum(f, "x", "none", "sum", ["a", "b"]) == 1.0
    assert joint_over_sum(f, "x", "none", "less", ["a", "b"]) == pytest.approx(0.75)


def test_taking_a_reason_out_of_the_model_moves_what_it_is_the_reason_for(tmp_path, compiled_model):
    """No plan that is heeded: less of what monitoring gained is gone, since nobody hears that it has ended."""
    reasons = read_reasons(written(tmp_path, "one: {rule: banerjee_2008, text: x, without: {plan_heeded: 0}}"))
    store = str(tmp_path / "store")
    asked = request.Asked("reasons", {}, "reasons", 0, Executor("threads", 2), store, "en", True, tmp_path, "")
    ((label, _, change, before, after, _, _),) = rows_of(
        reasons, asked, ValidationPlan(2, 0, 2, 12_000, False), {0: {}, 1: {}}
    )
    assert (label, change) == ("Banerjee et al. 2008", "`plan_heeded` 0")
    lost_before, lost_after = (float(text.split("; ")[1].replace("\N{MINUS SIGN}", "-")) for text in (before, after))
    assert lost_after < lost_before - 0.2
