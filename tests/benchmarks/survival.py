"""A ranking killed, or asked to stop, again and again, and resumed each time with the same line.

    python -m tests.benchmarks.survival                     30 kills (a few minutes)
    python -m tests.benchmarks.survival kills=5 seed=3
    python -m tests.benchmarks.survival kills=0 stops=100   Ctrl-C and SIGTERM in turn

Says how often it was killed, how many runs the kills cost, and whether the tables are identical to
those of a job left alone. Exit code 1 if they are not, if a run that was in the store was made again, or if a
request to stop was not answered with a sentence and its exit code.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = ["experiment=quick_ranking", "town=demo_village", "residents=200", "weeks=52", "quiet=true", "output=out"]

# A ranking that notes in a file each run that it begins, and draws nothing.
CHILD = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the shell of this test does with it
log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
from sim import run
branch = run.branch
def noted(history, setting, *more):
    os.write(log, (setting.fingerprint + "\\n").encode())
    return branch(history, setting, *more)
run.branch = noted
from experiments import job, rank
from experiments.output import contents
read = job.read_words
def ready(words):
    open("ready", "w").close()
    return read(words)
job.read_words = ready
contents.write_figures = contents.write_pages = lambda *parts: None
job.leave(rank.main(sys.argv[2:]))
"""


# A stand-in for the model, so that starting takes no longer than what is looked at.
STAND_IN = """
import sys, time, types
import sim
from sim.version import model_version
from tests.experiments.fake_model import INDICATORS, OUTCOMES, FakeModel
model_version()  # of the real tables, before others stand in their place
model = FakeModel(wait=lambda: time.sleep(0.005))
indicators = types.ModuleType("sim.indicators")
indicators.INDICATORS, indicators.OUTCOMES = INDICATORS, OUTCOMES
for name, module in (("run", model), ("dataset", model), ("indicators", indicators)):
    sys.modules[f"sim.{name}"] = module
    setattr(sim, name, module)
"""


