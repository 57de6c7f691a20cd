"""Windows: measures and levers that are in force from a start to an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.inputs.layers import Leaves, Place
from sim.inputs.validators import SettingError, refuse


@dataclass(frozen=True, slots=True)
class LeverChange:
    """A lever held at `value` in weeks start ... end - 1 (end None: to the end of the run)."""

    id: str
    value: float
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class MeasureUse:
    """A measure in force at `intensity` 0-1 in weeks start ... end - 1 (end None: to the end)."""

    id: str
    intensity: float
    start: int = 0
    end: int | None = None


def windows(
    group: str,
    name: str,
    starts: Mapping[str, int],
    weeks: int,
    leaves: Leaves,
    origins: Mapping[Place, str],
) -> list[tuple[str, float, int, int | None]]:
    """(id, value, start, end) of everything given in a group, in the order of `starts`."""
    given = {path[1] for path in leaves if path[0] == group}
    found = []
    for id in starts:
        if id not in given:
            continue
        key = f"{group}.{id}"
        start, end = leaves.get((group, id, "start")), leaves.get((group, id, "end"))
        if (group, id, name) not in leaves:
            origin = next(origins[path] for path in leaves if path[:2] == (group, id))
            raise SettingError(f"{origin}, {key}.{name}: missing, a window needs it")
        start = starts[id] if start is None else start
        if start >= weeks:
            origin = origins.get((group, id, "start"), origins[group, id, name])
            raise refuse(origin, f"{key}.start", start, f"a week between 0 and {weeks - 1}")
        if end is not None and not start < end <= weeks:
            origin = origins[group, id, "end"]
            raise refuse(origin, f"{key}.end", end, f"a week after start {start} and at most weeks {weeks}")
        found.append((id, leaves[group, id, name], start, end))
    return found
