"""Atomic writing of files and folders, and the removal of what killed jobs left half-written.

A file that is being written has a hidden name that identifies its writer: `.partial-<process>-h<host>-<number>`. A
folder being written is called `.<name>.partial-<process>-h<host>`, one just being replaced
`.<name>.earlier-<process>-h<host>`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from experiments.ensemble import disk, interrupts

PARTIAL = ".partial-"
EARLIER = ".earlier-"

_LEFT = re.compile(r"(?P<kind>\.partial-|\.earlier-)(?P<process>\d+)(-h(?P<host>[0-9a-f]{6}))?(-\w+)?")
_DAY = 24 * 3600.0


def put(path: Path, content: bytes) -> None:
    """Write a file into a folder in the making; a safe point to stop. Raises OSError."""
    interrupts.check()
    path.write_bytes(content)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file atomically. Raises OSError."""
    with replace_whole(path) as partial:
        disk.write_new(partial, content)


@contextlib.contextmanager
def replace_whole(path: Path) -> Iterator[Path]:
    """Give a path to write at; on leaving without an error that file is flushed to disk and renamed."""
    partial = path.with_name(f"{PARTIAL}{own_mark()}-{disk.token()}")
    try:
        yield partial
        disk.flush(partial)
        disk.rename(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            disk.remove(partial)
        raise
    disk.flush(path.parent)  # the new name is to outlive a power cut as well


def to_disk(*paths: Path) -> None:
    """Flush files and the names in folders to disk, so that delayed errors surface now. Raises OSError."""
    for path in paths:
        disk.flush(path)


# ---------------------------------------------------------------- what killed jobs left


def own_mark() -> str:
    """What tells this process from all others, in names of what it has in the making."""
    return f"{disk.process()}-h{_host()}"


@cache
def _host() -> str:
    """Six digits for what process numbers are counted in: a machine, or a container on it."""
    space = ""
    with contextlib.suppress(OSError):
        space = os.readlink("/proc/self/ns/pid")
    return hashlib.sha256(f"{platform.node()} {space}".encode()).hexdigest()[:6]


def sweep(parent: Path, name: str = "", own: bool = False) -> None:
    """Remove what killed jobs left half-made of `name` in a folder, or of files; put back what was just replaced.

    It removes only what a process left that is no longer alive or, where that cannot be determined, what is older than
    a day. `own`: also what has this process's number, which then belonged to an earlier process. Raises nothing,
    because failure does no harm.
    """
    with contextlib.suppress(OSError):
        for path in find_left_over(parent, name, own):
            put_aside = path.name.startswith(f".{name}{EARLIER}")
            _clear(path, parent / name if name and put_aside else None)


def find_left_over(parent: Path, name: str = "", own: bool = False) -> list[Path]:
    """What `sweep` would remove or put back. Raises OSError."""
    before = f".{name}" if name else ""
    found = {
        path: _LEFT.fullmatch(path.name[len(before) :]) for path in sorted(parent / one for one in disk.names(parent))
    }
    return [path for path, part in found.items() if part and path.name.startswith(before) and _is_over(path, part, own)]


def _is_over(path: Path, found: re.Match[str], own: bool) -> bool:
    """Whether nobody works on it any more."""
    try:
        if disk.age(path) > _DAY:
            return True
        if found["host"] not in (None, _host()) or os.name != "posix":
            return False
        process = int(found["process"])
        return own if process == disk.process() else not disk.is_alive(process)
    except (OSError, OverflowError):  # gone meanwhile, or no number of a process
        return False


def _clear(path: Path, successor: Path | None) -> None:
    with contextlib.suppress(OSError):
        if successor is not None and not successor.exists():
            path.rename(successor)
        elif path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            disk.remove(path)