def started(folder: Path, words: list[str], before: str = "") -> subprocess.Popen:
    """The job in a process of its own, `before` it some code; runs that it begins are noted in <folder>/log."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ready").unlink(missing_ok=True)
    with open(folder / "out.txt", "wb") as out, open(folder / "err.txt", "wb") as err:
        return subprocess.Popen(
            [sys.executable, "-c", before + CHILD, "log", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=out,
            stderr=err,
        )


def begun(folder: Path) -> list[str]:
    """Fingerprints of the runs that jobs in this folder have begun, in order."""
    log = folder / "log"
    return log.read_text().split() if log.exists() else []


def kept(folder: Path) -> set[str]:
    """Fingerprints of the runs in the store of this folder."""
    from experiments.ensemble import chunks
    from experiments.ensemble.store_maintenance import chunk_paths, versions

    store = folder / "results" / "store"
    paths = [path for name in versions(store) for path in chunk_paths(store / name)]
    found = [chunks.fingerprints(path) for path in paths if path.name.startswith(chunks.SUMMARY)]
    return {f"{key:016x}" for keys in found for key in keys.tolist()}


def tables(folder: Path) -> dict[str, bytes]:
    """All tables of a finished job, and its summary."""
    paths = [*(folder / "out" / "tables").glob("*.csv"), folder / "out" / "summary.json"]
    return {path.name: path.read_bytes() for path in paths}


def survive(folder: Path, kills: int, seed: int, words: list[str]) -> dict[str, float]:
    """Kill the job at random moments, resume it, and compare it with one left alone.

    Raises AssertionError if its tables differ or a run that was in the store was made again.
    """
    alone = folder / "alone"
    began = time.monotonic()
    assert started(alone, words).wait() == 0
    whole = time.monotonic() - began
    total = len(begun(alone))
    chance = random.Random(seed)
    done = repeated = rounds = most = 0
    while done < kills:
        rounds += 1
        place = folder / f"round-{rounds}"
        there: set[str] = set()
        while True:
            before = len(begun(place))
            job = started(place, words)
            if done < kills:
                by_clock = chance.random() < 0.3  # also while it starts or writes its folder
                runs = 0 if by_clock else chance.randrange(max(1, total - len(there)))
                _wait(job, place, before + runs, chance.uniform(0, whole if by_clock else 0.1))
                job.send_signal(signal.SIGKILL)
            code = job.wait()
            again = begun(place)[before:]
            assert not there & set(again), "a run that was in the store was made again"
            if code == 0:
                break
            assert code == -signal.SIGKILL, code
            done += 1
            there = kept(place)
            lost = len(set(again) - there)
            repeated, most = repeated + lost, max(most, lost)
            print(f"kill {done}: {len(there)} of {total} runs in the store, {lost} lost", flush=True)
        assert tables(place) == tables(alone), "the tables differ"
        assert len(kept(place)) == total
    return {"kills": done, "rounds": rounds, "runs": total, "lost": repeated, "most lost at once": most}


def stopped(folder: Path, times: int, seed: int, words: list[str], before: str = "") -> dict[str, float]:
    """Ask the job to stop at random moments, resume it, and compare it with one left alone.

    Raises AssertionError if one is not answered as promised, or the tables differ. A request that comes when all is
    done already, so that the job ends with 0, is no answer and is made again.
    """
    alone = folder / "alone"
    whole = _seconds(alone, words, before)
    total = len(begun(alone))
    again = _seconds(alone, words, before)  # all runs are in its store
    chance = random.Random(seed)
    done = late = rounds = 0
    while done < times:
        rounds += 1
        place = folder / f"round-{rounds}"
        while done < times:
            number = (signal.SIGINT, signal.SIGTERM)[done % 2]
            left = 1 - len(kept(place)) / total
            lines = len(begun(place))
            job = started(place, words, before)
            _until_ready(job, place)
            if left and chance.random() < 0.5:  # while chunks are written, however short that is
                _wait(job, place, lines + chance.randrange(round(left * total)), chance.uniform(0, 0.1))
            else:
                _wait(job, place, 0, chance.uniform(0, again + left * (whole - again)))
            job.send_signal(number)
            code, said = job.wait(), (place / "err.txt").read_text(encoding="utf-8")
            if code == 0:
                late += 1
                assert (place / "out.txt").read_text() == "Results: out\n", "it ended with 0 and is not done"
                assert tables(place) == tables(alone), "the tables differ"
                break
            assert code == 128 + number, (code, said)
            assert "Traceback" not in said and "gnored" not in said, said
            said = said.splitlines()[-1]  # numpy may have warned of a division before
            assert said.startswith(("Interrupted: ", "Ended from outside: ")), said
            assert ("the same line again" in said) != (place / "out").exists(), said
            assert not [path for path in place.iterdir() if path.name.startswith(".")], "something is left over"
            done += 1
            print(f"stop {done}: {said.split(';')[0]}", flush=True)
            if (place / "out").exists():
                break
        assert started(place, words, before).wait() == 0
        assert tables(place) == tables(alone), "the tables differ"
        assert len(kept(place)) == total
    return {"stops": done, "too late": late, "rounds": rounds, "runs": total}


def _seconds(folder: Path, words: list[str], before: str) -> float:
    """How long the job takes from its first words on."""
    job = started(folder, words, before)
    _until_ready(job, folder)
    began = time.monotonic()
    assert job.wait() == 0
    return time.monotonic() - began


def _until_ready(job: subprocess.Popen, folder: Path) -> None:
    while job.poll() is None and not (folder / "ready").exists():
        time.sleep(0.005)


def _wait(job: subprocess.Popen, place: Path, lines: int, seconds: float) -> None:
    """Until the jobs in a folder have begun so many runs and then for some seconds, or until this one ends."""
    while job.poll() is None and len(begun(place)) < lines:
        time.sleep(0.005)
    with contextlib.suppress(subprocess.TimeoutExpired):
        job.wait(timeout=seconds)


def main() -> int:
    """Read the words, do it, say how it went."""
    given = dict(word.split("=") for word in sys.argv[1:])
    from sim import run

    run.compile()
    with tempfile.TemporaryDirectory() as folder:
        words = [*WORDS, f"replicates={given.get('replicates', 60)}"]
        try:
            found = survive(Path(folder) / "killed", int(given.get("kills", 30)), int(given.get("seed", 1)), words)
            if "stops" in given:
                found |= stopped(Path(folder) / "stopped", int(given["stops"]), int(given.get("seed", 1)), words)
        except AssertionError as error:
            print(f"FAILED: {error}")
            return 1
    print(", ".join(f"{value} {name}" for name, value in found.items()) + "; all tables identical")
    return 0


if __name__ == "__main__":
    sys.exit(main())
