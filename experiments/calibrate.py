"""Calibrate: find draws of the priors with which the untouched town looks as such towns are known to look.

    python -m experiments.calibrate experiment=quick

History matching in stages (analysis/calibration/matching.py): all draws in a cheap town with one seed, what
could still be right in a larger one with several, the rest in the whole town. Targets stand in
configs/calibration/average.yaml and are never widened. What meets them all jointly is the behavioural set.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments import screen
from experiments.job import JobError
from experiments.validation import life
from sim.reading import CONFIGS, SettingError, read_yaml

if TYPE_CHECKING:
    import numpy as np

    from sim.settings import Setting

TOWN = "average"
FOLDER = CONFIGS / "calibration"
KEYS = ("draws", "residents")
PIECE = 1_000  # draws that are in memory at once
WEEKS = 52  # after week 0 nothing is ordered: the year before and the year after are two of the same town

HELP = f"""\
python -m experiments.calibrate key=value ...

  Finds draws of the priors with which the untouched average town meets every target of
  configs/calibration/average.yaml jointly, in stages (configs/calibration/stages.yaml).

  experiment= full (20,000 draws, up to 2 hours on two cores) or quick (a few minutes)
  draws=     how many prior draws, 10 to 1000000 (default the experiment's)
  residents= of the last stage's town (default the experiment's; full takes the whole town)
{life.SHARED_HELP}

  The folder: summary.json; tables/ (stages, targets, parameters, misfits, draws); figures/;
  behaviour.csv and behaviour.yaml, the behavioural set (copy both to configs/behaviour/ under a
  name of your own, or hand the path on: experiments.validate behaviour=<path>.csv); provenance.json.

Example
  python -m experiments.calibrate experiment=quick draws=1000 threads=2"""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: town size (None: the town's own), seeds, tolerance in spreads, most draws taken in."""

    residents: int | None
    seeds: int
    most_spreads: float
    most: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a calibration is about to do."""

    draws: int
    pilot: int
    wanted: int
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets by name, and the hash of the priors they were frozen with."""

    records: Mapping[str, Mapping[str, Any]]
    priors_hash: str

    @property
    def figures(self) -> list[str]:
        """The figure of each target."""
        return [record["figure"] for record in self.records.values()]

    @property
    def low(self) -> np.ndarray:
        """Lower ends, (targets,)."""
        import numpy as np

        return np.array([record["low"] for record in self.records.values()], float)

    @property
    def high(self) -> np.ndarray:
        """Upper ends, (targets,)."""
        import numpy as np

        return np.array([record["high"] for record in self.records.values()], float)


def plan_of(asked: life.Asked) -> Plan:
    """The plan that the words ask for."""
    from sim.places import RESIDENTS

    given = read_yaml(FOLDER / "stages.yaml")[asked.experiment]
    stages = [Stage(s["residents"] or None, s["seeds"], s["most_spreads"], s.get("most")) for s in given["stages"]]
    if "residents" in asked.values:
        residents = asked.whole("residents", 0, *RESIDENTS)
        small = [Stage(min(s.residents or residents, residents), s.seeds, s.most_spreads, s.most) for s in stages[:-1]]
        stages = [*small, Stage(residents, stages[-1].seeds, stages[-1].most_spreads, stages[-1].most)]
    draws = asked.whole("draws", given["draws"], 10, 1_000_000)
    return Plan(draws, min(given["pilot"], draws), given["wanted"], tuple(stages))


def targets_of() -> Targets:
    """The targets. Raises SettingError where the priors are no longer those that were frozen with them."""
    from experiments.validation.draws import priors_hash

    given = read_yaml(FOLDER / f"{TOWN}.yaml")
    if given["priors"]["hash"] != priors_hash():
        raise SettingError(
            f"configs/calibration/{TOWN}.yaml, priors.hash: the priors in configs/parameters have changed since they "
            "were frozen; freeze them anew, before any comparison, and say so"
        )
    return Targets(given["targets"], given["priors"]["hash"])


