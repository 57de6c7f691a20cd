"""A store that goes through kills, power cuts, torn writes, full and failing disks, other jobs: nothing lost or wrong.

A million steps: python -m tests.experiments.store_simulation steps=1000000 (docs/reliability.md).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import pytest

from experiments.ensemble import chunks, disk
from experiments.ensemble.member_store import Store
from tests.experiments.simulated_disk import KINDS, Disk, _Folder
from tests.experiments.store_simulation import STORE, VERSION, on, run_world, summaries_of

STEPS = 20_000
WORLDS = range(1_000, 1_060)


def test_nothing_is_lost_and_nothing_wrong_is_served():
    steps, faults = 0, dict.fromkeys(KINDS, 0)
    for seed in WORLDS:
        world = run_world(seed)
        assert not world.wrong, f"python -m tests.experiments.store_simulation worlds=1 seed={seed}"
        steps += world.disk.steps
        faults = {kind: faults[kind] + world.disk.counts[kind] for kind in KINDS}
        if steps > STEPS:
            break
    assert steps > STEPS and all(faults.values())


def test_a_world_is_the_same_again():
    first, again = run_world(7, generations=4), run_world(7, generations=4)
    assert (first.disk.steps, first.disk.counts, first.told) == (again.disk.steps, again.disk.counts, again.told)


# stores that are wrong on purpose: the simulation has to find out


def _flush_nothing(self: Disk, path: Any) -> None:
    pass


def _flush_no_new_folder(self: Disk, path: Any) -> None:
    found = self._find(path)
    if not isinstance(found, _Folder):
        found.durable = found.content
    elif path != STORE:
        found.durable, found.changes = dict(found.names), []


def _found(seeds: range) -> bool:
    return any(run_world(seed).wrong for seed in seeds)


@pytest.mark.parametrize("flush", [_flush_nothing, _flush_no_new_folder])
def test_a_store_that_does_not_flush_is_found_out(flush, monkeypatch):
    monkeypatch.setattr(Disk, "flush", flush)
    assert _found(range(6))


def test_a_store_that_does_not_compare_checksums_is_found_out(monkeypatch):
    @contextlib.contextmanager
    def trusting(path: Path) -> Iterator[Any]:
        with h5py.File(h5py.h5f.open_file_image(disk.read(path))) as file:
            yield file

    monkeypatch.setattr(chunks, "open_chunk", trusting)
    assert _found(range(12))


@pytest.mark.parametrize("other", range(8))
def test_a_chunk_that_another_job_is_about_to_delete_is_not_written_anew(other):
    """One job joins all between two deletions of another: until 2026-12 both could delete what the other relied on."""
    simulated = Disk(other, 0.0)
    # undone before the simulated disk goes: undone after it, its function would stay in every later test
    with on(simulated), pytest.MonkeyPatch.context() as monkeypatch:
        for folder in ("/lab", "/lab/there"):
            simulated.make_folder(Path(folder))
        first = Store(STORE, VERSION)
        first.prepare()
        for members in ([10 * other], [10 * other + 50, 10 * other]):
            first.append(summaries_of(members))
        remove, left = disk.remove, [1]

        def interrupted(path: Path) -> None:
            if path.suffix == ".nc":
                left[0] -= 1
                if left[0] < 0:
                    monkeypatch.setattr(disk, "remove", remove)
                    Store(STORE, VERSION).join_small(2)
            remove(path)

        monkeypatch.setattr(disk, "remove", interrupted)
        first.join_small(2)
        monkeypatch.setattr(disk, "remove", remove)
        assert Store(STORE, VERSION).count() == 2
