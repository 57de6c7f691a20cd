"""How the town of a seed is drawn from a sampling frame of places, the same for all settings of the seed.

A unit, where the frame is a population of towns; its villages, where `residents=` scales it; a committee by
size, where none is given. Scaling keeps village size, unless even one village is too many, and township
cadres per head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from sim.inputs.places import TownSpec, UnitSpec, VillageSpec
from sim.inputs.validators import Frozen
from sim.levers import LEVERS

GOLDEN, WORD = 0x9E3779B97F4A7C15, 1 << 64


def apportion(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """`total` in whole parts by `weights` (largest remainders), each at least `least`."""
    rest = total - least * len(weights)
    quotas = [rest * weight / sum(weights) for weight in weights]
    parts = [int(quota) for quota in quotas]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - quotas[i], i))
    for index in order[: rest - sum(parts)]:
        parts[index] += 1
    return [part + least for part in parts]


def keyed(seed: int, purpose: str) -> float:
    """A number in [0, 1) that hangs on the seed and what it is for; by a hash, since readers load no compiled code."""
    return int(hashlib.sha256(f"{purpose}/{seed}".encode()).hexdigest()[:16], 16) / WORD


def unit_drawn(town: TownSpec, seed: int) -> UnitSpec:
    """The unit of a seed: a systematic draw down the frame, so that seeds in a row spread evenly (Weyl 1916)."""
    weights = [1 if town.weight == "units" else unit.residents for unit in town.units]
    place = (seed + 1) * GOLDEN % WORD / WORD * sum(weights)
    for unit, weight in zip(town.units, weights, strict=True):
        place -= weight
        if place < 0:
            return unit
    return town.units[-1]


def scaled(units: Sequence[UnitSpec], residents: int, start: float) -> tuple[UnitSpec, ...]:
    """Units with `residents` in all, in fewer or more villages of about the same size.

    Villages are taken at even steps down the list, from `start` (0-1, a part of a step) on (systematic sampling). So
    every village is equally likely to be taken.
    """
    frame = [(number, village) for number, unit in enumerate(units) for village in unit.villages]
    factor = residents / sum(unit.residents for unit in units)
    want = max(1, int(len(frame) * factor + 0.5))
    taken = [frame[min(len(frame) - 1, int((j + start) * len(frame) / want))] for j in range(want)]
    sizes = apportion(residents, [float(village.residents) for _, village in taken], least=1)
    sized = [(number, replace(village, residents=n)) for (number, village), n in zip(taken, sizes, strict=True)]
    parts = [(units[number], tuple(v for _, v in part)) for number, part in groupby(sized, key=lambda pair: pair[0])]
    own = [unit.township_cadres * sum(v.residents for v in part) / unit.residents for unit, part in parts]
    total = factor * sum(unit.township_cadres for unit in units)
    return tuple(
        UnitSpec(unit.name, part, cadres * total / sum(own)) for (unit, part), cadres in zip(parts, own, strict=True)
    )


def committee(residents: int, population: Mapping[str, float]) -> int:
    """Cadres of a village by size: one per so many residents, and at least so many."""
    return max(int(population["cadres_least"]), int(residents / population["residents_per_cadre"] + 0.5))


def levers_of(town: TownSpec, seed: int, reach: float) -> Mapping[str, float]:
    """Levers of a drawn town: one effect moves them all part of the way to the extreme town, or to its mirror.

    The effect is keyed, triangular between -reach and reach. Assumption: habits of a town go together.
    """
    effect = reach * (keyed(seed, "habits") + keyed(seed, "more habits") - 1.0)
    if town.extreme is None or effect == 0.0:
        return town.levers
    moved = {name: value + effect * (town.extreme[name] - value) for name, value in town.levers.items()}
    return Frozen({name: min(LEVERS[name].high, max(LEVERS[name].low, value)) for name, value in moved.items()})


@lru_cache(maxsize=64)
def drawn(town: TownSpec, seed: int, facts: Frozen) -> TownSpec:
    """The town of a seed: a frame of exactly its own units, with a committee in every village."""
    population, staffing, switches = facts["population"], facts["staffing"], facts["switches"]
    units = (unit_drawn(town, seed),) if town.weight else town.units
    if town.size is not None:
        units = scaled(units, town.size, keyed(seed, "villages"))

    def seated(village: VillageSpec) -> VillageSpec:
        if village.cadres is not None:
            return village
        by_size = (
            committee(village.residents, population) if switches["seats_by_size"] else int(staffing["village_cadres"])
        )
        return replace(village, cadres=by_size)

    units = tuple(replace(unit, villages=tuple(map(seated, unit.villages))) for unit in units)
    levers = levers_of(town, seed, population["town_reach"] * switches["town_effect"])
    return replace(town, levers=levers, units=units, size=None, weight="", extreme=None)
