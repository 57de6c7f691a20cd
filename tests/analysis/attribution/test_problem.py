from __future__ import annotations

import numpy as np
import pytest

from analysis.attribution import (
    COLUMNS,
    METHODS,
    Problem,
    analyse,
    sample,
    union,
)

PLAYERS = ("a", "b", "c", "d")


def problem(players=PLAYERS, seeds=range(5), outcomes=None):
    return Problem(players, seeds, outcomes or {"y": "higher"})


def additive(coalitions, seeds, weights):
    noise = np.array([np.random.default_rng([1, s]).normal() for s in seeds])
    return (coalitions @ np.asarray(weights, dtype=float) + noise)[:, None]


@pytest.mark.parametrize("method", METHODS)
def test_no_run_is_listed_twice(method):
    design = sample(method, problem())
    rows = {(int(s), c.tobytes()) for s, c in zip(design.seeds, design.coalitions, strict=True)}
    assert len(rows) == len(design) == len(design.coalitions)
    assert set(np.unique(design.coalitions)) <= {0, 1}


@pytest.mark.parametrize("method", METHODS)
def test_two_players_share_their_meeting_coalitions(method):
    assert len(sample(method, problem(("a", "b"), range(3)))) <= 3 * 4


@pytest.mark.parametrize("method", METHODS)
def test_more_seeds_only_append_rows(method):
    few, more = sample(method, problem(seeds=range(4))), sample(method, problem(seeds=range(7)))
    assert np.array_equal(few.coalitions, more.coalitions[: len(few)])
    assert np.array_equal(few.seeds, more.seeds[: len(few)])


def test_union_runs_everything_once_and_gives_each_design_its_rows():
    designs = [sample(method, problem()) for method in METHODS]
    runs = union(designs)
    assert len({(int(s), c.tobytes()) for s, c in zip(runs.seeds, runs.coalitions, strict=True)}) == len(runs)
    assert len(runs) < sum(map(len, designs))
    for design, rows in zip(designs, runs.rows, strict=True):
        assert np.array_equal(runs.coalitions[rows], design.coalitions)
        assert np.array_equal(runs.seeds[rows], design.seeds)


def test_union_refuses_other_players():
    with pytest.raises(ValueError, match="same players"):
        union([sample("shapley", problem()), sample("shapley", problem(("a", "b", "x", "y")))])


def test_designs_over_ranges_share_their_runs_with_those_of_switches():
    asked = problem(seeds=range(128))
    designs = [sample(method, asked) for method in ("shapley", "morris", "sobol")]
    runs = union(designs)
    assert len({(int(s), c.tobytes()) for s, c in zip(runs.seeds, runs.coalitions, strict=True)}) == len(runs)
    assert len(runs) < sum(map(len, designs))  # four switches: walks meet
    for design, rows in zip(designs, runs.rows, strict=True):
        assert np.array_equal(runs.coalitions[rows], design.coalitions)
        assert np.array_equal(runs.seeds[rows], design.seeds)


def test_bounds_turn_places_into_values():
    asked = Problem(("dial", "switch"), range(3), {"y": "higher"}, bounds={"dial": (-2, 6)})
    assert list(asked.switches) == [False, True]
    assert asked.settings([[0, 0], [1, 1], [0.25, 1]]).tolist() == [[-2, 0], [6, 1], [0, 1]]


@pytest.mark.parametrize("method", [*METHODS, "morris", "sobol"])
def test_levers_between_bounds_are_players_of_every_method(method):
    """Contributions are for the way from low to high, whatever the bounds are."""
    asked = Problem(
        ("dial", "lever", "switch"), range(128), {"y": "higher"}, bounds={"dial": (-2, 6), "lever": (10, 30)}
    )
    design = sample(method, asked)
    values = asked.settings(design.coalitions) @ [1.0, 0.1, -1.0]
    rows = {row["measure"]: row for row in analyse(asked, design, values[:, None])[:3]}
    if method == "sobol":
        spread = np.array([8**2 / 12, 2**2 / 12, 1 / 4])  # uniform, uniform, on or off
        for name, known in zip(rows, spread / spread.sum(), strict=True):
            row = next(r for n, r in rows.items() if n == name)
            assert row["ci_low"] <= known <= row["ci_high"]
    else:
        assert [rows[n]["contribution"] for n in asked.players] == pytest.approx([8, 2, -1])