def run_stage(
    asked: life.Asked, base: Setting, targets: Targets, stage: Stage, numbers: Sequence[int], title: str
) -> np.ndarray:
    """Figures of the targets for each draw, meaned over seeds and the two years: (draws, targets); nan if a run failed."""
    import numpy as np

    from experiments.ensemble.members import Member
    from experiments.validation.draws import drawn
    from sim.settings import setting

    town = base if stage.residents is None else setting(TOWN, residents=stage.residents, weeks=WEEKS, seed=base.seed)
    found = np.empty((len(numbers), len(targets.records)))
    names = [name for name in targets.figures if name != "app_use"]
    use = app_use(town)
    for start in range(0, len(numbers), PIECE):
        piece = numbers[start : start + PIECE]
        members = [
            Member(str(number), k, row)
            for number, parameters in zip(piece, drawn(piece, asked.seed), strict=True)
            for row in [town.replace(parameters={**town.parameters, **parameters})]
            for k in range(stage.seeds)
        ]
        span = f"draws {start + 1}-{start + len(piece)} of {len(numbers)}"
        results = life.simulate(asked, members, f"{title}, {span}")
        failed = {failure.member.place for failure in results.failures}
        whole = [i for i, member in enumerate(members) if member.place not in failed]
        values = np.full((len(members), 2 * len(names)), np.nan)
        if whole:
            values[whole] = results.figures(whole, [*names, *(f"{name}__baseline" for name in names)])
        two_years = values.reshape(len(piece), stage.seeds, 2, len(names)).mean(axis=(1, 2))
        column = iter(two_years.T)
        for j, name in enumerate(targets.figures):
            found[start : start + len(piece), j] = use if name == "app_use" else next(column)
    return found


def app_use(setting: Setting) -> float:
    """Share of residents able and willing to use the app, by the share of services they do there: facts and a lever."""
    facts = setting.facts["population"]
    old = facts["share_over_60"]
    able = facts["digital_under_60"] * (1 - old) + facts["digital_over_60"] * old
    return float(able * setting.town.levers["online_share"])


@dataclass(slots=True)
class Calibration:
    """What the stages found: draws taken in and let through, and figures, by stage."""

    taken: list[list[int]]
    kept: list[list[int]]
    values: list[np.ndarray]
    bias: list[np.ndarray]
    spread: list[np.ndarray]


def calibrated(asked: life.Asked, plan: Plan, targets: Targets) -> Calibration:
    """Run the stages."""
    import numpy as np

    from analysis.calibration import matching
    from sim.settings import setting

    base = setting(TOWN, weeks=WEEKS, seed=asked.seed * 1_000)
    pilot = list(range(plan.pilot))
    none = np.zeros(len(targets.records))
    whole = run_stage(asked, base, targets, plan.stages[-1], pilot, "pilot, whole town")
    found = Calibration([], [], [], [], [])
    numbers = list(range(plan.draws))
    for i, stage in enumerate(plan.stages):
        bias, spread = none, none
        if stage.most_spreads > 0:
            cheap = run_stage(asked, base, targets, stage, pilot, f"pilot, stage {i + 1}")
            there = np.isfinite(cheap).all(axis=1) & np.isfinite(whole).all(axis=1)
            bias, spread = matching.stand_in(cheap[there], whole[there])
        numbers = numbers[: stage.most]
        values = run_stage(asked, base, targets, stage, numbers, f"stage {i + 1} of {len(plan.stages)}")
        found.taken.append(numbers)
        found.values.append(values)
        found.bias.append(bias)
        found.spread.append(spread)
        away = matching.implausibility(values, targets.low, targets.high, bias, spread)
        numbers = [n for n, good in zip(numbers, matching.plausible(away, stage.most_spreads), strict=True) if good]
        found.kept.append(numbers)
        if not asked.quiet:
            screen.say(f"Stage {i + 1}: {len(found.taken[-1]):,} draws in, {len(numbers):,} could meet every target")
        if not numbers:
            break
    return found


def work(asked: life.Asked) -> None:
    """Calibrate and write the folder."""
    from experiments import folder as folders
    from experiments.validation.calibration_folder import write
    from sim import run as model

    targets = targets_of()
    plan = plan_of(asked)
    if not asked.quiet:
        runs = [f"{plan.draws:,} x {plan.stages[0].seeds}", *(f"up to {s.most:,} x {s.seeds}" for s in plan.stages[1:] if s.most)]
        screen.say(f"Calibration of {TOWN}: {plan.draws:,} prior draws; runs by stage: {', '.join(runs)}")
    model.compile()
    with life.timed() as spent:
        found = calibrated(asked, plan, targets)
    with folders.written_whole(asked.folder) as partial:
        write(partial, asked, plan, targets, found, spent)
    if not found.kept[-1] or len(found.kept) < len(plan.stages):
        raise JobError(
            f"No draw meets every target (see {asked.folder / 'tables' / 'targets.csv'}): the targets conflict in this "
            "model, or more draws are needed; ranges are not widened."
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    return life.run("calibrate", words, HELP, KEYS, ("full", "quick"), work)


if __name__ == "__main__":
    sys.exit(main())
