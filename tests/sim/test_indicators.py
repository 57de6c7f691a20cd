"""Indicators: every figure is its numerator over its denominator, pooled over the period it is said to be about."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import dataset, run
from sim.indicators import BY_KIND, CAUSES, DETAIL, HEADLINE, INDICATORS, MONEY, OUTCOMES, PAIN_POINTS
from sim.indicators.indicator import Indicator, pooled, quantile, summed, weekly
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.mechanisms.endings import wait_bin
from sim.state import TALLY, TALLY_CHANNELS, TALLY_KINDS, TALLY_TYPE, WAIT_BINS
from sim.vocabulary import CHANNELS, KINDS
from tests.sim.mechanisms.rules import plain

EDGES = run.WAIT_EDGES
# fmt: off
PUBLIC = {
    "service_efficiency", "micro_corruption", "satisfaction", "days_to_close_median", "days_to_close_p90",
    "trips_per_case", "open_cases", "cases_raised", "cases_closed", "cases_withdrawn", "compliance_share",
    "casework_share", "policy_share", "field_share", "initiative_share", "slack_share", "fabricated_share",
    "initiative_rate", "diverted_benefits", "diverted_assets", "diverted_projects", "diverted_claims",
    "recorded_cases", "detection_share", "trust_township", "trust_superior", "share_satisfied", "petitions",
    "incidents", "believed_detection", "motivation", "skill",
}
# fmt: on


def made_up(weeks: int = 104, villages: int | None = None, seed: int = 0) -> np.ndarray:
    """Random counts of some weeks, every field positive."""
    rng = np.random.default_rng(seed)
    shape = (weeks,) if villages is None else (weeks, villages)
    tallies = np.zeros(shape, TALLY_TYPE)
    for name in TALLY_TYPE.names:
        tallies[name] = rng.integers(1, 50, tallies[name].shape)
    for part in ("old", "offline"):  # some of those visited are old or offline, and some are not
        for what in ("satisfaction", "residents"):
            tallies[f"{what}_visited"] += tallies[f"{what}_{part}"]
    return tallies


def total(tallies: np.ndarray) -> np.void:
    """All weeks (and villages) in one."""
    found = np.zeros((), TALLY_TYPE)
    for name in TALLY_TYPE.names:
        found[name] = tallies[name].sum(axis=tuple(range(tallies.ndim)))
    return found[()]


# --- the table


def test_the_public_names_are_there_and_no_name_is_given_twice():
    names = [indicator.id for indicator in (*HEADLINE, *DETAIL, *BY_KIND, *MONEY)]
    assert len(names) == len(set(names)) == len(INDICATORS)
    assert set(INDICATORS) >= PUBLIC
    assert set(OUTCOMES) <= set(INDICATORS)


def test_the_essays_fifteen_pain_points_and_four_causes_have_indicators():
    assert (len(PAIN_POINTS), len(CAUSES)) == (15, 4)
    items = (*PAIN_POINTS, *CAUSES)
    assert len({item.id for item in items}) == 19
    for item in items:
        assert item.indicators
        assert set(item.indicators) <= set(INDICATORS), item.id
        assert item.label_en.strip()
        assert any("一" <= letter <= "鿿" for letter in item.label_zh)
    foremost = [item.indicators[0] for item in items]
    assert len(set(foremost)) == 19, "each has an indicator of its own"


def test_a_formula_names_every_field_it_is_made_of():
    for indicator in INDICATORS.values():
        for name in (*indicator.over, *indicator.under, *indicator.less_over, *indicator.less_under):
            assert name.lstrip("-") in indicator.formula, indicator.id


def test_an_indicator_is_complete_and_counts_what_the_week_records(subtests):
    for indicator in INDICATORS.values():
        with subtests.test(indicator=indicator.id):
            assert indicator.kind in ("ratio", "gap", "flow", "stock", "quantile")
            assert indicator.better in ("higher", "lower", "neither")
            for words in (indicator.unit, indicator.label_en, indicator.label_zh, indicator.sentence):
                assert words.strip()
            assert any("一" <= letter <= "鿿" for letter in indicator.label_zh)
            less = (*indicator.less_over, *indicator.less_under)
            names = {name.lstrip("-") for name in (*indicator.over, *indicator.under, *less)}
            plain = {name for name in names if ":" not in name}
            assert plain <= ({"waits", "waits_plot"} if indicator.kind == "quantile" else set(TALLY))
            for name in names - plain:
                field, kind = name.split(":")
                assert kind in {**dict.fromkeys(TALLY_KINDS, KINDS), **dict.fromkeys(TALLY_CHANNELS, CHANNELS)}[field]
            assert indicator.over
            assert bool(indicator.under) == (indicator.kind in ("ratio", "gap"))
            assert bool(less) == (indicator.kind == "gap")
            assert indicator.scale > 0.0


# --- working out


@given(st.integers(0, 10**6), st.integers(1, 80))
def test_a_ratio_pools_numerators_and_denominators(seed, weeks):
    tallies = made_up(weeks, seed=seed)
    ratio = Indicator("x", "u", "X", "某", "s", "higher", "ratio", ("raised", "-closed"), ("due_hours", "open"), 3.0)
    expected = (
        3.0 * (tallies["raised"].sum() - tallies["closed"].sum()) / (tallies["due_hours"] + tallies["open"]).sum()
    )
    assert pooled((ratio,), total(tallies), weeks, EDGES)[0] == pytest.approx(expected, rel=1e-12)
    each = weekly((ratio,), tallies, EDGES)[0]
    under = tallies["due_hours"] + tallies["open"]
    assert float((each * under).sum() / under.sum()) == pytest.approx(expected, rel=1e-12)
    assert np.average(each, weights=under) == pytest.approx(expected, rel=1e-12)


@given(st.integers(0, 10**6), st.integers(1, 80))
def test_flows_are_summed_and_stocks_are_averaged(seed, weeks):
    tallies = made_up(weeks, seed=seed)
    flow = Indicator("x", "u", "X", "某", "s", "higher", "flow", ("raised",))
    stock = Indicator("x", "u", "X", "某", "s", "higher", "stock", ("open",))
    assert pooled((flow,), total(tallies), weeks, EDGES)[0] == tallies["raised"].sum()
    assert pooled((stock,), total(tallies), weeks, EDGES)[0] == pytest.approx(tallies["open"].mean(), rel=1e-12)


def test_one_week_pooled_is_that_week(subtests):
    for indicator in INDICATORS.values():
        with subtests.test(indicator=indicator.id):
            tallies = made_up(5)
            each = weekly((indicator,), tallies, EDGES)[0]
            assert each.shape == (5,)
            for week in range(5):
                assert pooled((indicator,), tallies[week], 1, EDGES)[0] == pytest.approx(each[week], rel=1e-12)


def test_weeks_by_village_have_the_shape_of_their_counts(subtests):
    for indicator in INDICATORS.values():
        with subtests.test(indicator=indicator.id):
            by_village = weekly((indicator,), made_up(5, villages=3), EDGES)[0]
            assert by_village.shape == (5, 3)
            assert np.all(np.isfinite(by_village))


def test_where_nothing_was_counted_a_share_is_missing_and_a_count_is_zero(subtests):
    for indicator in INDICATORS.values():
        with subtests.test(indicator=indicator.id):
            nothing = np.zeros(4, TALLY_TYPE)
            found = [pooled((indicator,), total(nothing), 4, EDGES)[0], *weekly((indicator,), nothing, EDGES)[0]]
            if indicator.can_be_missing:
                assert np.all(np.isnan(found))
            else:
                assert found == [0.0] * 5


def by_hand(indicator: Indicator, week: np.void) -> float:
    """An indicator of one week (or of a period's total), field by field."""

    def of(names: tuple[str, ...]) -> float:
        found = 0.0
        for name in names:
            field, _, part = name.lstrip("-").partition(":")
            value = week[field][(KINDS if part in KINDS else CHANNELS).index(part)] if part else week[field]
            found += -value if name.startswith("-") else value
        return float(found)

    if indicator.kind == "quantile":
        waits = week[indicator.over[0]]
        reached, wanted = np.cumsum(waits), indicator.scale * waits.sum()
        if wanted <= 0:
            return float("nan")
        b = int(np.searchsorted(reached, wanted))
        part = (wanted - (reached[b] - waits[b])) / waits[b]
        return float(EDGES[b] + part * (EDGES[b + 1] - EDGES[b]))
    found = indicator.scale * of(indicator.over)
    if indicator.kind in ("ratio", "gap"):
        found = found / of(indicator.under) if of(indicator.under) > 0 else float("nan")
    if indicator.kind == "gap":
        less = of(indicator.less_under)
        found -= of(indicator.less_over) / less if less > 0 else float("nan")
    return found


@pytest.mark.parametrize("counts", ["town", "villages"])
def test_all_worked_out_together_are_what_each_is_by_hand_to_the_last_bit(counts, records):
    tallies = made_up(6, villages=3) if counts == "villages" else records.tallies
    found = weekly(tuple(INDICATORS.values()), tallies, EDGES)
    expected = [[by_hand(indicator, week) for week in tallies.reshape(-1)] for indicator in INDICATORS.values()]
    np.testing.assert_array_equal(found, np.reshape(expected, found.shape), strict=True)


def test_a_leading_minus_takes_away():
    tallies = made_up(3)
    assert np.array_equal(summed(tallies, (("raised", "-closed"),))[..., 0], tallies["raised"] - tallies["closed"])


def histogram(days: np.ndarray) -> np.ndarray:
    waits = np.zeros(WAIT_BINS)
    for d in days:
        waits[plain(wait_bin)(d)] += 1
    return waits


@given(st.integers(0, 10**6), st.integers(100, 3_000), st.floats(0.5, 30), st.sampled_from([0.5, 0.9]))
def test_a_quantile_is_right_to_the_width_of_its_bin(seed, count, mean, q):
    days = np.random.default_rng(seed).exponential(mean, count)
    found, exact = quantile(histogram(days), q, EDGES), np.sort(days)
    low, high = (exact[min(count - 1, max(0, round(q * count) + shift))] for shift in (-2, 1))
    bin_low, bin_high = (plain(wait_bin)(x) for x in (low, high))
    assert EDGES[bin_low] - 1e-9 <= found <= EDGES[bin_high + 1] + 1e-9
    assert EDGES[bin_high + 1] - EDGES[bin_high] < 0.06 * high + 0.015


def test_quantiles_rise_and_edges_begin_at_nothing():
    waits = histogram(np.random.default_rng(1).exponential(6, 2_000))
    found = [quantile(waits, q, EDGES) for q in np.linspace(0.01, 1.0, 50)]
    assert all(a <= b for a, b in itertools.pairwise(found))
    assert len(EDGES) == WAIT_BINS + 1
    assert EDGES[0] == 0.0
    assert EDGES[-1] > 250 * 5, "the longest wait of a run has a bin of its own"


# --- from a run


@pytest.fixture(scope="module")
def records(compiled_model):
    chosen = setting(residents=4_000, weeks=120, measures=dict.fromkeys(MEASURES, 1.0), seed=1)
    return run.branch(run.history(chosen), chosen)


def test_periods_are_the_baseline_year_the_first_and_the_last(records):
    weeks = {name: records.weeks[part] for name, part in run.periods(records.weeks).items()}
    assert weeks["__baseline"].tolist() == list(range(-52, 0))
    assert weeks["__year1"].tolist() == list(range(52))
    assert weeks[""].tolist() == list(range(120 - 52, 120))
    assert set(dataset.phases(records.weeks)) == {"baseline", "year1", "middle", "evaluation"}


def test_figures_of_a_run_are_pooled_over_their_period(records):
    figures = run.evaluate(records)
    for suffix, part in run.periods(records.weeks).items():
        for name, indicator in INDICATORS.items():
            expected = pooled((indicator,), total(records.tallies[part]), 52, EDGES)[0]
            assert figures[name + suffix] == pytest.approx(expected, rel=1e-12, nan_ok=True), name + suffix


def test_a_year_after_the_start_is_both_the_first_and_the_last_when_there_is_but_one(compiled_model):
    chosen = setting(residents=500, weeks=52)
    figures = run.evaluate(run.branch(run.history(chosen), chosen))
    for name in INDICATORS:
        assert figures[name] == pytest.approx(figures[f"{name}__year1"], rel=1e-15, nan_ok=True)


def test_the_dataset_holds_the_weeks_and_the_same_figures(records):
    ds = dataset.single_dataset(records)
    figures = run.evaluate(records)
    for name, indicator in INDICATORS.items():
        np.testing.assert_array_equal(ds[name].values, weekly((indicator,), records.tallies, EDGES)[0], err_msg=name)
        for period, suffix in run.PERIODS.items():
            value = float(ds[f"{name}_in"].sel(period=period))
            assert value == pytest.approx(figures[name + suffix], rel=0, abs=0, nan_ok=True), name
        for word in ("unit", "label_en", "label_zh"):
            assert ds[name].attrs[word] == getattr(indicator, word)
        assert ("missing" in ds[name].attrs) == indicator.can_be_missing
    assert dataset.outcomes(ds) == pytest.approx({n: figures[n] for n in INDICATORS}, rel=0, abs=0, nan_ok=True)


def test_shares_of_hours_sum_to_one_every_week(records):
    ds = dataset.single_dataset(records)
    shares = ("compliance", "casework", "policy", "field", "initiative", "slack")
    whole = sum(ds[f"{name}_share"].values for name in shares)
    np.testing.assert_allclose(whole, 1.0, rtol=0, atol=1e-9)


def test_figures_by_village_weigh_up_to_the_towns(compiled_model):
    """Residents' figures: nobody lives in the township hall, so villages pooled are the town."""
    chosen = setting(residents=8_000, weeks=52, seed=2)
    records = run.branch(run.history(chosen, "village"), chosen)
    for name in (
        "satisfaction",
        "trust_township",
        "share_satisfied",
        "service_efficiency",
        "petitions",
        "trips_per_case",
    ):
        indicator = INDICATORS[name]
        town = weekly((indicator,), records.tallies, EDGES)[0]
        each = weekly((indicator,), records.villages, EDGES)[0]
        under = summed(records.villages, (indicator.under,))[..., 0]
        pooled_up = np.nansum(each * under, axis=1) / under.sum(axis=1)
        np.testing.assert_allclose(pooled_up, town, rtol=1e-9, err_msg=name)
        assert np.nanstd(each, axis=1).max() > 0.0, "villages differ"


def test_counting_by_village_leaves_the_towns_figures_of_a_period_as_they_are(compiled_model):
    orders = {"residents": 6_000, "weeks": 52, "seed": 2}
    town, village = (dataset.simulate("average", **orders, detail=detail) for detail in ("town", "village"))
    assert village.sizes["village"] == 3
    assert "village" not in town.dims
    for name in INDICATORS:
        assert "village" not in village[f"{name}_in"].dims
        np.testing.assert_allclose(village[f"{name}_in"].values, town[f"{name}_in"].values, rtol=1e-9, err_msg=name)
    assert village["satisfaction"].dims == ("week", "village")
