"""How fast the model runs on this machine, in seconds of processor time and against this machine's own pace.

    python -m tests.benchmarks.speed             after compilation: about 15 s
    python -m tests.benchmarks.speed --cold      a cold compilation too, in a cache of its own: half a minute more
    python -m tests.benchmarks.speed --against ../other      this checkout against another one, turn by turn

Processor time is the best of several runs, because machines are shared. Beside it stands the ratio to a fixed
calibration loop (scalar, compiled, 200 million scrambles of 64 bits) timed in the same run, which is what may be
compared between machines; and the ratio to the least a week could cost, reading every resident once.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from sim import run
from sim.compiled import entry
from sim.inputs.settings import setting
from sim.state import State
from sim.town import build_unit, units_of
from sim.vocabulary import BASELINE_WEEKS
from sim.world import world_of

ROOT = Path(__file__).resolve().parents[2]
SCRAMBLES = 200_000_000
COLD = "from sim import run; import time; t = time.process_time(); run.compile(); print(time.process_time() - t)"

# What both checkouts do, turn by turn: one process each, so that neither waits for a compiler or a cold cache.
TURNS = """
import sys, time
import sim
from sim import run
run.compile()
chosen = sim.setting("average")
made = run.history(chosen)
work = {"history": lambda: run.history(chosen), "branch": lambda: run.branch(made, chosen)}
print("ready", flush=True)
for name in sys.stdin:
    began = time.process_time()
    work[name.strip()]()
    print(time.process_time() - began, flush=True)
"""

# At most this, after compilation: processor seconds (the county's are by the clock, on two cores), bytes a resident.
PROMISED = {"branch": 0.12, "whole": 0.3, "county": 5.0, "bytes": 150.0, "cold": 30.0}


@entry
def scrambles(count, x):
    """The calibration loop: a chain of 64-bit scrambles that nothing can shorten."""
    for _ in range(count):
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x ^= x >> np.uint64(27)
    return x


def best(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """(processor seconds, wall seconds) of the fastest of several runs."""
    found = []
    for _ in range(repeats):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        found.append((time.process_time() - cpu, time.perf_counter() - wall))
    return min(found)


def whole(chosen, threads: int = 1) -> list[State]:
    """A whole run, unit by unit, from the first week of burn-in to the last."""
    world = world_of(chosen, history=True)
    start = -BASELINE_WEEKS - int(chosen.facts["calendar"]["settling_weeks"])

    def one(spec) -> State:
        state = build_unit(chosen, world, *spec, False)
        return run.run_unit(state, world, start, chosen.weeks, -BASELINE_WEEKS).state

    if threads == 1:
        return [one(spec) for spec in units_of(chosen)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, units_of(chosen)))


def bytes_of(states: list[State]) -> float:
    """Bytes a resident: every array of the states, and the two scratch arrays of a run."""
    residents = sum(len(state.residents) for state in states)
    return sum(array.nbytes for state in states for array in state) / residents + 9.0


def streamed(state: State, weeks: int) -> Callable[[], int]:
    """Read every resident's record once a week, with plain numpy: nothing else can be cheaper."""
    words = state.residents.view(np.uint64)
    return lambda: sum(int(words.max()) for _ in range(weeks))


def line(name: str, seconds: float, pace: float, least: float | None = None, promised: float | None = None) -> str:
    text = f"{name:<52}{seconds:9.4f} s{seconds / pace:9.3f}"
    text += f"{seconds / least:9.1f}" if least else " " * 9
    return text + (f"   at most {promised:g} s: {'kept' if seconds <= promised else 'MISSED'}" if promised else "")


