"""Every file operation of the store, each a plain function: a simulated disk stands in for this module in tests.

Callers say `disk.read(path)`, never `from disk import read`, so that tests/experiments/store_simulation.py can put its
own functions here and make any of these operations fail, stop half-way or be lost in a power cut. All raise OSError.
"""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path


def read(path: Path) -> bytes:
    """All bytes of a file."""
    return path.read_bytes()


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet."""
    with open(path, "xb") as file:
        file.write(content)


def flush(path: Path) -> None:
    """Have a file's bytes, or the names in a folder, on the disk, so that delayed errors surface now."""
    if os.name == "posix" or path.is_file():  # Windows opens no folders
        opened = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def rename(path: Path, successor: Path) -> None:
    """Give a file another name, in place of what has it."""
    os.replace(path, successor)


def remove(path: Path) -> None:
    """Remove a file, or a link, if it is there."""
    path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder unless it is there; the one above has to be."""
    path.mkdir(exist_ok=True)


def names(folder: Path) -> list[str]:
    """What is in a folder, of any kind."""
    return os.listdir(folder)


def files(folder: Path) -> list[str]:
    """Names of the files in a folder, also behind links; no folders, pipes, devices or links to nothing."""
    with os.scandir(folder) as found:
        return [one.name for one in found if one.is_file()]


def exists(path: Path) -> bool:
    """Whether there is something of that name."""
    return path.exists()


def is_folder(path: Path) -> bool:
    """Whether a folder has that name."""
    return path.is_dir()


def size(path: Path) -> int:
    """Bytes of a file."""
    return path.stat().st_size


def age(path: Path) -> float:
    """Seconds since a file was written, by the clock of this machine; of a link, since that was made."""
    return time.time() - path.lstat().st_mtime


def process() -> int:
    """The number of this process."""
    return os.getpid()


def is_alive(process: int) -> bool:
    """Whether a process of that number runs here. Raises OverflowError for what is no number of a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def token() -> str:
    """Hex digits that no other call gives."""
    return secrets.token_hex(8)
