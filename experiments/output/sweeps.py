"""What a sweep runs and finds: levels at every point of a grid, and the region of the best, as plain rows.

    tables/sweep.csv        a row an outcome and point: mean with its interval (how long it was run); median, q05 and
                            q95 over draws (what is not known), chance taken out; loss, p_best (draws), in_region
    tables/best_region.csv  the rows of the points that no other is clearly better than, the best first
    data.nc                 every run's figures by period, a dimension for each key, draw and replicate

Run d + D * k of a point has draw d of D and the seed of its replicate: all points share seeds and draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.cli import console
from experiments.ensemble import interrupts
from experiments.ensemble.members import DesignKey, Member, fixed
from experiments.ensemble.results import Results
from experiments.output.findings import Rows, simulate
from experiments.study.study import Study
from experiments.study.sweep_spec import SweepSpec

if TYPE_CHECKING:
    import numpy
    import xarray


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: the labelled runs, the two tables, and flat figures."""

    dataset: xarray.Dataset
    tables: Mapping[str, Rows]
    summary: Mapping[str, float]
    results: Results
    replicates: int = 0  # as the study says


def spec_of(study: Study) -> SweepSpec:
    """The sweep of a study that is one."""
    assert study.sweep is not None
    return study.sweep


def run_sweep(study: Study) -> tuple[Swept | None, Results]:
    """Run every point with every draw and seed; returns what was found (None if runs failed) and results."""
    members = members_of(study)
    if not study.quiet:
        console.err(announce(study, len(members)))
    results = simulate(study, members, (), study.job)
    return (None if results.failures else gather(study, results)), results


def announce(study: Study, runs: int) -> str:
    """How many runs there are and why; the estimate of their time follows once one was made."""
    spec = spec_of(study)
    sizes = " x ".join(f"{len(values)} of {key}" for key, values in spec.values.items())
    draws = f" x {spec.draws} draws" if spec.draws else ""
    return f"sweep: {sizes} = {len(spec.points)} points{draws} x {study.replicates} seeds = {runs} runs"


def members_of(study: Study) -> list[Member]:
    """All runs, those of a draw and seed together: they share what lies before week 0, unless a fact is swept."""
    spec, draws = spec_of(study), study.draws
    count = max(spec.draws, 1)
    members = []
    for replicate in range(spec.seeds(study.replicates)):
        for i, setting in enumerate(spec.points.values()):
            base = fixed(setting, draws, replicate % count) if draws else setting
            members.append(Member(DesignKey(spec.setting, context=("sweep", i)), replicate, base))
    return members


def gather(study: Study, results: Results) -> Swept:
    """Tables and data of a sweep whose runs are made."""
    spec = spec_of(study)
    rows: Rows = []
    best: Rows = []
    summary: dict[str, float] = {}
    for outcome, values in _values(study, results, list(spec.outcomes)).items():
        interrupts.check()
        own, first = _rows_of(spec, outcome, values)
        rows += own
        if first is None:
            console.err(f"No best region of {outcome}: it is missing in some runs, or there are fewer than two.")
            continue
        best += sorted((row for row in own if row["in_region"] != 0), key=lambda row: row["loss"])
        summary |= _summary_of(spec, own, own[first])
    return Swept(dataset_of(study, results), {"sweep": rows, "best_region": best}, summary, results)


def _values(study: Study, results: Results, names: list[str]) -> dict[str, numpy.ndarray]:
    """Figures [point, draw, replicate] by name; one draw stands for none."""
    spec = spec_of(study)
    points, draws = len(spec.points), max(spec.draws, 1)
    found = results.figures(range(len(results.members)), names)
    shaped = found.reshape(study.replicates, draws, points, len(names)).transpose(3, 2, 1, 0)
    return dict(zip(names, shaped, strict=True))


