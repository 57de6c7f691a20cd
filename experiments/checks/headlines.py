"""The three headlines under nine settings, by whichever generation of the model is installed, as a csv.

    python -m experiments.checks.headlines FILE.csv SEEDS
    PYTHONPATH=CHECKOUT python experiments/checks/headlines.py FILE.csv SEEDS

The second line runs an earlier generation, from a checkout of it (git worktree add CHECKOUT 4b9c253). So this file uses
only what the fifth model has. docs/model_history.md is made of the file (experiments/checks/history.py).
"""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import sim
from experiments.checks.runs import figures

RESIDENTS = 10_000
DIALS = ("tolerance", "burden", "supervision")
HEADLINES = ("service_efficiency", "micro_corruption", "satisfaction")
ENDS = {"low": "lowest", "high": "highest"}
TODAY, KEPT, ENDED = "today", "nineteen measures, kept", "nineteen measures, ended at week 104"


def end_of(dial: str, end: str) -> str:
    """Name of the setting with a dial at an end of its range."""
    return f"{dial} {ENDS[end]}"


def settings(residents: int = RESIDENTS, facts: dict | None = None) -> dict[str, sim.Setting]:
    """Today, the package kept and ended, and each dial at both ends of its range, the others as today."""
    orders: dict[str, dict] = {TODAY: {}, KEPT: dict.fromkeys(sim.MEASURES, 1.0)}
    orders[ENDED] = {id: {"intensity": 1.0, "end": 104} for id in sim.MEASURES}
    found = {
        name: sim.setting(residents=residents, measures=measures, facts=facts or {})
        for name, measures in orders.items()
    }
    for dial in DIALS:
        for end in ENDS:
            levers = {dial: getattr(sim.LEVERS[dial], end)}
            found[end_of(dial, end)] = sim.setting(residents=residents, levers=levers, facts=facts or {})
    return found


def head(seeds: int, residents: int) -> dict[str, str]:
    """Where the figures are from: the commit and the version of the model, the seeds, the size."""
    folder = Path(sim.__file__).parent
    commit = subprocess.run(
        ["git", "-C", str(folder), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    version = sim.simulate("demo_village", weeks=52).attrs["model_version"]
    found = {"commit": commit.stdout.strip() or "unknown", "model version": version}
    return {**found, "seeds": f"0 to {seeds - 1}", "residents": str(residents)}


def main(arguments: list[str]) -> int:
    """Run the settings and write the file; returns the exit code."""
    if len(arguments) != 2 or not arguments[1].isdigit() or int(arguments[1]) < 2:
        print("headlines: a file and a whole number of seeds, 2 or more, expected", file=sys.stderr)
        return 2
    path, seeds = Path(arguments[0]), int(arguments[1])
    if not path.parent.is_dir():
        print(f"headlines: {path.parent} is no folder", file=sys.stderr)
        return 2
    found = figures(settings(), range(seeds))
    with path.open("w", encoding="utf-8", newline="") as file:
        for key, value in head(seeds, RESIDENTS).items():
            file.write(f"# {key}: {value}\n")
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("setting", "seed", *HEADLINES))
        for name, by_figure in found.items():
            values = zip(*(by_figure[headline] for headline in HEADLINES), strict=True)
            rows.writerows((name, seed, *(f"{value:.6g}" for value in row)) for seed, row in enumerate(values))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
