"""What an ensemble gave: figures and paths as arrays, and the labelled dataset of a full design."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.ensemble.member_store import Store
from experiments.ensemble.members import DesignKey, Failure, Member
from experiments.ensemble.memory_store import MemoryStore

if TYPE_CHECKING:
    import xarray

_PIECE = 4096


@dataclass(frozen=True, slots=True)
class Results:
    """The members of a design and where their figures stand; nothing is in memory until asked for.

    failures: members without figures, in the design's order. ran: how many were run just now, of
    histories so many.
    """

    members: Sequence[Member]
    keys: np.ndarray
    failures: tuple[Failure, ...]
    ran: int
    histories: int
    store: Store | MemoryStore

    def figures(self, members: Sequence[int], names: Sequence[str]) -> np.ndarray:
        """Figures of members, given by their index in the design: (members, names)."""
        return self.store.figures(self.keys[np.asarray(members, np.int64)], names)

    def evaluations(self, key: DesignKey) -> list[dict[str, float]]:
        """All figures of a row's members, by replicate."""
        names = self.store.names()
        return [dict(zip(names, one, strict=True)) for one in self.figures(self.of_row(key), names).tolist()]

    def of_row(self, key: DesignKey) -> list[int]:
        """Indices of a row's members, by replicate."""
        found = [i for i, member in enumerate(self.members) if member.key == key]
        return sorted(found, key=lambda i: self.members[i].replicate)

    def finished(self) -> Iterator[tuple[Member, dict[str, float]]]:
        """Members with figures and their figures, in the design's order, a piece at a time in memory."""
        failed = {failure.member.place for failure in self.failures}
        whole = [i for i, member in enumerate(self.members) if member.place not in failed]
        names = self.store.names()
        for start in range(0, len(whole), _PIECE):
            piece = whole[start : start + _PIECE]
            for i, row in zip(piece, self.figures(piece, names).tolist(), strict=True):
                yield self.members[i], dict(zip(names, row, strict=True))

    def dataset(self, rows: Mapping[str, DesignKey], weekly: bool = False) -> xarray.Dataset:
        """Labelled figures of rows that have the same replicates; `rows` maps a setting's name to its row.

        `<name>_in`: dims (setting, replicate, period), period baseline, year1 or evaluation. With
        `weekly`, `<name>`: dims (setting, replicate, week), as `sim.simulate` gives them.
        """
        import xarray

        from sim import dataset
        from sim import run as model
        from sim.indicators import INDICATORS

        places = [self.of_row(row) for row in rows.values()]
        members = [[self.members[i] for i in row] for row in places]
        flat = [i for row in places for i in row]
        shape = (len(rows), len(places[0]))
        variables: dict[str, tuple[tuple[str, ...], np.ndarray, Any]] = {}
        coords: dict[str, Any] = {
            "setting": list(rows),
            "replicate": [member.replicate for member in members[0]],
            "period": list(model.PERIODS),
            "seed": (("setting", "replicate"), [[member.seed for member in row] for row in members]),
            "fingerprint": (("setting", "replicate"), [[member.fingerprint for member in row] for row in members]),
        }
        if weekly:
            paths = self.store.paths(self.keys[flat])
            paths = paths.reshape(*shape, *paths.shape[1:])
            weeks = members[0][0].base.weeks
            week = np.arange(weeks - paths.shape[3], weeks)
            coords["week"] = ("week", week, {"unit": "weeks since the start", "label_en": "Week", "label_zh": "周"})
            coords["phase"] = ("week", dataset.phases(week))
            for i, (name, indicator) in enumerate(INDICATORS.items()):
                variables[name] = (("setting", "replicate", "week"), paths[:, :, i], dataset.attributes(indicator))
        names = [name + suffix for name in INDICATORS for suffix in model.PERIODS.values()]
        figures = self.figures(flat, names).reshape(*shape, len(INDICATORS), len(model.PERIODS))
        for i, (name, indicator) in enumerate(INDICATORS.items()):
            variables[f"{name}_in"] = (
                ("setting", "replicate", "period"), figures[:, :, i], dataset.attributes(indicator)
            )  # fmt: skip
        found = xarray.Dataset(variables, coords=coords)
        found.attrs["model_version"] = self.store.version
        bases = zip(rows, (row[0].base for row in members), strict=True)
        found.attrs[dataset.UNCHANGED] = " ".join(name for name, base in bases if not (base.measures or base.levers))
        return found
