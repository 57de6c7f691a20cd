"""Cores of this machine, and the units of a town side by side on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


@contextmanager
def pool_of(count: int) -> Iterator[ThreadPoolExecutor]:
    """A pool of so many threads. If something ends the block early, what has not begun is dropped, not waited for."""
    with ThreadPoolExecutor(count) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def on_cores(units: int) -> Iterator[Callable[..., Iterable[Any]]]:
    """How the units of a town are run, as sim.run.Each: one alone here, several with a thread a core."""
    if units == 1:
        yield map
        return
    with pool_of(min(units, available_cores())) as pool:
        yield pool.map
