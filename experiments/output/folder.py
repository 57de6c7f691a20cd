"""The folder of a job: chosen and checked before anything runs, and written atomically.

Everything is written into a hidden sibling (`.<name>.partial-<process>`, experiments/ensemble/whole_files.py), which
takes the folder's name when all of it is on the disk. A job that fails, is interrupted or is killed before that leaves
no folder, or the earlier one as it was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from experiments.ensemble.whole_files import EARLIER, PARTIAL, own_mark, sweep, to_disk
from experiments.study.values import ORIGIN, path_of
from sim.inputs.validators import SettingError

MARK = "provenance.json"


def choose(output: str | None, job: str, experiment: str, key: str = "output") -> Path:
    """The folder a job will write: `output`, or results/<job>-<experiment>-<time>; nothing is made.

    An empty folder may be replaced, and so may one that an earlier job wrote (it holds provenance.json). Any other
    folder, a file, or a place that cannot be written raises SettingError.
    """
    if output is None:
        stamp = time.strftime("%Y%m%d-%H%M%S")
        folder = Path("results") / f"{job}-{experiment}-{stamp}"
        count = 1
        while folder.exists():
            count += 1
            folder = folder.with_name(f"{job}-{experiment}-{stamp}-{count}")
    else:
        folder = path_of(output, key)
    try:
        _check(folder, f"{ORIGIN}, {key}: {folder} given")
    except SettingError:
        raise
    except (OSError, ValueError) as error:  # a name too long, a null byte, ...
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(f"{ORIGIN}, {key}: {str(folder)!r} cannot be used: {reason}") from None
    return folder


def check_store(store: Path, output: Path) -> None:
    """Raise SettingError if a store cannot be written, or would stand in the folder that is replaced."""
    given = f"{ORIGIN}, store: {store} given"
    if output.resolve() in (store.resolve(), *store.resolve().parents):
        raise SettingError(f"{given}, which is in the folder that the job writes ({output}); another folder expected")
    try:
        _check_writable(store, given)
    except SettingError:
        raise
    except (OSError, ValueError) as error:
        raise SettingError(f"{given}, which cannot be used: {getattr(error, 'strerror', None) or error}") from None


def _check(folder: Path, given: str) -> None:
    if folder.resolve() in (Path.cwd().resolve(), *Path.cwd().resolve().parents):
        raise SettingError(f"{given}, which is the working folder or above it; another folder expected")
    if folder.exists():
        if not folder.is_dir():
            raise SettingError(f"{given}, which is a file; a folder expected")
        if any(folder.iterdir()) and not (folder / MARK).is_file():
            raise SettingError(
                f"{given}, which holds files that no job wrote; a new folder, an empty one, or one "
                "of an earlier job (which is replaced whole) expected"
            )
    _hidden_name(folder, PARTIAL).exists()  # raises OSError if that name is too long
    _check_writable(folder.absolute().parent, given)


def _check_writable(folder: Path, given: str) -> None:
    """Raise SettingError if nothing can be made in a folder, or in the nearest one above it that exists."""
    parent = folder.absolute()
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir():
        raise SettingError(f"{given}, but {parent} is a file; a folder expected")
    try:
        os.rmdir(tempfile.mkdtemp(prefix=f"{PARTIAL}{own_mark()}-", dir=parent))
    except OSError as error:
        raise SettingError(
            f"{given}, but a folder cannot be made in {parent} ({error.strerror}); a writable place expected"
        ) from None


@contextlib.contextmanager
def write_folder(folder: Path) -> Iterator[Path]:
    """Give a hidden sibling to write into; it becomes `folder` on leaving without an error.

    What killed jobs left of this folder is removed, and an earlier folder that one of them had put aside is put back.
    """
    folder = folder.absolute()
    made = _make_parents(folder.parent)
    sweep(folder.parent)
    sweep(folder.parent, folder.name, own=True)
    partial = _hidden_name(folder, PARTIAL)
    try:
        partial.mkdir()
        yield partial
        to_disk(*partial.rglob("*"), partial)
        _replace(partial, folder)
        to_disk(folder.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        for parent in reversed(made):
            with contextlib.suppress(OSError):
                parent.rmdir()
        raise


def _hidden_name(folder: Path, kind: str) -> Path:
    """The name under which a folder is made, or put aside, by this process."""
    return folder.with_name(f".{folder.name}{kind}{own_mark()}")


def _make_parents(parent: Path) -> list[Path]:
    """Make the missing folders above, outermost first; returns those that were made."""
    missing = [path for path in (parent, *parent.parents) if not path.exists()][::-1]
    for path in missing:
        path.mkdir(exist_ok=True)
    return missing


def _replace(partial: Path, folder: Path) -> None:
    if not folder.exists():
        partial.rename(folder)
        return
    earlier = _hidden_name(folder, EARLIER)
    folder.rename(earlier)
    try:
        partial.rename(folder)
    except BaseException:
        earlier.rename(folder)
        raise
    shutil.rmtree(earlier, ignore_errors=True)
