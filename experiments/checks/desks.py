"""On-time shares of village desks that are busy in a base run; figures of the whole town do not show them.

The store keeps figures of towns only, so these short runs are made outside it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np

from experiments.ensemble import interrupts
from experiments.ensemble.progress import Progress
from sim import run
from sim.cores import pool_of
from sim.inputs.settings import Setting
from sim.vocabulary import KINDS, ROLES, YEAR


def busy_on_time(
    settings: Mapping[str, Sequence[Setting]],
    seeds: int,
    *,
    base: str,
    role: str,
    kinds: Sequence[str],
    busier_than: float,
    threads: int,
    show: Progress | None = None,
) -> dict[str, np.ndarray]:
    """On-time share of some kinds in villages whose desk of a role is busier than so much in `base`.

    settings: name -> one setting a draw. Returns name -> (draws, seeds); nan where no desk is that busy. Figures of the
    last year; a desk's busy share is casework hours used by hours kept for casework. show: receives the progress.
    """
    run.compile()
    show = show or Progress()
    begun = time.monotonic()
    draws = len(settings[base])
    columns = [KINDS.index(kind) for kind in kinds]

    def one(place: tuple[int, int]) -> dict[str, float]:
        draw, seed = place
        histories: dict[str, run.History] = {}
        tallies = {}
        for name, rows in settings.items():
            seeded = rows[draw].replace(seed=rows[draw].seed + seed)
            if seeded.history_key not in histories:
                histories[seeded.history_key] = run.history(seeded, "village")
            villages = run.branch(histories[seeded.history_key], seeded).villages
            assert villages is not None
            tallies[name] = villages[-YEAR:]
        desk = ROLES.index(role)
        hours = {key: tallies[base][key].sum(axis=0)[:, desk] for key in ("busy_hours", "desk_hours")}
        busy = hours["busy_hours"] > busier_than * hours["desk_hours"]
        return {name: _share(tally, busy, columns) for name, tally in tallies.items()}

    places = [(draw, seed) for draw in range(draws) for seed in range(seeds)]
    found = []
    show.update(0, len(places) * len(settings), 0, 0.0)
    with pool_of(threads) as pool:
        for row in pool.map(one, places):
            interrupts.check()
            found.append(row)
            left = (time.monotonic() - begun) / len(found) * (len(places) - len(found))
            show.update(len(found) * len(settings), len(places) * len(settings), 0, left)
    return {name: np.array([row[name] for row in found]).reshape(draws, seeds) for name in settings}


def _share(tally: np.ndarray, busy: np.ndarray, columns: Sequence[int]) -> float:
    due, ontime = (float(tally[key].sum(axis=0)[busy][:, columns].sum()) for key in ("due", "ontime"))
    return ontime / due if due > 0 else float("nan")
