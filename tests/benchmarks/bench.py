"""This model beside a packed kernel, beside reading every resident, and by size: ratios in one run (`make bench`).

    python -m tests.benchmarks.bench               some three minutes
    python -m tests.benchmarks.bench --quick       without the cold start, the store and the Mesa twin: under a minute
    python -m tests.benchmarks.bench --city        the city of configs/town too (half a million residents)
    python -m tests.benchmarks.bench --write       draw docs/images/performance.svg too

Everything is processor time of the fastest of several runs, because machines are shared; between machines compare
the ratios. A resident-week is one resident for one week. The packed kernel (packed.py) is a fixed measure.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import numpy as np

from experiments.ensemble import Executor, rows_by_seeds
from sim import run
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from tests.benchmarks import mesa_twin, packed
from tests.benchmarks.speed import COLD, ROOT, best, cold_compilation
from tests.benchmarks.store import Model, packages, run_whole

SIZES = (2_000, 5_000, 12_000, 25_000, 48_700, 100_000, 200_000)
PICTURE = ROOT / "docs" / "images" / "performance.svg"
# What others are quoted with, ns per agent and step: other models on other machines (docs/performance.md).
PUBLISHED = {"FLAME GPU 2 (H100)": 2.1, "Agents.jl": 149.0, "Mesa": 13_300.0}


def host() -> str:
    """Processor, and versions of what compiles."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        lines = info.read_text(encoding="utf-8").splitlines()
        name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), name)
    versions = f"Python {platform.python_version()}, numba {numba.__version__}, numpy {np.__version__}"
    return f"{name}, {os.cpu_count()} processors, {versions}"


def branch_of(chosen, repeats: int) -> float:
    """Nanoseconds a resident-week of a branch, its copy of the history and its world included."""
    made = run.history(chosen)
    return best(lambda: run.branch(made, chosen), repeats)[0] * 1e9 / chosen.weeks / chosen.town.residents


def reading(residents: np.ndarray, repeats: int, weeks: int = 208) -> float:
    """Nanoseconds a resident of reading one field of every record."""
    packed.read(residents)
    seconds = best(lambda: [packed.read(residents) for _ in range(weeks)], repeats)[0]
    return seconds * 1e9 / weeks / len(residents)


