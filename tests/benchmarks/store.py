"""What the store costs: a million members, throughput beside a bare loop, two threads beside one, a long ensemble.

    python -m tests.benchmarks.store                      all parts but the last; some minutes
    python -m tests.benchmarks.store million              1,000,000 made-up members: open, resume, select, size, memory
    python -m tests.benchmarks.store throughput           the default town: CPU time with and without the store
    python -m tests.benchmarks.store threads              two threads beside one
    python -m tests.benchmarks.store long members=1000    time and memory beside what one run's CPU time predicts
                                                          (members=25000 takes 20 minutes on two free cores)

CPU times, because machines are shared; the time by the clock is printed beside them.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from experiments.ensemble import Executor, Progress, chunks, rows_by_seeds, run_members, work
from experiments.ensemble.member_store import Store
from sim import run
from sim.indicators import INDICATORS
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.version import model_version

MADE_UP, HISTORY_MEMBERS = 85, 70


def memory() -> float:
    """Megabytes in use now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak() -> float:
    """Megabytes in use at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def timed(work) -> tuple[object, float, float]:
    """What `work()` gives, CPU seconds and seconds by the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    found = work()
    return found, time.process_time() - cpu, time.perf_counter() - clock


def line(what: str, cpu: float, clock: float, promised: float | None = None) -> None:
    """Print a measured time, and whether it is within what was promised."""
    verdict = "" if promised is None else f"   under {promised:g} s: {'kept' if cpu < promised else 'MISSED'}"
    print(f"{what:<60}{cpu:8.2f} s CPU{clock:8.2f} s{verdict}", flush=True)


def packages(count: int) -> dict:
    """Rows of the default town with random packages of measures."""
    chance = random.Random(1)
    return {
        f"p{i}": setting("average", measures={m: 1.0 for m in MEASURES if chance.random() < 0.5}) for i in range(count)
    }


def run_whole(members, **words):
    """`run_members`, and RuntimeError if any member failed: what did not run costs nothing."""
    results = run_members(members, **words)
    if results.failures:
        raise RuntimeError(results.failures[0].error)
    return results


# ---------------------------------------------------------------- a million


