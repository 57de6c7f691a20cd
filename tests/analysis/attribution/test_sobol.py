from __future__ import annotations

import numpy as np
import pytest

from analysis.attribution import Problem, analyse, sample, sobol


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices():
    a, b = 7.0, 0.1
    v1 = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    v2, v13 = a**2 / 8, b**2 * np.pi**8 * 8 / 225
    whole = v1 + v2 + v13
    return np.array([v1, v2, 0.0]) / whole, np.array([v1 + v13, v2, v13]) / whole


WEIGHTS = np.array([0.0, 0.5, 3.0, 9.0, 99.0, 99.0])


def sobol_g(x):
    return np.prod((np.abs(4 * x - 2) + WEIGHTS) / (1 + WEIGHTS), axis=1)


def sobol_g_indices():
    own = 1 / (3 * (1 + WEIGHTS) ** 2)
    whole = np.prod(1 + own) - 1
    return own / whole, own * np.prod(1 + own) / (1 + own) / whole


CASES = {
    "ishigami": (ishigami, (-np.pi, np.pi), 3, ishigami_indices),
    "sobol_g": (sobol_g, (0.0, 1.0), 6, sobol_g_indices),
}


def asked(case, seeds, first=0):
    function, bounds, count, known = CASES[case]
    names = [f"x{p}" for p in range(count)]
    problem = Problem(names, range(first, first + seeds), {"y": "higher"}, bounds=dict.fromkeys(names, bounds))
    design = sample("sobol", problem)
    return problem, design, function(problem.settings(design.coalitions))[:, None], known()


def columns(rows, method, key):
    by_player = {row["measure"]: row[key] for row in rows if row["method"] == method}
    return np.array([by_player[name] for name in sorted(by_player)], dtype=float)


@pytest.mark.parametrize("case", [pytest.param("ishigami", marks=pytest.mark.slow), "sobol_g"])
def test_known_indices_lie_in_their_intervals(case):
    """Each of twenty designs has 95 % intervals; how often they hold is judged by the exact binomial interval."""
    from tests.benchmarks.coverage import exact

    repeats, held = 20, 0
    for repeat in range(repeats):
        problem, design, values, known = asked(case, 256, 256 * repeat)
        rows = analyse(problem, design, values)
        ends = [(columns(rows, m, "ci_low"), columns(rows, m, "ci_high")) for m in ("sobol_first", "sobol_total")]
        held += np.array([(low <= truth) & (truth <= high) for (low, high), truth in zip(ends, known, strict=True)])
    assert all(exact(int(k), repeats)[1] >= 0.95 for k in held.ravel()), held


@pytest.mark.parametrize("case", CASES)
def test_a_deterministic_model_gets_the_figures_of_salib(case):
    from SALib.analyze import sobol as salib

    problem, design, values, _ = asked(case, 256)
    rows = analyse(problem, design, values)
    count = len(problem.players)
    given = {"num_vars": count, "names": list(problem.players), "bounds": [[0.0, 1.0]] * count}
    figures = values[design.index[:, 0], 0].ravel()
    theirs = salib.analyze(given, figures, calc_second_order=False, num_resamples=2, seed=1)
    assert columns(rows, "sobol_first", "contribution") == pytest.approx(theirs["S1"], abs=1e-12)
    assert columns(rows, "sobol_total", "contribution") == pytest.approx(theirs["ST"], abs=1e-12)


def test_a_row_has_two_seeds_and_the_same_settings_under_both():
    _, design, _, _ = asked("sobol_g", 128)
    assert design.index.shape == (64, 2, 8)
    for row in design.index:
        assert np.array_equal(design.coalitions[row[0]], design.coalitions[row[1]])
        first, second = (set(design.seeds[one].tolist()) for one in row)
        assert len(first) == len(second) == 1
        assert first != second
    a, b = design.coalitions[design.index[0, 0, 0]], design.coalitions[design.index[0, 0, -1]]
    for p in range(6):
        expected = a.copy()
        expected[p] = b[p]
        assert np.array_equal(design.coalitions[design.index[0, 0, 1 + p]], expected)


def test_more_seeds_only_append_rows():
    _, few, _, _ = asked("ishigami", 128)
    _, more, _, _ = asked("ishigami", 160)
    assert np.array_equal(few.coalitions, more.coalitions[: len(few)])
    assert np.array_equal(few.seeds, more.seeds[: len(few)])


def test_what_a_seed_does_by_itself_is_nobodys_share():
    """Seeds shift the level by as much as the settings do; the players' shares still add up to one."""
    problem = Problem(("a", "b", "inert"), range(2048), {"y": "higher"})
    design = sample("sobol", problem)
    shift = np.random.default_rng(2).normal(0, 1.0, 2048)[design.seeds]
    rows = analyse(problem, design, (design.coalitions @ [2.0, 1.0, 0.0] + shift)[:, None])
    totals = columns(rows, "sobol_total", "contribution")
    assert totals == pytest.approx([0.8, 0.2, 0.0], abs=0.05)
    inert = [row for row in rows if row["measure"] == "inert"]
    assert all(row["ci_low"] == row["ci_high"] == 0.0 and row["rank_low"] == 3 for row in inert)


def test_loud_seeds_do_not_drown_the_settings():
    """The level of a seed has twenty-five times the variance of the settings, as in a small town."""
    problem = Problem(("a", "b", "c"), range(512), {"y": "higher"})
    design = sample("sobol", problem)
    level = np.random.default_rng(4).normal(0, 5 * np.sqrt(5.25 / 4), 512)[design.seeds]
    rows = analyse(problem, design, (design.coalitions @ [2.0, 1.0, 0.5] + level)[:, None])
    known = np.array([4.0, 1.0, 0.25]) / 5.25
    for method in ("sobol_first", "sobol_total"):
        low, high = columns(rows, method, "ci_low"), columns(rows, method, "ci_high")
        assert ((low <= known) & (known <= high)).all(), (method, low, high)
        assert (high - low).max() < 0.6


def test_duplicated_players_share_equally():
    problem = Problem(("one", "two", "other"), range(512), {"y": "higher"})
    design = sample("sobol", problem)
    either = design.coalitions[:, 0] + design.coalitions[:, 1]
    rows = [
        r for r in analyse(problem, design, (either + design.coalitions[:, 2])[:, None]) if r["method"] == "sobol_total"
    ]
    twins = [row for row in rows if row["measure"] in ("one", "two")]
    assert all(row["ci_low"] <= 1 / 3 <= row["ci_high"] for row in twins)
    assert all(row["rank_low"] <= 2 and row["rank_high"] >= 2 for row in twins)


def test_chance_alone_is_refused_and_not_shared_out():
    """Forty sets of pure noise: at 99 %, one in two hundred passes for a spread."""
    problem = Problem(("a", "b", "c"), range(128), {"y": "higher"})
    design = sample("sobol", problem)
    refused = 0
    for draw in range(40):
        try:
            analyse(problem, design, np.random.default_rng(draw).normal(size=(len(design), 1)))
        except ValueError as error:
            assert "cannot be told from chance" in str(error)
            refused += 1
    assert refused >= 38


@pytest.mark.parametrize("seeds", [129, 126])
def test_too_few_or_odd_seeds_are_refused(seeds):
    with pytest.raises(ValueError, match="even number of seeds, two a row and at least 128"):
        sobol.sample(Problem(("a", "b"), range(seeds), {"y": "higher"}))