def by_size(city: bool, repeats: int) -> dict[int, float]:
    """Nanoseconds a resident-week of a branch by residents; smaller towns run longer, so that each takes a while."""
    found = {}
    for residents in SIZES:
        chosen = setting("average", residents=residents, weeks=max(104, min(1040, 5_000_000 // residents)))
        found[residents] = branch_of(chosen, repeats)
    if city:
        chosen = setting("city", weeks=52)
        found[chosen.town.residents] = branch_of(chosen, 2)
    return found


def exponent(found: dict[int, float]) -> float:
    """Exponent e of processor time ~ residents^e, by least squares in logarithms."""
    sizes = np.array(list(found), float)
    return float(np.polyfit(np.log(sizes), np.log(sizes * np.array(list(found.values()))), 1)[0])


def side_by_side(chosen, repeats: int) -> float:
    """Processor time a branch when two run at once on two threads, relative to one alone."""
    made = run.history(chosen)
    one = best(lambda: run.branch(made, chosen), repeats)[0]
    with ThreadPoolExecutor(2) as pool:
        two = best(lambda: list(pool.map(lambda _: run.branch(made, chosen), range(2))), repeats)[0]
    return two / 2 / one


def warm_start() -> float:
    """Processor seconds of a process that imports the model and loads its compiled week."""
    code = COLD.replace("t = time.process_time(); ", "t = 0.0; ")
    found = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    return min(float(ended.stdout) for ended in found)


def stored(repeats: int = 3) -> tuple[float, float]:
    """(processor seconds of the model, what the ensemble and its store add) for each member, average town."""
    members = rows_by_seeds(packages(12), 2)
    run_whole(members[:1], executor=Executor("serial"))
    found = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder, Model() as model:
            began = time.process_time()
            run_whole(members, store=Path(folder), executor=Executor("serial"))
            found.append((time.process_time() - began - model.seconds, model.seconds))
    more, alone = min(found)
    return alone / len(members), more / len(members)


def draw(found: dict[int, float], marks: dict[str, float]) -> None:
    """Nanoseconds a resident-week by size, both axes logarithmic, beside what else was measured or published."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "performance", "font.size": 9}):
        figure = Figure(figsize=(7, 4.2), layout="constrained")
        axes = figure.add_subplot()
        axes.loglog(list(found), list(found.values()), "o-", color="#1f5f99", label="this model, a branch")
        for group, note, at, side in ((marks, "", 1, "right"), (PUBLISHED, ", as quoted", 0, "left")):
            for name, value in group.items():
                axes.axhline(value, ls=":" if note else "--", lw=0.8, color="0.45")
                label = f"{name}: {value:,.3g}" if value < 1000 else f"{name}: {value:,.0f}"
                axes.annotate(
                    label + note, (at, value), (2 - 4 * at, 2), va="bottom", ha=side, fontsize=8,
                    xycoords=("axes fraction", "data"), textcoords="offset points",
                )  # fmt: skip
        axes.set_xlabel("residents")
        axes.set_ylabel("processor time, ns per resident-week (agent-step)")
        axes.legend(loc=(0.4, 0.66), frameon=False)
        figure.savefig(PICTURE, metadata={"Date": None, "Creator": None})
    print(f"{PICTURE.relative_to(ROOT)} written")


def line(name: str, value: float, unit: str, base: float | None = None) -> None:
    """Print a figure, and how many times the packed kernel's it is."""
    print(f"{name:<66}{value:10.3f} {unit}" + (f"{value / base:10.2f}" if base else ""), flush=True)


def main() -> None:
    """Measure everything and print it."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--quick", action="store_true", help="no cold start, no store, no Mesa twin")
    reader.add_argument("--city", action="store_true", help="the city too")
    reader.add_argument("--write", action="store_true", help=f"draw {PICTURE.relative_to(ROOT)}")
    reader.add_argument("--repeats", type=int, default=5, help="runs of which the fastest counts (default 5)")
    given = reader.parse_args()
    run.compile()
    print(f"{host()}\n\n{'':<66}{'ns a resident-week':>18}{'/ packed':>9}")
    chosen = setting("average")
    kernel = packed.best(repeats=given.repeats)[0] * 1e9 / packed.RESIDENTS / packed.WEEKS
    line(f"packed kernel, {packed.RESIDENTS:,} residents, {packed.WEEKS} weeks", kernel, "ns", kernel)
    least = reading(run.history(chosen).units[0].state.residents, given.repeats)
    line(f"reading every resident once a week, {chosen.town.residents:,} residents", least, "ns", kernel)
    own = branch_of(chosen, given.repeats)
    line(f"this model, a branch of {chosen.weeks} weeks, the average town", own, "ns", kernel)
    all_of_them = setting("average", measures=dict.fromkeys(MEASURES, 1.0))
    line("  under all nineteen measures", branch_of(all_of_them, given.repeats), "ns", kernel)
    marks = {"packed kernel": kernel, "reading every resident": least}
    if not given.quick:
        twin = mesa_twin.nanoseconds()
        line(f"plain Mesa twin of the same week, {mesa_twin.RESIDENTS:,} residents", twin, "ns", kernel)
        marks["plain Mesa twin of this model"] = twin

    print("\nby size, a branch")
    found = by_size(given.city, max(2, given.repeats - 2))
    for residents, value in found.items():
        line(f"  {residents:,} residents", value, "ns", kernel)
    print(f"processor time grows with residents to the power {exponent(found):.3f}\n")

    line("two branches side by side on two threads, each / one alone", side_by_side(chosen, given.repeats), "")
    line("warm start: import, load the compiled week, two weeks of a village", warm_start(), "s")
    if not given.quick:
        line("cold start: compiling the week", cold_compilation(), "s")
        alone, more = stored()
        line(f"a member of an ensemble: the store adds {1000 * more:.1f} ms, relative to its", more / alone, "")
    if given.write:
        draw(found, marks)


if __name__ == "__main__":
    main()
