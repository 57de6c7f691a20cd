"""A job that is killed goes on with the same line, ends with the same tables, and repeats nothing that is stored."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from experiments.ensemble import rows_by_seeds, run_design, run_members, work
from experiments.ensemble.executors import Pool
from sim.inputs.settings import setting
from sim.version import model_version
from tests.benchmarks.survival import STAND_IN, WORDS, stopped, survive

SMALL = {"town": "demo_village", "residents": 500, "weeks": 52, "seed": 3}


@pytest.mark.skipif(sys.platform == "win32", reason="sends a Unix signal")
def test_a_killed_ranking_goes_on_with_the_same_line(place, compiled_model):
    found = survive(place, 3, 1, [*WORDS, "replicates=12"])
    assert found["kills"] == 3 and found["lost"] < 3 * found["runs"]


@pytest.mark.skipif(sys.platform == "win32", reason="sends a Unix signal")
def test_every_request_to_stop_is_answered_and_the_same_line_goes_on(place):
    found = stopped(place, 30, 1, [*WORDS, "replicates=6"], STAND_IN)
    assert found["stops"] == 30 and found["too late"] <= 15  # which grows where a machine is busy at first


class KilledWorker(Exception):
    """As Dask says it when several workers have died of one batch; it is told by its name."""


def test_a_member_that_kills_its_workers_is_found_alone_and_the_others_are_whole(use_model, monkeypatch, tmp_path):
    use_model()
    sizes = []

    def deadly(tasks):
        sizes.append(len(tasks))
        if any(task.setting.measures and task.setting.seed == 5 for task in tasks):
            raise KilledWorker
        return work.run_batch(tasks)

    @contextmanager
    def started(executor, note):
        with ThreadPoolExecutor(1) as threads:
            yield Pool(lambda tasks: threads.submit(deadly, tasks), lambda: 1, model_version(), lambda: None)

    monkeypatch.setattr(run_design, "start", started)
    members = rows_by_seeds({"today": setting(**SMALL), "window": setting(**SMALL, measures={"one_window": 1})}, 6)
    results = run_members(members, store=tmp_path / "store")
    assert [(str(failure.member.key), failure.member.seed) for failure in results.failures] == [("window", 5)]
    assert "KilledWorker" in results.failures[0].error
    assert len(list(results.finished())) == len(members) - 1
    assert max(sizes) > 1  # it was in company, and the company came through
