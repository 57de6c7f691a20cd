"""The store: finished members by what they depend on, in a folder that any number of jobs share.

    <store>/store.json                               what this folder is
    <store>/<model version>-<host class>/*.nc        chunks (experiments/ensemble/chunks.py)

Within the folder of its origin a member is named by the fingerprint of its setting, seed included.
Nothing is ever changed in place and no index is kept: a chunk is there whole or not at all, what a
store holds is what its chunks say, and members that two jobs wrote both are found once. Small
chunks are joined from time to time: the joined one is on the disk before the small ones go, so that
whoever looks meanwhile finds every member, if need be on a second look.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from experiments.ensemble import chunks
from experiments.ensemble.chunks import SUMMARY, WEEKLY, Damaged
from experiments.ensemble.errors import StoreError
from experiments.ensemble.origin import Origin

MARK = "store.json"
FORMAT = 1
_SMALL_BYTES = 1_500_000
_MANY_SMALL = 48
_CHUNK_MEMBERS = 4096
_LOOKS = 5


class Store:
    """The members of one origin in a store's folder; nothing is made before the first `append`."""

    def __init__(self, folder: Path | str, origin: Origin, note: Callable[[str], None] = lambda text: None) -> None:
        self.folder = Path(folder)
        self.origin = origin
        self._note = note
        self._own = self.folder / origin.folder
        self._index = {SUMMARY: _Index(), WEEKLY: _Index()}
        self._damaged: set[str] = set()
        check(self.folder)
        self._look()

    # ------------------------------------------------------------ reading

    def missing(self, fingerprints: np.ndarray, weekly: np.ndarray) -> np.ndarray:
        """Which members are not there, or lack the weekly paths that are wanted: (n,) of bool."""
        lacking = self._index[SUMMARY].find(fingerprints)[0] < 0
        lacking[weekly] |= self._index[WEEKLY].find(fingerprints[weekly])[0] < 0
        return lacking

    def figures(self, fingerprints: np.ndarray, names: Sequence[str]) -> np.ndarray:
        """Figures of members that are there: (n, names). One chunk is in memory at a time."""
        found = np.empty((len(fingerprints), len(names)))

        def take(path: Path, places: np.ndarray, rows: np.ndarray) -> None:
            found[places] = chunks.columns(path, names)[rows]

        self._gather(SUMMARY, fingerprints, take)
        return found

    def paths(self, fingerprints: np.ndarray) -> np.ndarray:
        """Weekly paths of members of one length: (n, indicators, weeks[, villages])."""
        found: list[np.ndarray] = []

        def take(path: Path, places: np.ndarray, rows: np.ndarray) -> None:
            values = chunks.paths(path)
            if not found:
                found.append(np.empty((len(fingerprints), *values.shape[1:])))
            found[0][places] = values[rows]

        self._gather(WEEKLY, fingerprints, take)
        return found[0]

    def names(self) -> tuple[str, ...]:
        """Names of all figures that a member has, in the model's order."""
        for _ in range(_LOOKS):
            for name in self._index[SUMMARY].files:
                with contextlib.suppress(FileNotFoundError, Damaged), chunks.opened(self._own / name) as file:
                    own, shared = chunks.names(file)
                    return (*own, *shared)
            self._look()
        return ()

    def _gather(
        self, kind: str, fingerprints: np.ndarray, take: Callable[[Path, np.ndarray, np.ndarray], None]
    ) -> None:
        """Call `take(path, places, rows)` for each chunk that holds some of the members."""
        index = self._index[kind]
        for _ in range(_LOOKS):
            of_file, rows = index.find(fingerprints)
            names = {number: name for name, number in index.files.items()}
            order = np.argsort(of_file, kind="stable")
            starts = np.flatnonzero(np.diff(of_file[order], prepend=-2))
            name = ""
            try:
                for places in np.split(order, starts[1:]) if len(order) else ():
                    number = int(of_file[places[0]])
                    if number < 0:
                        raise FileNotFoundError
                    name = names[number]
                    take(self._own / name, places, rows[places])
                return
            except FileNotFoundError:  # joined by another job since we looked
                self._look()
            except Damaged:
                self._set_aside(name)
        raise StoreError(
            f"{self.folder}: runs that were there can no longer be read; type the same line again to make them anew."
        )

    def _look(self) -> None:
        """Take note of chunks that have come or gone since the last look."""
        present = _chunk_names(self._own)
        for kind, index in self._index.items():
            index.drop(index.files.keys() - present)
            for name in sorted(present - index.files.keys() - self._damaged):
                if _told(name)[0] != kind:
                    continue
                try:
                    index.add(name, chunks.fingerprints(self._own / name))
                except FileNotFoundError:  # joined by another job: the joined chunk is found on the next look
                    return self._look()
                except Damaged:
                    self._set_aside(name)

    def _set_aside(self, name: str) -> None:
        """Do not use a damaged chunk, and say so; the file stays for whoever wants to look."""
        self._damaged.add(name)
        self._index[_told(name)[0]].drop({name})
        self._note(
            f"{self._own / name}: damaged (its checksum is not the one in its name), so its runs are not used and "
            "will be made again; experiments.store prune removes it."
        )

    # ------------------------------------------------------------ writing

    def prepare(self) -> None:
        """Make the folder unless it is there. Raises OSError."""
        self._own.mkdir(parents=True, exist_ok=True)
        if not (self.folder / MARK).exists():
            mark = {"what": "a store of finished members (experiments/ensemble/store.py)", "format": FORMAT}
            chunks.write_whole(self.folder / MARK, json.dumps(mark).encode())

    def append(self, chunk: chunks.Summaries | chunks.Paths) -> None:
        """Put members on the disk: when this returns they are there, whole. Raises OSError."""
        index = self._index[SUMMARY if isinstance(chunk, chunks.Summaries) else WEEKLY]
        index.add(chunks.write(self._own, chunk, self._attributes()), chunk.fingerprints)

    def join_small(self, at_least: int = _MANY_SMALL) -> None:
        """Join small chunks of summaries if there are `at_least` so many. Raises OSError."""
        small = [name for name in _chunk_names(self._own) if self._is_small(name)]
        if len(small) < at_least:
            return
        batch: list[str] = []
        for name in sorted(small):
            batch.append(name)
            if sum(_told(one)[1] for one in batch) >= _CHUNK_MEMBERS:
                self._join(batch)
                batch = []
        self._join(batch)
        self._look()

    def _is_small(self, name: str) -> bool:
        kind, members = _told(name)
        if kind != SUMMARY or members >= _CHUNK_MEMBERS // 2 or name in self._damaged:
            return False
        try:
            return (self._own / name).stat().st_size < _SMALL_BYTES
        except FileNotFoundError:
            return False

    def _join(self, names: Sequence[str]) -> None:
        parts, read = [], []
        for name in names:
            with contextlib.suppress(FileNotFoundError, Damaged):
                part = chunks.read(self._own / name)
                if isinstance(part, chunks.Summaries):
                    parts.append(part)
                    read.append(name)
        if len(parts) < 2:
            return
        made = chunks.write(self._own, chunks.joined(parts), self._attributes())
        for name in read:
            if name != made:
                _remove(self._own / name)

    def _attributes(self) -> Mapping[str, str]:
        return {"model_version": self.origin.model_version, "host_class": self.origin.host, "format": str(FORMAT)}


