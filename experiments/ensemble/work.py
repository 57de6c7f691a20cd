"""What a worker does, whether it is a thread or a process on another machine: run a batch of members.

A batch carries settings to the worker and figures back, nothing else. The history that a batch begins with is kept
until the next one is asked for, because batches that share it follow each other.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.inputs.settings import Setting
from sim.version import model_version

if TYPE_CHECKING:
    from sim.run import Each

ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Task:
    """A member to run: its place in the design, its setting, and whether its weekly paths are wanted."""

    index: int
    setting: Setting
    weekly: bool = False


@dataclass(slots=True)
class Outcome:
    """What came of a batch: figures and paths by the members' index, errors of those that failed twice."""

    version: str
    figures: dict[int, Mapping[str, float]] = field(default_factory=dict)
    paths: dict[int, np.ndarray] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    histories: int = 0
    history_seconds: float = 0.0
    branch_seconds: float = 0.0


class _Latest:
    """The history asked for last, made once however many threads ask for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key = ""
        self._made: Future | None = None

    def of(self, setting: Setting, make: Callable[[Setting], Any]) -> Any:
        with self._lock:
            made, mine = self._made, self._key != setting.history_key
            if mine or made is None:
                made, mine = Future(), True
                self._key, self._made = setting.history_key, made
        if mine:
            try:
                made.set_result(make(setting))
            except BaseException as error:
                self.forget()
                made.set_exception(error)
                raise
        return made.result()

    def forget(self) -> None:
        with self._lock:
            self._key, self._made = "", None


_latest = _Latest()


@cache
def _ready() -> None:
    """Have the compiled model loaded, once a process, before anything is timed."""
    from sim import run as model

    model.compile()


def forget() -> None:
    """Let go of the history that is kept."""
    _latest.forget()


def run_batch(tasks: Sequence[Task], stopped: Callable[[], bool] = lambda: False, each: Each = map) -> Outcome:
    """Run the members one after another, until done or `stopped`; the units of a county or city by `each`.

    A member that raises, or whose outcome is not finite, is run once more with the same seed.
    """
    from sim import run as model
    from sim.indicators import OUTCOMES
    from sim.town import units_of

    _ready()
    outcome = Outcome(model_version())

    def of_units(setting: Setting) -> Each:
        return each if len(units_of(setting)) > 1 else map

    def make(setting: Setting) -> Any:
        began = time.perf_counter()
        history = model.history(setting, each=of_units(setting))
        outcome.histories += 1
        outcome.history_seconds += time.perf_counter() - began
        return history

    history: Any = None  # of the members at hand: another thread may be at the next one already

    def attempt(task: Task) -> str | None:
        nonlocal history
        try:
            if history is None or history.key != task.setting.history_key:
                history = None
                history = _latest.of(task.setting, make)
            began = time.perf_counter()
            records = model.branch(history, task.setting, of_units(task.setting))
            figures = model.evaluate(records)
            refuse_unfinite(figures, OUTCOMES)
            if task.weekly:
                outcome.paths[task.index] = model.series(records)
            outcome.figures[task.index] = figures
            outcome.branch_seconds += time.perf_counter() - began
        except Exception as error:
            return f"{type(error).__name__}: {' '.join(str(error).split())}"
        return None

    for task in tasks:
        if stopped():
            break
        for _ in range(ATTEMPTS):
            error = attempt(task)
            if error is None:
                break
        else:
            outcome.errors[task.index] = error or ""
    return outcome


def refuse_unfinite(figures: Mapping[str, float], outcomes: Sequence[str]) -> None:
    """Raise ArithmeticError on a figure that cannot be right: infinite, or no headline outcome.

    A ratio without a denominator is missing by design, and that is a nan.
    """
    for name, value in figures.items():
        if math.isinf(value) or (math.isnan(value) and name in outcomes):
            raise ArithmeticError(f"{name} came out as {value}")
