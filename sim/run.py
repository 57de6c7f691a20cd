"""Running: a history once, branches from it, and their figures.

Everything before week 0 depends only on the town, the facts, the parameters, the theories and the seed. It is simulated
once as a *history*, a state that can be copied. Every setting of dials, levers, measures and knock-outs branches from
it. A branched run is identical to a whole one, array by array.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from sim import compiled
from sim.indicators import INDICATORS
from sim.indicators.indicator import pooled, weekly
from sim.inputs.places import UnitSpec
from sim.inputs.settings import Setting, setting
from sim.inputs.validators import SettingError
from sim.state import STRENGTH_TYPE, TALLY_TYPE, WAIT_BINS, State, as_columns
from sim.town import build_unit, grow_pools, units_of
from sim.vocabulary import BASELINE_WEEKS, YEAR
from sim.week import run_weeks
from sim.world import World, world_of

Each = Callable[[Callable[..., Any], Iterable[Any]], Iterable[Any]]  # `map`, or that of a pool of threads
DETAILS = ("town", "unit", "village")
PERIODS = {"baseline": "__baseline", "year1": "__year1", "evaluation": ""}
# In decimals, whose exponential is rounded in one way everywhere (see sim.mechanisms.endings.wait_bin).
WAIT_EDGES = np.array([float(((Decimal(i) / 18).exp() - 1) / 4) for i in range(WAIT_BINS + 1)])


@dataclass(frozen=True)
class Unit:
    """One township unit at some week, and what it has counted: tallies (weeks, groups)."""

    state: State
    week: int
    tallies: np.ndarray


@dataclass(frozen=True)
class History:
    """All units of a town at week 0, with the baseline year counted. Shared by settings of one history_key."""

    key: str
    detail: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Records:
    """What a run has counted, baseline year included.

    weeks: (n,) −52 … weeks − 1. tallies: (n,) town totals. units, villages: (n, units), (n, villages), or None where
    that detail was not asked for.
    """

    setting: Setting
    weeks: np.ndarray
    tallies: np.ndarray
    villages: np.ndarray | None
    units: np.ndarray | None = None


def compile() -> None:
    """Compile the model, or load what this machine has compiled; says so in one line when it takes time."""
    cold = compiled.is_cold()
    if cold:
        print("Compiling the model for this machine, once ...", file=sys.stderr, flush=True)
    tiny = setting("demo_village", residents=200, facts={"calendar": {"settling_weeks": 0}})
    world = world_of(tiny)
    number, first, unit = units_of(tiny)[0]
    with compiled.telling_time_left() if cold else nullcontext():
        run_unit(build_unit(tiny, world, number, first, unit, False), world, -1, 1, -1)


def scratch(state: State) -> tuple[np.ndarray, np.ndarray]:
    """Room to work in: a row and a mark a resident, int64 and uint8."""
    count = len(state.residents)
    return np.empty(count, np.int64), np.empty(count, np.uint8)


def run_unit(state: State, world: World, first: int, last: int, begin: int) -> Unit:
    """Run weeks first … last − 1 of one unit, in place except where a pool has to grow."""
    groups = state.due.shape[0]
    counted = max(last - begin, 0) + 1
    series = np.zeros((counted, groups), TALLY_TYPE)
    flat = series.view(np.float64).reshape(counted, groups, -1)
    waiting, passing = scratch(state)
    now = first
    while now < last:
        views = tuple(as_columns(rows) for rows in (state.township, state.villages, state.cadres, state.levers))
        now = run_weeks(state, views, world, now, last, begin, series, flat, waiting, passing)
        if now < last:
            state = grow_pools(state, len(state.cases) // 2 + len(state.residents) // 8)
    return Unit(state, last, series[:-1])


def simulate_to(setting: Setting, week: int, detail: str, each: Each = map) -> tuple[Unit, ...]:
    """The units of a setting's town as they stand at a week up to 0, baseline weeks so far counted."""
    if detail not in DETAILS:
        allowed = f"{', '.join(DETAILS[:-1])} or {DETAILS[-1]}"
        raise SettingError(f"sim.simulate, detail: {detail!r} given, {allowed} expected")
    world = world_of(setting, history=True)
    start = -BASELINE_WEEKS - int(setting.facts["calendar"]["settling_weeks"])

    def one(place: tuple[int, int, UnitSpec]) -> Unit:
        state = build_unit(setting, world, *place, detail == "village")
        return run_unit(state, world, start, week, -BASELINE_WEEKS)

    return tuple(each(one, units_of(setting)))


def history(setting: Setting, detail: str = "town", each: Each = map) -> History:
    """The burn-in and the baseline year of a setting's town, whatever is ordered afterwards.

    each: `map`, or that of a pool of threads to run units of a county or city side by side; the result is the same.
    """
    return History(setting.history_key, detail, simulate_to(setting, 0, detail, each))


