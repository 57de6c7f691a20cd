"""Members of an ensemble: which settings are run with which seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.settings import Setting


@dataclass(frozen=True, slots=True)
class Member:
    """One run: `setting` carries the member's own seed (the study's seed + `replicate`).

    Members with the same `history` share what lies before week 0. It is named by the row's key
    and the seed, because the key of every single member takes longer to compute than to compare.
    """

    row: str
    replicate: int
    setting: Setting
    history: str

    @property
    def key(self) -> tuple[str, int]:
        """Where its value stands in `Results.values`."""
        return self.row, self.replicate


@dataclass(frozen=True, slots=True)
class Failure:
    """A member that failed twice with the same seed, and what the second attempt said."""

    member: Member
    error: str


@dataclass(frozen=True, slots=True)
class Results:
    """Values of the finished members by (row, replicate); failures in the members' order."""

    values: Mapping[tuple[str, int], Any]
    failures: tuple[Failure, ...]
    histories: int

    def of_row(self, row: str) -> list[Any]:
        """Values of one row, by replicate."""
        found = sorted(key for key in self.values if key[0] == row)
        return [self.values[key] for key in found]


def rows_by_seeds(rows: Mapping[str, Setting], replicates: int) -> list[Member]:
    """Every row with every seed; replicate k has the row's seed + k."""
    return [_member(name, k, setting, setting.history_key) for k in range(replicates) for name, setting in rows.items()]


def _member(row: str, replicate: int, setting: Setting, history_key: str) -> Member:
    """The member of a row that has the row's seed + `replicate`."""
    seed = setting.seed + replicate
    return Member(row, replicate, setting.replace(seed=seed), f"{history_key}/{seed}")


def coalition_members(
    setting: Setting, players: tuple[str, ...], runs: Iterable[tuple[tuple[int, ...], int]]
) -> list[Member]:
    """Members with only some of the setting's measures in force.

    `runs` holds (bits, replicate): bit i says whether `players[i]` is in force, at the intensity
    and in the weeks that `setting` declares. The row's name is the bits, as in "0110". Measures of
    the setting that are not players stay in force.
    """
    by_bits: dict[tuple[int, ...], Setting] = {}
    members = []
    for bits, replicate in runs:
        if bits not in by_bits:
            left_out = {player for player, bit in zip(players, bits, strict=True) if not bit}
            kept = tuple(use for use in setting.measures if use.id not in left_out)
            by_bits[bits] = setting.replace(measures=kept)
        members.append(_member(row_name(bits), replicate, by_bits[bits], setting.history_key))
    return members


def row_name(bits: Iterable[int]) -> str:
    """Name of a coalition's row: its bits in the players' order."""
    return "".join(str(int(bit)) for bit in bits)
