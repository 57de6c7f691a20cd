from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.uncertainty import precision, rank_sets, ties

MEANS = np.array([3.0, 2.0, 1.0, 0.9, 0.0])
NAMES = tuple("abcde")


def samples(seeds, draw=0, means=MEANS, spread=1.0):
    return np.random.default_rng(draw).normal(means, spread, (seeds, len(means)))


def test_what_is_reached_is_what_intervals_and_rank_sets_say():
    data = samples(30)
    found, ranks = precision(data, half_width=10.0), rank_sets(data)
    widths = [np.ptp(np.asarray(i)) / 2 for i in map(_t_ends, data.T)]
    assert found.reached
    assert found.seeds_more == 0
    assert found.half_width == pytest.approx(max(widths))
    assert found.rank_width == pytest.approx((ranks.high - ranks.low + 1).mean())


def _t_ends(column):
    return stats.t.interval(0.95, len(column) - 1, column.mean(), stats.sem(column))


@pytest.mark.parametrize("wish", [{"half_width": 0.15}, {"rank_width": 1.6}, {"top": 2}])
def test_the_loop_that_asks_and_adds_ends_where_it_should(wish):
    """Start with ten seeds, add what is said to be missing but never more than doubles them, ask again."""
    data, asked = samples(10, draw=3, spread=2.0), 0
    while not (found := precision(data, **wish, n_looks=10)).reached:
        asked += 1
        assert asked < 10, found
        data = np.vstack([data, samples(int(min(found.seeds_more, len(data))), draw=[3, asked], spread=2.0)])
    assert len(data) > 10
    if "half_width" in wish:
        assert found.half_width <= 0.15
        assert len(data) == pytest.approx((1.96 * 2.0 / 0.15) ** 2, rel=0.2)
    if "rank_width" in wish:
        assert found.rank_width <= 1.6
    if "top" in wish:
        assert found.top >= 2
        assert set(np.argsort(-data.mean(axis=0))[:2]) == {0, 1}


def test_what_is_wanted_is_reached_where_it_is_met_exactly_and_not_a_hair_beyond():
    data = samples(30, draw=7)
    now = precision(data, half_width=1.0)
    assert now.top == 2 and now.rank_width > 1.0
    for wish, beyond in (
        ({"half_width": now.half_width}, {"half_width": np.nextafter(now.half_width, 0.0)}),
        ({"rank_width": now.rank_width}, {"rank_width": np.nextafter(now.rank_width, 0.0)}),
        ({"top": now.top}, {"top": now.top + 1}),
    ):
        met, missed = precision(data, **wish), precision(data, **beyond)
        assert met.reached and met.seeds_more == 0.0, wish
        assert not missed.reached and missed.seeds_more >= 2.0, beyond


def test_the_seeds_said_to_be_missing_are_the_fewest_that_suffice():
    data = samples(20, draw=4, spread=1.5)
    now = precision(data, half_width=1.0).half_width

    def half(seeds):
        return stats.t.ppf(0.975, seeds - 1) * data.std(axis=0, ddof=1).max() / seeds**0.5

    for wanted in np.linspace(0.3, 0.8, 11) * now:
        enough = 20 + precision(data, half_width=wanted).seeds_more
        assert half(enough) <= wanted < half(enough - 1)


def test_the_first_and_the_last_place_that_can_be_certain_may_be_wanted():
    data = samples(20, spread=0.01, means=np.arange(5.0))
    assert all(precision(data, top=k).reached for k in (1, 4))
    assert precision(data, rank_width=1.0).reached


def test_more_askings_need_more_seeds():
    data = samples(15, draw=1, spread=2.0)
    once, often = (precision(data, rank_width=1.2, n_looks=k).seeds_more for k in (1, 20))
    assert often > once > 0


def test_seeds_said_to_split_a_tie_split_it_about_as_often_as_promised():
    """Two neighbours whose true distance is known: with that many seeds, four in five times."""
    data = samples(40, draw=2, means=np.array([1.0, 0.75, -2.0]))
    data += np.array([1.0, 0.75, -2.0]) - data.mean(axis=0)  # the distance seen is the true one
    (tie,) = ties(data, NAMES[:3])
    assert (tie["upper"], tie["lower"]) == ("a", "b")
    assert tie["ci_low"] < 0 < tie["ci_high"]
    enough = 40 + int(tie["seeds_more"])
    split = 0
    for draw in range(150):
        more = samples(enough, draw=[5, draw], means=np.array([1.0, 0.75, -2.0]), spread=data.std(axis=0, ddof=1))
        split += not any(t["lower"] == "b" for t in ties(more, NAMES[:3]) if t["upper"] == "a")
    assert 0.65 <= split / 150 <= 0.92


def test_what_is_equal_in_every_seed_is_never_split():
    column = samples(12, means=np.zeros(1))
    data = np.hstack([column, column, column - 1])
    (tie,) = ties(data, NAMES[:3])
    assert tie["seeds_more"] == np.inf
    assert precision(data, rank_width=1.0).seeds_more == np.inf


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({}, "which precision is wanted"),
        ({"half_width": 0.0}, "above 0"),
        ({"rank_width": 0.5}, "at least 1"),
        ({"top": 5}, "from 1 to 4"),
        ({"half_width": 1.0, "n_looks": 0}, "n_looks"),
    ],
)
def test_wishes_that_no_number_of_seeds_can_fulfil_are_refused(wish, said):
    with pytest.raises(ValueError, match=said):
        precision(samples(10), **wish)
