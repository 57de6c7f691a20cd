from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.attribution import Problem, among_first, analyse, estimates, find_ties, progress, sample

NAMES = ("a", "b", "c", "d")
MAIN = np.array([3.0, 1.0, 0.9, 0.0])


def runs(method, seeds, spread=0.4):
    """Two outcomes, the second the first turned round and lower is better."""
    problem = Problem(NAMES, range(seeds), {"y": "higher", "z": "lower"})
    design = sample(method, problem)
    noise = np.random.default_rng(0).normal(0, spread, (1000, 4))[design.seeds] * (MAIN > 0)
    y = (design.coalitions * (MAIN + noise)).sum(axis=1)
    return problem, design, np.column_stack([y, -y])


@pytest.mark.parametrize("method", ["leave_one_out", "shapley", "morris", "sobol"])
def test_both_directions_have_come_equally_far(method):
    problem, design, values = runs(method, 128)
    rows = progress(problem, design, estimates(problem, design, values), rank_width=1.0)
    for one, other in zip(rows[::2], rows[1::2], strict=True):
        assert (one["outcome"], other["outcome"]) == ("y", "z")
        assert one["half_width"] == pytest.approx(other["half_width"])
        assert one["top"] == other["top"]


def test_what_is_reached_agrees_with_the_table():
    problem, design, values = runs("shapley", 12)
    table = [row for row in analyse(problem, design, values) if row["outcome"] == "y"]
    (row,) = progress(problem, design, estimates(problem, design, values), top=1)[:1]
    assert row["half_width"] == pytest.approx(max(r["ci_high"] - r["ci_low"] for r in table) / 2)
    assert row["rank_width"] == pytest.approx(np.mean([r["rank_high"] - r["rank_low"] + 1 for r in table]))
    assert row["reached"]
    assert row["runs_more"] == 0


def test_an_order_that_may_be_asked_about_often_is_printed_at_the_level_at_which_one_stops():
    problem, design, values = runs("leave_one_out", 12, spread=1.2)
    often = replace(problem, n_looks=1000)
    sets = {}
    for one in (problem, often):
        (row,) = progress(one, design, estimates(one, design, values), top=1)[:1]
        table = [row for row in analyse(one, design, values) if row["outcome"] == "y"]
        sets[one.n_looks] = np.mean([r["rank_high"] - r["rank_low"] + 1 for r in table])
        assert row["rank_width"] == pytest.approx(sets[one.n_looks])
    assert sets[1000] > sets[1]
    assert len(find_ties(often, design, estimates(often, design, values))) > len(
        find_ties(problem, design, estimates(problem, design, values))
    )


def test_a_loop_that_adds_what_is_missing_is_content_in_the_end():
    seeds, asked = 6, 0
    while True:
        problem, design, values = runs("leave_one_out", seeds)
        rows = progress(problem, design, estimates(problem, design, values), half_width={"y": 0.1, "z": 0.1})
        if all(row["reached"] for row in rows):
            break
        asked += 1
        assert asked < 8
        more = max(row["estimates_more"] for row in rows)
        assert all(row["runs_more"] == 5 * row["estimates_more"] for row in rows)  # four players and the reference
        seeds += int(min(more, seeds))
    assert max(row["half_width"] for row in rows) <= 0.1
    assert seeds == pytest.approx((1.96 * 0.4 / 0.1) ** 2, rel=0.5)


def test_ties_are_the_neighbours_with_overlapping_rank_sets():
    problem, design, values = runs("shapley", 12)
    rows = find_ties(problem, design, estimates(problem, design, values))
    assert {(row["upper"], row["lower"]) for row in rows} <= {("b", "c"), ("c", "b")}
    assert all(row["difference"] >= 0 and row["ci_low"] < 0 < row["ci_high"] and row["runs_more"] > 0 for row in rows)
    assert {row["outcome"] for row in rows} == {"y", "z"}


def test_the_chances_of_being_among_the_first_add_up():
    problem, design, values = runs("shapley", 12)
    rows = among_first(problem, estimates(problem, design, values), (2, 4))
    assert {row["places"] for row in rows} == {2}  # four measures fill four places
    for outcome in ("y", "z"):
        chances = {row["measure"]: row["probability"] for row in rows if row["outcome"] == outcome}
        assert sum(chances.values()) == pytest.approx(2.0)
        assert chances["a"] > 0.99
        assert chances["d"] < 0.01


@pytest.mark.parametrize("method", ["shapley", "morris"])
def test_within_a_count_the_likeliest_stands_first_and_equals_keep_their_order(method):
    problem, design, values = runs(method, 12, spread=1.2)
    found = estimates(problem, design, values)
    rows = among_first(problem, found, (3, 1, 2))
    for outcome, count in ((outcome, count) for outcome in problem.outcomes for count in (3, 1, 2)):
        table = [row for row in rows if (row["method"], row["outcome"], row["places"]) == (method, outcome, count)]
        chances = [row["probability"] for row in table]
        assert sorted(row["measure"] for row in table) == list(NAMES)
        assert chances == sorted(chances, reverse=True)
        assert chances[0] > chances[-1], "there is an order to be seen"
        assert table[0]["measure"] == "a" and table[-1]["measure"] == "d"
    assert [row["places"] for row in rows[: 3 * len(NAMES) : len(NAMES)]] == [3, 1, 2]


def test_a_wish_for_nothing_is_refused():
    problem, design, values = runs("shapley", 6)
    with pytest.raises(ValueError, match="which precision is wanted"):
        progress(problem, design, estimates(problem, design, values))
