"""What a job shows: progress with the time left while it runs, short tables when it is done.

Progress goes to standard error (a bar on a terminal, plain lines elsewhere), tables and the
folder's name to standard output.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

_LINE_SECONDS = 5.0


def say(text: str) -> None:
    """One line on standard output, whatever the terminal can print."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """One line on standard error: what went wrong, as one sentence."""
    _write(sys.stderr, " ".join(text.split()))


def _write(stream, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)


@contextmanager
def progress(title: str, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function `(done, total)` that shows how far the job is and the time left."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar(title) as show:
            yield show
    else:
        yield _plain_lines(title)


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs, elapsed"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True),
    ) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _plain_lines(title: str) -> Callable[[int, int], None]:
    started = time.monotonic()
    last = [started, -1]

    def show(done: int, total: int) -> None:
        now = time.monotonic()
        first, finished = last[1] < 0, done >= total and last[1] < total
        if not (first or finished or (now - last[0] >= _LINE_SECONDS and done > last[1])):
            return
        last[:] = [now, done]
        elapsed = now - started
        text = f"{title}: {done} of {total} runs in {duration(elapsed)}"
        if 0 < done < total:
            text += f", about {duration(elapsed / done * (total - done))} left"
        complain(text)

    return show


def duration(seconds: float) -> str:
    """Seconds as people say them: 8 s, 2 min 5 s, 3 h 20 min."""
    whole = math.ceil(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def figure(value: float, unit: str) -> str:
    """A level as printed: shares as per cent, a missing figure as a dash."""
    if not math.isfinite(value):
        return "–"
    if unit == "share":
        return f"{100 * value:.1f} %"
    return _digits(value, value, "")


def change(mean: float, low: float, high: float, unit: str) -> str:
    """A difference with its interval, as in "+4.2 [+3.1, +5.3]"; shares in percentage points."""
    if not math.isfinite(mean):
        return "–"
    scale = 100.0 if unit == "share" else 1.0
    text = _digits(scale * mean, scale * mean, "+")
    if math.isfinite(low) and math.isfinite(high):
        ends = (_digits(scale * end, scale * mean, "+") for end in (low, high))
        text += f" [{', '.join(ends)}]"
    return text


def margin(mean: float, low: float, high: float, unit: str) -> str:
    """A difference and half its interval, as in "+4.2 ±1.1"; shares in percentage points."""
    scale = 100.0 if unit == "share" else 1.0
    text = change(mean, math.nan, math.nan, unit)
    if math.isfinite(low) and math.isfinite(high):
        text += f" ±{_digits(scale * (high - low) / 2, scale * mean, '')}"
    return text


def _digits(value: float, like: float, sign: str) -> str:
    """`value` with as many decimals as suit the size of `like`, never a negative zero."""
    decimals = 0 if abs(like) >= 1000 else 1 if abs(like) >= 10 else 2
    return f"{round(value, decimals) + 0.0:{sign},.{decimals}f}"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> None:
    """Print a table; the first column is left-aligned, figures stand to the right."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    console = Console()
    # Where the width is unknown (a log, a pipe) nothing is cut off.
    if not console.is_terminal:
        console = Console(width=max(100, _width(columns, rows)))
    grid = Table(
        title=title,
        title_justify="left",
        caption=note or None,
        caption_justify="left",
        box=SIMPLE,
        padding=(0, 1, 0, 0),
    )
    for i, column in enumerate(columns):
        grid.add_column(column, justify="left" if i == 0 else "right")
    for row in rows:
        grid.add_row(*row)
    console.print(grid)


def _width(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(columns, *rows, strict=True)]
    return sum(widths) + 2 * len(widths) + 2


def label(record: Mapping[str, str], language: str) -> str:
    """The record's name in the language."""
    return record.get(language) or record.get("en") or ""