def million(folder: Path, total: int = 1_000_000) -> None:
    """Fill a store with made-up figures and use it; as in true ones a third are counts, the others use all bits."""
    rows = {f"r{i}": setting("demo_village", burden=0.5 + i / 100) for i in range(HISTORY_MEMBERS)}
    seeds = -(-total // len(rows))
    members = rows_by_seeds(rows, seeds)[:total]
    chance = np.random.default_rng(1)
    level = chance.uniform(0.1, 60, 2 * MADE_UP)
    names = [f"indicator_{i}{ending}" for ending in ("", "__year1", "__baseline") for i in range(MADE_UP)]

    def fill() -> None:
        store = Store(folder, model_version())
        store.prepare()
        for start in range(0, total - 1000, 4096):
            part = members[start : min(start + 4096, total - 1000)]
            histories = chunks.numbers([member.history for member in part])
            order, of_history = np.unique(histories, return_inverse=True)
            values = level * (1 + 0.05 * chance.standard_normal((len(part), 2 * MADE_UP)))
            values[:, ::3] = np.round(values[:, ::3]) / 52
            base = level[:MADE_UP] * (1 + 0.05 * chance.standard_normal((len(order), MADE_UP)))
            keys, own = chunks.numbers([member.fingerprint for member in part]), tuple(names[: 2 * MADE_UP])
            store.append(
                chunks.Summaries(
                    keys, np.array([m.seed for m in part]), of_history.astype(np.int32), own,
                    values, order, tuple(names[2 * MADE_UP :]), base,
                )
            )  # fmt: skip

    line(f"writing {total:,} members", *timed(fill)[1:])
    size = sum(path.stat().st_size for path in folder.rglob("*.nc"))
    kept = "kept" if size / total <= 1024 else "MISSED"
    print(f"{size / total:.0f} bytes a member with {MADE_UP} indicators (promised at most 1024: {kept})")
    before = memory()
    store, *took = timed(lambda: Store(folder, model_version()))
    line("open, every checksum compared", *took, 10)
    print(f"memory of the open store: {memory() - before:.0f} MB")
    keys, *named = timed(lambda: chunks.numbers([member.fingerprint for member in members]))
    line("  (naming the members of the design)", *named)
    missing, *took = timed(lambda: store.missing(keys, np.zeros(len(keys), bool)))
    line("resume: name the members, find the 1,000 that are missing", named[0] + took[0], named[1] + took[1], 10)
    assert missing.sum() == 1000
    found, *took = timed(lambda: store.figures(keys[~missing], names[:3]))
    line("select three figures of all", *took, 10)
    assert np.isfinite(found).all()
    _, *took = timed(lambda: store.figures(keys[:5000], names))
    line("select all figures of 5,000", *took, 10)
    print(f"most memory in use: {peak():.0f} MB, of which {before:.0f} MB were the design and the making of figures")


# ---------------------------------------------------------------- the default town


class Model:
    """CPU seconds that the model itself takes: histories, branches and their figures, in whatever thread."""

    PARTS = ("history", "branch", "evaluate")

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock = threading.Lock()
        self._own = {name: getattr(run, name) for name in self.PARTS}

    def __enter__(self) -> Model:
        for name, function in self._own.items():

            def noted(*words, function=function, **named):
                began = time.thread_time()
                try:
                    return function(*words, **named)
                finally:
                    with self._lock:
                        self.seconds += time.thread_time() - began

            setattr(run, name, noted)
        return self

    def __exit__(self, *error) -> None:
        for name, function in self._own.items():
            setattr(run, name, function)


def throughput(folder: Path) -> None:
    """CPU time of the model alone and of the whole ensemble, store included, in one and the same run.

    A bare loop cannot take less than the model alone. Two loops one after another differ by more than
    the store costs where a machine is shared.
    """
    members = rows_by_seeds(packages(72), 3)
    run_whole(members[:2], executor=Executor("serial"))  # what is loaded once
    with Model() as model:
        took = timed(lambda: run_whole(members, store=folder, executor=Executor("serial")))
    line(f"{len(members)} members and the store", *took[1:])
    line("  of which the model itself", model.seconds, model.seconds)
    ratio = model.seconds / took[1]
    size = sum(path.stat().st_size for path in folder.rglob("*.nc")) / len(members)
    print(f"{size:.0f} bytes a member with {len(INDICATORS)} indicators")
    verdict = "kept" if ratio >= 0.95 else "MISSED"
    print(f"throughput with the store: {100 * ratio:.1f} % of the model alone (promised at least 95 %: {verdict})")


class Busy:
    """Seconds that threads spend in batches."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock = threading.Lock()
        self._run = work.run_batch

    def __enter__(self) -> Busy:
        def noted(*words):
            began = time.perf_counter()
            try:
                return self._run(*words)
            finally:
                with self._lock:
                    self.seconds += time.perf_counter() - began

        work.run_batch = noted
        return self

    def __exit__(self, *error) -> None:
        work.run_batch = self._run


def threads(folder: Path, rounds: int = 2) -> None:
    """The same members on one thread and on two: CPU time, and how long the threads were busy."""
    members = rows_by_seeds(packages(48), 4)
    speeds, clocks = [], []
    for i in range(rounds):
        found = {}
        for count in (1, 2):
            with Busy() as busy:
                executor = Executor("threads", count)
                took = timed(lambda i=i, e=executor, c=count: run_whole(members, store=folder / f"{i}-{c}", executor=e))
            found[count] = (*took[1:], busy.seconds / (count * took[2]))
            line(f"{len(members)} members on {count} thread(s), busy {100 * found[count][2]:.0f} %", *took[1:])
        speeds.append(2 * found[2][2] / found[1][2] * found[1][0] / found[2][0])
        clocks.append(found[1][1] / found[2][1])
    speed = float(np.median(speeds))
    print(
        f"two threads are {speed:.2f} times one by CPU time and idleness (promised at least 1.8: "
        f"{'kept' if speed >= 1.8 else 'MISSED'}), {float(np.median(clocks)):.2f} times by the clock"
    )


class Watched(Progress):
    """Memory at every tenth of the way."""

    def __init__(self) -> None:
        self.memory: dict[int, float] = {}
        self.estimate_seconds = 0.0

    def estimate(self, estimate) -> None:
        self.estimate_seconds = estimate.seconds

    def update(self, done: int, total: int, found: int, left: float) -> None:
        self.memory.setdefault(10 * done // total, memory())


def long(folder: Path, count: int) -> None:
    """A ranking-like ensemble on two threads beside what one run's CPU time predicts.

    Runs are timed one by one before and after it, when the machine is warm: its first seconds are slower than the rest.
    """
    rows = packages(72)
    members = rows_by_seeds(rows, -(-count // len(rows)))[:count]
    first = members[: len(rows)]
    histories = len({member.history for member in members})

    def prediction() -> float:
        past = [timed(lambda m=m: run.history(m.setting))[1] for m in members[:: len(rows)][:5]]
        history = run.history(first[0].setting)
        branches = [timed(lambda m=m: run.evaluate(run.branch(history, m.setting)))[1] for m in first]
        return histories * float(np.median(past)) + count * float(np.mean(branches))

    prediction()
    before = prediction()
    watched = Watched()
    _, cpu, clock = timed(lambda: run_whole(members, store=folder, executor=Executor("threads", 2), progress=watched))
    after = prediction()
    predicted = (before + after) / 2.0
    line(f"{count:,} members, {histories} histories on two threads", cpu, clock)
    off = cpu / predicted - 1
    print(
        f"predicted from one run: {predicted:.0f} s CPU ({before:.0f} before, {after:.0f} after), "
        f"{predicted / 2:.0f} s on two cores; off by {100 * off:+.1f} % "
        f"in CPU time (promised within 15 %: {'kept' if abs(off) <= 0.15 else 'MISSED'}), "
        f"{100 * (2 * clock / predicted - 1):+.1f} % by the clock; told beforehand: {watched.estimate_seconds:.0f} s"
    )
    print("memory at each tenth, MB: " + " ".join(f"{watched.memory[i]:.0f}" for i in sorted(watched.memory)))


def main() -> None:
    """Run the parts that are named."""
    words = sys.argv[1:]
    given = dict(word.split("=") for word in words if "=" in word)
    parts = [word for word in words if "=" not in word] or ["million", "throughput", "threads"]
    run.compile()
    for part in parts:
        print(f"\n{part}")
        with tempfile.TemporaryDirectory() as folder:
            if part == "million":
                million(Path(folder) / "store", int(given.get("members", 1_000_000)))
            elif part == "long":
                long(Path(folder) / "store", int(given.get("members", 1000)))
            else:
                {"throughput": throughput, "threads": threads}[part](Path(folder))


if __name__ == "__main__":
    main()
