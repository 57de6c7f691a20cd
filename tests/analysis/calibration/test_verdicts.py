"""Scores of what the draws say against what was found in the world."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.calibration import verdicts


def test_the_score_is_the_log_of_the_share_and_never_infinite():
    above = [{"statistic": "x", "at_least": 0.0}]
    values = np.array([[1.0], [2.0], [-1.0]])
    assert verdicts.log_score(above, values) == pytest.approx(np.log(2.5 / 4.0))
    assert verdicts.log_score(above, -np.ones((9, 1))) == pytest.approx(np.log(0.05))
    assert np.isnan(verdicts.log_score(above, np.empty((0, 1))))
    for few, many in ((20, 50), (50, 20)):  # never met is never met, however often it was tried
        never = verdicts.log_score(above, -np.ones((few, 1)), draws=many)
        assert never == pytest.approx(verdicts.log_score(above, -np.ones((many, 1))))


def test_the_score_of_a_size_rewards_a_range_that_is_as_wide_as_its_error():
    published = [{"statistic": "x", "published": -0.5}]
    at = np.linspace(-1.0, 1.0, 41)[:, None]
    right, narrow, wide = (verdicts.size_score(published, -0.3 + width * at) for width in (0.35, 0.02, 5.0))
    assert right > wide > narrow
    assert verdicts.size_score(published, -0.5 + 0.02 * at) > right
    assert np.isnan(verdicts.size_score([{"statistic": "x", "at_least": 0.0}], at))
