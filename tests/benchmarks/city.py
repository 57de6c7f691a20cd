"""The city of 6.6 million residents, clock and memory: one thread, two, and units as tasks of two worker processes.

    python -m tests.benchmarks.city [town] [residents]      some three minutes for the city

Each way is measured in a process of its own, one after another, from no history to weekly counts of every unit.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

ONE, TWO, TASKS = "one thread", "two threads", "two Dask worker processes, units as tasks"


def measured(way: str, town: str, residents: int | None) -> str:
    """One line: seconds by the clock, processor seconds and memory of this process, and what came out."""
    import resource

    from sim import run
    from sim.cores import on_cores
    from sim.inputs.settings import setting

    chosen = setting(town, residents=residents) if residents else setting(town)
    run.compile()
    if way == TASKS:
        from distributed import Client, LocalCluster

        from experiments.ensemble.units import run_by_unit, tallies_of

        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            pool = client.get_executor(pure=False)
            list(pool.map(lambda _: tallies_of(setting("demo_village", residents=200), [0]), range(4)))  # warm
            began, used = time.perf_counter(), os.times()
            records = run_by_unit(chosen, pool, 32)
            seconds = time.perf_counter() - began
            memory = sum(client.run(lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss).values()) / 1e6
    else:
        began, used = time.perf_counter(), os.times()
        with on_cores(1 if way == ONE else 2) as each:
            records = run.branch(run.history(chosen, "unit", each), chosen, each)
        seconds = time.perf_counter() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    ended = os.times()
    processor = ended.user + ended.system - used.user - used.system
    total = f"{float(records.tallies['closed'].sum()):.0f} cases closed in {records.units.shape[1]} units"
    return f"{way:45}{seconds:8.1f} s{processor:8.1f} s here{memory:7.2f} GB   {total}"


def main() -> None:
    """Measure each way in a process of its own."""
    words = sys.argv[1:]
    if words[:1] == ["--way"]:
        print(measured(words[1], words[2], int(words[3]) or None), flush=True)
        return
    town, residents = (words + ["city", "0"][len(words) :])[:2]
    for way in (ONE, TWO, TASKS):
        subprocess.run([sys.executable, "-m", "tests.benchmarks.city", "--way", way, town, residents], check=True)


if __name__ == "__main__":
    main()
