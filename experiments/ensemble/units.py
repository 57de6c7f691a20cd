"""A county or city whose units are tasks: one run spread over the workers of a cluster, or over threads.

Members of an ensemble are run whole, because they share their histories. For a single run of a very large place that is
too coarse. Units do not depend on each other, so each can be a task of its own, which returns its weekly counts and
discards its state. Memory is that of the units being run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.inputs.settings import Setting

if TYPE_CHECKING:
    from sim.run import Records


def tallies_of(setting: Setting, numbers: Sequence[int]) -> list[np.ndarray]:
    """Weekly counts, baseline year included, of some units of a setting's town: arrays (weeks, 1)."""
    from sim import run

    run.compile()

    def of_these(function: Callable[[Any], Any], places: Iterable[Any]) -> list[Any]:
        every = list(places)
        return [function(every[number]) for number in numbers]

    units = run.branch(run.history(setting, "unit", of_these), setting).units
    assert units is not None
    return np.split(units, len(numbers), axis=1)


def run_by_unit(
    setting: Setting, pool: Executor, tasks: int, progress: Callable[[int, int], None] = lambda done, whole: None
) -> Records:
    """One run, with its units in some tasks of a pool: bit by bit what `sim.run.branch` gives with detail "unit".

    pool: of concurrent.futures; that of a Dask cluster is `client.get_executor(pure=False)`. tasks: into how many parts
    the units are dealt, in turn, so that large and small ones mix. About eight times the number of workers balances the
    load.
    """
    from sim import run
    from sim.town import units_of

    count = len(units_of(setting))
    parts = [range(first, count, tasks) for first in range(min(tasks, count))]
    futures = [pool.submit(tallies_of, setting, part) for part in parts]
    units: list[np.ndarray] = [np.empty(0)] * count
    for done, (part, future) in enumerate(zip(parts, futures, strict=True), 1):
        for number, tallies in zip(part, future.result(), strict=True):
            units[number] = tallies
        progress(done, len(parts))
    return run.records_of(setting, units, "unit")
