"""A trial of the laws: every setting that they name is run over draws and seeds, and every clause judged.

All runs but those that need villages (desks.py) go through the store, so the same line resumes an interrupted trial.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.calibration import laws as judged
from experiments.checks import desks
from experiments.checks.laws import BUSY, WHOLE, Law, figures_of, plain, settings_of, weekly_settings
from experiments.cli import console
from experiments.ensemble.members import DesignKey, Member
from experiments.validation import request
from sim.indicators import INDICATORS
from sim.inputs.settings import Setting

SEEDS = 8  # common seeds a draw, where nothing else is said
WEEKLY_SEEDS = 2  # weekly paths are long: the mean of two seeds is kept
PATHS = "/paths"


@dataclass(frozen=True, slots=True)
class Clause:
    """Result of one clause: how often it holds, its size by draw, and its verdict."""

    id: str
    found: judged.Found
    verdict: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A law, or a law under a knock-out: its clauses, in which draws all hold, and the verdict."""

    law: Law
    change: str
    clauses: Sequence[Clause]
    held: np.ndarray
    said: str

    @property
    def asked(self) -> int:
        """Draws in which all clauses that are judged draw by draw could be evaluated."""
        return int(np.isfinite(self.held).sum())

    @property
    def count(self) -> int:
        """Draws in which they all hold."""
        return int(np.nansum(self.held))


@dataclass(frozen=True, slots=True)
class Trial:
    """Laws with their draws, seeds and size, and the figures of all settings."""

    laws: Mapping[str, Law]
    draws: Mapping[int, Mapping[str, float]]
    seeds: int
    residents: int
    names: Sequence[str]
    values: np.ndarray  # (members, names), nan where a run failed
    rows: Mapping[str, slice]
    paths: Mapping[str, np.ndarray]  # row -> (indicators, weeks from 0 on), mean over some seeds
    busy: Mapping[tuple[str, str], Mapping[str, np.ndarray]]  # (law, change) -> setting -> (draws, seeds)
    failed: int

    def figure(self, law: Law, change: str) -> judged.Figure:
        """Figures of a law's settings under a change, (draws, seeds)."""

        def values(setting: str, name: str) -> np.ndarray:
            if name == BUSY:
                return self.busy[law.id, change][setting]
            column = self.names.index(name)
            return np.array([self.values[self.rows[row_of(law, change, setting, n)], column] for n in self.draws])

        return values

    def path(self, law: Law, change: str) -> judged.Path:
        """Weekly paths of a law's settings under a change, (draws, weeks)."""

        def values(setting: str, name: str) -> np.ndarray:
            which = list(INDICATORS).index(name)
            return np.array([self.paths[row_of(law, change, setting, n) + PATHS][which] for n in self.draws])

        return values


def row_of(law: Law, change: str, setting: str, draw: int) -> str:
    """Name of a row of the design."""
    return f"{law.id}/{change}/{setting}/{draw}"


def changes_of(law: Law) -> list[str]:
    """The law itself, then its knock-outs."""
    return [WHOLE, *law.breaks]


def needed(law: Law, change: str) -> dict[str, set[str]]:
    """Settings that have to be run for a law under a change, with the figures asked of each."""
    asked = [law.clauses[id] for id in law.concerned(change)]
    if change == WHOLE:
        asked += law.told.values()
    found: dict[str, set[str]] = {}
    for clause in asked:
        for setting in settings_of(clause):
            found.setdefault(setting, set()).update(figures_of(clause))
    return found


def with_draw(law: Law, change: str, name: str, base: Setting, draw: Mapping[str, float]) -> Setting:
    """A setting with a draw's parameters; a value that the law itself gives to a parameter is kept."""
    own = {**law.settings[name].get("parameters", {}), **law.change(change).get("parameters", {})}
    return base.replace(parameters={**base.parameters, **draw, **own})


