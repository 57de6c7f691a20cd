"""What a ranking leaves in doubt, on made-up runs whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.attribution import Problem, estimates, sample
from experiments.ranking.effect_draws import varying_parameters
from experiments.ranking.questions import reversals, scenario_discovery
from experiments.ranking.tiers import usable

PLAYERS = ("a", "b", "c", "d")
REPLICATES = 240
NOTHING = (), np.empty((REPLICATES, 0))  # no strengths are drawn
OUTCOMES = {"quality": "higher", "harm": "lower"}


@pytest.fixture(scope="module")
def problem():
    return Problem(PLAYERS, range(REPLICATES), OUTCOMES)


@pytest.fixture(scope="module")
def draws():
    chance = np.random.default_rng(3)
    return [dict(zip(("fear", "speed", "idle"), chance.uniform(-1, 1, 3).tolist(), strict=True)) for _ in range(240)]


def outcome(design, draws):
    """b helps by 1, a by 2 + 4 fear (first on average, last where fear is low), c hurts where d is there."""
    noise = np.random.default_rng(4).normal(0, 0.05, (len(design), 2))
    fear = np.array([draws[seed]["fear"] for seed in design.seeds])
    a, b, c, d = design.coalitions.T.astype(float)
    level = np.random.default_rng(5).normal(0, 1, REPLICATES)[design.seeds]
    quality = (2 + 4 * fear) * a + b + c * (1 - 3 * d) + 0.2 * d + level
    return np.column_stack([quality, -quality]) + noise


def doubts(problem, designs, values, draws, potency):
    both = zip(designs, values, strict=True)
    found = {design.method: estimates(problem, design, own)[design.method] for design, own in both}
    return reversals.rows_of(problem, found, draws, potency)


@pytest.fixture(scope="module")
def found(problem, draws):
    designs = [sample(method, problem) for method in ("shapley", "add_one_in")]
    return doubts(problem, designs, [outcome(design, draws) for design in designs], draws, NOTHING)


def test_the_parameter_that_turns_the_order_round_is_named_with_the_value_at_which_it_does(found):
    for name in OUTCOMES:
        row = next(row for row in found["reversals"] if row["outcome"] == name and row["upper"] == "a")
        assert (row["lower"], row["parameters"], row["direction"]) == ("b", "fear", "-")
        assert float(row["values"]) == pytest.approx(-0.25, abs=0.1)  # 2 + 4 fear = 1


def test_the_parameter_worth_measuring_is_named(found):
    for name in OUTCOMES:
        best = next(row for row in found["evppi"] if row["outcome"] == name)
        assert best["parameter"] == "fear"
        assert best["chosen_now"] == "a"
        # choosing b where fear is below -1/4: the gain is the mean of 1 - (2 + 4 fear) there, over all draws
        assert best["gain"] == pytest.approx(3 / 8 * 1.5, rel=0.25)


@pytest.fixture(scope="module")
def rules(problem, draws):
    def of(draws):
        design = sample("shapley", problem)
        return scenario_discovery.rules_of(
            problem, scenario_discovery.of_walks(problem, design, outcome(design, draws), draws, NOTHING)
        )

    return of


def test_rules_say_in_whose_company_and_under_which_parameter_a_measure_backfires(rules, draws):
    found = rules(draws)
    for name in OUTCOMES:
        rows = [row for row in found if row["outcome"] == name]
        said = {row["measure"]: row["limits"] for row in rows if row["rule"] == 1}
        assert said["c"] == "measures.d in force"
        assert said["a"].startswith("parameters.fear <= -0.")
        assert "b" not in said
        assert all(row["density"] > 0.8 for row in rows if row["rule"] == 1 and row["measure"] in "ac")


def test_without_draws_nothing_is_said_of_parameters(problem, draws):
    designs = [sample("shapley", problem)]
    assert doubts(problem, designs, [outcome(designs[0], draws)], (), NOTHING) == {}


def test_only_parameters_that_differ_are_looked_at():
    x, names = varying_parameters(
        [{"fear": 1.0, "same": 2.0}, {"fear": 3.0, "same": 2.0}, {"fear": 5.0, "same": 0.0}], 2
    )
    assert names == ("fear",)
    assert x.tolist() == [[1.0], [3.0]]
    x, names = varying_parameters((), 5)
    assert (x.shape, names) == ((5, 0), ())


def test_an_order_turns_by_the_strengths_of_its_own_two_measures_and_what_is_worth_measuring_may_be_one(problem):
    """a brings 2 + 4 u with u its strength, b brings 1, c and d bring little; nothing of behaviour is drawn."""
    strengths = np.random.default_rng(6).uniform(-1, 1, (REPLICATES, 3))
    names = ("potency.a.reach", "potency.b.reach", "potency.c.reach")
    designs = [sample(method, problem) for method in ("shapley", "add_one_in")]
    values = []
    for design in designs:
        a, b, c, d = design.coalitions.T.astype(float)
        noise = np.random.default_rng(7).normal(0, 0.05, len(design))
        quality = (2 + 4 * strengths[design.seeds, 0]) * a + b + 0.3 * c + 0.2 * d + noise
        values.append(np.column_stack([quality, -quality]))
    found = doubts(problem, designs, values, (), (names, strengths))
    for name in OUTCOMES:
        row = next(row for row in found["reversals"] if row["outcome"] == name and row["upper"] == "a")
        assert (row["lower"], row["parameters"], row["direction"]) == ("b", "potency.a.reach", "-")
        assert float(row["values"]) == pytest.approx(-0.25, abs=0.1)
        said = {row["parameters"] for row in found["reversals"] if row["outcome"] == name and "a" not in row["upper"]}
        assert not any("potency.a" in one for one in said)
        best = next(row for row in found["evppi"] if row["outcome"] == name)
        assert best["parameter"] == "potency.a.reach"


def test_an_outcome_that_never_changes_or_is_missing_somewhere_is_left_out(problem, draws):
    designs = [sample(method, problem) for method in ("shapley", "add_one_in")]
    values = [outcome(design, draws) for design in designs]
    values[1][:, 1] = 7.0
    one, kept = usable(problem, values)
    assert list(one.outcomes) == ["quality"]
    assert [own.shape[1] for own in kept] == [1, 1]
    values[0][3, 0] = np.nan
    assert usable(problem, values) is None


def test_a_set_of_many_draws_of_which_few_are_used_says_nothing_of_parameters(draws):
    few = Problem(PLAYERS, range(5), OUTCOMES)
    designs = [sample(method, few) for method in ("shapley", "add_one_in")]
    assert doubts(few, designs, [outcome(design, draws) for design in designs], draws, ((), np.empty((5, 0)))) == {}
