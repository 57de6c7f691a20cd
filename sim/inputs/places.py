"""Places: how many live where and who works for them, as values.

A setting's town is a *frame*: all units and villages there are, and how the town of a seed is made of them
(sim/inputs/sampling.py). Units are letters; no real name is carried.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sim.inputs.validators import Frozen, thawed

KINDS = ("rural", "community")
RESIDENTS = (100, 10_000_000)


class Note(NamedTuple):
    """A sentence on how a town was read, in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class VillageSpec:
    """A village as given; None is drawn by the town builder from facts, cadres by size. income in yuan a year.

    name: in the user's own table, and only for tables of theirs: nothing depends on it and `as_dict` leaves it out.
    """

    kind: str
    residents: int
    share_over_60: float | None
    cadres: int | None
    visibility: float | None
    income: float | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """A township unit: its villages and its own cadres (fractions allowed)."""

    name: str
    villages: tuple[VillageSpec, ...]
    township_cadres: float

    @property
    def residents(self) -> int:
        """Residents of all its villages."""
        return sum(village.residents for village in self.villages)


@dataclass(frozen=True)
class TownSpec:
    """What a town has been until week 0: a frame from which `drawn` makes the town of a seed.

    `levers` holds a value for every lever, `notes` what was read of a table. size: residents that the town
    is scaled to (None: as many as there are). weight: one unit is drawn, units alike ("units") or by their residents
    ("residents"); "" takes all units. extreme: levers of the town towards or away from which a drawn unit stands.
    """

    id: str
    label_en: str
    label_zh: str
    levers: Mapping[str, float]
    units: tuple[UnitSpec, ...]
    notes: tuple[Note, ...]
    size: int | None = None
    weight: str = ""
    extreme: Mapping[str, float] | None = None

    @property
    def residents(self) -> int:
        """Residents of all units, of the mean unit where one is drawn, or those that the town is scaled to."""
        if self.size is not None:
            return self.size
        total = sum(unit.residents for unit in self.units)
        return round(total / len(self.units)) if self.weight else total

    @property
    def shape(self) -> dict[str, int]:
        """Residents, villages and units of a town drawn from the frame; the mean where they differ by seed."""
        villages = sum(len(unit.villages) for unit in self.units)
        total = sum(unit.residents for unit in self.units)
        count = max(1, int(villages * self.residents / total + 0.5))
        return {
            "residents": self.residents,
            "villages": count,
            "units": 1 if self.weight else min(count, len(self.units)),
        }

    @cached_property
    def key(self) -> str:
        """Digest of all that behaviour can depend on (labels and notes left out)."""
        units = [
            (unit.name, unit.township_cadres, [_numbers(village) for village in unit.villages]) for unit in self.units
        ]
        return digest([self.id, self.levers, units, self.size, self.weight, self.extreme])

    def __hash__(self) -> int:
        return hash(self.key)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "id": self.id,
            "label_en": self.label_en,
            "label_zh": self.label_zh,
            "levers": thawed(self.levers),
            "units": [asdict(unit) | {"villages": [_nameless(v) for v in unit.villages]} for unit in self.units],
            "notes": [note._asdict() for note in self.notes],
            "size": self.size,
            "weight": self.weight,
            "extreme": None if self.extreme is None else thawed(self.extreme),
            "shape": self.shape,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TownSpec:
        """The town that `as_dict` describes (no checks)."""
        units = tuple(
            UnitSpec(
                unit["name"],
                tuple(VillageSpec(**village) for village in unit["villages"]),
                unit["township_cadres"],
            )
            for unit in data["units"]
        )
        return cls(
            data["id"],
            data["label_en"],
            data["label_zh"],
            Frozen(data["levers"]),
            units,
            tuple(Note(**note) for note in data["notes"]),
            data["size"],
            data["weight"],
            None if data["extreme"] is None else Frozen(data["extreme"]),
        )


def _nameless(village: VillageSpec) -> dict[str, Any]:
    return {key: value for key, value in asdict(village).items() if key != "name"}


def _numbers(village: VillageSpec) -> tuple:
    return (
        village.kind,
        village.residents,
        village.share_over_60,
        village.cadres,
        village.visibility,
        village.income,
    )


def digest(value: Any) -> str:
    """sha256 of the canonical JSON of plain data, mappings of any kind in it, 16 hex digits."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=dict)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def letters(index: int) -> str:
    """A, B, ..., Z, AA, AB, ...: how units are called."""
    name = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
