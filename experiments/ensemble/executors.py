"""Executors, on which batches run: threads of this process, or workers of a Dask cluster.

Both are Python's own interface (concurrent.futures): a batch is submitted, its outcome comes back.
Which one it is changes the time that an ensemble takes and nothing else.
"""

from __future__ import annotations

import ast
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.ensemble import interrupts
from experiments.ensemble.errors import ExecutorError
from sim.cores import available_cores

if TYPE_CHECKING:
    from experiments.ensemble.work import Outcome, Task

KINDS = ("serial", "threads", "dask")
CONNECT_SECONDS = 15
# Workers that SLURM starts may have to wait in its queue for a long time.
WORKER_SECONDS = 24 * 3600
WAIT_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Executor:
    """On what an ensemble runs.

    kind: serial (one member after another), threads, or dask. workers: how many threads, or processes
    of an own Dask cluster; None means the cores this process may use. address: of a Dask scheduler,
    handed to Dask as it stands.
    """

    kind: str = "threads"
    workers: int | None = None
    address: str | None = None

    def side_by_side(self) -> int:
        """How many members an executor of this machine runs at once."""
        return 1 if self.kind == "serial" else self.workers or available_cores()


@dataclass(frozen=True, slots=True)
class Pool:
    """An executor at work: submit a batch, how many run side by side, the model version of the numbers, stop early."""

    submit: Callable[[Sequence[Task]], Future[Outcome]]
    slots: Callable[[], int]
    version: str
    stop: Callable[[], None]


@contextmanager
def start(executor: Executor, note: Callable[[str], None] = lambda text: None) -> Iterator[Pool]:
    """Start an executor, and end it on leaving. Raises ExecutorError."""
    with _dask(executor, note) if executor.kind == "dask" else _threads(executor) as pool:
        yield pool


@contextmanager
def _threads(executor: Executor) -> Iterator[Pool]:
    """The compiled week releases Python's lock: threads keep all cores busy and share one compiled model."""
    from experiments.ensemble import work
    from sim.version import model_version

    stop = threading.Event()
    count = executor.side_by_side()
    with ThreadPoolExecutor(count, "member") as threads, ThreadPoolExecutor(count, "unit") as units:
        each = map if count == 1 else units.map
        try:
            yield Pool(
                lambda tasks: threads.submit(work.run_batch, tasks, stop.is_set, each),
                lambda: count,
                model_version(),
                stop.set,
            )
        finally:
            stop.set()
            threads.shutdown(cancel_futures=True)
            units.shutdown(cancel_futures=True)
            work.forget()


@contextmanager
def _dask(executor: Executor, note: Callable[[str], None]) -> Iterator[Pool]:
    try:
        from distributed import Client
    except ImportError:
        raise ExecutorError(
            "executor=dask needs the packages dask, distributed and dask-jobqueue (the extra `cluster`), which are "
            "not installed here"
        ) from None
    from experiments.ensemble import work

    with _cluster(executor) as address:
        try:
            client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise ExecutorError(
                f"executor.address: {address} given, where no Dask scheduler answers ({_short(error)}); an address "
                "such as tcp://192.0.2.7:8786 expected"
            ) from None
        with client:
            try:
                if not client.nthreads():
                    note("Waiting for the first worker ...")
                    _wait_for_worker(client)
                version = _one_version(client)
            except OSError as error:
                raise ExecutorError(f"The Dask cluster has no worker that answers ({_short(error)})") from None
            batches = client.get_executor(pure=False)

            def stop() -> None:
                with suppress(Exception):  # the scheduler may be gone already
                    batches.shutdown(wait=False)

            yield Pool(
                lambda tasks: batches.submit(work.run_batch, tasks),
                lambda: max(1, sum(client.nthreads().values())),
                version,
                stop,
            )


@contextmanager
def _cluster(executor: Executor) -> Iterator[Any]:
    """The address of a scheduler; without one given, a cluster of worker processes on this machine."""
    if executor.address is not None:
        yield executor.address
        return
    _check_guard()
    import logging

    from distributed import LocalCluster

    with LocalCluster(
        n_workers=executor.side_by_side(),
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster


def _check_guard() -> None:
    """Raise ExecutorError for a script whose top level starts worker processes: each of them would run it again."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == "__main__":
            break
    path, line = frame.f_code.co_filename, frame.f_lineno
    try:
        top = ast.parse(Path(path).read_bytes()).body
    except (OSError, ValueError, SyntaxError):  # a notebook, a prompt, python -c: no file that workers would run again
        return
    guards = [one for one in top if isinstance(one, ast.If) and "__name__" in ast.unparse(one.test)]
    if not any(one.lineno <= line <= (one.end_lineno or line) for one in guards):
        raise ExecutorError(
            f"{path}, line {line}: executor dask starts processes that read this script again; put what it does under "
            'if __name__ == "__main__": (docs/ensembles.md), or use executor threads'
        )


def _wait_for_worker(client: Any) -> None:
    """Until there is a worker. Raises TimeoutError."""
    end = time.monotonic() + WORKER_SECONDS
    while not client.nthreads():
        interrupts.check()
        if time.monotonic() > end:
            raise TimeoutError(f"none has come in {WORKER_SECONDS // 3600} hours")
        time.sleep(WAIT_SECONDS)


def _one_version(client: Any) -> str:
    """The model version that all workers and this process share."""
    from sim.version import model_version

    found = set(client.run(model_version).values())
    if len(found) > 1:
        raise ExecutorError(
            f"The Dask workers are of {len(found)} model versions, whose numbers differ; workers with one checkout "
            "expected"
        )
    (one,) = found
    if one != model_version():
        raise ExecutorError(
            f"The Dask workers have model version {one} and this checkout {model_version()}; "
            "the same checkout and lock file expected on both sides"
        )
    return str(one)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
