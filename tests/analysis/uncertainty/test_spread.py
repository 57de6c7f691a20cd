from __future__ import annotations

import numpy as np
import pytest

from analysis.uncertainty import spread
from tests.benchmarks.coverage import exact

FACTORS = ("town", "behaviour", "seed")


def table(data, factors=FACTORS):
    return [{**dict(zip(factors, at, strict=True)), "value": data[at]} for at in np.ndindex(*data.shape)]


def drawn(sizes, own, rest, draw, nested=False):
    """A value for every combination; the seed's part is drawn for each town if `nested`."""
    keyed = np.random.default_rng(draw)
    town, behaviour, seed = sizes
    return (
        own[0] * keyed.normal(size=(town, 1, 1))
        + own[1] * keyed.normal(size=(1, behaviour, 1))
        + own[2] * keyed.normal(size=(town if nested else 1, 1, seed))
        + rest * keyed.normal(size=sizes)
    )


def by_factor(rows):
    return {row["factor"]: row for row in rows}


def test_shares_of_large_crossed_draws_are_those_built_in():
    found = by_factor(spread.shares(table(drawn((40, 40, 40), (2.0, 1.0, 1.0), 1.0, 0)), FACTORS))
    assert [found[f]["share"] for f in (*FACTORS, "together")] == pytest.approx([4 / 7, 1 / 7, 1 / 7, 1 / 7], abs=0.12)
    assert sum(row["share"] for row in found.values()) == pytest.approx(1.0)
    assert found["together"]["deviation"] == pytest.approx(1.0, abs=0.02)
    assert found["town"]["total_share"] > found["town"]["share"]


def test_a_two_way_table_gives_the_textbook_components():
    """Mean squares by hand: rows, columns and what is left."""
    data = drawn((5, 4, 1), (1.0, 2.0, 0.0), 0.5, 1)[:, :, 0]
    found = by_factor(spread.shares(table(data, FACTORS[:2]), FACTORS[:2]))
    rows, columns = data.mean(axis=1), data.mean(axis=0)
    left = data - rows[:, None] - columns[None, :] + data.mean()
    rest = np.square(left).sum() / (4 * 3)
    parts = {"town": rows.var(ddof=1) - rest / 4, "behaviour": columns.var(ddof=1) - rest / 5, "together": rest}
    for name, part in parts.items():
        assert found[name]["deviation"] ** 2 == pytest.approx(part)


@pytest.mark.parametrize("nested", [False, True])
def test_intervals_hold_the_true_shares(nested):
    """Few levels, 150 repeats; the exact binomial interval of the coverage holds .95."""
    own, rest = np.array([1.0, 0.7, 0.8]), 0.5
    truth = np.array([*own**2, rest**2]) / ((own**2).sum() + rest**2)
    held = np.zeros(4, dtype=int)
    for draw in range(150):
        data = drawn((4, 10, 6), own, rest, [nested, draw], nested)
        rows = spread.shares(table(data), FACTORS, within={"seed": "town"} if nested else None)
        held += [row["ci_low"] <= known <= row["ci_high"] for row, known in zip(rows, truth, strict=True)]
    for k in held:
        low, high = exact(int(k), 150)
        assert low <= 0.97  # generalised intervals may hold a little too often
        assert high >= 0.95, held


def test_seeds_drawn_anew_in_each_town_are_not_mistaken_for_interplay():
    data = drawn((6, 8, 20), (0.0, 0.5, 2.0), 0.1, 3, nested=True)
    crossed = by_factor(spread.shares(table(data), FACTORS))
    nested = by_factor(spread.shares(table(data), FACTORS, within={"seed": "town"}))
    assert crossed["together"]["share"] > 0.5
    assert nested["together"]["share"] < 0.05
    assert nested["seed"]["share"] > 0.8


def test_a_factor_without_effect_owns_nothing():
    found = by_factor(spread.shares(table(drawn((6, 30, 8), (0.0, 1.0, 0.5), 0.3, 4)), FACTORS))
    assert found["town"]["share"] < 0.02
    assert found["town"]["ci_low"] == 0.0


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda rows: rows[1:], "missing or not finite in 1 of 8 combinations, the first town=0, behaviour=0"),
        (lambda rows: [*rows, rows[0]], "given twice for town=0"),
        (lambda rows: [{**row, "value": np.nan} for row in rows], "in 8 of 8"),
        (lambda rows: [{**row, "value": 2.0} for row in rows], "2 in every combination"),
        (lambda rows: [row for row in rows if row["town"] == 0], "town has one level only"),
    ],
)
def test_what_cannot_be_divided_is_refused_in_one_sentence(spoil, said):
    rows = table(drawn((2, 2, 2), (1.0, 1.0, 1.0), 1.0, 5))
    with pytest.raises(ValueError, match=said) as refused:
        spread.shares(spoil(rows), FACTORS)
    assert "\n" not in str(refused.value)
