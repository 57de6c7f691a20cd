"""Chunks: the files of a store (NetCDF 4 / HDF5), written atomically and named after what they hold.

    summary-<members>-<checksum>.nc      one row a member, and the baseline year once a history
    weekly-<members>-<checksum>.nc       the paths of members whose weeks were asked for

The checksum (sha256, 20 hex digits) is that of the file's bytes and is compared each time the file is read. A file is
made in memory, written under another name, flushed to disk, and then renamed. HDF5 itself never writes to a disk,
because it may end the whole process where one is full.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.ensemble import disk
from experiments.ensemble.whole_files import write_whole
from sim.vocabulary import BASELINE_WEEKS

SUMMARY, WEEKLY = "summary", "weekly"
BASELINE = "__baseline"

_NOT_A_CHUNK = (OSError, KeyError, IndexError, ValueError, TypeError, AttributeError, RuntimeError)
_NAME = re.compile(r"(summary|weekly)-([0-9]+)-([0-9a-f]{20})\.nc")


class Damaged(Exception):
    """A chunk is not what was written; the text says how."""


@dataclass(frozen=True, slots=True)
class Summaries:
    """Figures of members, told apart by fingerprint; those of the baseline year stand once a history.

    fingerprints, seeds, of_history: (n,); values: (n, figures); histories: (h,); baseline: (h, figures).
    """

    fingerprints: np.ndarray
    seeds: np.ndarray
    of_history: np.ndarray
    figures: tuple[str, ...]
    values: np.ndarray
    histories: np.ndarray
    baseline_figures: tuple[str, ...]
    baseline: np.ndarray

    def columns(self, wanted: Sequence[str]) -> np.ndarray:
        """Some figures of every member: (n, wanted)."""
        found = np.empty((len(self.fingerprints), len(wanted)))
        for j, name in enumerate(wanted):
            if name in self.figures:
                found[:, j] = self.values[:, self.figures.index(name)]
            else:
                found[:, j] = self.baseline[:, self.baseline_figures.index(name)][self.of_history]
        return found


@dataclass(frozen=True, slots=True)
class Paths:
    """Weekly paths of members of one length: fingerprints (n,), values (n, indicators, weeks[, villages])."""

    fingerprints: np.ndarray
    indicators: tuple[str, ...]
    values: np.ndarray


def summaries(
    fingerprints: Sequence[str], seeds: Sequence[int], histories: Sequence[str], figures: Sequence[Mapping[str, float]]
) -> Summaries:
    """Put the figures of members into arrays."""
    own = tuple(name for name in figures[0] if not name.endswith(BASELINE))
    shared = tuple(name for name in figures[0] if name.endswith(BASELINE))
    first = {history: i for i, history in reversed(list(enumerate(histories)))}
    order = list(dict.fromkeys(histories))
    place = {history: i for i, history in enumerate(order)}
    return Summaries(
        numbers(fingerprints),
        np.array(seeds, np.int64),
        np.array([place[history] for history in histories], np.int32),
        own,
        np.array([[row[name] for name in own] for row in figures], np.float64),
        numbers(order),
        shared,
        np.array([[figures[first[history]][name] for name in shared] for history in order], np.float64),
    )


def numbers(keys: Sequence[str]) -> np.ndarray:
    """Fingerprints of 16 hex digits as 64-bit numbers."""
    return np.array([int(key, 16) for key in keys], np.uint64)


def join(parts: Sequence[Summaries]) -> Summaries:
    """Several chunks as one; a history that several of them hold stands once."""
    histories, first, inverse = np.unique(
        np.concatenate([part.histories for part in parts]), return_index=True, return_inverse=True
    )
    starts = np.cumsum([0, *(len(part.histories) for part in parts)])
    of_history = [inverse[start + part.of_history].astype(np.int32) for start, part in zip(starts, parts, strict=False)]
    whole = Summaries(
        np.concatenate([part.fingerprints for part in parts]),
        np.concatenate([part.seeds for part in parts]),
        np.concatenate(of_history),
        parts[0].figures,
        np.concatenate([part.values for part in parts]),
        histories,
        parts[0].baseline_figures,
        np.concatenate([part.baseline for part in parts])[first],
    )
    _, kept = np.unique(whole.fingerprints, return_index=True)
    kept.sort()
    return Summaries(
        whole.fingerprints[kept],
        whole.seeds[kept],
        whole.of_history[kept],
        whole.figures,
        whole.values[kept],
        whole.histories,
        whole.baseline_figures,
        whole.baseline,
    )


# ---------------------------------------------------------------- files


def parse_name(name: str) -> tuple[str, int]:
    """What a file's name says: its kind and how many members it holds; ("", 0) if it is no chunk."""
    found = _NAME.fullmatch(name)
    return (found[1], int(found[2])) if found else ("", 0)