def seeds_of(law: Law, change: str, seeds: int) -> int:
    """Seeds a draw: the check's; for the law itself its own number, which goes with the usual SEEDS, in proportion."""
    return max(2, law.seeds * seeds // SEEDS) if law.seeds and change == WHOLE else seeds


def run_trial(
    asked: request.Asked,
    laws: Mapping[str, Law],
    draws: Mapping[int, Mapping[str, float]],
    seeds: int,
    residents: int,
) -> Trial:
    """Run every law and knock-out."""
    members: list[Member] = []
    weekly: list[DesignKey] = []
    wanted: set[str] = set()
    busy = {}
    for law in laws.values():
        for change in changes_of(law):
            settings = needed(law, change)
            built = {name: law.built(name, change, residents) for name in settings}
            rows = {
                name: [with_draw(law, change, name, base, draw) for draw in draws.values()]
                for name, base in built.items()
            }
            in_villages = {name for name, of in settings.items() if BUSY in of}
            if in_villages:
                there = {name: rows[name] for name in {*in_villages, law.villages["base"]}}
                with console.progress(f"{law.id}, villages", asked.quiet) as show:
                    busy[law.id, change] = desks.busy_on_time(
                        there,
                        seeds_of(law, change, seeds),
                        threads=asked.executor.side_by_side(),
                        show=show,
                        **law.villages,
                    )
            paths = weekly_settings(law, law.concerned(change))
            for name, of in settings.items():
                if of == {BUSY}:
                    continue
                wanted |= of - {BUSY}
                for number, row in zip(draws, rows[name], strict=True):
                    named = row_of(law, change, name, number)
                    members += [Member(DesignKey(named), k, row) for k in range(seeds_of(law, change, seeds))]
                    if name in paths:
                        members += [Member(DesignKey(named + PATHS), k, row) for k in range(min(WEEKLY_SEEDS, seeds))]
                        weekly.append(DesignKey(named + PATHS))
    return _gathered(asked, laws, draws, seeds, residents, members, weekly, sorted(wanted), busy)


def _gathered(asked, laws, draws, seeds, residents, members, weekly, names, busy) -> Trial:
    results = request.simulate(asked, members, "laws", weekly)
    out = {failure.member.place for failure in results.failures}
    whole = [i for i, member in enumerate(members) if member.place not in out]
    values = np.full((len(members), len(names)), np.nan)
    if whole:
        values[whole] = results.figures(whole, names)
    rows: dict[str, slice] = {}
    for i, member in enumerate(members):
        row = member.key.name
        rows[row] = slice(rows[row].start if row in rows else i, i + 1)
    paths = {}
    for row in (key.name for key in weekly):
        there = results.store.paths(results.keys[rows[row]]).mean(axis=0)
        paths[row] = there[:, -members[rows[row].start].base.weeks :]
    return Trial(laws, draws, seeds, residents, names, values, rows, paths, busy, len(out))


def verdict_of(trial: Trial, law: Law, change: str = WHOLE) -> Verdict:
    """The verdict on a law, or on a law under a knock-out."""
    figure, path = trial.figure(law, change), trial.path(law, change)
    clauses = []
    for id in law.concerned(change):
        clause = law.clauses[id]
        found = judged.found(clause, figure, path)
        said = judged.together(clause, found) if _together(clause) else judged.verdict(found.held)
        clauses.append(Clause(id, found, said))
    each = [clause.found for clause in clauses if not _together(law.clauses[clause.id])]
    held = judged.all_of(each) if each else np.full(len(trial.draws), np.nan)
    others = [clause.verdict for clause in clauses if _together(law.clauses[clause.id])]
    return Verdict(law, change, clauses, held, judged.worst([*([judged.verdict(held)] if each else []), *others]))


def _together(clause: Mapping[str, Any]) -> bool:
    return clause.get("judge") == "together"


def told_of(trial: Trial, law: Law) -> dict[str, np.ndarray]:
    """What is reported beside a law, by draw: a contrast of means over seeds, divided by another where one is named."""
    found = {}
    figure = trial.figure(law, WHOLE)
    for id, told in law.told.items():
        over = judged.interval(judged.contrast(told, figure))[0]
        if "by" in told:
            under = judged.interval(judged.contrast({"of": told["of"], "sum": told["by"]}, figure))[0]
            with np.errstate(divide="ignore", invalid="ignore"):
                over = np.where(under != 0, over / under, np.nan)
        found[id] = over
    return found


def unit_of(clause: Mapping[str, Any]) -> str:
    """Unit of a clause's size: that of its figures; nothing for a quotient or where figures are mixed."""
    if {"by", "between", "same", "equal", "not_all"} & clause.keys():
        return ""
    names = figures_of({key: value for key, value in clause.items() if key != "every_week"})
    units = {INDICATORS[plain(name)].unit if plain(name) in INDICATORS else "share" for name in names}
    return units.pop() if len(units) == 1 else ""