@pytest.mark.parametrize(
    ("bounds", "said"), [({"x": (0, 1)}, "'x'"), ({"a": (1, 1)}, "low below high"), ({"a": (0, np.nan)}, "two numbers")]
)
def test_bounds_that_cannot_be_are_refused(bounds, said):
    with pytest.raises(ValueError, match=said):
        Problem(PLAYERS, range(3), {"y": "higher"}, bounds=bounds)


@pytest.mark.parametrize("method", METHODS)
def test_table_has_the_columns_and_one_row_a_measure(method):
    design = sample(method, problem())
    rows = analyse(problem(), design, additive(design.coalitions, design.seeds, [3, 2, 1, 0.5]))
    assert [tuple(row) for row in rows] == [COLUMNS] * 4
    assert [row["measure"] for row in rows] == list(PLAYERS)
    assert {row["runs"] for row in rows} == {len(design)}


@pytest.mark.parametrize("method", METHODS)
def test_rank_one_is_the_greatest_fall_where_lower_is_better(method):
    asked = problem(outcomes={"y": "lower"})
    design = sample(method, asked)
    rows = analyse(asked, design, additive(design.coalitions, design.seeds, [3, -2, 1, 0.5]))
    assert rows[0]["measure"] == "b"
    assert rows[0]["contribution"] == pytest.approx(-2)
    assert rows[-1]["measure"] == "a"


@pytest.mark.parametrize("method", METHODS)
def test_an_inert_measure_has_no_contribution_and_ranks_last(method):
    asked = problem(seeds=range(12))
    design = sample(method, asked)
    rows = analyse(asked, design, additive(design.coalitions, design.seeds, [3, 2, 1, 0]))
    assert rows[-1]["measure"] == "d"
    assert rows[-1]["rank_low"] == rows[-1]["rank_high"] == 4
    assert abs(rows[-1]["contribution"]) < 1e-12


def test_outcomes_may_be_described_by_mappings():
    asked = problem(outcomes={"y": {"better": "lower", "unit": "share"}})
    assert asked.outcomes == {"y": "lower"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"players": ("a",)}, "at least 2 measures"),
        ({"players": ("a", "a")}, "listed twice"),
        ({"seeds": (1, 2)}, "at least 3 seeds"),
        ({"seeds": (1, 2, 2)}, "distinct seeds"),
        ({"outcomes": {"y": "up"}}, "'higher' or 'lower'"),
    ],
)
def test_a_problem_that_cannot_be_answered_is_refused_in_one_sentence(change, said):
    with pytest.raises(ValueError, match=said) as refused:
        problem(**change)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("method", [*METHODS, "morris", "sobol"])
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda v: np.where(np.arange(len(v))[:, None] == 2, np.nan, v),
            "y is missing or not finite in 1 of",
        ),
        (lambda v: np.where(np.arange(len(v))[:, None] == 2, np.inf, v), "not finite"),
        (lambda v: np.full_like(v, 0.25), "y is 0.25 in every run"),
        (lambda v: v[:-1], "shape"),
        (lambda v: v[:, 0], "shape"),
    ],
)
def test_outcomes_that_cannot_be_used_are_refused_in_one_sentence(method, spoil, said):
    asked = problem(seeds=range(128))
    design = sample(method, asked)
    values = additive(design.coalitions, design.seeds, [3, 2, 1, 0.5])
    with pytest.raises(ValueError, match=said) as refused:
        analyse(asked, design, spoil(values))
    assert str(refused.value).startswith(method)
    assert "\n" not in str(refused.value)


def test_unknown_method_is_named():
    with pytest.raises(ValueError, match=r"'oracle' is unknown; allowed are leave_one_out, .*, sobol"):
        sample("oracle", problem())
