"""Where the members of a store stand: kept in memory, made of what the chunks say."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


class Index:
    """Where members stand: sorted fingerprints, and for each the number of its chunk and the row in it."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}
        self._next = 0
        self._new: list[tuple[np.ndarray, int]] = []
        self._keys = np.empty(0, np.uint64)
        self._file = np.empty(0, np.int32)
        self._row = np.empty(0, np.int32)

    def __len__(self) -> int:
        self._sort()
        return len(self._keys) and 1 + int(np.count_nonzero(np.diff(self._keys)))

    def add(self, name: str, fingerprints: np.ndarray) -> None:
        """Take in a chunk and the members that it holds, row by row."""
        if name not in self.files:
            self.files[name] = self._next
            self._new.append((fingerprints, self._next))
            self._next += 1

    def drop(self, names: Iterable[str]) -> None:
        """Let go of chunks that are there no longer."""
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
