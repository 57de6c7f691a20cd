"""The labelled series of several settings put together variable by variable: slow, and what faster ways must equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray

from sim import run
from sim.dataset import attributes, phases
from sim.indicators import INDICATORS
from sim.version import model_version


def labelled(runs: Mapping[str, Sequence[run.Records]]) -> xarray.Dataset:
    """Dims (setting, replicate, week[, village]); of `<name>_in` (setting, replicate, period)."""
    first = next(iter(runs.values()))[0]
    by_village = first.villages is not None
    dims: tuple[str, ...] = (
        ("setting", "replicate", "week", "village") if by_village else ("setting", "replicate", "week")
    )
    variables: dict[str, tuple[tuple[str, ...], np.ndarray, dict[str, str]]] = {}
    rows = np.array([[run.series(r) for r in member] for member in runs.values()])
    for i, (name, indicator) in enumerate(INDICATORS.items()):
        variables[name] = (dims, rows[:, :, i], attributes(indicator))
    figures = [[run.evaluate(r) for r in member] for member in runs.values()]
    for name, indicator in INDICATORS.items():
        values = [[[f[name + suffix] for suffix in run.PERIODS.values()] for f in member] for member in figures]
        periods_of = ("setting", "replicate", "period")
        variables[f"{name}_in"] = (periods_of, np.array(values), attributes(indicator))
    coords: dict[str, Any] = {
        "setting": list(runs),
        "replicate": np.arange(len(next(iter(runs.values())))),
        "week": ("week", first.weeks, {"unit": "weeks since the start", "label_en": "Week", "label_zh": "周"}),
        "phase": ("week", phases(first.weeks)),
        "period": list(run.PERIODS),
        "seed": (("setting", "replicate"), [[r.setting.seed for r in member] for member in runs.values()]),
        "fingerprint": (
            ("setting", "replicate"),
            [[r.setting.fingerprint for r in member] for member in runs.values()],
        ),
    }
    if first.villages is not None:
        coords["village"] = np.arange(first.villages.shape[1])
    found = xarray.Dataset(variables, coords=coords)
    found.attrs["model_version"] = model_version()
    return found