def _rows_of(spec: SweepSpec, outcome: str, values: numpy.ndarray) -> tuple[Rows, int | None]:
    """The rows of an outcome and the index of its best point, from values [point, draw, replicate]."""
    from analysis.uncertainty.regions import best_region, over_draws
    from sim.indicators import INDICATORS

    drawn = bool(spec.draws)
    samples = values.mean(axis=2).T if drawn else values[:, 0].T
    region = best_region(samples, INDICATORS[outcome].better, f"sweep/{outcome}")
    rows: Rows = []
    for i, point in enumerate(spec.points):
        row: dict[str, Any] = {
            "outcome": outcome,
            **dict(zip(spec.values, point, strict=True)),
            **over_draws(values[i], drawn),
        }
        told = dict.fromkeys(("loss", "loss_low", "loss_high", "p_best", "in_region"), math.nan)
        if region is not None:
            told = {"loss": region.loss[i], "loss_low": region.low[i], "loss_high": region.high[i]}
            told |= {"p_best": region.p_best[i] if drawn else math.nan, "in_region": region.in_region[i]}
        rows.append({**row, **{name: float(value) for name, value in told.items()}})
        if math.isfinite(rows[-1]["in_region"]):
            rows[-1]["in_region"] = int(rows[-1]["in_region"])
    return rows, None if region is None else region.best


def _summary_of(spec: SweepSpec, rows: Rows, best: Mapping[str, Any]) -> dict[str, float]:
    """Flat figures of an outcome: the best point, its mean, how often it is best, how many points are as good."""
    outcome = best["outcome"]
    found = {f"best_{outcome}": best["mean"], f"best_{outcome}__p_best": best["p_best"]}
    found |= {f"best_{outcome}__{key}": best[key] for key in spec.values}
    inside = [row["in_region"] for row in rows]
    if all(math.isfinite(one) for one in inside):
        found[f"best_{outcome}__points_in_region"] = sum(inside)
    return {name: value for name, value in found.items() if math.isfinite(value)}


def dataset_of(study: Study, results: Results) -> xarray.Dataset:
    """`<name>_in`: dims (each key, draw where there are draws, replicate, period), period baseline, year1, evaluation.

    `seed` has dims (draw, replicate), `fingerprint` all but period. See `dimension`.
    """
    import numpy as np
    import xarray

    from sim import dataset
    from sim import run as model
    from sim.indicators import INDICATORS

    spec = spec_of(study)
    keys = [dimension(key) for key in spec.values]
    names = [name + suffix for name in INDICATORS for suffix in model.PERIODS.values()]
    values = _values(study, results, names)
    sizes = tuple(len(one) for one in spec.values.values())
    inner = (*(("draw",) if spec.draws else ()), "replicate")
    shape = (*((spec.draws,) if spec.draws else ()), study.replicates)
    variables: dict[str, Any] = {}
    for name, indicator in INDICATORS.items():
        periods = [values[name + suffix].reshape(*sizes, *shape) for suffix in model.PERIODS.values()]
        dims = (*keys, *inner, "period")
        variables[f"{name}_in"] = (dims, np.stack(periods, axis=-1), dataset.attributes(indicator))
    points, draws = len(spec.points), max(spec.draws, 1)
    seeds = np.array([member.seed for member in results.members]).reshape(study.replicates, draws, points)
    prints = np.array([member.fingerprint for member in results.members]).reshape(seeds.shape)
    coords: dict[str, Any] = {
        **{dimension(key): (dimension(key), list(one), _attributes(key, study)) for key, one in spec.values.items()},
        "replicate": np.arange(study.replicates),
        "period": list(model.PERIODS),
        "seed": (inner, seeds[:, :, 0].T.reshape(shape)),
        "fingerprint": ((*keys, *inner), prints.transpose(2, 1, 0).reshape(*sizes, *shape)),
    }
    if study.behaviour:
        coords["draw"] = ("draw", list(study.behaviour.draws), {"long_name": f"draw of {study.behaviour.name}"})
    found = xarray.Dataset(variables, coords=coords)
    found.attrs["model_version"] = results.store.version
    return found


def dimension(key: str) -> str:
    """The dimension of a key: its own name; but xarray's `sel` takes tolerance= for a parameter of its own."""
    return "levers.tolerance" if key == "tolerance" else key


def _attributes(key: str, study: Study) -> dict[str, str]:
    names = key_labels(study)[key]
    return {"long_name": names["en"], "label_en": names["en"], "label_zh": names["zh"]}


def key_labels(study: Study) -> dict[str, dict[str, str]]:
    """What the swept keys are called in both languages; facts and parameters by their own key."""
    from sim.levers import LEVERS

    found = {}
    for key in spec_of(study).values:
        group, _, id = key.rpartition(".")
        thing: Any = LEVERS.get(id) if group in ("", "levers") else None
        if group == "measures":
            thing = {id: one for point in spec_of(study).points.values() for id, one in point.definitions.items()}.get(
                id
            )
        found[key] = {"en": thing.label_en, "zh": thing.label_zh} if thing else {"en": key, "zh": key}
    return found
