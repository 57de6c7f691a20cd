"""How calibrate and validate run: arguments, checks, an atomic folder; how they end is in experiments/job.py."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.words import LANGUAGES
from experiments.cli import console
from experiments.cli.command_line import one_output, read_words
from experiments.ensemble.executors import Executor
from experiments.job import DONE, Life, run_to_end
from experiments.output import folder as folders
from experiments.output.provenance import machine
from experiments.study.compose import DEFAULT_STORE, store_of
from experiments.study.values import ORIGIN
from sim.inputs import validators

if TYPE_CHECKING:
    from experiments.ensemble.members import DesignKey, Member
    from experiments.ensemble.results import Results

SHARED = ("experiment", "seed", "threads", "store", "output", "language", "quiet")
SHARED_HELP = f"""\
  seed=      of the draws and of the runs (default 0)
  threads=   runs side by side (default: the cores there are)
  store=     path of a folder (default results/store): the same line again goes on from there
  output=    path of a folder (default results/<job>-<experiment>-<time>); hydra.run.dir= says the same
  language=  {", ".join(LANGUAGES)}, of the figures
  quiet=     true: no table, few lines"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The checked arguments of every such job."""

    job: str
    values: Mapping[str, Any]
    experiment: str
    seed: int
    executor: Executor
    store: str
    language: str
    quiet: bool
    folder: Path
    command: str

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number among the words, or its default."""
        if key not in self.values:
            return default
        return validators.whole(self.values[key], low, high, ORIGIN, key)


def run(
    job: str,
    words: Sequence[str],
    page: str,
    keys: Sequence[str],
    experiments: Sequence[str],
    work: Callable[[Asked], Any],
) -> int:
    """Read the arguments, do the work, and return the exit code."""
    from experiments.output.provenance import command_line

    def do(life: Life) -> int:
        read = read_words(words)
        if read.help_topic is not None:
            console.out(page)
            return DONE
        life.command = command_line(job, words)
        asked = _asked(job, one_output(read.values), (*SHARED, *keys), experiments, life.command)
        life.folder = asked.folder
        work(asked)
        life.written = True
        console.out(f"Results: {asked.folder}")
        return DONE

    return run_to_end(do, Life())


def _asked(job: str, values: Mapping[str, Any], keys: Sequence[str], experiments: Sequence[str], command: str) -> Asked:
    validators.known_keys(values, keys, ORIGIN)
    experiment = validators.choice(values.get("experiment", experiments[0]), experiments, ORIGIN, "experiment")
    threads = values.get("threads")
    workers = None if threads is None else validators.whole(threads, 1, 1024, ORIGIN, "threads")
    quiet = values.get("quiet", False)
    if not isinstance(quiet, bool):
        raise validators.refuse(ORIGIN, "quiet", quiet, "true or false")
    output = values.get("output")
    folder = folders.choose(None if output is None else str(output), job, experiment)
    store = store_of(values.get("store", DEFAULT_STORE))
    assert store is not None
    folders.check_store(Path(store), folder)
    return Asked(
        job=job,
        values=values,
        experiment=experiment,
        seed=validators.whole(values.get("seed", 0), 0, 1_000_000, ORIGIN, "seed"),
        executor=Executor("threads", workers),
        store=store,
        language=validators.choice(values.get("language", "en"), LANGUAGES, ORIGIN, "language"),
        quiet=quiet,
        folder=folder,
        command=command,
    )


def simulate(asked: Asked, members: Sequence[Member], title: str, weekly: Sequence[DesignKey] = ()) -> Results:
    """Have members run unless the store has them."""
    from experiments.ensemble.run_design import run_members

    with console.progress(title, asked.quiet) as show:
        return run_members(members, store=asked.store, executor=asked.executor, weekly=weekly, progress=show)


@contextmanager
def measure_time():
    """Wall and processor seconds of what is inside: a dict that is filled at the end."""
    spent: dict[str, float] = {}
    wall, cpu = time.monotonic(), time.process_time()
    yield spent
    spent["wall_seconds"] = round(time.monotonic() - wall, 1)
    spent["cpu_seconds"] = round(time.process_time() - cpu, 1)


def provenance(asked: Asked, **more: Any) -> dict[str, Any]:
    """What made a result, enough to make it again."""
    from experiments.output.provenance import commit
    from experiments.study.behaviour import priors_hash
    from sim.version import model_version

    return {
        "job": asked.job,
        "experiment": asked.experiment,
        "command": asked.command,
        "seed": asked.seed,
        **more,
        "priors_hash": priors_hash(),
        "model_version": model_version(),
        "commit": commit(),
        "python": platform.python_version(),
        "machine": machine(),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
