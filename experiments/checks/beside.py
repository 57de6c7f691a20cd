"""What is reported beside the laws without a verdict: corners of the dials, and where how much diversion remains.

Corners go through the store. Diversion by village income, and the hill climb, are short runs outside it. The store
keeps figures of towns only, and a hill climb never needs the same run twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from experiments.checks.draws import figures_over
from experiments.validation import request
from sim import run
from sim.cores import pool_of
from sim.indicators import INDICATORS, OUTCOMES
from sim.inputs.measures import MEASURES
from sim.inputs.settings import Setting, setting
from sim.inputs.windows import LeverChange, MeasureUse
from sim.levers import DIALS, LEVERS
from sim.vocabulary import CHANNELS, YEAR

CORNERS = {"tolerance": (0.0, 0.5, 1.0), "burden": (0.0, 1.0, 2.0), "supervision": (0.0, 0.25, 1.0)}
CLIMB_DRAWS, CLIMB_SEEDS, CLIMB_STEPS = 4, 2, 100
INCOME_DRAWS, INCOME_SEEDS, INCOME_RESIDENTS = 8, 2, 48_700
TENTHS = (0.0, 0.5, 0.8, 0.9, 1.0)  # village incomes: lower half, up to 80 %, up to 90 %, richest tenth


def corners(
    asked: request.Asked, draws: Mapping[int, Mapping[str, float]], seeds: int, residents: int
) -> tuple[float, dict[str, float]]:
    """Share of draws in which one corner of the dials is best on all three outcomes, by corner.

    Best by the mean over seeds, on a grid of three values a dial; a corner has every dial at an end.
    """
    grid = {
        point: setting(residents=residents, levers=dict(zip(DIALS, point, strict=True)))
        for point in product(*(CORNERS[dial] for dial in DIALS))
    }
    named = {" ".join(f"{value:g}" for value in point): row for point, row in grid.items()}
    found = figures_over(asked, named, draws, seeds, OUTCOMES, "corners of the dials")
    means = np.array([found[name].mean(axis=1) for name in named])  # (points, draws, outcomes)
    turned = means * np.array([-1.0 if INDICATORS[o].better == "lower" else 1.0 for o in OUTCOMES])
    best = np.nanargmax(np.where(np.isnan(turned), -np.inf, turned), axis=0)  # (draws, outcomes)
    ends = [all(value in (CORNERS[d][0], CORNERS[d][-1]) for d, value in zip(DIALS, p, strict=True)) for p in grid]
    same = np.array([len(set(row)) == 1 and ends[row[0]] for row in best.tolist()])
    places = list(named)
    which = {places[i]: float(np.mean(same & (best[:, 0] == i))) for i in sorted({*best[same, 0].tolist()})}
    return float(same.mean()), which


@dataclass(frozen=True, slots=True)
class Left:
    """Diversion in villages of an income class: share of all that remains, and by channel the remainder over before."""

    label: str
    share_of_left: float
    left_of_before: Mapping[str, float]


def left_by_income(draws: Sequence[Mapping[str, float]], threads: int) -> list[Left]:
    """Supervision 1 against 0, by the rank of a village's income in its town, pooled over draws and seeds."""
    run.compile()
    base = setting(residents=INCOME_RESIDENTS)
    none, sure = (base.replace(levers=(LeverChange("supervision", value),)) for value in (0.0, 1.0))

    def one(place: tuple[int, int]) -> np.ndarray:
        draw, seed = place
        rows = [s.replace(parameters={**s.parameters, **draws[draw]}).replace(seed=seed) for s in (none, sure)]
        history = run.history(rows[0], "village")
        income = np.concatenate([unit.state.villages["income"] for unit in history.units])
        rank = (np.argsort(np.argsort(income)) + 0.5) / len(income)
        part = np.digitize(rank, TENTHS[1:-1])
        found = np.zeros((2, len(TENTHS) - 1, len(CHANNELS)))
        for i, row in enumerate(rows):
            villages = run.branch(history, row).villages
            assert villages is not None
            for j, channel in enumerate(CHANNELS):
                np.add.at(found[i, :, j], part, villages[-YEAR:][f"diverted_{channel}"].sum(axis=0))
        return found

    places = [(draw, seed) for draw in range(min(INCOME_DRAWS, len(draws))) for seed in range(INCOME_SEEDS)]
    with pool_of(threads) as pool:
        before, after = np.sum(list(pool.map(one, places)), axis=0)
    rows = []
    for i, (low, high) in enumerate(pairwise(TENTHS)):
        with np.errstate(divide="ignore", invalid="ignore"):
            left = after[i] / before[i]
        rows.append(
            Left(
                f"{100 * low:g} to {100 * high:g} %",
                float(after[i].sum() / after.sum()),
                {**dict(zip(CHANNELS, map(float, left), strict=True)), "all": float(after[i].sum() / before[i].sum())},
            )
        )
    return rows


def climb(
    start: Setting, draws: Sequence[Mapping[str, float]], threads: int, steps: int = CLIMB_STEPS
) -> tuple[float, float, dict[str, float]]:
    """The least diversion that a hill climb over levers and measures finds: share at the start, at the end, and where.

    Each step moves one lever or the intensity of one measure, and stays if the mean over draws and seeds is lower.
    """
    run.compile()
    rows = [
        start.replace(parameters={**start.parameters, **draw}).replace(seed=seed)
        for draw in draws[:CLIMB_DRAWS]
        for seed in range(CLIMB_SEEDS)
    ]
    chance = np.random.default_rng(0)
    at = {change.id: change.value for change in start.levers}
    bounds = {**{id: (lever.low, lever.high) for id, lever in LEVERS.items()}, **dict.fromkeys(MEASURES, (0.0, 1.0))}
    with pool_of(threads) as pool:
        histories = list(pool.map(run.history, rows))

        def diverted(place: Mapping[str, float]) -> float:
            levers = tuple(LeverChange(id, place[id]) for id in LEVERS if id in place)
            uses = tuple(MeasureUse(id, place[id]) for id in MEASURES if place.get(id, 0.0) > 0)

            def one(i: int) -> float:
                there = rows[i].replace(levers=levers, measures=uses)
                return run.evaluate(run.branch(histories[i], there))["micro_corruption"]

            found = np.array(list(pool.map(one, range(len(rows)))))
            return float(np.nanmean(found))

        first = least = diverted(at)
        for _ in range(steps):
            id = list(bounds)[int(chance.integers(len(bounds)))]
            low, high = bounds[id]
            value = float(chance.choice([low, high, chance.uniform(low, high)]))
            there = {**at, id: value}
            found = diverted(there)
            if found < least:
                at, least = there, found
    return first, least, at