def cold_compilation() -> float:
    """Processor seconds of a first start with an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TOWNSHIP_LAB_CACHE": folder, "PYTHONPATH": str(ROOT)}
        ended = subprocess.run(
            [sys.executable, "-c", COLD], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
    return float(ended.stdout)


def against(other: Path, repeats: int) -> None:
    """Time this checkout and another one by turns, and print the ratios of their processor times."""
    if not (other / "sim" / "__init__.py").is_file():
        sys.exit(f"--against {other}: no checkout with a folder sim in it")
    homes = (ROOT, other.resolve())
    clocks = [
        subprocess.Popen(
            [sys.executable, "-c", TURNS],
            cwd=home,
            env={**os.environ, "PYTHONPATH": str(home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for home in homes
    ]

    def turn(clock: subprocess.Popen, name: str) -> float:
        print(name, file=clock.stdin, flush=True)
        return float(clock.stdout.readline())

    for clock, home in zip(clocks, homes, strict=True):
        if clock.stdout.readline().strip() != "ready":
            sys.exit(f"--against: {home} does not start")
    print(f"{'':<12}{'here':>10}{'there':>10}{'here / there':>15}{'middle half of the turns':>28}")
    for name, times in (("history", repeats), ("branch", 3 * repeats)):
        pairs = np.array([[turn(clock, name) for clock in clocks] for _ in range(times)])
        ratios = np.quantile(pairs[:, 0] / pairs[:, 1], (0.25, 0.75))
        here, there = pairs.min(axis=0)
        print(f"{name:<12}{here:9.4f}s{there:9.4f}s{here / there:15.3f}{ratios[0]:17.3f} to {ratios[1]:.3f}")
    for clock in clocks:
        clock.stdin.close()
        clock.wait()


def main() -> None:
    """Time everything and print a table."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--cold", action="store_true", help="time a cold compilation too")
    reader.add_argument("--repeats", type=int, default=7, help="runs of which the fastest counts (default 7)")
    reader.add_argument("--no-county", action="store_true", help="leave the county out")
    reader.add_argument("--against", type=Path, help="another checkout, timed turn by turn with this one; nothing else")
    given = reader.parse_args()
    if given.against is not None:
        against(given.against, given.repeats)
        return

    run.compile()
    chosen = setting("average")
    scrambles(np.int64(10), np.uint64(1))
    pace = best(lambda: scrambles(np.int64(SCRAMBLES), np.uint64(1)), 3)[0]
    (state,) = whole(chosen)
    history = run.history(chosen)
    streams = best(streamed(state, chosen.weeks), 3)[0] / chosen.weeks

    burn_in = int(chosen.facts["calendar"]["settling_weeks"])
    all_weeks = burn_in + BASELINE_WEEKS + chosen.weeks
    rows = [
        line("calibration loop", pace, pace),
        line(f"reading every resident once a week, {all_weeks} weeks", streams * all_weeks, pace, streams * all_weeks),
    ]
    for name, work, weeks, promised in (
        ("building the town", lambda: build_town(chosen), 0, None),
        ("history", lambda: run.history(chosen), burn_in + BASELINE_WEEKS, None),
        ("branch", lambda: run.branch(history, chosen), chosen.weeks, PROMISED["branch"]),
        ("whole default run", lambda: whole(chosen), all_weeks, PROMISED["whole"]),
    ):
        label = f"{name}, {weeks} weeks" if weeks else name
        rows.append(line(label, best(work, given.repeats)[0], pace, streams * weeks or None, promised))
    if not given.no_county:
        county = setting("county")
        cpu, wall = best(lambda: whole(county, 2), 2)
        units = len(units_of(county))
        rows.append(line(f"county, {units} units on two threads", cpu, pace))
        rows.append(line("county, by the clock", wall, pace, None, PROMISED["county"]))
    if given.cold:
        rows.append(line("cold compilation", cold_compilation(), pace, None, PROMISED["cold"]))

    print(
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, numpy {np.__version__}"
    )
    print(f"{chosen.town.residents:,} residents\n")
    print(f"{'':<52}{'processor':>11}{'/ loop':>9}{'/ least':>9}")
    print("\n".join(rows))
    size = bytes_of([state])
    promise = "kept" if size <= PROMISED["bytes"] else "MISSED"
    print(f"\n{size:.0f} bytes a resident (at most {PROMISED['bytes']:g}: {promise})")
    for name, array in sorted(state._asdict().items(), key=lambda item: -item[1].nbytes)[:6]:
        print(f"  {name:<12}{array.nbytes / len(state.residents):7.1f}")


def build_town(chosen) -> None:
    """The synthetic town alone."""
    world = world_of(chosen, history=True)
    for spec in units_of(chosen):
        build_unit(chosen, world, *spec, False)


if __name__ == "__main__":
    main()
