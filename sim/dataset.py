"""From runs to labelled data: `sim.simulate` and `sim.outcomes`, and the names and units that figures carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import run
from sim.indicators import INDICATORS
from sim.inputs.settings import setting
from sim.version import model_version
from sim.vocabulary import YEAR

if TYPE_CHECKING:
    import xarray


def phases(weeks: np.ndarray) -> np.ndarray:
    """The phase of every week: baseline, year1, middle, evaluation (the last year wins over the first)."""
    names = np.full(len(weeks), "middle", dtype="<U10")
    names[weeks < YEAR] = "year1"
    names[-YEAR:] = "evaluation"
    names[weeks < 0] = "baseline"
    return names


def dataset(runs: Mapping[str, Sequence[run.Records]]) -> xarray.Dataset:
    """Labelled weekly series of several settings: dims (setting, replicate, week[, village]).

    `<name>_in` holds the same indicator pooled over a period: dims (setting, replicate, period), with
    period baseline, year1 or evaluation.
    """
    import xarray

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


def attributes(indicator) -> dict[str, str]:
    """Unit, names and meaning of a variable, and whether it can be missing."""
    found = {
        "unit": indicator.unit,
        "units": indicator.unit,
        "long_name": indicator.label_en,
        "label_en": indicator.label_en,
        "label_zh": indicator.label_zh,
        "sentence": indicator.sentence,
        "better": indicator.better,
    }
    if indicator.can_be_missing:
        found["missing"] = "by design where the denominator is 0"
    return found


def simulate(town: str = "average", *, detail: str = "town", **keywords) -> xarray.Dataset:
    """Simulate one town and return its weekly series, weeks −52 … weeks − 1.

    Keywords are those of `sim.inputs.settings.setting`: tolerance, burden, supervision, measures, levers,
    parameters, facts, residents, weeks, seed, theory, knock_out, coupling, potency, table. With
    detail="village" what is counted by village has a village dimension.
    Raises sim.SettingError for a bad setting.

    >>> import sim
    >>> ds = sim.simulate("demo_village", burden=0.5, weeks=52, seed=7)
    >>> float(ds["service_efficiency"].mean()) <= 1
    True
    """
    chosen = setting(town, **keywords)
    run.compile()
    return single_dataset(run.branch(run.history(chosen, detail), chosen))


def single_dataset(records: run.Records) -> xarray.Dataset:
    """The labelled series of one run: dims (week[, village]) and (period)."""
    found = dataset({"run": [records]}).isel(setting=0, replicate=0, drop=True)
    found.attrs["fingerprint"] = records.setting.fingerprint
    found.attrs["seed"] = records.setting.seed
    return found


def outcomes(ds: xarray.Dataset) -> dict[str, float]:
    """Evaluation-year figures of a simulated town: name -> number (nan where missing by design)."""
    year = ds.sel(period="evaluation")
    return {name: float(year[f"{name}_in"]) for name in INDICATORS}