def write(folder: Path, chunk: Summaries | Paths, attributes: Mapping[str, str]) -> str:
    """Write a chunk atomically and return its name. Raises OSError."""
    kind = SUMMARY if isinstance(chunk, Summaries) else WEEKLY
    content = _pack(chunk, attributes)
    name = f"{kind}-{len(chunk.fingerprints)}-{_checksum(content)}.nc"
    write_whole(folder / name, content)
    return name


@contextmanager
def open_chunk(path: Path) -> Iterator[Any]:
    """A chunk as an open HDF5 file. Raises Damaged if its bytes are not those that were written, or are no chunk."""
    import h5py

    content = disk.read(path)
    found = _NAME.fullmatch(path.name)
    if found is None or _checksum(content) != found[3]:
        raise Damaged(f"{path}: its checksum is not the one in its name")
    try:
        with h5py.File(h5py.h5f.open_file_image(content)) as file:
            yield file
    except _NOT_A_CHUNK as error:  # whoever made it gave it the right name
        raise Damaged(f"{path}: not what a chunk holds ({type(error).__name__})") from None


def fingerprints(path: Path) -> np.ndarray:
    """Which members a chunk holds: (n,)."""
    with open_chunk(path) as file:
        return file["fingerprint"][...]


def names(file: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the members' own figures and of those of the baseline year, in the model's order."""
    return tuple(map(bytes.decode, file["figure"][...])), tuple(map(bytes.decode, file["baseline_figure"][...]))


def columns(path: Path, wanted: Sequence[str]) -> np.ndarray:
    """Some figures of every member of a chunk: (n, wanted)."""
    with open_chunk(path) as file:
        own, shared = names(file)
        of_history = file["of_history"][...]
        found = np.empty((len(of_history), len(wanted)))
        for j, name in enumerate(wanted):
            if name in own:
                found[:, j] = file["values"][:, own.index(name)]
            else:
                found[:, j] = file["baseline"][:, shared.index(name)][of_history]
        return found


def paths(path: Path) -> np.ndarray:
    """Weekly paths of every member of a chunk: (n, indicators, weeks[, villages])."""
    with open_chunk(path) as file:
        return file["paths"][...]


def read(path: Path) -> Summaries | Paths:
    """All that a chunk holds. Raises Damaged, or OSError if it is gone."""
    with open_chunk(path) as file:
        if "paths" in file:
            return Paths(file["fingerprint"][...], tuple(map(bytes.decode, file["indicator"][...])), file["paths"][...])
        own, shared = names(file)
        return Summaries(
            file["fingerprint"][...],
            file["seed"][...],
            file["of_history"][...],
            own,
            file["values"][...],
            file["history"][...],
            shared,
            file["baseline"][...],
        )


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]


def _columns(values: np.ndarray) -> tuple[int, int]:
    """How a table is packed: a figure at a time, or all of them where there are few rows."""
    return len(values), 1 if len(values) >= 64 else values.shape[1]


def _pack(chunk: Summaries | Paths, attributes: Mapping[str, str]) -> bytes:
    """A chunk as the bytes of an HDF5 file that NetCDF tools read."""
    import h5py

    packing: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    name = f"in memory, {secrets.token_hex(8)}"  # HDF5 knows open files by their names
    with h5py.File(name, "w", driver="core", backing_store=False, libver="latest") as file:

        def scale(name: str, values: Any) -> Any:
            made = file.create_dataset(name, data=values, chunks=(len(values),), **packing)
            made.make_scale(name)
            return made

        def add(name: str, values: np.ndarray, dims: Sequence[Any], chunks: tuple[int, ...]) -> None:
            made = file.create_dataset(name, data=values, chunks=chunks, **packing)
            for axis, dim in enumerate(dims):
                made.dims[axis].attach_scale(dim)

        file.attrs.update(attributes)
        member = scale("fingerprint", chunk.fingerprints)
        n = len(chunk.fingerprints)
        if isinstance(chunk, Summaries):
            figure = scale("figure", np.array(chunk.figures, "S"))
            shared = scale("baseline_figure", np.array(chunk.baseline_figures, "S"))
            history = scale("history", chunk.histories)
            add("seed", chunk.seeds, [member], (n,))
            add("of_history", chunk.of_history, [member], (n,))
            add("values", chunk.values, [member, figure], _columns(chunk.values))
            add("baseline", chunk.baseline, [history, shared], _columns(chunk.baseline))
        else:
            shape = chunk.values.shape
            indicator = scale("indicator", np.array(chunk.indicators, "S"))
            week = scale("week", np.arange(shape[2]) - BASELINE_WEEKS)
            village = [scale("village", np.arange(length)) for length in shape[3:]]
            add("paths", chunk.values, [member, indicator, week, *village], (1, *shape[1:]))
        file.flush()
        return file.id.get_file_image()
