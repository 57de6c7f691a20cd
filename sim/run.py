"""Running: a history once, branches from it, and what they say.

Everything before week 0 depends only on the town, the facts, the parameters, the theories and the seed:
it is simulated once as a *history*, a state that can be copied, and branched for every setting of
dials, levers, measures and knock-outs. A branched run is identical to a whole one, array by array.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import numpy as np

from sim import compiled
from sim.indicators import INDICATORS
from sim.indicators.indicator import pooled, weekly
from sim.inputs.settings import Setting, setting
from sim.inputs.validators import SettingError
from sim.state import STRENGTH_TYPE, TALLY_TYPE, WAIT_BINS, State, as_columns
from sim.town import build_unit, grown, units_of
from sim.vocabulary import BASELINE_WEEKS, YEAR
from sim.week import World, run_weeks
from sim.world import world_of

if TYPE_CHECKING:
    pass

DETAILS = ("town", "village")
PERIODS = {"baseline": "__baseline", "year1": "__year1", "evaluation": ""}
# In decimals, whose exponential is rounded in one way everywhere (see sim.mechanisms.cases.wait_bin).
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

    weeks: (n,) −52 … weeks − 1. tallies: (n,) township totals. villages: (n, villages) or None.
    """

    setting: Setting
    weeks: np.ndarray
    tallies: np.ndarray
    villages: np.ndarray | None


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
        views = tuple(as_columns(rows) for rows in (state.place, state.villages, state.cadres, state.levers))
        now = run_weeks(state, views, world, now, last, begin, series, flat, waiting, passing)
        if now < last:
            state = grown(state, len(state.cases) // 2 + len(state.residents) // 8)
    return Unit(state, last, series[:-1])


def stood(setting: Setting, week: int, detail: str) -> tuple[Unit, ...]:
    """The units of a setting's town as they stand at a week up to 0, baseline weeks so far counted."""
    if detail not in DETAILS:
        raise SettingError(f"sim.simulate, detail: {detail!r} given, {' or '.join(DETAILS)} expected")
    world = world_of(setting, history=True)
    start = -BASELINE_WEEKS - int(setting.facts["calendar"]["settling_weeks"])
    units = []
    for number, first, unit in units_of(setting):
        state = build_unit(setting, world, number, first, unit, detail == "village")
        units.append(run_unit(state, world, start, week, -BASELINE_WEEKS))
    return tuple(units)


def history(setting: Setting, detail: str = "town") -> History:
    """The burn-in and the baseline year of a setting's town, whatever is ordered afterwards."""
    return History(setting.history_key, detail, stood(setting, 0, detail))


def unbuilt(world: World) -> np.ndarray:
    """Strength of the ordered measures before anything is built: array (measures,)."""
    return np.zeros(len(world.policy.intensity), STRENGTH_TYPE)


def with_measures(state: State, world: World) -> State:
    """A copy of a week-0 state with room for the strength of the ordered measures."""
    return state.copy()._replace(strength=unbuilt(world))


def branch(history: History, setting: Setting) -> Records:
    """Run weeks 0 … weeks − 1 of a setting from a copy of the shared history."""
    if setting.history_key != history.key:
        raise ValueError("this history belongs to another town, parameter draw or seed")
    world = world_of(setting)
    units = []
    for unit in history.units:
        after = run_unit(with_measures(unit.state, world), world, 0, setting.weeks, 0)
        units.append(Unit(after.state, after.week, np.concatenate([unit.tallies, after.tallies])))
    return records_of(setting, units, history.detail)


def records_of(setting: Setting, units: Sequence[Unit], detail: str) -> Records:
    """Records of a town from its units: totals are summed, villages stand side by side."""
    flat = added(added(np.moveaxis(_floats(unit.tallies), 1, 0)) for unit in units)
    weeks = np.arange(-BASELINE_WEEKS, -BASELINE_WEEKS + len(flat))
    tallies = np.ascontiguousarray(flat).view(TALLY_TYPE)[:, 0]
    villages = None
    if detail == "village":
        villages = np.concatenate([unit.tallies[:, :-1] for unit in units], axis=1)
    return Records(setting, weeks, tallies, villages)


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
    parts = periods(records.weeks)
    weeks = [_floats(records.tallies[parts[suffix]][:, None])[:, 0] for suffix in PERIODS.values()]
    totals = [added(each) for each in weeks]
    return pooled(tuple(INDICATORS.values()), np.array(totals).view(TALLY_TYPE)[:, 0], YEAR, WAIT_EDGES)


def evaluate(records: Records) -> dict[str, float]:
    """Figures of a run: <name> (evaluation year), <name>__year1, <name>__baseline; nan where missing by design."""
    column = {suffix: k for k, suffix in enumerate(PERIODS.values())}
    rows = dict(zip(INDICATORS, figures(records).tolist(), strict=True))
    return {name + suffix: rows[name][column[suffix]] for suffix in periods(records.weeks) for name in INDICATORS}


def series(records: Records) -> np.ndarray:
    """Every indicator week by week, in their order: (indicators, weeks[, villages])."""
    tallies = records.tallies if records.villages is None else records.villages
    return weekly(tuple(INDICATORS.values()), tallies, WAIT_EDGES)
