from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats

from analysis.uncertainty import band, mean_of_present


def test_interval_of_the_mean_is_a_pointwise_t_interval():
    values = np.random.default_rng(0).normal(size=(7, 5))
    found = band(values)
    low, high = stats.t.interval(0.95, 6, values.mean(axis=0), stats.sem(values, axis=0))
    assert found.low == pytest.approx(low)
    assert found.high == pytest.approx(high)
    assert (found.kind, found.count) == ("interval_of_mean", 7)


def test_quantile_band_does_not_shrink_with_replicates():
    rng = np.random.default_rng(1)
    few, many = rng.normal(size=(50, 1)), rng.normal(size=(5000, 1))
    width = [float((b.high - b.low)[0]) for b in (band(few, "quantiles"), band(many, "quantiles"))]
    assert width[1] == pytest.approx(2 * 1.96, rel=0.05)
    assert width[0] > 2.5


@pytest.mark.parametrize("kind", ["interval_of_mean", "quantiles"])
def test_missing_weeks_stay_missing_without_a_warning(kind):
    values = np.array([[1.0, np.nan, np.nan], [2.0, 5.0, np.nan], [3.0, np.nan, np.nan]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = band(values, kind)
    assert found.middle[:2] == pytest.approx([2.0, 5.0])
    assert np.isnan(found.middle[2])
    assert np.isfinite(found.low[0])
    assert np.isnan(found.low[1:]).all() and np.isnan(found.high[1:]).all()


def test_a_single_replicate_has_a_line_but_no_band():
    found = band(np.array([[1.0, 2.0]]))
    assert list(found.middle) == [1.0, 2.0]
    assert np.isnan(found.low).all()


def test_unknown_kind_is_named():
    with pytest.raises(ValueError, match="'sd' is unknown; allowed are interval_of_mean, quantiles"):
        band(np.zeros((2, 2)), "sd")


@pytest.mark.parametrize("values", [np.zeros((0, 3)), 1.0], ids=["no replicate", "no axis"])
def test_a_band_of_nothing_is_refused(values):
    with pytest.raises(ValueError, match="at least one replicate"):
        band(values)


def test_mean_of_present_leaves_nan_out():
    values = np.array([[1.0, np.nan], [3.0, np.nan]])
    assert mean_of_present(values)[0] == 2.0
    assert np.isnan(mean_of_present(values)[1])
    assert mean_of_present(values, axis=(0, 1)) == 2.0
