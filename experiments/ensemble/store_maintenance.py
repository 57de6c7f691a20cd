"""A store's folder as a whole: what it is, which model versions it holds, and how to tidy it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from experiments.ensemble import chunks, disk
from experiments.ensemble.chunks import SUMMARY, Damaged
from experiments.ensemble.errors import StoreError
from experiments.ensemble.whole_files import find_left_over
from sim.inputs.files import read_json

MARK = "store.json"
FORMAT = 1


def check(folder: Path) -> None:
    """Raise StoreError if the folder is something else than a store, or a store to be."""
    try:
        if disk.exists(folder) and not disk.is_folder(folder):
            raise StoreError(f"{folder} given, which is a file; the folder of a store, or a new one, expected")
        if not disk.exists(folder) or not any(not name.startswith(".") for name in disk.names(folder)):
            return
        form = read_json(folder / MARK)["format"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise StoreError(
            f"{folder} given, which holds files but is no store; the folder of a store, an empty or a new one expected"
        ) from None
    except OSError as error:
        raise StoreError(f"{str(folder)!r} cannot be used: {error.strerror or error}") from None
    if form != FORMAT:
        raise StoreError(
            f"{folder} given, a store of format {form}; format {FORMAT} expected, as another version of the "
            "toolkit wrote it"
        )


def versions(folder: Path) -> Iterator[str]:
    """Model versions of which a store holds members, in order: the names of their folders."""
    if folder.is_dir():
        yield from sorted(one.name for one in folder.iterdir() if one.is_dir() and chunk_names(one))


def prune(folder: Path, model_version: str) -> tuple[list[str], int]:
    """Remove members of other model versions, damaged chunks and what killed jobs left half-written.

    Returns what was removed, one line each, and how many bytes that was. Raises OSError.
    """
    gone, freed = [], 0

    def remove(paths: Iterable[Path], what: str) -> None:
        nonlocal freed
        paths = [path for path in paths if path.is_symlink() or path.is_file()]  # a folder is nobody's chunk
        sizes = [path.lstat().st_size for path in paths]
        for path in paths:
            path.unlink(missing_ok=True)
        if sizes:
            gone.append(f"{what}, {len(sizes)} files")
            freed += sum(sizes)

    for name in versions(folder):
        own = folder / name
        if own.is_symlink():  # what stands elsewhere is somebody else's
            continue
        if name == model_version:
            remove([path for path in chunk_paths(own) if _is_damaged(path)], f"damaged chunks of {name}")
        else:
            remove(chunk_paths(own), f"{members_in(own)} runs of another model version ({name})")
    for own in [folder, *(one for one in folder.iterdir() if one.is_dir() and not one.is_symlink())]:
        remove(find_left_over(own), f"half-written chunks in {own.name}")
        if own != folder:
            with contextlib.suppress(OSError):  # not empty
                own.rmdir()
    return gone, freed


def _is_damaged(path: Path) -> bool:
    try:
        chunks.read(path)
    except Damaged:
        return True
    return False


def chunk_paths(folder: Path) -> list[Path]:
    """The chunks of a model version's folder, by name."""
    return [folder / name for name in sorted(chunk_names(folder))]


def members_in(folder: Path) -> int:
    """How many members the names of a model version's chunks speak of."""
    return sum(members for kind, members in map(chunks.parse_name, chunk_names(folder)) if kind == SUMMARY)


def others(folder: Path, model_version: str) -> str:
    """A sentence on members of other model versions in a store; nothing if there are none."""
    found = [name for name in versions(folder) if name != model_version]
    if not found:
        return ""
    count = sum(members_in(folder / name) for name in found)
    return (
        f"{folder} also holds {count} runs of another model version ({', '.join(found)}; this is {model_version}), "
        "which are not used; experiments.store prune removes them."
    )


def chunk_names(folder: Path) -> set[str]:
    """Names of the chunks in a model version's folder; none if it is not there."""
    try:
        return {name for name in disk.files(folder) if chunks.parse_name(name)[0]}
    except (FileNotFoundError, NotADirectoryError):
        return set()
