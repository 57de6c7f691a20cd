"""Rules of initiative: who fails."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from sim.mechanisms import initiative

from .rules import falls, parameters, plain, steps_between


@given(p=parameters)
def test_a_try_fails_with_a_probability_that_skill_cuts(p):
    def failing(skill):
        return float(np.mean([plain(initiative.fails)(p, skill, u) for u in np.arange(0.005, 1, 0.01)]))

    assert 0.0 < failing(0.0) <= 1.0
    assert falls([failing(x) for x in steps_between(0, 1, 11)])
