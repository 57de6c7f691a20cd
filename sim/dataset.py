"""From runs to labelled data: `sim.simulate` and `sim.outcomes`, and the names and units that figures carry."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import run
from sim.cores import on_cores
from sim.indicators import INDICATORS
from sim.inputs.settings import Setting, setting
from sim.town import units_of
from sim.version import model_version
from sim.vocabulary import BASELINE_WEEKS, YEAR

if TYPE_CHECKING:
    import xarray

MOST_HISTORIES, MOST_BYTES = 64, 256_000_000  # that a process keeps


def phases(weeks: np.ndarray) -> np.ndarray:
    """The phase of every week: baseline, year1, middle, evaluation (the last year wins over the first)."""
    names = np.full(len(weeks), "middle", dtype="<U10")
    names[weeks < YEAR] = "year1"
    names[-YEAR:] = "evaluation"
    names[weeks < 0] = "baseline"
    return names


@lru_cache(maxsize=16)
def blank(weeks: int, part: str, names: tuple[int | str, ...]) -> xarray.Dataset:
    """The empty labelled series of one run, which take no memory: dims as `single_dataset`'s.

    part: "unit", "village", or "" for the town alone; names: of the units or villages. It is made once and copied,
    because xarray takes long to put hundreds of variables together.
    """
    import xarray

    week, period = np.arange(-BASELINE_WEEKS, weeks - BASELINE_WEEKS), list(run.PERIODS)
    dims, shape = (("week", part), (weeks, len(names))) if part else (("week",), (weeks,))
    variables: dict[str, tuple[tuple[str, ...], np.ndarray, dict[str, str]]] = {}
    for name, indicator in INDICATORS.items():
        variables[name] = (dims, np.broadcast_to(np.nan, shape), attributes(indicator))
    for name, indicator in INDICATORS.items():
        variables[f"{name}_in"] = (("period",), np.broadcast_to(np.nan, len(period)), attributes(indicator))
    if part == "unit":
        for name, indicator in INDICATORS.items():
            empty = np.broadcast_to(np.nan, (len(period), len(names)))
            variables[f"{name}_by_unit"] = (("period", part), empty, attributes(indicator))
    coords: dict[str, Any] = {
        "week": ("week", week, {"unit": "weeks since the start", "label_en": "Week", "label_zh": "周"}),
        "phase": ("week", phases(week)),
        "period": period,
    }
    if part:
        coords[part] = np.array(names)
    return xarray.Dataset(variables, coords=coords, attrs={"model_version": model_version()})


UNCHANGED = "unchanged"
"""Attribute of a dataset: names of the settings, with blanks between, in which nothing begins at week 0."""


def single_dataset(records: run.Records) -> xarray.Dataset:
    """The labelled weekly series of one run: dims (week[, unit or village]).

    `<name>_in` holds the same indicator pooled over a period: dims (period), with period baseline, year1 or
    evaluation; with detail "unit" also `<name>_by_unit`: dims (period, unit).
    """
    part: str = ""
    names: tuple[int | str, ...] = ()
    values = dict(zip(INDICATORS, run.series(records), strict=True))
    values |= zip((f"{name}_in" for name in INDICATORS), run.figures(records), strict=True)
    if records.villages is not None:
        part, names = "village", tuple(range(records.villages.shape[1]))
    elif records.units is not None:
        part, names = "unit", names_of_units(records.setting)
        values |= zip((f"{name}_by_unit" for name in INDICATORS), run.figures_by_unit(records), strict=True)
    found = blank(len(records.weeks), part, names).copy(data=values)
    found.variables["phase"].data = phases(records.weeks)  # the blank's own stays out of reach
    villages = [village.name for unit in records.setting.drawn.units for village in unit.villages]
    if part == "village" and any(villages):  # names that a user's own table gives
        found = found.assign_coords(village_name=("village", np.array(villages)))
    found.attrs["fingerprint"] = records.setting.fingerprint
    found.attrs["seed"] = records.setting.seed
    if not (records.setting.measures or records.setting.levers):
        found.attrs[UNCHANGED] = "run"
    return found


def names_of_units(setting: Setting) -> tuple[str, ...]:
    """Letters of a town's units; where villages run alone (coupling=False), with the village's number: A1, A2."""
    return tuple(unit.name if setting.coupling else f"{unit.name}{first + 1}" for _, first, unit in units_of(setting))


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


_histories: OrderedDict[tuple[str, str, str], Future] = OrderedDict()  # the one asked for last stands last
_lock = Lock()


def shared_history(chosen: Setting, detail: str, each: run.Each = map) -> run.History:
    """The history of a setting, from this process's memory if it has been simulated there; for branching only.

    Kept are the MOST_HISTORIES asked for last, or as many of them as fit in MOST_BYTES. Threads may ask at the same
    time: a history is simulated once.
    """
    key = (model_version(), chosen.history_key, detail)
    with _lock:
        mine = key not in _histories
        made = _histories.setdefault(key, Future())
        _histories.move_to_end(key)
    if mine:
        try:
            made.set_result(run.history(chosen, detail, each))
        except BaseException as error:
            with _lock:
                _histories.pop(key, None)
            made.set_exception(error)
            raise
        _make_room()
    return made.result()


def _make_room() -> None:
    """Let go of what does not fit in the bounds beside the histories that were asked for later."""
    with _lock:
        room = MOST_BYTES
        for k, (key, made) in enumerate(reversed(list(_histories.items()))):
            size = bytes_of(made.result()) if made.done() else 0
            if size > room or k >= MOST_HISTORIES:
                del _histories[key]
            else:
                room -= size


def bytes_of(history: run.History) -> int:
    """Bytes of memory that a history takes."""
    return sum(array.nbytes for unit in history.units for array in (*unit.state, unit.tallies))


def forget_histories() -> None:
    """Give back the memory of the histories that `simulate` keeps; the next call simulates its own again."""
    with _lock:
        _histories.clear()


@cache
def _ready() -> None:
    """Have the compiled model loaded, once a process."""
    run.compile()


def simulate(town: str = "average", *, detail: str = "town", **keywords) -> xarray.Dataset:
    """Simulate one town and return its weekly series, weeks −52 … weeks − 1.

    Keywords are those of `sim.inputs.settings.setting`: tolerance, burden, supervision, measures, levers, parameters,
    facts, residents, weeks, seed, theory, knock_out, coupling, potency, table and how it is read (sheet, sum_lines,
    other_columns). With detail="village" (or "unit") what is counted by village (unit) has a dimension of that name.
    The units of a county or city run side by side on the cores that there are; the results do not depend on how many.

    The weeks before week 0 are simulated once for settings that share them (town, parameters, facts, theories, seed).
    They are kept in this process, up to 256 MB, so another dial costs its own weeks only.
    `sim.dataset.forget_histories()` gives the memory back.

    Raises sim.SettingError for a bad setting.

    >>> import sim
    >>> ds = sim.simulate("demo_village", burden=0.5, weeks=52, seed=7)
    >>> float(ds["service_efficiency"].mean()) <= 1
    True
    """
    chosen = setting(town, **keywords)
    _ready()
    with on_cores(len(units_of(chosen))) as each:
        return single_dataset(run.branch(shared_history(chosen, detail, each), chosen, each))


def outcomes(ds: xarray.Dataset) -> dict[str, float]:
    """Evaluation-year figures of a simulated town: name -> number (nan where missing by design)."""
    year = ds.sel(period="evaluation")
    return {name: float(year[f"{name}_in"]) for name in INDICATORS}
