"""A store that goes through everything: simulated jobs on a simulated disk, with the store's own code between them.

    python -m tests.experiments.store_simulation steps=1000000 seed=1

A world is one disk, used by generations of one to three jobs at once: they open the store, add runs, join chunks, read
runs back, and are hit by kills, power cuts, torn writes, a full disk, errors of the disk, steps of the clock and
flipped bits. After each generation somebody looks: every run that a job was told is stored has to be there, and each
figure that is read is the one that was written. Runs in a file whose bits were flipped may be missing, never wrong.
A step is one file operation. A world depends on its seed and the commit alone; what failed is replayed by worlds=1.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from experiments.ensemble import chunks, disk, store_maintenance
from experiments.ensemble.errors import StoreError
from experiments.ensemble.member_store import Store
from experiments.ensemble.whole_files import own_mark
from tests.experiments.simulated_disk import KINDS, Disk

STORE, VERSION = Path("/lab/there/store"), "0123456789abcdef"
FIGURES = ("trust", "output", "output__baseline")
MEMBERS, GENERATIONS, ROUNDS = 300, 12, 6
FAULTS = 0.004  # of a step


@dataclass
class World:
    """One disk, what its jobs were told, and what was found wrong."""

    disk: Disk
    told: set[int] = field(default_factory=set)  # runs that a job was told are stored
    told_weekly: set[int] = field(default_factory=set)
    flipped: set[int] = field(default_factory=set)  # runs that stood in a file whose bits were flipped
    wrong: list[str] = field(default_factory=list)


def keys_of(members: list[int]) -> np.ndarray:
    """Fingerprints of members, spread over 64 bits: (n,)."""
    return np.array(members, np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(7)


def figures_of(members: list[int]) -> np.ndarray:
    """What each member gives: (n, FIGURES); the baseline is that of one of ten histories."""
    return np.array([[m * 0.5, 1.0 / (m + 1), float(m % 10)] for m in members]).reshape(-1, len(FIGURES))


def paths_of(members: list[int]) -> np.ndarray:
    """Weekly paths: (n, 2 indicators, 3 weeks)."""
    return np.array([[[m, m + 0.25, m + 0.5], [-m, 0.0, m]] for m in members], float).reshape(-1, 2, 3)


def summaries_of(members: list[int]) -> chunks.Summaries:
    rows = [dict(zip(FIGURES, row, strict=True)) for row in figures_of(members).tolist()]
    histories = [f"{m % 10 + 1:016x}" for m in members]
    return chunks.summaries([f"{int(key):016x}" for key in keys_of(members)], members, histories, rows)


def job(world: World) -> None:
    """What a job does with a store, its runs in batches; chance says which, how many and how often."""
    random = world.disk.random
    store = Store(STORE, VERSION)
    store.prepare()
    for _ in range(random.randint(1, ROUNDS)):
        wanted = sorted(random.sample(range(MEMBERS), random.randint(1, 12)))
        weekly = np.array([m % 5 == 0 for m in wanted])
        lacking = [m for m, lacks in zip(wanted, store.missing(keys_of(wanted), weekly), strict=True) if lacks]
        if random.random() < 0.2:
            lacking = wanted  # made beside another job, which has them too by now
        if paths := [m for m in lacking if m % 5 == 0]:
            store.append(chunks.Paths(keys_of(paths), FIGURES[:2], paths_of(paths)))
            world.told_weekly.update(paths)
        if lacking:
            store.append(summaries_of(lacking))
            world.told.update(lacking)
        if random.random() < 0.4:
            store.join_small(random.choice((2, 4)))
        compare(world, store, wanted)


def compare(world: World, store: Store, members: list[int]) -> None:
    """Read runs that the store says it has, and take note of figures that are not those written."""
    there = [m for m, lacks in zip(members, store.missing(keys_of(members), _none(members)), strict=True) if not lacks]
    with contextlib.suppress(StoreError):  # it says that they can no longer be read
        if there and not np.array_equal(store.figures(keys_of(there), FIGURES), figures_of(there)):
            world.wrong.append(f"wrong figures of {there}")
    paths = [m for m in members if m % 5 == 0]
    lacks = store.missing(keys_of(paths), np.ones(len(paths), bool))
    paths = [m for m, lack in zip(paths, lacks, strict=True) if not lack]
    with contextlib.suppress(StoreError):
        if paths and not np.array_equal(store.paths(keys_of(paths)), paths_of(paths)):
            world.wrong.append(f"wrong paths of {paths}")


def _none(members: list[int]) -> np.ndarray:
    return np.zeros(len(members), bool)


def look(world: World) -> None:
    """Open the store as the next job would, with a disk that works, and look for what was told."""
    if not disk.exists(STORE):
        lost = sorted(world.told - world.flipped)
    else:
        store = Store(STORE, VERSION)
        told, weekly = sorted(world.told), sorted(world.told_weekly & world.told)
        lost = [m for m, lacks in zip(told, store.missing(keys_of(told), _none(told)), strict=True) if lacks]
        lacks = store.missing(keys_of(weekly), np.ones(len(weekly), bool))
        lost += [m for m, lack in zip(weekly, lacks, strict=True) if lack]
        lost = sorted(set(lost) - world.flipped)
        compare(world, store, [m for m in told if m not in world.flipped])
    if lost:
        world.wrong.append(f"lost {lost}")
    gone = world.flipped & world.told
    world.told -= gone  # to be told again before they count again
    world.told_weekly -= gone
    world.flipped.clear()


def _flipped_in(world: World) -> Callable[[bytes], None]:
    """Take note of the members of a file whose bits are about to be flipped."""

    def note(content: bytes) -> None:
        import h5py

        try:
            with h5py.File(h5py.h5f.open_file_image(content)) as file:
                held = set(file["fingerprint"][...].tolist())
        except (OSError, KeyError, ValueError, RuntimeError):  # the mark of the store, or half a chunk
            return
        world.flipped.update(m for m in range(MEMBERS) if int(keys_of([m])[0]) in held)

    return note


@contextlib.contextmanager
def on(simulated: Disk) -> Iterator[None]:
    """Have the store's file operations go to a simulated disk."""
    own_mark()  # the host is worked out of the real machine, once
    with contextlib.ExitStack() as stack:

        def patch(name: str, function: Any) -> None:
            stack.enter_context(mock.patch.object(disk, name, function))

        simulated.install(patch)
        stack.enter_context(mock.patch.object(store_maintenance, "read_json", lambda path: json.loads(disk.read(path))))
        yield


