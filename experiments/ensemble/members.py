"""Members of an ensemble: which settings are run with which seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sim.inputs.sampling import drawn
from sim.inputs.settings import Setting, with_seed
from sim.inputs.windows import LeverChange
from sim.levers import LEVERS

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class DesignKey:
    """Which row of a design a run belongs to; as text it is what failures.csv and finished.csv call the row.

    name: a setting of the study, or what a check calls its row. levels: a coalition, in the players' order: out of
    force (0), in force (1), or so far between the ends of a range. late: weeks by which each player starts late.
    context: the question that asks for the row, and where in its design, as ("contexts", "town", "remote_town").
    """

    name: str = ""
    levels: tuple[float, ...] | None = None
    late: tuple[int, ...] | None = None
    context: tuple[str | int, ...] = ()

    def within(self, *context: str | int) -> DesignKey:
        """The same row in the design of a question."""
        return replace(self, context=context)

    def __str__(self) -> str:
        """As in relief, 0110, "0 0.25 1", late 0-26-0, circumstances/town/remote_town/0110.

        A level between 0 and 1 has all its digits, so that no two levels share a text.
        """
        own = self.name
        if self.levels is not None:
            words = [str(int(level)) if level in (0, 1) else repr(float(level)) for level in self.levels]
            own = ("" if all(len(word) == 1 for word in words) else " ").join(words)
        elif self.late is not None:
            own = "late " + "-".join(map(str, self.late))
        return "/".join((*map(str, self.context), own))


@dataclass(frozen=True, slots=True)
class Member:
    """One run: the row `base` with the row's own seed + `replicate`, so that rows share their shocks.

    A design may hold a million of them; what is long is shared by a row or made when asked for.
    """

    key: DesignKey
    replicate: int
    base: Setting

    @property
    def place(self) -> tuple[DesignKey, int]:
        """Where it stands in the design: (row, replicate)."""
        return self.key, self.replicate

    @property
    def seed(self) -> int:
        """The seed it runs with."""
        return self.base.seed + self.replicate

    @property
    def setting(self) -> Setting:
        """The whole setting it runs with, seed included."""
        return self.base.replace(seed=self.seed)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of its setting, 16 hex digits: its name in a store."""
        return with_seed(self.base.policy_digest, self.seed)

    @property
    def history(self) -> str:
        """Members with the same one share what lies before week 0."""
        return with_seed(self.base.history_digest, self.seed)


@dataclass(frozen=True, slots=True)
class Failure:
    """A member that failed twice with the same seed, and what the second attempt said."""

    member: Member
    error: str


def rows_by_seeds(
    rows: Mapping[str, Setting], replicates: int, draws: Sequence[Mapping[str, float]] = ()
) -> list[Member]:
    """Every row with every seed; replicate k has the row's seed + k.

    Where there are `draws`, replicate k has the parameters of draw k. A study has no more replicates than draws; the
    fresh seeds that follow them begin with the first draw again.
    """
    keys = {name: DesignKey(name) for name in rows}
    return [
        Member(keys[name], k, draw_of(setting, draws, k)) for k in range(replicates) for name, setting in rows.items()
    ]


def coalition_members(
    setting: Setting,
    players: Sequence[str],
    runs: Iterable[tuple[tuple[float, ...], int]],
    draws: Sequence[Mapping[str, float]] = (),
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> list[Member]:
    """Members with only some of the setting's measures and lever changes in force.

    `runs` holds (levels, replicate): level i says whether `players[i]` is in force (1) or not (0). In force, it has the
    intensity or value and the weeks that `setting` declares; otherwise a lever keeps the town's own value. A lever of
    `ranges` is held for the whole run at low (0), high (1) or in between. Anything that is not a player stays in force.
    `draws` as in `rows_by_seeds`.
    """
    ranges = ranges or {}

    def in_force(levels: tuple[float, ...]) -> dict[str, Any]:
        given = dict(zip(players, levels, strict=True))
        left_out = {player for player, level in given.items() if not level}
        levers = [change for change in setting.levers if change.id not in left_out]
        levers += [LeverChange(name, between(ranges[name], given[name])) for name in given if name in ranges]
        levers.sort(key=lambda change: list(LEVERS).index(change.id))  # as in a setting that gives the same values
        return {
            "measures": tuple(use for use in setting.measures if use.id not in left_out),
            "levers": tuple(levers),
        }

    return _members(setting, runs, draws, in_force, lambda levels: DesignKey(levels=levels))


def late_members(
    setting: Setting,
    players: Sequence[str],
    runs: Iterable[tuple[tuple[int, ...], int]],
    draws: Sequence[Mapping[str, float]] = (),
) -> list[Member]:
    """Members with all of the setting's measures and lever changes, some of which start late.

    `runs` holds (late, replicate): `players[i]` starts `late[i]` weeks after its own start; one that would start
    after the run's end is never in force. `draws` as in `rows_by_seeds`.
    """

    def moved(late: tuple[int, ...]) -> dict[str, Any]:
        weeks = dict(zip(players, late, strict=True))
        return {
            "measures": tuple(replace(use, start=use.start + weeks.get(use.id, 0)) for use in setting.measures),
            "levers": tuple(replace(one, start=one.start + weeks.get(one.id, 0)) for one in setting.levers),
        }

    return _members(setting, runs, draws, moved, lambda late: DesignKey(late=late))


def _members(
    setting: Setting,
    runs: Iterable[tuple[tuple[Number, ...], int]],
    draws: Sequence[Mapping[str, float]],
    changes: Callable[[tuple[Number, ...]], dict[str, Any]],
    key_of: Callable[[tuple[Number, ...]], DesignKey],
) -> list[Member]:
    """Members that differ from the setting in `changes`(what a run says) only."""
    bases: dict[int, Setting] = {}
    keys: dict[tuple[Number, ...], DesignKey] = {}
    settings: dict[tuple[tuple[Number, ...], int], Setting] = {}
    members = []
    for said, replicate in runs:
        draw = replicate % len(draws) if draws else 0
        if draw not in bases:
            bases[draw] = draw_of(setting, draws, draw)
        if (said, draw) not in settings:
            settings[said, draw] = bases[draw].replace(**changes(said))
        if said not in keys:
            keys[said] = key_of(said)
        members.append(Member(keys[said], replicate, settings[said, draw]))
    return members


def draw_of(setting: Setting, draws: Sequence[Mapping[str, float]], replicate: int) -> Setting:
    """The setting with the parameters of the draw that belongs to a replicate."""
    return setting.replace(parameters=draws[replicate % len(draws)]) if draws else setting


def fixed(setting: Setting, draws: Sequence[Mapping[str, float]], replicate: int) -> Setting:
    """The draw of a replicate as a setting that other seeds can run: behaviour, strengths and town are the replicate's.

    A town that is a population of towns is the one that the replicate's seed draws, and drawn strengths and costs are
    those of that seed. Shocks are not: they go by the seed that it is run with.
    """
    found, seed = draw_of(setting, draws, replicate), setting.seed + replicate
    if setting.potency == "draw":
        found = found.replace(potency=seed)
    return with_town(found, seed)


def with_town(setting: Setting, seed: int) -> Setting:
    """The setting in the town that a seed draws; as it is where the town is no population of towns."""
    return setting.replace(town=drawn(setting.town, seed, setting.facts)) if setting.town.weight else setting


def between(ends: tuple[float, float], level: float) -> float:
    """The value so far from low (0) to high (1): exactly the ends at the ends, so that they are the user's numbers."""
    low, high = ends
    return (1.0 - level) * low + level * high
