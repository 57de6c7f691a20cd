"""Reading labelled datasets: dimensions filled in, settings chosen, phases found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.words import LANGUAGES, Labels

if TYPE_CHECKING:
    import xarray

WEEKS_A_YEAR = 52


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
