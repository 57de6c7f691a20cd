"""What a job shows: progress with the time left while it runs, short tables when it is done.

Progress goes to standard error (a bar on a terminal, plain lines elsewhere), tables and the
folder's name to standard output.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from unicodedata import category

from experiments.ensemble.progress import Estimate, Progress

_LINE_SECONDS = 5.0
_LONG_WORD = re.compile(r"\S{1000,}")
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # Unicode categories: control, format (direction of writing), half a letter
_QUIET_SECONDS = 60.0


def out(text: str) -> None:
    """One line on standard output, whatever the terminal can print; nothing once the reader has seen enough.

    Raises OSError if it cannot be written for another reason.
    """
    try:
        _write(sys.stdout, visible(text))
    except OSError as error:
        _close(sys.stdout)
        if error.errno != errno.EPIPE:
            raise


def err(text: str) -> None:
    """One line on standard error: what went wrong, as one sentence; nothing where nobody is there to read it."""
    try:
        _write(sys.stderr, _LONG_WORD.sub(_shorten, visible(" ".join(text.split()))))
    except OSError:
        _close(sys.stderr)


def visible(text: str) -> str:
    """Text with letters that a terminal obeys or does not show spelled out; ends of lines and tabs stay."""
    return "".join(
        letter.encode("unicode_escape").decode() if letter not in "\n\t" and category(letter) in _HIDDEN else letter
        for letter in text
    )


def _shorten(word: re.Match[str]) -> str:
    return f"{word[0][:60]}... ({len(word[0]):,} letters)"


def _write(stream, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)


def _close(stream) -> None:
    """Have all further output of a stream that cannot be written go nowhere, also what it still holds."""
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


@contextmanager
def progress(title: str, quiet: bool) -> Iterator[Progress]:
    """Give what shows how far an ensemble is, its rate and the time left.

    A bar on a terminal, plain lines elsewhere; `quiet` means plain lines, and few of them.
    """
    if quiet or not sys.stderr.isatty():
        yield _Lines(title, _QUIET_SECONDS if quiet else _LINE_SECONDS, quiet)
    else:
        with _bar(title) as shown:
            yield shown


class _Lines(Progress):
    """A plain line now and then, without control characters."""

    def __init__(self, title: str, seconds: float, quiet: bool) -> None:
        self._title = title
        self._seconds = seconds
        self._quiet = quiet
        self._began = self._last = time.monotonic()
        self._shown = -1

    def note(self, text: str) -> None:
        err(text)

    def estimate(self, estimate: Estimate) -> None:
        if not self._quiet or estimate.seconds > self._seconds:
            err(f"{self._title}: {forecast(estimate)}")

    def update(self, done: int, total: int, found: int, left: float) -> None:
        now = time.monotonic()
        due = now - self._last >= self._seconds and done > self._shown
        if not (due or (not self._quiet and (self._shown < 0 or done >= total > self._shown))):
            return
        self._last, self._shown = now, done
        elapsed = now - self._began
        text = f"{self._title}: {done} of {total} runs in {duration(elapsed)}"
        if done > found:
            text += f", {rate((done - found) / elapsed)}" + (f", about {duration(left)} left" if left else "")
        err(text)


@contextmanager
def _bar(title: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("runs, elapsed"))
    with Bar(*columns, TimeElapsedColumn(), TextColumn("{task.fields[pace]}"), console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None, pace="")
        began = time.monotonic()

        class Shown(Progress):
            def note(self, text: str) -> None:
                bar.console.print(text, markup=False, highlight=False)

            def estimate(self, estimate: Estimate) -> None:
                self.note(f"{title}: {forecast(estimate)}")

            def update(self, done: int, total: int, found: int, left: float) -> None:
                pace = ""
                if found < done < total:
                    pace = f"{rate((done - found) / (time.monotonic() - began))}, about {duration(left)} left"
                bar.update(task, completed=done, total=total, pace=pace)

        yield Shown()


def forecast(estimate: Estimate) -> str:
    """An estimate as a sentence."""
    here = estimate.total - estimate.to_do
    text = f"{estimate.to_do} of {estimate.total} runs to do"
    text += f" ({here} are there)" if here > 1 else ""
    text += f", about {duration(estimate.seconds)} with {estimate.side_by_side} side by side"
    text += f" and {size(estimate.bytes)} in {estimate.folder}"
    if estimate.bytes > estimate.free_bytes:
        text += f", where only {size(estimate.free_bytes)} are free"
    if estimate.later:
        text += f"; up to {estimate.later} more runs follow, about {duration(estimate.later_seconds)}"
    return text


def rate(per_second: float) -> str:
    """Runs in a second, or in a minute where they are few."""
    return f"{per_second:.3g} runs/s" if per_second >= 0.1 else f"{60 * per_second:.2g} runs/min"


def size(count: float) -> str:
    """Bytes as people say them: 800 kB, 2.1 MB, 12 GB."""
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 999.5 or unit == "GB":
            return f"{max(count, 1):.0f} {unit}" if count >= 10 or unit == "kB" else f"{count:.1f} {unit}"
    return ""


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
    with console.capture() as shown:
        console.print(grid)
    out(shown.get().removesuffix("\n"))


def _width(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(columns, *rows, strict=True)]
    return sum(widths) + 2 * len(widths) + 2


def label(record: Mapping[str, str], language: str) -> str:
    """The record's name in the language."""
    return record.get(language) or record.get("en") or ""
