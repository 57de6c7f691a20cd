"""Run the members of an ensemble on threads of this process.

The compiled week releases Python's lock, so threads keep all cores busy and share one compiled
model. The unit of work is a history (all weeks before week 0, once for all members that share it)
or a branch (one member from week 0 on). A new history is opened only when no branch is waiting, so
at most one history a thread is alive, whatever the size of the ensemble.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from experiments.ensemble.members import Failure, Member, Results

Keep = Callable[[Member, Any], Any]

_ATTEMPTS = 2
_POLL_SECONDS = 0.1


def available_threads() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def run_members(
    members: Sequence[Member],
    keep: Keep,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Results:
    """Run every member and keep `keep(member, records)` of each.

    A member fails when its run or `keep` raises; it is tried once more with the same seed and then
    listed in `failures`, while the others go on. `progress(done, total)` is called from this
    thread. KeyboardInterrupt stops the workers after the branch they are in and is passed on.
    """
    work = _Work(members, keep)
    count = min(threads or available_threads(), max(1, len(members)))
    workers = [threading.Thread(target=work.run, daemon=True) for _ in range(count)]
    try:
        for worker in workers:
            worker.start()
        for worker in workers:
            while worker.is_alive():
                worker.join(_POLL_SECONDS)
                if progress is not None:
                    progress(work.done, len(members))
    finally:
        work.stop()
        for worker in workers:
            if worker.ident is not None:
                worker.join()
    if progress is not None:
        progress(work.done, len(members))
    failures = tuple(Failure(member, work.errors[i]) for i, member in enumerate(members) if i in work.errors)
    values = {member.key: work.values[i] for i, member in enumerate(members) if i in work.values}
    return Results(values, failures, work.histories)


class _Work:
    """What is still to do, guarded by one lock; `run` is the life of a worker."""

    def __init__(self, members: Sequence[Member], keep: Keep) -> None:
        self._members = members
        self._keep = keep
        self._lock = threading.Condition()
        self._branches: deque[tuple[Any, int]] = deque()
        self._groups = deque(_groups(members))
        self._opening = 0
        self._stopped = False
        self.done = 0
        self.histories = 0
        self.values: dict[int, Any] = {}
        self.errors: dict[int, str] = {}

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            self._lock.notify_all()

    def run(self) -> None:
        while (task := self._next()) is not None:
            history, members = task
            if history is None:
                self._open(members)
            else:
                self._run_branch(history, members[0])
            del task, history  # a history lives no longer than the last of its branches

    def _next(self) -> tuple[Any, list[int]] | None:
        """A history with one member to branch from it, None with those to open one for, or None."""
        with self._lock:
            while not (self._branches or self._groups or self._stopped):
                if not self._opening:
                    return None
                self._lock.wait()
            if self._stopped:
                return None
            if self._branches:
                history, index = self._branches.popleft()
                return history, [index]
            self._opening += 1
            return None, self._groups.popleft()

    def _open(self, group: list[int]) -> None:
        from sim import run as model

        history, error = _attempt(lambda: model.history(self._members[group[0]].setting))
        with self._lock:
            self._opening -= 1
            self.histories += 1
            if error is None:
                self._branches.extend((history, index) for index in group)
            else:
                self.errors.update((index, error) for index in group)
                self.done += len(group)
            self._lock.notify_all()

    def _run_branch(self, history: Any, index: int) -> None:
        from sim import run as model

        member = self._members[index]
        value, error = _attempt(lambda: self._keep(member, model.branch(history, member.setting)))
        with self._lock:
            self.done += 1
            if error is None:
                self.values[index] = value
            else:
                self.errors[index] = error


def _groups(members: Sequence[Member]) -> list[list[int]]:
    """Indices of members that share what lies before week 0, in order of first appearance."""
    groups: dict[str, list[int]] = {}
    for index, member in enumerate(members):
        groups.setdefault(member.history, []).append(index)
    return list(groups.values())


def _attempt(work: Callable[[], Any]) -> tuple[Any, str | None]:
    """The value of `work()` and None, or None and what its last attempt said."""
    error = ""
    for _ in range(_ATTEMPTS):
        try:
            return work(), None
        except Exception as failure:
            error = f"{type(failure).__name__}: {' '.join(str(failure).split())}"
    return None, error
