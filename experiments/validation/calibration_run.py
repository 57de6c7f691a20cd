"""The work of a calibration: stages of draws, each larger and dearer than the one before, and what they leave."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from experiments.cli import console
from experiments.job import JobError
from experiments.study.values import ORIGIN
from experiments.validation import request
from experiments.validation.plans import (
    APP_USE,
    TARGETS,
    TOWN,
    Calibration,
    CalibrationPlan,
    Stage,
    Targets,
    targets_of,
)
from sim.inputs import validators
from sim.inputs.files import read_yaml
from sim.vocabulary import YEAR

if TYPE_CHECKING:
    import numpy as np

    from sim.inputs.settings import Setting

PIECE = 1_000  # draws that are in memory at once
WEEKS = YEAR  # after week 0 nothing is ordered: the year before and the year after are two of the same town


def plan_of(asked: request.Asked) -> CalibrationPlan:
    """The plan that the arguments ask for."""
    from sim.inputs.places import RESIDENTS

    given = read_yaml(TARGETS / "stages.yaml")[asked.experiment]
    stages = [Stage(s["residents"] or None, s["seeds"], s["most_spreads"], s.get("most")) for s in given["stages"]]
    if "residents" in asked.values:
        residents = asked.whole("residents", 0, *RESIDENTS)
        small = [Stage(min(s.residents or residents, residents), s.seeds, s.most_spreads, s.most) for s in stages[:-1]]
        stages = [*small, Stage(residents, stages[-1].seeds, stages[-1].most_spreads, stages[-1].most)]
    draws = asked.whole("draws", given["draws"], 10, 1_000_000)
    return CalibrationPlan(draws, min(given["pilot"], draws), given["wanted"], tuple(stages))


def with_set_aside(targets: Targets, given: object) -> Targets:
    """The targets with some of them not applied. Raises SettingError."""
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list):
        raise validators.refuse(ORIGIN, "set_aside", given, "a list of targets")
    for name in names:
        if name not in targets.records:
            raise validators.unknown(ORIGIN, f"set_aside {name}", "target", targets.records)
    return replace(targets, set_aside=tuple(names))


def run_stage(
    asked: request.Asked, base: Setting, targets: Targets, stage: Stage, numbers: Sequence[int], title: str
) -> np.ndarray:
    """Figures of the targets for each draw, their means over seeds and the two years: (draws, targets).

    Missing figures are nan, draws of which a run failed inf.
    """
    import numpy as np

    from experiments.ensemble.members import DesignKey, Member
    from experiments.study.behaviour import draw_priors
    from sim.inputs.settings import setting

    town = base if stage.residents is None else setting(TOWN, residents=stage.residents, weeks=WEEKS, seed=base.seed)
    found = np.empty((len(numbers), len(targets.records)))
    names = [name for name in targets.figures if name != APP_USE]
    use = app_use(town)
    for start in range(0, len(numbers), PIECE):
        piece = numbers[start : start + PIECE]
        members = [
            Member(DesignKey(str(number)), k, row)
            for number, parameters in zip(piece, draw_priors(piece, asked.seed), strict=True)
            for row in [town.replace(parameters={**town.parameters, **parameters})]
            for k in range(stage.seeds)
        ]
        span = f"draws {start + 1}-{start + len(piece)} of {len(numbers)}"
        results = request.simulate(asked, members, f"{title}, {span}")
        failed = {failure.member.place for failure in results.failures}
        whole = [i for i, member in enumerate(members) if member.place not in failed]
        values = np.full((len(members), 2 * len(names)), np.nan)
        if whole:
            values[whole] = results.figures(whole, [*names, *(f"{name}__baseline" for name in names)])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a mean of nothing is missing
            two_years = np.nanmean(values.reshape(len(piece), stage.seeds, 2, len(names)), axis=(1, 2))
        lost = [
            i
            for i, number in enumerate(piece)
            if any((DesignKey(str(number)), k) in failed for k in range(stage.seeds))
        ]
        two_years[lost] = np.inf
        column = iter(two_years.T)
        for j, name in enumerate(targets.figures):
            found[start : start + len(piece), j] = use if name == APP_USE else next(column)
    return found


def app_use(setting: Setting) -> float:
    """Share of residents able and willing to use the app, by the share of services they do there: facts and a lever."""
    facts = setting.facts["population"]
    old = facts["share_over_60"]
    able = facts["digital_under_60"] * (1 - old) + facts["digital_over_60"] * old
    return float(able * setting.town.levers["online_share"])


def run_stages(asked: request.Asked, plan: CalibrationPlan, targets: Targets) -> Calibration:
    """Run the stages."""
    import numpy as np

    from analysis.calibration import matching
    from sim.inputs.settings import setting

    base = setting(TOWN, weeks=WEEKS, seed=asked.seed * 1_000)
    pilot = list(range(plan.pilot))
    none = np.zeros(len(targets.records))
    whole = run_stage(asked, base, targets, plan.stages[-1], pilot, "pilot, whole town")
    found = Calibration(whole, [], [], [], [], [])
    numbers = list(range(plan.draws))
    for i, stage in enumerate(plan.stages):
        bias, spread = none, none
        if stage.most_spreads > 0:
            cheap = run_stage(asked, base, targets, stage, pilot, f"pilot, stage {i + 1}")
            bias, spread = matching.stand_in(cheap, whole)
        numbers = numbers[: stage.most]
        values = run_stage(asked, base, targets, stage, numbers, f"stage {i + 1} of {len(plan.stages)}")
        found.taken.append(numbers)
        found.values.append(values)
        found.bias.append(bias)
        found.spread.append(spread)
        away = matching.implausibility(values, targets.low, targets.high, bias, spread)[:, targets.applied]
        numbers = [n for n, good in zip(numbers, matching.plausible(away, stage.most_spreads), strict=True) if good]
        found.kept.append(numbers)
        if not asked.quiet:
            console.out(
                f"Stage {i + 1}: {len(found.taken[-1]):,} draws in, {len(numbers):,} could meet every target applied"
            )
        if not numbers:
            break
    return found


def work(asked: request.Asked) -> None:
    """Calibrate and write the folder."""
    from experiments.output import folder as folders
    from experiments.validation.calibration_folder import write
    from sim import run as model

    targets = with_set_aside(targets_of(), asked.values.get("set_aside", []))
    plan = plan_of(asked)
    if targets.changed:
        console.err(targets.changed)
    if not asked.quiet:
        runs = [
            f"{plan.draws:,} x {plan.stages[0].seeds}",
            *(f"up to {s.most:,} x {s.seeds}" for s in plan.stages[1:] if s.most),
        ]
        console.out(f"Calibration of {TOWN}: {plan.draws:,} prior draws; runs by stage: {', '.join(runs)}")
    model.compile()
    with request.measure_time() as spent:
        found = run_stages(asked, plan, targets)
    with folders.write_folder(asked.folder) as partial:
        write(partial, asked, plan, targets, found, spent)
    if not found.kept[-1] or len(found.kept) < len(plan.stages):
        raise JobError(
            f"No draw meets every target (see {asked.folder / 'tables' / 'targets.csv'}): the targets conflict in this "
            "model, or more draws are needed; ranges are not widened (set_aside= leaves a target out, and says so)."
        )
