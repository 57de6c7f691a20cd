"""What a ranking tells of its draws, and of measures without their own hours: which runs are made, and what is told."""

from __future__ import annotations

import pytest

from experiments import rank
from experiments.job import study_of
from experiments.ranking.questions import distributions, own_hours
from sim.inputs.measures import MEASURES

from .fake_model import OUTCOMES, SCALE
from .finished import read, rows

FOUR = list(MEASURES)[:4]
REST = {f"measures.{id}": 0 for id in list(MEASURES)[4:]}
SHARED = {**REST, "experiment": "quick_ranking", "potency": "draw", "replicates": 24, "ranking.repeats": 12}
WORDS = [*(f"{key}={value}" for key, value in SHARED.items()), "output=out", "quiet=true"]
COLUMNS = ("median", "q05", "q95", "p_better", "p_first", "p_top3", "p_top5", "chance")


@pytest.fixture
def study():
    return study_of("rank", {**SHARED, "town": "sample", "behaviour": "average", "ranking.own_hours": 3})


def problem_of(study):
    from analysis.attribution import Problem

    return Problem(study.players, range(study.replicates), dict.fromkeys(OUTCOMES, "higher"))


def test_a_repeat_has_the_draw_of_its_replicate_and_shocks_of_its_own(study):
    made = distributions.members(study, problem_of(study))
    assert {member.replicate for member in made} == set(range(24, 36))
    draws = list(study.behaviour.draws.values())
    for member in made:
        k = member.replicate - 24
        there = study.ranked.replace(seed=study.ranked.seed + k)
        assert member.setting.parameters == draws[k] and member.setting.potency == there.seed
        assert member.setting.drawn.units == there.drawn.units and member.setting.drawn.levers == there.drawn.levers
        assert member.seed == study.ranked.seed + member.replicate
    assert len({member.setting.town.key for member in made}) > 1


def test_own_hours_of_one_measure_are_zero_and_nothing_else_is_changed(study):
    made = {(member.key, member.replicate): member.base for member in own_hours.members(study, problem_of(study))}
    assert len(made) == 3 * 2 * 4 * 2
    for (key, k), base in made.items():
        _, method, measure = key.context
        paid = made[own_hours.key_of(method, measure, own_hours.PAID), k]
        assert {use.id for use in base.measures} == (set(FOUR) if method == "leave_one_out" else {measure})
        hours = {id: base.definitions[id].hours_per_village_cadre_week.high for id in base.definitions}
        if key.name == own_hours.FREE:
            assert hours[measure] == 0.0 and base.fingerprint != paid.fingerprint
            others = {id: one for id, one in base.definitions.items() if id != measure}
            assert others == {id: one for id, one in paid.definitions.items() if id != measure}
        assert (
            base.definitions[measure].thousand_yuan_per_township_year
            == MEASURES[measure].thousand_yuan_per_township_year
        )


@pytest.fixture
def hours_cost(use_model, no_drawing):
    """A model in which every measure adds its place, and loses a tenth of an outcome where it takes hours."""
    model = use_model()
    whole = model.evaluate

    def evaluate(records):
        setting = records["setting"]
        added = sum(
            (FOUR.index(use.id) + 1)
            * (1.0 + 0.3 * (setting.potency if setting.potency != "draw" else setting.seed) % 3)
            - 0.1 * (setting.definitions[use.id].hours_per_village_cadre_week.high > 0)
            for use in setting.measures
        )
        return {**whole(records), **{name: SCALE[name] * added for name in OUTCOMES}}

    model.evaluate = evaluate
    return model


def test_the_tables_tell_of_draws_and_of_own_hours(place, hours_cost):
    assert rank.main([*WORDS, "ranking.own_hours=3"]) == 0
    table = rows(place / "out", "ranking")
    assert {row["method"] for row in table} == {"shapley", "leave_one_out", "add_one_in"}
    for row in table:
        assert all(row[name] != "" for name in COLUMNS), row
        assert float(row["chance"]) == pytest.approx(0.0, abs=1e-9)  # a draw gives the same whatever the seed
        assert float(row["q05"]) < float(row["median"]) < float(row["q95"])
        assert float(row["p_better"]) == 1.0
        assert float(row["p_first"]) == float(row["measure"] == FOUR[-1])
        if row["method"] == "shapley":
            assert row["own_hours"] == ""
        else:
            cost = -0.1 * SCALE[row["outcome"]] * (MEASURES[row["measure"]].hours_per_village_cadre_week.high > 0)
            assert float(row["contribution"]) - float(row["own_hours"]) == pytest.approx(cost, abs=1e-9)
    (package,) = (row for row in rows(place / "out", "package_effect") if row["outcome"] == "satisfaction")
    summary = read(place / "out", "summary.json")
    for name in ("median", "q05", "q95", "p_better"):
        assert summary[f"package_effect_satisfaction_{name}"] == pytest.approx(float(package[name]))
    record = read(place / "out", "provenance.json")["ranking"]
    assert record["repeats"] == 12 and record["own_hours"] == 3


def test_without_repeats_the_columns_are_there_and_empty(place, model):
    words = [word for word in WORDS if not word.startswith("ranking.repeats")]
    assert rank.main(words) == 0
    for row in rows(place / "out", "ranking"):
        assert [row[name] for name in (*COLUMNS, "own_hours")] == [""] * 9


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["potency=mode"], "ranking.repeats: 12 given, 0 where nothing is drawn"),
        (["replicates=19"], "ranking.repeats: 12 given, 0 for fewer than 20 replicates"),
        (["ranking.repeats=25"], "ranking.repeats: 25 given, at most the 24 replicates"),
        (["ranking.repeats=9"], "ranking.repeats: 9 given, 0 (off) or a whole number from 10"),
        (["ranking.own_hours=25"], "ranking.own_hours: 25 given, at most the 24 replicates"),
    ],
)
def test_what_cannot_be_told_is_refused(place, capfd, words, said):
    given = [word for word in WORDS if word.split("=")[0] not in {one.split("=")[0] for one in words}]
    assert rank.main([*given, *words]) == 2
    assert said in capfd.readouterr().err
    assert list(place.iterdir()) == []
