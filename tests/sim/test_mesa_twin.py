"""The Mesa twin of tests.benchmarks does the reference week, so that its time is that of this model."""

from __future__ import annotations

import numpy as np

from sim.inputs.settings import setting
from sim.town import build_unit, units_of
from sim.world import world_of
from tests.benchmarks.mesa_twin import Township
from tests.reference.town import read_town
from tests.reference.week import week

FIELDS = ("satisfaction", "trust", "superior", "expected_wait", "grievance", "visits", "cause")


def test_the_twin_does_the_reference_week():
    chosen = setting("average", residents=200, measures={})
    model = Township(chosen, -8)
    plain = read_town(chosen, build_unit(chosen, world_of(chosen), *units_of(chosen)[0], False))
    for now in range(-8, 0):
        with np.errstate(over="ignore"):
            tallies = week(plain, now)
        model.step()
        assert [vars(tally) for tally in model.tallies] == [vars(tally) for tally in tallies]
    assert sum(person.visits for village in plain.villages for person in village.people) > 30
    for mine, theirs in zip(model.town.villages, plain.villages, strict=True):
        for one, other in zip(mine.people, theirs.people, strict=True):
            assert [getattr(one, name) for name in FIELDS] == [getattr(other, name) for name in FIELDS]
