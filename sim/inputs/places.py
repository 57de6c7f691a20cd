"""Places: how many live where and who works for them, as values; and how a town is scaled.

`residents=` scales villages, township cadres and what follows from them in proportion; village size
stays, unless even one village is too many. Villages to keep (or repeat) are taken at even steps.
Units are letters; no real name is carried.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from sim.inputs.validators import Frozen, thawed

KINDS = ("rural", "community")
RESIDENTS = (100, 10_000_000)


@dataclass(frozen=True, slots=True)
class VillageSpec:
    """A village as given; None is drawn by the town builder from facts. income in yuan a year."""

    kind: str
    residents: int
    share_over_60: float | None
    cadres: int
    visibility: float | None
    income: float | None


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
    """What a town has been until week 0.

    `levers` holds a value for every lever, `notes` the defaults that were filled in.
    """

    id: str
    label_en: str
    label_zh: str
    levers: Mapping[str, float]
    units: tuple[UnitSpec, ...]
    notes: tuple[str, ...]

    @property
    def residents(self) -> int:
        """Residents of all units."""
        return sum(unit.residents for unit in self.units)

    @cached_property
    def key(self) -> str:
        """Digest of all that behaviour can depend on (labels and notes left out)."""
        units = [
            (unit.name, unit.township_cadres, [_numbers(village) for village in unit.villages]) for unit in self.units
        ]
        return digest([self.id, thawed(self.levers), units])

    def __hash__(self) -> int:
        return hash(self.key)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "id": self.id,
            "label_en": self.label_en,
            "label_zh": self.label_zh,
            "levers": thawed(self.levers),
            "units": [asdict(unit) | {"villages": [asdict(v) for v in unit.villages]} for unit in self.units],
            "notes": list(self.notes),
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
            tuple(data["notes"]),
        )


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
    """sha256 of the canonical JSON of plain data, 16 hex digits."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def apportion(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """`total` in whole parts by `weights` (largest remainders), each at least `least`."""
    rest = total - least * len(weights)
    quotas = [rest * weight / sum(weights) for weight in weights]
    parts = [int(quota) for quota in quotas]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - quotas[i], i))
    for index in order[: rest - sum(parts)]:
        parts[index] += 1
    return [part + least for part in parts]


def letters(index: int) -> str:
    """A, B, ..., Z, AA, AB, ...: how units are called."""
    name = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


@lru_cache(maxsize=16)
def scaled(town: TownSpec, residents: int) -> TownSpec:
    """The town with `residents` in all, in fewer or more villages of about the same size."""
    factor = residents / town.residents
    have = [len(unit.villages) for unit in town.units]
    want = max(1, int(sum(have) * factor + 0.5))
    counts = apportion(want, [float(count) for count in have])
    picked = [
        [unit.villages[int((j + 0.5) * len(unit.villages) / count)] for j in range(count)]
        for unit, count in zip(town.units, counts, strict=True)
    ]
    sizes = iter(apportion(residents, [float(v.residents) for unit in picked for v in unit], least=1))
    villages = [tuple(replace(v, residents=next(sizes)) for v in unit) for unit in picked]
    cadres = [
        unit.township_cadres * sum(v.residents for v in part) / unit.residents
        for unit, part in zip(town.units, villages, strict=True)
    ]
    total = factor * sum(unit.township_cadres for unit in town.units)
    units = tuple(
        UnitSpec(unit.name, part, own * total / sum(cadres))
        for unit, part, own in zip(town.units, villages, cadres, strict=True)
        if part
    )
    return replace(town, units=units)