class _Index:
    """Where members stand: sorted fingerprints, and for each the number of its chunk and the row in it."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}
        self._next = 0
        self._new: list[tuple[np.ndarray, int]] = []
        self._keys = np.empty(0, np.uint64)
        self._file = np.empty(0, np.int32)
        self._row = np.empty(0, np.int32)

    def add(self, name: str, fingerprints: np.ndarray) -> None:
        if name not in self.files:
            self.files[name] = self._next
            self._new.append((fingerprints, self._next))
            self._next += 1

    def drop(self, names: Iterable[str]) -> None:
        gone = [self.files.pop(name) for name in names if name in self.files]
        if gone:
            self._sort()
            kept = ~np.isin(self._file, gone)
            self._keys, self._file, self._row = self._keys[kept], self._file[kept], self._row[kept]

    def find(self, fingerprints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Number of the chunk (-1 where there is none) and row of each member."""
        self._sort()
        of_file = np.full(len(fingerprints), -1, np.int32)
        rows = np.full(len(fingerprints), -1, np.int32)
        if len(self._keys):
            places = np.minimum(np.searchsorted(self._keys, fingerprints), len(self._keys) - 1)
            there = self._keys[places] == fingerprints
            of_file[there] = self._file[places[there]]
            rows[there] = self._row[places[there]]
        return of_file, rows

    def _sort(self) -> None:
        if not self._new:
            return
        keys = np.concatenate([self._keys, *(keys for keys, _ in self._new)])
        file = np.concatenate([self._file, *(np.full(len(keys), number, np.int32) for keys, number in self._new)])
        row = np.concatenate([self._row, *(np.arange(len(keys), dtype=np.int32) for keys, _ in self._new)])
        order = np.argsort(keys, kind="stable")
        self._keys, self._file, self._row = keys[order], file[order], row[order]
        self._new = []


# ---------------------------------------------------------------- folders


def check(folder: Path) -> None:
    """Raise StoreError if the folder is something else than a store, or a store to be."""
    try:
        if folder.exists() and not folder.is_dir():
            raise StoreError(f"{folder} given, which is a file; the folder of a store, or a new one, expected")
        if not folder.exists() or not any(not name.startswith(".") for name in os.listdir(folder)):
            return
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
        form = mark["format"]
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


def origins(folder: Path) -> Iterator[str]:
    """Names of the folders of origins that a store holds, in order."""
    if folder.is_dir():
        yield from sorted(one.name for one in folder.iterdir() if one.is_dir() and _chunk_names(one))


def members_in(folder: Path) -> int:
    """How many members the names of an origin's chunks speak of."""
    return sum(members for kind, members in map(_told, _chunk_names(folder)) if kind == SUMMARY)


def others(folder: Path, origin: Origin) -> str | None:
    """One sentence on members of another origin in a store; None if there are none."""
    versions = {name.split("-")[0] for name in origins(folder)} - {origin.model_version}
    machines = [name for name in origins(folder) if name.startswith(origin.model_version) and name != origin.folder]
    of_versions = [name for name in origins(folder) if name.split("-")[0] in versions]
    if of_versions:
        count = sum(members_in(folder / name) for name in of_versions)
        return (
            f"{folder} also holds {count} runs of another model version ({', '.join(sorted(versions))}; this is "
            f"{origin.model_version}), which are not used; experiments.store prune removes them."
        )
    if machines:
        count = sum(members_in(folder / name) for name in machines)
        return f"{folder} also holds {count} runs made on another kind of machine, which are not used."
    return None


def _told(name: str) -> tuple[str, int]:
    """Kind and number of members that a chunk's name tells."""
    return chunks.kind_and_members(name) or ("", 0)


def _chunk_names(folder: Path) -> set[str]:
    try:
        return {name for name in os.listdir(folder) if chunks.kind_and_members(name)}
    except FileNotFoundError:
        return set()


def _remove(path: Path) -> None:
    # Windows refuses while another job reads it: its members are there twice then, which is harmless.
    with contextlib.suppress(PermissionError):
        path.unlink(missing_ok=True)
