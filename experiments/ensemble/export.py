"""The runs of a store in one file, for other tools: a chunk at a time, whatever the size."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from experiments.ensemble.chunks import PARTIAL
from experiments.ensemble.store import Store


def write_csv(store: Store, path: Path) -> int:
    """One row a run: fingerprint, history, seed and figures; an empty cell is missing by design."""

    def write(partial: Path) -> int:
        count = 0
        with open(partial, "w", newline="", encoding="utf-8") as file:
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

    return _whole(path, write)


def write_netcdf(store: Store, path: Path) -> int:
    """One variable a figure, dimension `run`, with unit and names; fingerprint, history and seed beside them."""
    import h5py

    from sim.dataset import attributes
    from sim.indicators import INDICATORS

    def write(partial: Path) -> int:
        names = store.names()
        total = store.count()
        chunk = (min(max(total, 1), 4096),)
        with h5py.File(partial, "w") as file:

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
            keys = {
                key: variable(key, kind) for key, kind in (("fingerprint", "S16"), ("history", "S16"), ("seed", "i8"))
            }
            figures = [variable(name, "f8") for name in names]
            file.attrs.update(model_version=store.origin.model_version, host_class=store.origin.host)
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
        return at

    return _whole(path, write)


def _hex(keys: np.ndarray) -> np.ndarray:
    return np.array([f"{key:016x}" for key in keys.tolist()], "S16")


def _whole(path: Path, write: Callable[[Path], int]) -> int:
    """Write into a hidden sibling that takes the file's name when it is finished."""
    partial = path.with_name(f"{PARTIAL}{path.name}-{os.getpid()}")
    try:
        count = write(partial)
        partial.replace(path)
        return count
    finally:
        partial.unlink(missing_ok=True)
