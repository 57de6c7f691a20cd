"""Reading labelled datasets: dimensions filled in, settings chosen, phases found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis import LEVEL
from analysis.figures.style import LEAST_FOR_BAND
from analysis.uncertainty import band, mean_of_present
from analysis.words import LANGUAGES, Labels, Reader, words

if TYPE_CHECKING:
    import xarray

WEEKS_A_YEAR = 52
FIRST_SHOWN = 3  # variables that are shown where nobody names any
UNCHANGED = "unchanged"  # attribute of a dataset: names of settings in which nothing begins at week 0, with blanks


def reader_for(dataset: xarray.Dataset, reader: Reader | None, outcomes: Sequence[str] | None, language: str) -> Reader:
    """The reader given, with the `outcomes` named; or one made of the dataset's own labels, units and directions.

    Raises ValueError for an outcome that the dataset has not.
    """
    from difflib import get_close_matches

    names = list(outcomes) if outcomes is not None else None
    if names is None and reader is not None:
        return reader
    weekly = [str(name) for name in dataset.data_vars if "week" in dataset[name].dims]
    for name in names or ():
        if name not in weekly:
            near = get_close_matches(name, weekly, 3) or weekly[:3]
            raise ValueError(f"the dataset has no outcome {name!r}; near it are {', '.join(near)}.")
    described = {name: describe(dataset, name) for name in (names or weekly[:FIRST_SHOWN])}
    return Reader(language, described) if reader is None else reader.of(described)


def describe(dataset: xarray.Dataset, name: str) -> dict[str, str]:
    """Labels, unit and direction of a variable, from its attributes."""
    found = dataset[name].attrs
    labels = {language: str(found.get(f"label_{language}", found.get("long_name", name))) for language in LANGUAGES}
    unit = found.get("unit", found.get("units", ""))
    return {**labels, "unit": str(unit), "better": str(found.get("better", "neither"))}


def unchanged(dataset: xarray.Dataset) -> set[str]:
    """Names of settings in which nothing begins at week 0."""
    return set(str(dataset.attrs.get(UNCHANGED, "")).split())


@dataclass(frozen=True)
class State:
    """The town in a year: before, or in a setting's evaluation year. values: a number a replicate, by variable."""

    label: str
    mark: str
    period: str
    setting: int


MARKS = ("○", "□", "●", "▲", "◆", "■")
"""Signs of the states in a key, in their order; the year before and the first setting are open."""


def states(dataset: xarray.Dataset, reader: Reader) -> list[State]:
    """The year before (of the first setting, whose history the others share), then each setting's evaluation year."""
    names, text = setting_names(dataset), reader.text
    labels = setting_labels(dataset, reader.labels)
    known = reader.with_labels(labels)
    last = last_year(dataset)
    year = [text["fig_state"].format(setting=known.label(name), n=last) for name in names]
    marks = MARKS[1:] if len(names) > 1 else MARKS[2:]
    before = [State(text["fig_hours_before"], MARKS[0], "baseline", 0)]
    return [*before, *(State(y, marks[i % len(marks)], "evaluation", i) for i, y in enumerate(year))]


def figures_of(dataset: xarray.Dataset, name: str, state: State) -> NDArray[np.float64]:
    """The figure of a variable in the year of a state, by replicate: <name>_in, or else the mean over its weeks."""
    exact = f"{name}_in"
    if exact in dataset:
        values = dataset[exact].sel(period=state.period)
        values = values.isel(setting=state.setting) if "setting" in values.dims else values
        return np.atleast_1d(np.asarray(values.values, dtype=float))
    weekly = series(dataset, name)[state.setting][:, phase_weeks(dataset, state.period)]
    return np.asarray(mean_of_present(weekly, axis=1), dtype=float)


def mean_and_ends(values: NDArray[np.float64], level: float = LEVEL) -> tuple[float, float, float]:
    """Mean and its t interval, within the range of a share; the ends are nan for fewer than LEAST_FOR_BAND values."""
    found = band(values, level=level)
    low, high = kept_inside(values, found.low, found.high)
    few = np.isfinite(values).sum() < LEAST_FOR_BAND
    return (float(found.middle), np.nan, np.nan) if few else (float(found.middle), float(low), float(high))


