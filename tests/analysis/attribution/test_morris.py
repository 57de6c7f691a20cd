from __future__ import annotations

import numpy as np
import pytest

from analysis.attribution import Problem, analyse, morris, sample

NAMES = ("a", "b", "c", "d")
BOUNDS = dict.fromkeys(NAMES, (0.0, 1.0))


def value(x):
    return x @ [3.0, -1.0, 0.5, 0.0] + 2 * x[:, 0] * x[:, 1] + np.sin(4 * x[:, 2])


def by_player(rows, method):
    return {row["measure"]: row for row in rows if row["method"] == method}


def salib(problem, design, values, names):
    from SALib.analyze import morris as theirs

    given = {
        "num_vars": len(problem.players),
        "names": list(problem.players),
        "bounds": [[0.0, 1.0]] * len(problem.players),
        "groups": [problem.groups.get(p, p) for p in problem.players],
    }
    order = design.index.ravel()
    found = theirs.analyze(given, design.coalitions[order], values[order, 0], num_levels=morris.LEVELS, seed=1)
    assert list(found["names"]) == list(names)
    return found


def test_the_same_samples_give_the_figures_of_salib():
    problem = Problem(NAMES, range(20), {"y": "higher"}, bounds=BOUNDS)
    design = sample("morris", problem)
    assert len(design) <= 20 * 5
    values = value(design.coalitions)[:, None]
    rows = analyse(problem, design, values)
    theirs = salib(problem, design, values, NAMES)
    signed, strength = by_player(rows, "morris"), by_player(rows, "morris_strength")
    assert [signed[n]["contribution"] for n in NAMES] == pytest.approx(list(theirs["mu"]))
    assert [strength[n]["contribution"] for n in NAMES] == pytest.approx(list(theirs["mu_star"]))
    deviation = morris.estimates(problem, design, values)["morris"][:, :, 0].std(axis=0, ddof=1)
    assert deviation == pytest.approx(np.asarray(theirs["sigma"], dtype=float))


def test_groups_move_together_and_have_a_strength_only():
    groups = {"a": "front", "c": "front"}
    problem = Problem(NAMES, range(20), {"y": "higher"}, bounds=BOUNDS, groups=groups)
    design = sample("morris", problem)
    values = value(design.coalitions)[:, None]
    rows = analyse(problem, design, values)
    assert {row["method"] for row in rows} == {"morris_strength"}
    theirs = salib(problem, design, values, ("front", "b", "d"))
    found = by_player(rows, "morris_strength")
    assert [found[n]["contribution"] for n in ("front", "b", "d")] == pytest.approx(list(theirs["mu_star"]))


def test_the_sign_says_the_direction_and_the_rank_the_improvement():
    problem = Problem(NAMES, range(12), {"y": "lower"})
    design = sample("morris", problem)
    assert set(np.unique(design.coalitions)) == {0, 1}
    rows = analyse(problem, design, (design.coalitions @ [3.0, -2.0, 1.0, 0.0])[:, None])
    signed, strength = by_player(rows, "morris"), by_player(rows, "morris_strength")
    assert signed["b"]["rank"] == 1
    assert signed["b"]["contribution"] == pytest.approx(-2)
    assert strength["a"]["rank"] == 1  # the greatest size, whichever way
    assert strength["b"]["contribution"] == pytest.approx(2)
    assert signed["d"]["ci_low"] == pytest.approx(0) == pytest.approx(signed["d"]["ci_high"])


def test_a_player_that_works_both_ways_has_strength_and_little_mean():
    problem = Problem(("x", "y", "z"), range(60), {"out": "higher"})
    design = sample("morris", problem)
    c = design.coalitions
    rows = analyse(problem, design, ((2 * c[:, 0] - 1) * (2 * c[:, 1] - 1) + 0.1 * c[:, 2])[:, None])
    signed, strength = by_player(rows, "morris")["x"], by_player(rows, "morris_strength")["x"]
    assert signed["ci_low"] < 0 < signed["ci_high"]
    assert strength["contribution"] == pytest.approx(2)


def test_runs_of_a_trajectory_share_a_seed_and_more_seeds_only_append():
    few = sample("morris", Problem(NAMES, range(5), {"y": "higher"}, bounds=BOUNDS))
    more = sample("morris", Problem(NAMES, range(9), {"y": "higher"}, bounds=BOUNDS))
    assert np.array_equal(few.coalitions, more.coalitions[: len(few)])
    for number, rows in enumerate(more.index):
        assert set(more.seeds[rows].tolist()) == {number}
        assert (np.abs(np.diff(more.coalitions[rows], axis=0)) > 0).sum(axis=1).tolist() == [1] * 4
