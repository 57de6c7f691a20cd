"""Batches: members that share a history stay together, and a batch takes some seconds.

How long a history and a branch take is measured as the ensemble goes. The first batch is one member;
towards the end batches grow small, so that nobody waits long for the last.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from experiments.ensemble.members import Member
from experiments.ensemble.work import Outcome

SECONDS = 4.0
LEAST_SECONDS = 0.5
_SHARES = 2
_MEMORY = 0.8


class Pace:
    """Seconds that a history and a branch take, as lately measured; nothing is known at first."""

    def __init__(self) -> None:
        self._history = [0.0, 0.0]
        self._branch = [0.0, 0.0]

    @property
    def known(self) -> bool:
        """Whether a member has been timed."""
        return self._branch[1] > 0

    @property
    def history(self) -> float:
        """Seconds of a history."""
        return self._history[0] / self._history[1] if self._history[1] else 0.0

    @property
    def branch(self) -> float:
        """Seconds of a branch."""
        return self._branch[0] / self._branch[1] if self._branch[1] else 0.0

    def learn(self, outcome: Outcome) -> None:
        """Take in what a batch took; what is long past counts less."""
        for kept, seconds, count in (
            (self._history, outcome.history_seconds, outcome.histories),
            (self._branch, outcome.branch_seconds, len(outcome.figures)),
        ):
            if count:
                kept[:] = [_MEMORY * kept[0] + seconds, _MEMORY * kept[1] + count]


class Queue:
    """Members still to be handed out, history by history, in order of first appearance."""

    def __init__(self, members: Sequence[Member], indices: Sequence[int]) -> None:
        groups: dict[str, deque[int]] = {}
        for index in indices:
            groups.setdefault(members[index].history, deque()).append(index)
        self._groups = deque(groups.values())
        self._opened = False  # whether some of the first group have been handed out
        self._left = len(indices)

    def __len__(self) -> int:
        return self._left

    def seconds(self, pace: Pace) -> float:
        """What is left, one member after another."""
        return (len(self._groups) - self._opened) * pace.history + self._left * pace.branch

    def take(self, pace: Pace, slots: int) -> list[int]:
        """The next batch: some seconds of work, less towards the end; at least one member."""
        wanted = min(SECONDS, max(LEAST_SECONDS, self.seconds(pace) / (_SHARES * slots)))
        batch: list[int] = []
        spent = 0.0
        while self._groups and (not batch or (pace.known and spent < wanted)):
            group = self._groups[0]
            spent += 0.0 if self._opened else pace.history
            room = max(1, round((wanted - spent) / pace.branch)) if pace.branch else 1
            count = min(room, len(group))
            batch.extend(group.popleft() for _ in range(count))
            spent += count * pace.branch
            self._opened = bool(group)
            if not group:
                self._groups.popleft()
        self._left -= len(batch)
        return batch