def run_world(seed: int, faults: float = FAULTS, generations: int = GENERATIONS) -> World:
    """One world to its end, or to the first thing that is wrong in it."""
    world = World(Disk(seed, faults))
    world.disk.on_flip = _flipped_in(world)
    with on(world.disk):
        world.disk.make_folder(Path("/lab"))
        world.disk.flush(Path("/"))
        for generation in range(generations):
            jobs = [lambda: job(world)] * world.disk.random.choice((1, 1, 2, 3))
            raised = world.disk.run(jobs)
            world.wrong += [f"{type(error).__name__}: {error}" for error in raised if not _is_said(error)]
            if not _marked(world):
                break
            look(world)
            if world.wrong:
                world.wrong[-1] += f" (seed {seed}, generation {generation}, step {world.disk.steps})"
                break
    return world


def _marked(world: World) -> bool:
    """Whether the store's mark can be read; where its bits were flipped, the store is refused with a sentence."""
    try:
        store_maintenance.check(STORE)
    except StoreError:
        if not world.disk.counts["flip"]:
            world.wrong.append(f"the folder is taken for no store (step {world.disk.steps})")
        return False
    return True


def _is_said(error: BaseException) -> bool:
    return isinstance(error, StoreError) and "\n" not in str(error)


def main(words: list[str]) -> int:
    """Run worlds until so many steps are done; 1 if something was lost or wrong."""
    given = {key: int(value) for key, value in (word.split("=") for word in words)}
    seed, most, worlds = given.get("seed", 1), given.get("steps", 1_000_000), given.get("worlds", 0)
    steps = done = failed = told = 0
    counts = dict.fromkeys(KINDS, 0)
    began = time.monotonic()
    while (done < worlds) if worlds else (steps < most):
        world = run_world(seed + done)
        steps, done, told = steps + world.disk.steps, done + 1, told + len(world.told)
        counts = {kind: counts[kind] + world.disk.counts[kind] for kind in KINDS}
        for line in world.wrong:
            failed += 1
            print(f"  {line}; python -m tests.experiments.store_simulation worlds=1 seed={seed + done - 1}", flush=True)
    faults = ", ".join(f"{kind} {count:,}" for kind, count in counts.items())
    print(f"{steps:,} steps in {done:,} worlds from seed {seed}, {time.monotonic() - began:.0f} s; faults: {faults}")
    print(f"{told:,} runs told at the end of their worlds; {failed} found lost or wrong")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
