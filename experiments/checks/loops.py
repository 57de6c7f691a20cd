"""Feedback loops must not run away: a push of 20 % for eight weeks, and what remains of it two years later.

configs/sanity/loops.yaml names each loop, what is pushed and what is watched. Both runs branch from one history and
share all random numbers, so their difference is due to the push alone. It is averaged over draws, seeds and eight
weeks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.calibration.laws import interval
from experiments.checks.laws import FOLDER, LOOPS
from sim import run
from sim.cores import pool_of
from sim.indicators import INDICATORS
from sim.inputs.files import read_yaml
from sim.inputs.priors import read_parameters
from sim.inputs.settings import Setting, setting
from sim.inputs.validators import unknown
from sim.inputs.windows import LeverChange
from sim.levers import LEVERS
from sim.state import RESIDENT, TOWNSHIP_TYPE, State
from sim.world import world_of

RAISE, PUSHED, LATER, WINDOW = 1.2, 8, 104, 8
WEEKS = PUSHED + LATER + WINDOW
LEFT = 0.05  # of the peak


@dataclass(frozen=True, slots=True)
class Watched:
    """One figure of a loop: its deviation at the peak and later, with its interval; what may be left of the peak."""

    loop: str
    figure: str
    peak: float
    later: float
    low: float
    high: float
    allowed: float
    judged: bool  # the first that is watched; the others are told

    @property
    def left(self) -> float:
        """What remains of the peak, as a share; nan where nothing moved."""
        return self.later / self.peak if self.peak else float("nan")

    @property
    def damped(self) -> bool:
        """Below what is allowed, or not distinguishable from 0."""
        return not self.peak or abs(self.left) < self.allowed or self.low <= 0.0 <= self.high


def read_loops() -> dict[str, dict[str, Any]]:
    """The loops of configs/sanity/loops.yaml. Raises SettingError."""
    found = read_yaml(FOLDER / f"{LOOPS}.yaml")
    for name, loop in found.items():
        check_names(name, loop)
    return found


def check_names(name: str, loop: Mapping[str, Any]) -> None:
    """Refuse a loop that pushes, watches or remembers by what the model does not have. Raises SettingError."""
    fields = {"place": TOWNSHIP_TYPE.names or (), "residents": RESIDENT.names or (), "lever": tuple(LEVERS)}
    named = [(loop["push"][key], known) for key, known in fields.items() if key in loop["push"]]
    named += [(id, tuple(read_parameters())) for id in loop.get("memory", {}).values()]
    named += [(id, tuple(INDICATORS)) for id in loop["watch"]]
    for id, known in named:
        if id not in known:
            raise unknown(f"{LOOPS}.yaml", f"{name} {id}", "name of the model", known)


def watched_of(
    loops: Mapping[str, Mapping[str, Any]],
    draws: Sequence[Mapping[str, float]],
    seeds: int,
    residents: int,
    threads: int,
) -> list[Watched]:
    """Push every loop in every draw and seed."""
    run.compile()
    base = setting(residents=residents, weeks=WEEKS)
    rows = [base.replace(parameters={**base.parameters, **draw}) for draw in draws]
    places = [row.replace(seed=k) for row in rows for k in range(seeds)]

    def one(seeded: Setting) -> list[np.ndarray]:
        return [_deviation(with_town_levers(seeded, loop.get("levers", {})), loop) for loop in loops.values()]

    with pool_of(threads) as pool:
        found = list(pool.map(one, places))
    rows_found = []
    for i, (name, loop) in enumerate(loops.items()):
        apart = np.array([town[i] for town in found])  # (places, watched, weeks)
        for j, figure in enumerate(loop["watch"]):
            rows_found.append(_judged(name, loop, figure, apart[:, j], j == 0))
    return rows_found


def _judged(name: str, loop: Mapping[str, Any], figure: str, apart: np.ndarray, first: bool) -> Watched:
    mean = np.nan_to_num(apart.mean(axis=0))
    smooth = np.convolve(mean, np.ones(WINDOW) / WINDOW, "valid")
    peak = float(smooth[np.argmax(np.abs(smooth))])
    later, low, high = interval(np.nanmean(apart[:, PUSHED + LATER :], axis=1))
    memory = loop.get("memory", {}).get(figure)
    allowed = LEFT
    if memory is not None:
        allowed = max(LEFT, (1.0 - read_parameters()[memory].mode) ** LATER)
    return Watched(name, figure, peak, float(later), float(low), float(high), allowed, first)


def with_town_levers(given: Setting, levers: Mapping[str, float]) -> Setting:
    """The setting in a town in which some levers have always had other values."""
    return given.replace(town=replace(given.town, levers={**given.town.levers, **levers})) if levers else given


def _deviation(seeded: Setting, loop: Mapping[str, Any]) -> np.ndarray:
    """Weekly figures with the push less those without, (watched, weeks from 0 on)."""
    history = run.history(seeded)
    push, pushed = loop["push"], seeded
    if "lever" in push:
        id = push["lever"]
        value = min(RAISE * seeded.town.levers[id], LEVERS[id].high)
        pushed = seeded.replace(levers=(LeverChange(id, value, 0, PUSHED),))
    which = [list(INDICATORS).index(name) for name in loop["watch"]]
    without, held = _stepped(history, seeded, push, None)
    with_push, _ = _stepped(history, pushed, push, held)
    return with_push[which] - without[which]


def _stepped(
    history: run.History, given: Setting, push: Mapping[str, Any], held: list[np.ndarray] | None
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Weekly figures from week 0 on of a town of one unit, and the pushed field's values in the first weeks.

    Where `held` gives those of the run without the push, the field is set to 1.2 times them before each of these weeks.
    """
    world = world_of(given)
    (unit,) = history.units
    state = run.with_measures(unit.state, world)
    tallies, values = [], []
    for week in [*range(PUSHED), None]:
        field = _field(state, push)
        if week is not None and field is not None:
            values.append(field.copy())
            if held is not None:
                field[...] = _raised(held[week], push)
        first, last = (PUSHED, given.weeks) if week is None else (week, week + 1)
        after = run.run_unit(state, world, first, last, 0)
        state = after.state
        tallies.append(after.tallies[first:])
    return run.series(run.records_of(given, [np.concatenate(tallies)], "town")), values


def _field(state: State, push: Mapping[str, Any]) -> np.ndarray | None:
    """The state's own array of the field that is pushed; None for a lever."""
    if "place" in push:
        return state.township[push["place"]]
    return state.residents[push["residents"]] if "residents" in push else None


def _raised(values: np.ndarray, push: Mapping[str, Any]) -> np.ndarray:
    """Values raised by 20 %; with `share_of_rest` their distance from 1 is raised instead."""
    if push.get("share_of_rest"):
        return 1.0 - np.minimum(RAISE * (1.0 - values), 1.0)
    return np.minimum(RAISE * values, 1.0) if push.get("share") else RAISE * values
