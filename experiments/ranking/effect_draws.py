"""What was drawn in each replicate: parameters of behaviour, and how strong and costly each measure is (potency=draw).

A figure that was drawn is named potency.<measure>.<lever> (how far the measure moves that lever) or
potency.<measure>.<cost> (cadre hours, which affect the runs; yuan do not). What a measure's file gives as a single
number is not drawn and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.inputs.measures import Measure
from sim.inputs.settings import Setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Named = tuple[tuple[str, ...], NDArray[np.float64]]

PREFIX = "potency."
ACTING = ("hours_per_village_cadre_week", "hours_per_township_cadre_week")


def effects_of(settings: Sequence[Setting], measures: Sequence[str]) -> Named:
    """Names, and figures [replicate, name], of these measures where each replicate has its own setting, seed included.

    Nothing is named where the settings' potency is not drawn with the seed.
    """
    import numpy as np

    columns: dict[str, list[float]] = {}
    if settings and all(setting.potency == "draw" for setting in settings):
        for measure in (settings[0].definitions[id] for id in measures if id in settings[0].definitions):
            columns |= {f"{PREFIX}{measure.id}.{name}": own for name, own in _figures(measure, settings).items()}
    return tuple(columns), np.asarray([*columns.values()], dtype=np.float64).reshape(-1, len(settings)).T


def by_seed(setting: Setting, replicates: int, measures: Sequence[str]) -> Named:
    """The same for the replicates of one setting: replicate k has its seed + k."""
    return effects_of([setting.replace(seed=setting.seed + k) for k in range(replicates)], measures)


def belong(name: str, *measures: str) -> bool:
    """Whether a figure was drawn of one of these measures."""
    return name.startswith(tuple(f"{PREFIX}{measure}." for measure in measures))


def _figures(measure: Measure, settings: Sequence[Setting]) -> dict[str, list[float]]:
    """What was drawn of one measure, setting by setting."""
    from sim import world

    found = {
        entry.lever: [world.potency(one, measure.id, i, entry.weak, entry.mode, entry.strong) for one in settings]
        for i, entry in enumerate(measure.entries)
        if entry.weak != entry.strong
    }
    for name in ACTING:
        price = getattr(measure, name)
        if price.low != price.high:
            found[name] = [world.cost(one, measure, name) for one in settings]
    return found


def varying_parameters(
    draws: Sequence[Mapping[str, float]], replicates: int
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Parameters [replicate, parameter] that differ between the draws in use, and their names."""
    import numpy as np

    used = draws[:replicates]
    names = tuple(name for name in used[0] if len({draw[name] for draw in used}) > 1) if used else ()
    x = np.array([[draw[name] for name in names] for draw in used], dtype=float)
    return x.reshape(replicates, len(names)), names