def kept_inside(
    values: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of a band, not beyond 0, 1 or 100 where no value lies beyond: a t interval knows no ends of a scale."""
    there = values[np.isfinite(values)]
    if there.size == 0:
        return low, high
    floor = 0.0 if there.min() >= 0.0 else -np.inf
    top = 1.0 if there.max() <= 1.0 else 100.0 if there.max() <= 100.0 else np.inf
    return np.maximum(low, floor), np.minimum(high, top)


def series(dataset: xarray.Dataset, name: str) -> NDArray[np.float64]:
    """Values of `name` as [setting, replicate, week] in raw units.

    A missing dimension counts as one.

    Raises ValueError if the dataset has no such variable or it has further dimensions.
    """
    if name not in dataset:
        raise ValueError(f"the dataset has no variable {name!r}.")
    values = dataset[name]
    other = set(values.dims) - {"setting", "replicate", "week"}
    if other or "week" not in values.dims:
        raise ValueError(
            f"{name} should have the dimensions setting, replicate and week; it has {', '.join(map(str, values.dims))}."
        )
    for dimension in ("setting", "replicate"):
        if dimension not in values.dims:
            values = values.expand_dims(dimension)
    return np.asarray(values.transpose("setting", "replicate", "week").values, dtype=float)


def weeks(dataset: xarray.Dataset) -> NDArray[np.int64]:
    """Weeks of the dataset; 0 is the start of policy."""
    return np.asarray(dataset["week"].values, dtype=np.int64)


def setting_names(dataset: xarray.Dataset, wanted: Sequence[str] | None = None) -> list[str]:
    """Names of the settings in the dataset, or `wanted` after a check.

    "run" for a dataset without that dimension.
    """
    if "setting" in dataset.coords:
        names = [str(name) for name in np.atleast_1d(dataset["setting"].values)]
    else:
        names = [str(i) for i in range(dataset.sizes.get("setting", 1))]
        names = ["run"] if len(names) == 1 else names
    if wanted is None:
        return names
    unknown = [name for name in wanted if name not in names]
    if unknown:
        raise ValueError(f"setting {unknown[0]!r} is not in the dataset, which has {', '.join(names)}.")
    return list(wanted)


def setting_index(dataset: xarray.Dataset, names: Sequence[str]) -> list[int]:
    """Positions of the settings along the setting dimension."""
    every = setting_names(dataset)
    return [every.index(name) for name in names]


def setting_labels(dataset: xarray.Dataset, labels: Labels) -> dict[str, dict[str, str]]:
    """Labels of the settings.

    Those given, else the dataset's own label_en and label_zh along setting.
    """
    names = setting_names(dataset)
    result = {}
    for position, name in enumerate(names):
        own: dict[str, str] = dict(labels.get(name, {}))
        for language in LANGUAGES:
            coordinate = f"label_{language}"
            if language not in own and coordinate in dataset.coords:
                own[language] = str(np.atleast_1d(dataset[coordinate].values)[position])
        if not own and "setting" not in dataset.coords:
            own = {language: words(language)["fig_run"] for language in LANGUAGES}
        result[name] = own
    return result


def phase_weeks(dataset: xarray.Dataset, phase: str) -> NDArray[np.bool_]:
    """Mask [week] of a phase: "baseline" (the year before week 0), "year1" or "evaluation"."""
    week = weeks(dataset)
    if phase == "baseline":
        return (week >= -WEEKS_A_YEAR) & (week < 0)
    if phase == "year1":
        return (week >= 0) & (week < WEEKS_A_YEAR)
    if phase == "evaluation":
        return (week > week.max() - WEEKS_A_YEAR) & (week >= 0)
    raise ValueError(f"phase {phase!r} is unknown; allowed are baseline, year1, evaluation.")


def last_year(dataset: xarray.Dataset) -> int:
    """Number of the evaluation year, counted from week 0: 4 for 208 weeks."""
    return max(1, round((int(weeks(dataset).max()) + 1) / WEEKS_A_YEAR))
