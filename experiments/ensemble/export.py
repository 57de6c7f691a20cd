"""The runs of a store in one file, for other tools, read a chunk at a time."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np

from experiments.ensemble.member_store import Store
from experiments.ensemble.whole_files import replace_whole, sweep, write_whole


def write_csv(store: Store, path: Path) -> int:
    """One row a run: fingerprint, history, seed and figures; an empty cell is missing by design. Raises OSError."""
    count = 0
    sweep(path.absolute().parent)
    with replace_whole(path) as partial, open(partial, "x", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["fingerprint", "history", "seed", *store.names()])
        for part, kept in store.summaries():
            figures = np.hstack([part.values, part.baseline[part.of_history]])[kept].tolist()
            histories = part.histories[part.of_history][kept].tolist()
            for fingerprint, history, seed, row in zip(
                part.fingerprints[kept].tolist(), histories, part.seeds[kept].tolist(), figures, strict=True
            ):
                cells = ["" if math.isnan(value) else repr(value) for value in row]
                writer.writerow([f"{fingerprint:016x}", f"{history:016x}", seed, *cells])
            count += len(figures)
    return count


def write_netcdf(store: Store, path: Path) -> int:
    """One variable a figure, dimension `run`, with unit and names; fingerprint, history and seed beside them.

    The file is made in memory, compressed: HDF5 may end the process where a disk is full. Raises OSError.
    """
    content, count = _netcdf(store)
    sweep(path.absolute().parent)
    write_whole(path, content)
    return count


def _netcdf(store: Store) -> tuple[bytes, int]:
    import h5py

    from sim.dataset import attributes
    from sim.indicators import INDICATORS

    names = store.names()
    total = store.count()
    chunk = (min(max(total, 1), 4096),)
    with h5py.File("export, in memory", "w", driver="core", backing_store=False) as file:

        def variable(name: str, kind: Any) -> Any:
            made = file.create_dataset(
                name, (total,), kind, chunks=chunk, compression="gzip", compression_opts=1, shuffle=True
            )
            made.dims[0].attach_scale(run)
            indicator = INDICATORS.get(name.split("__")[0])
            if indicator is not None:
                made.attrs.update(attributes(indicator))
            return made

        run = file.create_dataset("run", data=np.arange(total))
        run.make_scale("run")
        keys = {key: variable(key, kind) for key, kind in (("fingerprint", "S16"), ("history", "S16"), ("seed", "i8"))}
        figures = [variable(name, "f8") for name in names]
        file.attrs["model_version"] = store.version
        at = 0
        for part, kept in store.summaries():
            to = slice(at, at + int(kept.sum()))
            at = to.stop
            keys["fingerprint"][to] = _hex(part.fingerprints[kept])
            keys["history"][to] = _hex(part.histories[part.of_history][kept])
            keys["seed"][to] = part.seeds[kept]
            values = np.hstack([part.values, part.baseline[part.of_history]])[kept]
            for j, made in enumerate(figures):
                made[to] = values[:, j]
        file.flush()
        return file.id.get_file_image(), at


def _hex(keys: np.ndarray) -> np.ndarray:
    return np.array([f"{key:016x}" for key in keys.tolist()], "S16")
