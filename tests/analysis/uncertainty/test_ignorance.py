"""What differs between draws is told from chance, on made-up effects whose distribution is known."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.uncertainty.ignorance import between_draws, whole_range


def drawn(draws, repeats, noise, draw, players=4):
    """True effects [draw, player] of a skewed distribution, and two runs of them with chance added."""
    keyed = np.random.default_rng(draw)
    true = keyed.gamma(2.0, 1.0, (draws, players)) - np.arange(players)
    once, again = (true + noise * keyed.standard_normal(true.shape) for _ in range(2))
    return true, once, again[:repeats]


@pytest.mark.parametrize("noise", [0.5, 2.0])
def test_the_range_over_draws_is_that_of_the_true_effects(noise):
    true, once, again = drawn(4000, 1000, noise, 1)
    found = between_draws(once, again, resamples=20)
    wanted = np.percentile(true, [5, 50, 95], axis=0)
    raw = np.percentile(once, [5, 50, 95], axis=0)
    found_ends, raw_ends = np.array([found.q05, found.q95]), raw[[0, 2]]
    assert np.abs(found_ends - wanted[[0, 2]]).mean() < np.abs(raw_ends - wanted[[0, 2]]).mean()
    wide = (found.q95 - found.q05).mean()
    assert wide == pytest.approx((wanted[2] - wanted[0]).mean(), rel=0.08)
    assert (raw[2] - raw[0]).mean() > wide * (1.02 if noise < 1 else 1.5)
    assert found.chance == pytest.approx(noise**2 / (noise**2 + 2.0), abs=0.06)


def test_probabilities_are_those_of_the_true_effects():
    true, once, again = drawn(2000, 600, 0.7, 2, players=8)
    found = between_draws(once, again, resamples=40)
    assert found.p_better == pytest.approx((true > 0).mean(axis=0), abs=0.06)
    place = (-true).argsort(axis=1).argsort(axis=1)
    for i, count in enumerate((1, 3, 5)):
        assert found.p_among[i] == pytest.approx((place < count).mean(axis=0), abs=0.06)
        assert found.p_among[i].sum() == pytest.approx(count)


def test_more_draws_do_not_narrow_the_range():
    few, many = (between_draws(*drawn(n, n // 2, 1.0, [3, n])[1:], resamples=5) for n in (60, 6000))
    assert (many.q95 - many.q05).mean() == pytest.approx((few.q95 - few.q05).mean(), rel=0.25)


def test_where_all_is_chance_the_sign_of_a_small_mean_is_not_sure():
    keyed = np.random.default_rng(4)
    sure = []
    for _ in range(60):
        once, again = keyed.standard_normal((60, 3)), keyed.standard_normal((30, 3))
        found = between_draws(once, again, resamples=60)
        sure.append(((found.p_better > 0.99) | (found.p_better < 0.01)).mean())
    assert np.mean(sure) < 0.06


@pytest.mark.parametrize(
    ("shape", "again", "said"),
    [
        ((19, 3), (10, 3), "at least 20 draws"),
        ((20, 3), (9, 3), "10 of them run again"),
        ((20, 3), (10, 2), "[draw, player] twice"),
    ],
)
def test_too_little_is_refused(shape, again, said):
    with pytest.raises(ValueError, match="distribution") as error:
        between_draws(np.ones(shape), np.ones(again))
    assert said in str(error.value)


def test_missing_figures_are_refused():
    once = np.ones((20, 2))
    once[3, 1] = np.nan
    with pytest.raises(ValueError, match="finite"):
        between_draws(once, np.ones((10, 2)))


def test_a_sign_is_sure_only_if_neither_the_mean_nor_the_draws_leave_zero_open():
    row = {"ci_low": 0.1, "ci_high": 0.3, "q05": -0.2, "q95": 0.6}
    assert whole_range({**row, "spread": "chance"}) == (0.1, 0.3)  # single runs differ by chance, the mean does not
    assert whole_range({**row, "spread": "draws"}) == whole_range({**row, "spread": "both"}) == (-0.2, 0.6)
    collapsed = {"ci_low": -0.1, "ci_high": 0.3, "q05": 0.1, "q95": 0.1, "spread": "draws"}
    assert whole_range(collapsed) == (-0.1, 0.3)  # all chance: the draws say nothing, and the mean cannot be told