def unbuilt(world: World) -> np.ndarray:
    """Strength of the ordered measures before anything is built: array (measures,)."""
    return np.zeros(len(world.policy.intensity), STRENGTH_TYPE)


def with_measures(state: State, world: World) -> State:
    """A copy of a week-0 state with room for the strength of the ordered measures."""
    return state.copy()._replace(strength=unbuilt(world))


def branch(history: History, setting: Setting, each: Each = map) -> Records:
    """Run weeks 0 … weeks − 1 of a setting from a copy of the shared history; `each` as for `history`."""
    if setting.history_key != history.key:
        raise ValueError("this history belongs to another town, parameter draw or seed")
    world = world_of(setting)

    def one(unit: Unit) -> np.ndarray:
        after = run_unit(with_measures(unit.state, world), world, 0, setting.weeks, 0)
        return np.concatenate([unit.tallies, after.tallies])

    return records_of(setting, list(each(one, history.units)), history.detail)


def records_of(setting: Setting, units: Sequence[np.ndarray], detail: str) -> Records:
    """Records of a town from the tallies of its units (weeks, groups): totals are summed, parts stand side by side."""
    by_unit = [added(np.moveaxis(_floats(unit), 1, 0)) for unit in units]
    flat = added(by_unit)
    weeks = np.arange(-BASELINE_WEEKS, -BASELINE_WEEKS + len(flat))
    villages = np.concatenate([unit[:, :-1] for unit in units], axis=1) if detail == "village" else None
    in_units = _tallies(np.ascontiguousarray(np.moveaxis(np.array(by_unit), 0, 1))) if detail == "unit" else None
    return Records(setting, weeks, _tallies(flat)[:, 0], villages, in_units)


def _tallies(flat: np.ndarray) -> np.ndarray:
    """The opposite of `_floats`: (weeks[, groups], fields) as tallies (weeks, groups)."""
    rows = np.ascontiguousarray(flat).view(TALLY_TYPE)
    return rows[..., 0] if flat.ndim == 3 else rows


def added(parts: Iterable[np.ndarray]) -> np.ndarray:
    """Sum of arrays, added one after another: numpy's own sum has an order of its own."""
    return reduce(add, parts)


def _floats(tallies: np.ndarray) -> np.ndarray:
    """Tallies (weeks, groups) as a float array (weeks, groups, fields)."""
    rows = np.ascontiguousarray(tallies)
    return rows.view(np.float64).reshape(*rows.shape, -1)


def periods(weeks: np.ndarray) -> dict[str, slice]:
    """Evaluation year (suffix ""), first year after the start, baseline year: as slices of the weeks."""
    n = len(weeks)
    return {
        "": slice(n - YEAR, n),
        "__year1": slice(BASELINE_WEEKS, BASELINE_WEEKS + YEAR),
        "__baseline": slice(0, BASELINE_WEEKS),
    }


def figures(records: Records) -> np.ndarray:
    """Every indicator over each of PERIODS, in their orders: (indicators, periods); nan where missing by design."""
    return _over_periods(records, records.tallies[:, None])[..., 0]


def figures_by_unit(records: Records) -> np.ndarray:
    """The same of each unit of a run with detail "unit": (indicators, periods, units)."""
    if records.units is None:
        raise ValueError('a run with detail="unit" expected')
    return _over_periods(records, records.units)


def _over_periods(records: Records, tallies: np.ndarray) -> np.ndarray:
    """Indicators over each of PERIODS of tallies (weeks, parts): (indicators, periods, parts)."""
    weeks, flat = periods(records.weeks), _floats(tallies)
    totals = np.array([added(flat[weeks[suffix]]) for suffix in PERIODS.values()])
    found = pooled(tuple(INDICATORS.values()), _tallies(totals).reshape(-1), YEAR, WAIT_EDGES)
    return found.reshape(len(INDICATORS), len(PERIODS), -1)


def evaluate(records: Records) -> dict[str, float]:
    """Figures of a run: <name> (evaluation year), <name>__year1, <name>__baseline; nan where missing by design."""
    column = {suffix: k for k, suffix in enumerate(PERIODS.values())}
    rows = dict(zip(INDICATORS, figures(records).tolist(), strict=True))
    return {name + suffix: rows[name][column[suffix]] for suffix in periods(records.weeks) for name in INDICATORS}


def series(records: Records) -> np.ndarray:
    """Every indicator week by week, in their order: (indicators, weeks[, units or villages])."""
    parts = records.units if records.villages is None else records.villages
    return weekly(tuple(INDICATORS.values()), records.tallies if parts is None else parts, WAIT_EDGES)
