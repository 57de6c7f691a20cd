"""A store used for hours: two jobs at once on it, killed again and again, until all members are there; memory watched.

    python -m tests.benchmarks.soak members=100000 minutes=10

Two jobs ask for overlapping seeds of demo_village (52 weeks) in one store. For `minutes` one of them is killed every
20 seconds or so; then both run to their end. At last every member has to be there once, and all chunks intact.
Printed: kills, members, time, and the highest memory of a job in its first and in its last third, in MB.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from experiments.ensemble.member_store import Store
from sim.version import model_version

WEEKS = 52
MEGABYTE = 1e6
JOB = """\
from experiments.ensemble import run_members, rows_by_seeds
from sim.inputs.settings import setting
rows = {{"a": setting("demo_village", weeks={weeks}, seed={seed})}}
run_members(rows_by_seeds(rows, {members}), store="store", executor=None)
"""


def start(folder: Path, seed: int, members: int) -> subprocess.Popen[bytes]:
    code = JOB.format(weeks=WEEKS, seed=seed, members=members)
    return subprocess.Popen([sys.executable, "-c", code], cwd=folder)


def memory(job: subprocess.Popen[bytes]) -> float:
    """Megabytes that a process holds now; 0 if it has ended."""
    try:
        pages = int(Path(f"/proc/{job.pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * 4096 / MEGABYTE


def main(words: list[str]) -> int:
    given = {key: float(value) for key, value in (word.split("=") for word in words)}
    members, minutes = int(given.get("members", 100_000)), given.get("minutes", 10.0)
    chance, kills, held = random.Random(0), 0, []
    seeds = (0, members // 4)  # three quarters are asked for by both
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs = [start(folder, seed, members) for seed in seeds]
        kill_at = began + 20
        while any(job.poll() is None for job in jobs) or any(job.returncode for job in jobs):
            time.sleep(1)
            held.append(max(map(memory, jobs)))
            now = time.monotonic()
            for at, job in enumerate(jobs):
                if job.poll() not in (None, 0):
                    jobs[at] = start(folder, seeds[at], members)
            if kill_at < now < began + 60 * minutes:
                kill_at = now + chance.uniform(10, 30)
                one = chance.choice(jobs)
                if one.poll() is None:
                    one.kill()
                    kills += 1
        store = Store(folder / "store", model_version(), print)
        there = store.count()
        damaged = len(store._damaged)
    third = max(1, len(held) // 3)
    wanted = members + members // 4
    print(
        f"{there:,} of {wanted:,} members, {kills} kills, {damaged} damaged chunks, {time.monotonic() - began:.0f} s; "
        f"memory {max(held[:third]):.0f} MB in the first third, {max(held[-third:]):.0f} MB in the last"
    )
    return int(there != wanted or damaged > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
