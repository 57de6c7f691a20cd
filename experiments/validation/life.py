"""The life of calibrate and validate: words, checks, a folder made whole, one sentence for what went wrong.

Exit codes are those of the other jobs: 0 done, 1 runs failed or nothing could be written, 2 something given
cannot be used, 130 interrupted. Finished runs are in the store, and the same line goes on from there.
"""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import folder as folders
from experiments import screen
from experiments.command_line import ORIGIN, read_words
from experiments.ensemble.errors import ExecutorError, Halted, StoreError
from experiments.ensemble.executors import Executor
from experiments.job import DONE, FAILED, INTERRUPTED, REFUSED, JobError, ends_cleanly
from sim.inputs import validators
from sim.inputs.validators import SettingError

if TYPE_CHECKING:
    from experiments.ensemble.members import Member
    from experiments.ensemble.results import Results

SHARED = ("experiment", "seed", "threads", "store", "output", "language", "quiet")
SHARED_HELP = """\
  seed=      of the draws and of the runs (default 0)
  threads=   runs side by side (default: the cores there are)
  store=     path of a folder (default results/store): the same line again goes on from there
  output=    path of a folder (default results/<job>-<experiment>-<time>)
  language=  en or zh, of the figures
  quiet=     true: no table, few lines"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every such job is told, checked."""

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
    """Read the words, do the work, and return the exit code."""
    from experiments.outputs import command_line

    command = ""
    try:
        words = list(words)
        read = read_words(words)
        if read.help_topic is not None:
            screen.say(page)
            return DONE
        command = command_line(job, words)
        asked = _asked(job, read.values, (*SHARED, *keys), experiments, command)
        with ends_cleanly():
            work(asked)
        screen.say(f"Results: {asked.folder}")
        return DONE
    except (SettingError, ExecutorError) as error:
        screen.complain(str(error))
        return REFUSED
    except (JobError, Halted, StoreError) as error:
        screen.complain(str(error))
        return FAILED
    except KeyboardInterrupt:
        screen.complain(f"Interrupted; finished runs are in the store, and the same line goes on: {command}")
        return INTERRUPTED
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        screen.complain(f"The folder could not be written: {error.strerror or error}{where}.")
        return FAILED


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
    store = str(values.get("store", "results/store"))
    folders.check_store(Path(store).expanduser(), folder)
    return Asked(
        job=job,
        values=values,
        experiment=experiment,
        seed=validators.whole(values.get("seed", 0), 0, 1_000_000, ORIGIN, "seed"),
        executor=Executor("threads", workers),
        store=store,
        language=validators.choice(values.get("language", "en"), ("en", "zh"), ORIGIN, "language"),
        quiet=quiet,
        folder=folder,
        command=command,
    )


def simulate(asked: Asked, members: Sequence[Member], title: str, weekly: Sequence[str] = ()) -> Results:
    """Have members run unless the store has them."""
    from experiments.ensemble.runs import run_members

    with screen.progress(title, asked.quiet) as show:
        return run_members(members, store=asked.store, executor=asked.executor, weekly=weekly, progress=show)


@contextmanager
def timed():
    """Wall and processor seconds of what is inside: a dict that is filled at the end."""
    spent: dict[str, float] = {}
    wall, cpu = time.monotonic(), time.process_time()
    yield spent
    spent["wall_seconds"] = round(time.monotonic() - wall, 1)
    spent["cpu_seconds"] = round(time.process_time() - cpu, 1)


def provenance(asked: Asked, **more: Any) -> dict[str, Any]:
    """What made a result, enough to make it again."""
    from experiments.behaviour import priors_hash
    from experiments.ensemble.origin import here
    from experiments.outputs import commit

    origin = here()
    return {
        "job": asked.job,
        "experiment": asked.experiment,
        "command": asked.command,
        "seed": asked.seed,
        **more,
        "priors_hash": priors_hash(),
        "model_version": origin.model_version,
        "commit": commit(),
        "python": platform.python_version(),
        "host_class": json.loads(origin.host),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
