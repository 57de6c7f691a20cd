"""A store in memory, for runs that nobody keeps: the figures of members as arrays, no file and no HDF5."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from experiments.ensemble.chunks import Paths, Summaries
from experiments.ensemble.index import Index


class MemoryStore:
    """What `member_store.Store` offers to an ensemble and its results, for one model version."""

    folder = "memory"  # as it is called where a store's folder is named

    def __init__(self, version: str) -> None:
        self.version = version
        self._summaries: list[Summaries] = []
        self._paths: list[Paths] = []
        self._index = {Summaries: Index(), Paths: Index()}

    def missing(self, fingerprints: np.ndarray, weekly: np.ndarray) -> np.ndarray:
        """Which members are not there, or lack the weekly paths that are wanted: (n,) of bool."""
        lacking = self._index[Summaries].find(fingerprints)[0] < 0
        lacking[weekly] |= self._index[Paths].find(fingerprints[weekly])[0] < 0
        return lacking

    def figures(self, fingerprints: np.ndarray, names: Sequence[str]) -> np.ndarray:
        """Figures of members that are there: (n, names)."""
        found = np.empty((len(fingerprints), len(names)))
        number, row = self._index[Summaries].find(fingerprints)
        for one in np.unique(number):
            here = number == one
            found[here] = self._summaries[one].columns(names)[row[here]]
        return found

    def paths(self, fingerprints: np.ndarray) -> np.ndarray:
        """Weekly paths of members of one length: (n, indicators, weeks[, villages])."""
        number, row = self._index[Paths].find(fingerprints)
        return np.stack([self._paths[one].values[at] for one, at in zip(number, row, strict=True)])

    def names(self) -> tuple[str, ...]:
        """Names of all figures that a member has, in the model's order."""
        return next(((*part.figures, *part.baseline_figures) for part in self._summaries), ())

    def free_bytes(self) -> int:
        """Memory that is free; without end where the system does not say."""
        names = getattr(os, "sysconf_names", {})
        if not {"SC_AVPHYS_PAGES", "SC_PAGE_SIZE"} <= names.keys():
            return 1 << 62
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")

    def prepare(self) -> None:
        """Nothing has to be made."""

    def append(self, chunk: Summaries | Paths) -> None:
        """Keep members."""
        kept: list = self._summaries if isinstance(chunk, Summaries) else self._paths
        self._index[type(chunk)].add(str(len(kept)), chunk.fingerprints)
        kept.append(chunk)

    def join_small(self, at_least: int = 0) -> None:
        """Nothing has to be joined."""
