"""Units of a county as tasks of a pool: the same run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from experiments.ensemble.units import run_by_unit
from sim import run
from sim.inputs.settings import setting


@pytest.fixture(scope="module")
def county(compiled_model):
    chosen = setting("county", residents=6_000, weeks=52, seed=3, burden=0.5)
    return chosen, run.branch(run.history(chosen, "unit"), chosen)


@pytest.mark.parametrize("tasks", [1, 3, 500])
def test_units_in_tasks_give_the_run(county, tasks):
    chosen, whole = county
    told = []
    with ThreadPoolExecutor(2) as pool:
        found = run_by_unit(chosen, pool, tasks, lambda *of: told.append(of))
    for name in ("weeks", "tallies", "units"):
        assert getattr(found, name).tobytes() == getattr(whole, name).tobytes(), name
    parts = min(tasks, len(chosen.drawn.units))
    assert told == [(done, parts) for done in range(1, parts + 1)]


def test_worker_processes_of_a_cluster_give_the_run(county):
    distributed = pytest.importorskip("distributed")
    chosen, whole = county
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        found = run_by_unit(chosen, client.get_executor(pure=False), 4)
    assert found.units.tobytes() == whole.units.tobytes()
