"""Run an ensemble: find what a store has, run what is missing, bring it to the store, list what failed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.ensemble import chunks, interrupts
from experiments.ensemble.batches import Pace, Queue
from experiments.ensemble.errors import Halted, PartialDesign
from experiments.ensemble.executors import Executor, Pool, start
from experiments.ensemble.member_store import Store
from experiments.ensemble.members import DesignKey, Failure, Member, rows_by_seeds
from experiments.ensemble.memory_store import MemoryStore
from experiments.ensemble.progress import Estimate, Progress
from experiments.ensemble.results import Results
from experiments.ensemble.store_maintenance import others
from experiments.ensemble.work import Outcome, Task
from sim.vocabulary import BASELINE_WEEKS

if TYPE_CHECKING:
    import xarray

    from sim.inputs.settings import Setting


_WAIT_SECONDS = 0.2
_PACKED = 0.75  # share of its eight bytes that a number takes on the disk


def run_ensemble(
    rows: Mapping[str, Setting],
    replicates: int = 1,
    *,
    weekly: bool = False,
    store: Path | str | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> xarray.Dataset:
    """Run every row with every seed and return what they gave.

    Variables `<name>_in`: dims (setting, replicate, period), period baseline, year1 or evaluation;
    with `weekly` also `<name>`: dims (setting, replicate, week). `store` None keeps all in memory.
    Raises PartialDesign if members failed, StoreError or ExecutorError with one sentence.
    """
    members = rows_by_seeds(rows, replicates)
    keys = {name: DesignKey(name) for name in rows}
    results = run_members(
        members, store=store, executor=executor, weekly=tuple(keys.values()) if weekly else (), progress=progress
    )
    if results.failures:
        raise PartialDesign(results.failures, len(members))
    return results.dataset(keys, weekly)


def run_members(
    members: Sequence[Member],
    *,
    store: Path | str | None = None,
    executor: Executor | None = None,
    weekly: Collection[DesignKey] = (),
    progress: Progress | None = None,
    later: int = 0,
) -> Results:
    """Have every member in the store, and return what it gave.

    Members that the store has are not run again; `store` None keeps all in memory. `weekly` are the keys of
    rows whose weekly paths are kept too. `later` says how many runs will be asked for
    after these, at most; the estimate names them. A member fails when it raises or its outcome is not
    finite, twice with the same seed; it is then listed in `failures`, while the others go on.

    Raises StoreError, ExecutorError or Halted with one sentence. KeyboardInterrupt and SystemExit are passed
    on when the finished members are in the store; a note on them says how many that are.
    """
    interrupts.check()
    say = progress or Progress()
    with start(executor or Executor(), say.note) as pool:
        there = Store(store, pool.version, say.note) if store else MemoryStore(pool.version)
        keys = chunks.numbers([member.fingerprint for member in members])
        asked = frozenset(weekly)
        wanted = np.isin(keys, keys[[member.key in asked for member in members]])
        missing = np.flatnonzero(there.missing(keys, wanted))
        missing = np.sort(missing[np.unique(keys[missing], return_index=True)[1]])  # rows may say the same
        if store and (strangers := others(Path(store), pool.version)):
            say.note(strangers)
        ensemble = _Ensemble(members, missing, wanted, there, pool, say, later)
        if len(missing):
            ensemble.run()
    errors = {int(keys[index]): error for index, error in ensemble.errors.items()}
    failures = tuple(
        Failure(member, errors[key]) for member, key in zip(members, keys.tolist(), strict=True) if key in errors
    )
    interrupts.note_whole(len(members) - len(failures), len(members), there.folder)
    say.update(len(members) - len(failures), len(members), len(members) - len(missing), 0.0)
    return Results(members, keys, failures, len(missing) - len(errors), ensemble.histories, there)


class _Ensemble:
    """What is under way: batches handed out, outcomes brought home."""

    def __init__(
        self,
        members: Sequence[Member],
        missing: np.ndarray,
        weekly: np.ndarray,
        store: Store | MemoryStore,
        pool: Pool,
        say: Progress,
        later: int,
    ) -> None:
        self._members = members
        self._missing = missing
        self._weekly = weekly
        self._store = store
        self._pool = pool
        self._say = say
        self._later = later
        self._pace = Pace()
        self._found = len(members) - len(missing)
        self._done = self._found
        self._queue = Queue(members, missing.tolist())
        self._under_way: dict[futures.Future[Outcome], list[int]] = {}
        self.errors: dict[int, str] = {}
        self.histories = 0

    def run(self) -> None:
        try:
            with self._writing():
                self._store.prepare()
            self._hand_out(1)
            while self._under_way or self._queue:
                self._wait()
                interrupts.check()
                if self._pace.known or not self._under_way:
                    self._hand_out(2 * self._pool.slots())
            with self._writing():
                self._store.join_small(2)
        except (KeyboardInterrupt, SystemExit) as stop:
            self._pool.stop()
            done = futures.wait(self._under_way, timeout=10).done
            self._bring_home([one for one in done if not one.cancelled() and one.exception() is None])
            stop.add_note(self._state())
            raise
        except OSError as error:  # Dask's errors of connection are among them
            self._pool.stop()
            raise self._halt_error(f"The executor does not answer any more ({describe(error)})") from None
        except BaseException:
            self._pool.stop()
            raise

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._halt_error(f"The store could not be written ({describe(error)})") from None

    def _halt_error(self, what: str) -> Halted:
        return Halted(f"{what}; {self._state()}, and the same line goes on from there.")

    def _state(self) -> str:
        return f"{self._done} of {len(self._members)} runs are stored in {self._store.folder}"

    def _hand_out(self, most: int) -> None:
        while self._queue and len(self._under_way) < most:
            self._submit(self._queue.take(self._pace, self._pool.slots()))

    def _submit(self, batch: list[int]) -> None:
        tasks = [Task(i, self._members[i].setting, bool(self._weekly[i])) for i in batch]
        self._under_way[self._pool.submit(tasks)] = batch

    def _wait(self) -> None:
        done = futures.wait(self._under_way, _WAIT_SECONDS, futures.FIRST_COMPLETED).done
        timed = self._pace.known
        self._bring_home(done)
        if self._pace.known and not timed and self._queue:
            self._say.estimate(self._estimate(len(self._store.names())))
        under_way = sum(len(batch) for batch in self._under_way.values())
        left = (self._queue.seconds(self._pace) + under_way * self._pace.branch) / self._pool.slots()
        self._say.update(self._done, len(self._members), self._found, left)

    def _bring_home(self, done: Iterable[futures.Future[Outcome]]) -> None:
        outcomes = []
        for future in done:
            batch = self._under_way.pop(future)
            error = None if future.cancelled() else future.exception()
            if future.cancelled() or error is not None:
                self._lost(batch, error)
                continue
            outcome = future.result()
            if outcome.version != self._pool.version:
                raise self._halt_error("A worker with another checkout has joined, whose numbers may differ")
            outcomes.append(outcome)
            self._pace.learn(outcome)
            self.histories += outcome.histories
            self.errors.update(outcome.errors)
        with self._writing():
            self._keep(outcomes)
            self._store.join_small()

    def _lost(self, batch: list[int], error: BaseException | None) -> None:
        """A batch that did not come back: members that kill their workers are found one by one."""
        if type(error).__name__ != "KilledWorker":
            what = f"{type(error).__name__}: {describe(error)}" if error else "the scheduler is gone"
            raise self._halt_error(f"A batch did not come back ({what})")
        if len(batch) == 1:
            self.errors[batch[0]] = "KilledWorker: every worker that ran it died"
            return
        for index in batch:
            self._submit([index])

    def _keep(self, outcomes: Sequence[Outcome]) -> None:
        """Bring figures and paths to the disk."""
        paths: dict[tuple[int, ...], list[int]] = {}
        figures = {i: one for outcome in outcomes for i, one in outcome.figures.items()}
        arrays = {i: one for outcome in outcomes for i, one in outcome.paths.items() if i in outcome.figures}
        for i, one in arrays.items():
            paths.setdefault(one.shape, []).append(i)
        for same in paths.values():
            indicators = tuple(name for name in figures[same[0]] if "__" not in name)
            keys = chunks.numbers([self._members[i].fingerprint for i in same])
            self._store.append(chunks.Paths(keys, indicators, np.array([arrays[i] for i in same])))
        if figures:
            of = [self._members[i] for i in figures]
            self._store.append(
                chunks.summaries(
                    [m.fingerprint for m in of], [m.seed for m in of], [m.history for m in of], list(figures.values())
                )
            )
        self._done += len(figures)

    def _estimate(self, figures: int) -> Estimate:
        """What is left to do, from the pace of the first member and the number of its figures."""
        slots = self._pool.slots()
        indicators = figures // 3
        weeks = sum(BASELINE_WEEKS + self._members[i].base.weeks for i in self._missing[self._weekly[self._missing]])
        numbers = figures * (len(self._missing) + self._later) + indicators * weeks
        return Estimate(
            len(self._queue),
            len(self._members),
            slots,
            self._queue.seconds(self._pace) / slots,
            round(8 * _PACKED * numbers),
            self._store.free_bytes(),
            self._store.folder,
            self._later,
            self._later * self._pace.branch / slots,
        )


def describe(error: BaseException) -> str:
    """What an error says, on one line of bounded length."""
    text = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return " ".join(text.split())[:200] or type(error).__name__
