"""A request to stop as a flag, asked at safe points: Ctrl-C, a request to terminate, a closed terminal.

An exception raised at an arbitrary moment can occur in a callback of HDF5, where it is swallowed, or between writing a
file and renaming it. So a signal only sets a flag, and loops and stages call `check`, which raises. A second signal
ends the process at once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

SIGNALS = {
    number: word
    for name, word in (
        ("SIGINT", "Interrupted"),
        ("SIGTERM", "Ended from outside"),
        ("SIGHUP", "Ended with its terminal"),
    )
    if (number := getattr(signal, name, None)) is not None
}
ONE_SECONDS = 0.3  # what comes within it is one request: a parent often passes on what its child has heard itself


class Stopped(KeyboardInterrupt):
    """A request to stop was heard; `number` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@dataclass
class _Flag:
    """Plain numbers: a signal's handler may come in anywhere, also while a lock is held."""

    number: int = 0
    since: float = 0.0
    last_words: Callable[[], str] = str


@dataclass
class _Kept:
    """What the ensembles of a job have brought to the store so far."""

    steps: int = 0
    text: str = ""
    folder: Path | str = ""


_flag = _Flag()
_kept: ContextVar[_Kept | None] = ContextVar("kept", default=None)


def check() -> None:
    """Raise Stopped if a request to stop was heard: a safe point, at which nothing is half done."""
    if _flag.number:
        raise Stopped(_flag.number)


def note_whole(made: int, asked: int, folder: Path | str) -> None:
    """Take note that an ensemble has come to its end, for whoever is stopped later."""
    kept = _kept.get()
    if kept is not None:
        kept.steps += 1
        kept.text = f"{'all' if made == asked else f'{made} of'} {asked} runs are stored in {folder}"
        kept.folder = folder


def describe_whole() -> str:
    """What the ensembles of this job have brought to the store, as words; "" if none has come to its end."""
    found = _kept.get()
    if found is None or found.steps < 2:
        return found.text if found else ""
    return f"the runs of all {found.steps} steps so far are stored in {found.folder}"


@contextlib.contextmanager
def listen(last_words: Callable[[], str]) -> Iterator[None]:
    """Have requests to stop set the flag while this lasts; `last_words` are said when one comes again.

    Nothing is changed in notebooks, in other threads than the main one, and for signals that are ignored.
    """
    token = _kept.set(_Kept())
    earlier = {}
    try:
        if threading.current_thread() is threading.main_thread() and not _in_notebook():
            _flag.number, _flag.last_words = 0, last_words
            for number in SIGNALS:
                handler = signal.getsignal(number)
                if handler not in (signal.SIG_IGN, None):  # as under nohup
                    signal.signal(number, _hear)
                    earlier[number] = handler
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
        if earlier:
            _flag.number = 0
        _kept.reset(token)


def _hear(number: int, frame: object) -> None:
    now = time.monotonic()
    if not _flag.number:
        _flag.number, _flag.since = number, now
    elif now - _flag.since > ONE_SECONDS:
        with contextlib.suppress(OSError):
            os.write(2, f"{_flag.last_words()}\n".encode(errors="backslashreplace"))
        os._exit(128 + number)


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and shell.get_ipython() is not None
