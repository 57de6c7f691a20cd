"""The store: finished members, identified by their inputs, in a folder that any number of jobs share.

    <store>/store.json                               what this folder is
    <store>/<model version>/*.nc                     chunks (experiments/ensemble/chunks.py)

Within the folder of its model version a member is named by the fingerprint of its setting, seed included. Nothing is
ever changed in place and no index is kept. Chunks are written atomically, and the contents of a store are those of its
chunks. A member that two jobs wrote is found once. Small chunks are joined from time to time. The joined one is on disk
before the small ones are deleted, so a concurrent reader finds every member, if need be on a second look.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from experiments.ensemble import chunks, disk, interrupts
from experiments.ensemble.chunks import SUMMARY, WEEKLY, Damaged
from experiments.ensemble.errors import StoreError
from experiments.ensemble.index import Index
from experiments.ensemble.store_maintenance import FORMAT, MARK, check, chunk_names
from experiments.ensemble.whole_files import sweep

_SMALL_BYTES = 1_500_000
_MANY_SMALL = 48
_CHUNK_MEMBERS = 4096
_LOOKS = 5


class Store:
    """The members of one model version in a store's folder; nothing is made before the first `append`."""

    def __init__(self, folder: Path | str, version: str, note: Callable[[str], None] = lambda text: None) -> None:
        self.folder = Path(folder)
        self.version = version
        self._note = note
        self._own = self.folder / version
        self._index = {SUMMARY: Index(), WEEKLY: Index()}
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
                with contextlib.suppress(FileNotFoundError, Damaged), chunks.open_chunk(self._own / name) as file:
                    own, shared = chunks.names(file)
                    return (*own, *shared)
            self._look()
        return ()

    def count(self) -> int:
        """How many members are there."""
        return len(self._index[SUMMARY])

    def summaries(self) -> Iterator[tuple[chunks.Summaries, np.ndarray]]:
        """Chunk by chunk: what it holds, and which of its members to take, so that each comes once."""
        index = self._index[SUMMARY]
        for name, number in list(index.files.items()):
            interrupts.check()
            try:
                part = chunks.read(self._own / name)
            except (FileNotFoundError, Damaged):
                raise StoreError(
                    f"{self.folder}: a chunk was joined or damaged while it was read; type the same line again."
                ) from None
            assert isinstance(part, chunks.Summaries)
            of_file, rows = index.find(part.fingerprints)
            yield part, (of_file == number) & (rows == np.arange(len(rows)))

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
                    interrupts.check()
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
        """Update the list of chunks: those added or removed since the last look."""
        present = chunk_names(self._own)
        for kind, index in self._index.items():
            index.drop(index.files.keys() - present)
            for name in sorted(present - index.files.keys() - self._damaged):
                if chunks.parse_name(name)[0] != kind:
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
        self._index[chunks.parse_name(name)[0]].drop({name})
        self._note(
            f"{self._own / name}: damaged (its checksum is not the one in its name), so its runs are not used and "
            "will be made again; experiments.store prune removes it."
        )

    # ------------------------------------------------------------ writing

    def free_bytes(self) -> int:
        """Room on the disk. Raises OSError."""
        return shutil.disk_usage(self.folder).free

    def prepare(self) -> None:
        """Make the folder unless it is there, and tidy up behind killed jobs. Raises OSError."""
        for folder in [one for one in (*reversed(self.folder.parents), self.folder) if not disk.exists(one)]:
            disk.make_folder(folder)
            disk.flush(folder.parent)
        if not disk.exists(self.folder / MARK):  # it comes first: to another job a folder without it is no store
            mark = {"what": "a store of finished members (experiments/ensemble/member_store.py)", "format": FORMAT}
            chunks.write_whole(self.folder / MARK, json.dumps(mark).encode())
        disk.make_folder(self._own)
        disk.flush(self.folder)  # a chunk outlives a power cut only in a folder that does
        for folder in (self.folder, self._own):
            sweep(folder)

    def append(self, chunk: chunks.Summaries | chunks.Paths) -> None:
        """Put members on the disk: when this returns they are there, whole. Raises OSError."""
        index = self._index[SUMMARY if isinstance(chunk, chunks.Summaries) else WEEKLY]
        index.add(chunks.write(self._own, chunk, self._attributes()), chunk.fingerprints)

    def join_small(self, at_least: int = _MANY_SMALL) -> None:
        """Join small chunks of summaries if there are `at_least` so many. Raises OSError."""
        small = [name for name in chunk_names(self._own) if self._is_small(name)]
        if len(small) < at_least:
            return
        batch: list[str] = []
        for name in sorted(small):
            batch.append(name)
            if sum(chunks.parse_name(one)[1] for one in batch) >= _CHUNK_MEMBERS:
                self._join(batch)
                batch = []
        self._join(batch)
        self._look()

    def _is_small(self, name: str) -> bool:
        kind, members = chunks.parse_name(name)
        if kind != SUMMARY or members >= _CHUNK_MEMBERS // 2 or name in self._damaged:
            return False
        try:
            return disk.size(self._own / name) < _SMALL_BYTES
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
        # A name that is used once: another job that read a chunk of this name may be about to delete it.
        chunks.write(self._own, chunks.join(parts), {**self._attributes(), "joined": disk.token()})
        for name in read:
            _remove(self._own / name)

    def _attributes(self) -> Mapping[str, str]:
        return {"model_version": self.version, "format": str(FORMAT)}


def _remove(path: Path) -> None:
    # Windows refuses while another job reads it: its members are there twice then, which is harmless.
    with contextlib.suppress(PermissionError):
        disk.remove(path)
