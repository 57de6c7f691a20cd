"""Draws of the priors for the checks: those that meet the observed targets, or those of a behavioural set.

Draws are taken in their order and screened with cheap runs: the town without measures, of the check's size, over seeds
of its own. The mean over the year before and the year after week 0 must meet every target whose standing is observed or
derived. It must lie inside the range, or miss it by at most one standard error of its seeds. A first pass with two
seeds and two standard errors rejects draws that are far off. The report says how many had to be drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.calibration import matching
from experiments.cli import console
from experiments.ensemble.members import DesignKey, Member
from experiments.study.behaviour import draw_priors, read_set
from experiments.validation import request
from experiments.validation.calibration_run import WEEKS
from experiments.validation.plans import APP_USE, TOWN, Targets, targets_of
from experiments.validation.validation_run import chosen_draws
from sim.inputs.settings import Setting, setting

BATCH = 32
MOST = 40  # times as many draws as are wanted: then the targets conflict with the priors, and that is said


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws by number, how many were looked at to find them, and the targets that they meet."""

    parameters: Mapping[int, Mapping[str, float]]
    looked_at: int
    targets: tuple[str, ...]
    origin: str

    @property
    def said(self) -> str:
        """Where the draws are from, in words."""
        if self.origin:
            return f"{len(self.parameters)} of the set {self.origin}, spread evenly along its widest direction"
        met = f"meet the observed targets ({', '.join(self.targets)})"
        share = f"{100 * len(self.parameters) / max(self.looked_at, 1):.0f} %"
        return f"{len(self.parameters)} of {self.looked_at} draws of the priors ({share}) {met}"


def observed() -> Targets:
    """Targets that are observed or derived and whose figure the model has; ranges as they stand."""
    given = targets_of()
    kept = {
        name: record
        for name, record in given.records.items()
        if record["standing"] in ("observed", "derived") and record["figure"] != APP_USE
    }
    return replace(given, records=kept)


def draws_of(asked: request.Asked, wanted: int, seeds: int, residents: int, behaviour: str | None = None) -> Draws:
    """So many draws: of a set where one is named, else of the priors, screened. Raises SettingError."""
    if behaviour is not None:
        found = read_set(behaviour)
        return Draws(chosen_draws(found, wanted), 0, (), found.name)
    targets = observed()
    base = setting(TOWN, residents=residents, weeks=WEEKS, seed=asked.seed * 1_000)
    kept: dict[int, Mapping[str, float]] = {}
    looked_at = 0
    while len(kept) < wanted and looked_at < MOST * wanted:
        numbers = range(looked_at, looked_at + BATCH)
        draws = dict(zip(numbers, draw_priors(numbers, asked.seed), strict=True))
        for few, errors in ((2, 2.0), (seeds, 1.0)):
            good = met(asked, base, targets, draws, few, errors) if draws else []
            draws = {number: draws[number] for number, inside in zip(draws, good, strict=True) if inside}
        kept.update(draws)
        looked_at += BATCH
        if not asked.quiet:
            console.err(f"{len(kept)} of {looked_at} draws meet the observed targets, {wanted} wanted")
    last = list(kept)[wanted - 1] + 1 if len(kept) >= wanted else looked_at
    return Draws({number: kept[number] for number in list(kept)[:wanted]}, last, tuple(targets.records), "")


def met(
    asked: request.Asked,
    base: Setting,
    targets: Targets,
    draws: Mapping[int, Mapping[str, float]],
    seeds: int,
    errors: float,
) -> list[bool]:
    """Which draws meet every target, or miss it by so many standard errors: the draw's own, or of all if that is more.

    A missing figure counts neither way. Nor does an event that occurred in no seed of any draw: in so small a town it
    is too rare to be seen.
    """
    names = [name + suffix for name in targets.figures for suffix in ("", "__baseline")]
    title = f"draws {min(draws)} to {max(draws)}, {seeds} seeds"
    there = figures_over(asked, {"town": base}, draws, seeds, names, title)["town"]
    by_seed = there.reshape(len(draws), seeds, len(targets.figures), 2).mean(axis=3)
    mean = by_seed.mean(axis=1)
    error = by_seed.std(axis=1, ddof=1) / seeds**0.5
    error = np.fmax(error, np.sqrt(np.nanmean(error**2, axis=0)))
    away = matching.distance(mean, targets.low, targets.high)
    silent = np.isnan(away) | np.all(by_seed == 0, axis=(0, 1))
    return np.all(silent | (away <= errors * error), axis=1).tolist()


def figures_over(
    asked: request.Asked,
    settings: Mapping[str, Setting],
    draws: Mapping[int, Mapping[str, float]],
    seeds: int,
    names: Sequence[str],
    title: str,
) -> dict[str, np.ndarray]:
    """Figures of settings over draws and common seeds: setting -> (draws, seeds, names); nan where a run failed."""
    members = [
        Member(DesignKey(f"{name}/{number}"), k, row)
        for name, base in settings.items()
        for number, draw in draws.items()
        for row in [base.replace(parameters={**base.parameters, **draw})]
        for k in range(seeds)
    ]
    results = request.simulate(asked, members, title)
    out = {failure.member.place for failure in results.failures}
    whole = [i for i, member in enumerate(members) if member.place not in out]
    values = np.full((len(members), len(names)), np.nan)
    if whole:
        values[whole] = results.figures(whole, list(names))
    shaped = values.reshape(len(settings), len(draws), seeds, len(names))
    return dict(zip(settings, shaped, strict=True))
