"""The same week as a plain Mesa model: what this model would cost as agents in Python.

    python -m tests.benchmarks.mesa_twin

Every resident is a mesa.Agent and an AgentSet lets each decide every week whether to raise a case. The rest, talks of
those whose turn it is, cadres, villages and desks, is the week of tests/reference: this model in Python objects. The
twin does exactly what that week does (tests/sim/test_mesa_twin.py), and that week what the compiled one does, with
the same keyed chance; with a generator of its own a twin would be somewhat faster.
"""

from __future__ import annotations

import time
from unittest.mock import patch

import mesa
import numpy as np

from sim.chance import NEEDS
from sim.inputs.settings import setting
from sim.town import build_unit, units_of
from sim.world import world_of
from tests.reference import demand
from tests.reference.rules import chance
from tests.reference.town import read_town
from tests.reference.week import week

RESIDENTS, WEEKS, BEFORE = 2_000, 10, 8
LOW = 0xFFFFFFFF


def screened(place: int, key: int) -> int:
    """sim.mechanisms.needs.screened in Python's whole numbers, which are faster here than numpy's."""
    x = (place * 0x9E3779B1 + key) & LOW
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) & LOW
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) & LOW
    return x ^ (x >> 16)


class Resident(mesa.Agent):
    """One resident of the reference town."""

    def __init__(self, model: Township, person) -> None:
        super().__init__(model)
        self.person = person

    def need(self) -> None:
        """Draw this week's number; raise a case if it says so and its cause stands."""
        model, person = self.model, self.person
        village = person.home
        if screened(person.place, model.village_keys[village.uid]) >= model.cut:
            return
        bits = chance.word(model.key, model.increment, np.uint64((village.uid << 32) + person.place + 1))
        u = chance.unit(bits) * model.ceiling
        rates = demand.cumulated_rates(model.town, person.over_60, village.rural)
        caused = chance.unit(chance.mix(bits)) < village.repeat * model.town.place.repeat_norm
        if u < rates[-1] and caused:
            demand.come(model.town, model.week, person, sum(u >= rate for rate in rates), model.lever)


class Township(mesa.Model):
    """A town of the reference as a Mesa model; one step is one week."""

    def __init__(self, chosen, start: int) -> None:
        super().__init__(rng=chosen.seed)
        state = build_unit(chosen, world_of(chosen), *units_of(chosen)[0], False)
        self.town = read_town(chosen, state)
        self.week = start
        for village in self.town.villages:
            for person in village.people:
                Resident(self, person)
        self.people = self.agents_by_type[Resident]
        self.datacollector = mesa.DataCollector(model_reporters={"raised": lambda model: model.tallies[0].raised})

    def step(self) -> None:
        """Simulate one week and collect."""
        with patch.object(demand, "raise_needs", self.raise_needs), np.errstate(over="ignore"):
            self.tallies = week(self.town, self.week)
        self.week += 1
        self.datacollector.collect(self)

    def raise_needs(self, town, now: int) -> None:
        """tests.reference.demand.raise_needs, resident by resident."""
        self.lever = town.obeyed("needs", now)
        self.key, self.increment = chance.moment_key(town.keys, NEEDS, np.int64(now)), town.keys[NEEDS, 1]
        self.ceiling = max(demand.cumulated_rates(town, age, where)[-1] for age in (0, 1) for where in (0, 1))
        self.cut = int(np.uint32(min(self.ceiling, 1.0) * 4294967295.0))
        self.village_keys = {
            village.uid: int(chance.word(self.key, self.increment, np.uint64(village.uid << 32))) >> 32
            for village in town.villages
        }
        self.people.do("need")


def nanoseconds(residents: int = RESIDENTS, span: int = WEEKS, repeats: int = 2) -> float:
    """Processor time a resident-week, once cases lie on the desks."""
    model = Township(setting("average", residents=residents), -BEFORE - span * repeats)
    for _ in range(BEFORE):
        model.step()
    found = []
    for _ in range(repeats):
        began = time.process_time()
        for _ in range(span):
            model.step()
        found.append(time.process_time() - began)
    return min(found) * 1e9 / span / residents


if __name__ == "__main__":
    print(f"{nanoseconds():,.0f} ns of processor time a resident-week, {RESIDENTS:,} residents")
