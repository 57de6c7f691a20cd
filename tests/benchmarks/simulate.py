"""What `sim.simulate` takes: a first dial, a second one, and the labelled data, in processor time and in branches.

    python -m tests.benchmarks.simulate          after compilation: about 10 s

Processor time is the best of several runs, because machines are shared. Beside it stands the ratio to the bare branch
(weeks 0 to 207 of the same setting from its history, nothing else), which is what no face can do without.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable

import sim
from sim import dataset, run
from sim.inputs.settings import setting

SIZES = (5_000, 48_700)
PROMISED = {"second dial": 25.0, "labelled data": 5.0}  # at most, milliseconds at 5,000 residents


def best(work: Callable[[], object], repeats: int) -> float:
    """Processor milliseconds of the fastest of several runs."""
    found = []
    for _ in range(repeats):
        began = time.process_time_ns()
        work()
        found.append(time.process_time_ns() - began)
    return min(found) / 1e6


def rows_of(residents: int, repeats: int) -> dict[str, float]:
    """Processor milliseconds of each piece at a number of residents."""
    chosen = setting(residents=residents)
    history = run.history(chosen)
    records = run.branch(history, chosen)
    dials = itertools.count(1)

    def dial() -> None:
        sim.simulate(residents=residents, burden=1.0 + 0.001 * next(dials))

    def first() -> None:
        dataset.forget_histories()
        dial()

    return {
        "branch": best(lambda: run.branch(history, chosen), repeats),
        "setting and its key": best(lambda: setting(residents=residents, burden=1.5).fingerprint, repeats),
        "figures": best(lambda: (run.series(records), run.figures(records)), repeats),
        "labelled data": best(lambda: dataset.single_dataset(records), repeats),
        "first dial": best(first, max(2, repeats // 3)),
        "second dial": best(dial, repeats),
    }


def main() -> None:
    """Time everything and print a table."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--repeats", type=int, default=12, help="runs of which the fastest counts (default 12)")
    given = reader.parse_args()
    sim.simulate(residents=500, weeks=52)
    print(f"{'':<32}{'processor':>12}{'/ branch':>10}")
    for residents in SIZES:
        print(f"{residents:,} residents")
        found = rows_of(residents, given.repeats)
        for name, taken in found.items():
            line = f"  {name:<30}{taken:9.2f} ms{taken / found['branch']:10.2f}"
            if name in PROMISED and residents == SIZES[0]:
                line += f"   at most {PROMISED[name]:g} ms: {'kept' if taken <= PROMISED[name] else 'MISSED'}"
            print(line)


if __name__ == "__main__":
    main()
