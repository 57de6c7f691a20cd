"""The work of a validation: rules over draws of the set, with knock-outs, over random draws and rival theories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.cli import console
from experiments.ensemble.members import DesignKey, Member
from experiments.study.behaviour import draw_priors, read_set
from experiments.study.values import ORIGIN
from experiments.validation import request
from experiments.validation.plans import TOWN, ValidationPlan, Variant, targets_of
from experiments.validation.rules import FOLDER, PLANS, Rule, best_of, built, read_rules, with_best, with_draw
from sim.inputs import validators
from sim.inputs.files import read_yaml
from sim.vocabulary import THEORIES

if TYPE_CHECKING:
    import numpy as np

    from experiments.ensemble.results import Results
    from experiments.study.behaviour import Behaviour

PIECE = 5  # draws that are in memory at once
BEST_SEEDS = 6  # runs of each single measure where the best are chosen; seeds that nothing else uses
_BEST_APART, _RANDOM_APART = 500_000, 1_000_000
RIVALS = {f"{part}_{name}": {part: name} for part, (_, *rivals) in THEORIES.items() for name in rivals}


def plan_of(asked: request.Asked) -> ValidationPlan:
    """The plan that the arguments ask for."""
    from sim.inputs.places import RESIDENTS

    given = read_yaml(FOLDER / f"{PLANS}.yaml")[asked.experiment]
    residents = given["residents"] or None
    if "residents" in asked.values:
        residents = asked.whole("residents", 0, *RESIDENTS)
    theories = asked.values.get("theories", False)
    if not isinstance(theories, bool):
        raise validators.refuse(ORIGIN, "theories", theories, "true or false")
    return ValidationPlan(
        asked.whole("draws", given["draws"], 2, 100_000),
        asked.whole("random", given["random"], 0, 100_000),
        asked.whole("seeds", given["seeds"], 1, 1_000),
        residents,
        theories,
    )


def chosen_draws(behaviour: Behaviour, count: int) -> dict[int, Mapping[str, float]]:
    """Draws of the set, stratified along the direction in which they differ most."""
    import numpy as np

    from analysis.calibration import matching

    numbers = list(behaviour.draws)
    values = np.array([list(behaviour.draws[number].values()) for number in numbers])
    places = matching.stratify(matching.spread_out(values), count)
    return {numbers[i]: behaviour.draws[numbers[i]] for i in places}


def variants_of(asked: request.Asked, plan: ValidationPlan, behaviour: Behaviour) -> list[Variant]:
    """All passes: the set, the set with knock-outs, random draws, and rival theories if asked for."""
    of_set = chosen_draws(behaviour, plan.draws)
    # Numbers far beyond those that a calibration draws, so that none of them is in the set.
    numbers = [_RANDOM_APART + i for i in range(plan.random)]
    random = dict(zip(numbers, draw_priors(numbers, asked.seed), strict=True))
    found = [Variant("set", of_set, False, {}), Variant("knock_out", of_set, True, {})]
    if random:
        found.append(Variant("random", random, False, {}))
    if plan.theories:
        found += [Variant(name, of_set, False, theory) for name, theory in RIVALS.items()]
    return found


def members_of(
    rules: Sequence[Rule], plan: ValidationPlan, variant: Variant, numbers: Sequence[int], seed: int
) -> Iterator[Member]:
    """The runs of some draws of a pass."""
    for rule in rules:
        for name in rule.settings:
            setting = built(
                rule, name, residents=plan.residents, seed=seed, frozen=variant.frozen, theory=variant.theory
            )
            for number in numbers:
                row = with_draw(rule, name, setting, variant.draws[number])
                for k in range(plan.seeds):
                    yield Member(DesignKey(f"{rule.id}/{name}/{number}"), k, row)


def run_variant(
    asked: request.Asked, plan: ValidationPlan, rules: Mapping[str, Rule], variant: Variant
) -> dict[str, np.ndarray]:
    """Statistics of every condition: rule -> (draws, conditions); nan where runs failed or a figure is missing."""
    import numpy as np

    found: dict[str, list] = {rule.id: [] for rule in variant.rules(rules)}
    numbers = list(variant.draws)
    for start in range(0, len(numbers), PIECE):
        piece = numbers[start : start + PIECE]
        concerned = variant.rules(rules)
        members = list(members_of(concerned, plan, variant, piece, asked.seed * 1_000))
        weekly = [DesignKey(f"{r.id}/{name}/{number}") for r in concerned for name in r.weekly for number in piece]
        title = f"{variant.name}, draws {start + 1}-{start + len(piece)} of {len(numbers)}"
        results = request.simulate(asked, members, title, weekly)
        gathered = gather(concerned, results)
        for rule in concerned:
            found[rule.id] += [statistics_of(rule, number, results, gathered) for number in piece]
    return {id: np.array(rows, float) for id, rows in found.items()}


def statistics_of(rule: Rule, number: int, results: Results, gathered: Gathered) -> list[float]:
    """The statistics of a rule's conditions in one draw; nan where a run failed."""
    from analysis.calibration import statistics
    from sim.indicators import INDICATORS

    rows = {name: gathered.rows[f"{rule.id}/{name}/{number}"] for name in rule.settings}
    figures = {
        name: dict(zip(gathered.names, gathered.values[row].mean(axis=0).tolist(), strict=True))
        for name, row in rows.items()
    }
    if any(gathered.failed[row].any() for row in rows.values()):
        return [float("nan")] * len(rule.conditions)
    paths = {}
    for name in rule.weekly:
        weekly = results.store.paths(results.keys[rows[name]]).mean(axis=0)
        weeks = results.members[rows[name].start].base.weeks
        paths[name] = dict(zip(INDICATORS, weekly[:, -weeks:], strict=True))
    calendar = results.members[next(iter(rows.values())).start].base.facts["calendar"]
    deadline = (int(calendar["deadline_every"]), int(calendar["deadline_length"]))
    there = statistics.Figures(figures, paths, deadline)
    return [statistics.evaluate(condition, there) for condition in rule.conditions]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Figures of all members of a piece, read once: (members, names), and where each row stands."""

    names: list[str]
    values: np.ndarray
    failed: np.ndarray
    rows: Mapping[str, slice]


def gather(rules: Sequence[Rule], results: Results) -> Gathered:
    """The figures that the rules' conditions name; replicates of a row stand together."""
    import numpy as np

    from analysis.calibration import statistics

    names = sorted(
        {
            name + suffix
            for rule in rules
            for condition in rule.conditions
            for name in statistics.figures_of(condition)
            for suffix in ("", "__year1", "__baseline")
        }
    )
    out = {failure.member.place for failure in results.failures}
    failed = np.array([member.place in out for member in results.members], bool)
    values = np.full((len(results.members), len(names)), np.nan)
    whole = np.flatnonzero(~failed)
    values[whole] = results.figures(whole.tolist(), names)
    rows: dict[str, slice] = {}
    for i, member in enumerate(results.members):
        row = member.key.name
        rows[row] = slice(rows[row].start if row in rows else i, i + 1)
    return Gathered(names, values, failed, rows)


def best_measures(asked: request.Asked, plan: ValidationPlan, rules: dict[str, Rule]) -> dict[str, list[str]]:
    """Find what `best` stands for, put it into the rules, and return it: at the modes, with seeds of its own."""
    from sim.inputs.settings import setting

    found = {}
    for rule in list(rules.values()):
        for name, best in best_of(rule).items():
            seed = _BEST_APART + asked.seed * 1_000
            alone = {id: setting(TOWN, residents=plan.residents, seed=seed, measures={id: 1.0}) for id in best["of"]}
            members = [Member(DesignKey(id), k, row) for id, row in alone.items() for k in range(BEST_SEEDS)]
            results = request.simulate(asked, members, "measures alone")
            means = {id: results.figures(results.of_row(DesignKey(id)), [best["by"]]).mean() for id in alone}
            chosen = sorted(means, key=lambda id: -means[id])[: best["count"]]
            rules[rule.id] = with_best(rule, name, chosen)
            found[f"{rule.id}.{name}"] = chosen
    return found


def work(asked: request.Asked) -> None:
    """Validate and write the folder."""
    from experiments.output import folder as folders
    from experiments.validation.validation_folder import show, write
    from sim import run as model
    from sim.version import model_version

    plan = plan_of(asked)
    targets = targets_of()
    rules = read_rules()
    behaviour = read_set(str(asked.values.get("behaviour", TOWN)))
    for changed in filter(None, (targets.changed, behaviour.changed)):
        console.err(changed)
    other = behaviour.provenance.get("model_version")
    if other not in (None, model_version()):
        console.err(
            f"The set {behaviour.name} was calibrated with model version {other}, this is {model_version()}: its "
            "draws may no longer meet the targets; experiments.calibrate makes it anew."
        )
    variants = variants_of(asked, plan, behaviour)
    for variant in variants[:2]:  # every setting is checked before anything is run
        for rule in variant.rules(rules):
            for name in rule.settings:
                built(rule, name, residents=plan.residents, seed=0, frozen=variant.frozen, theory={})
    runs = sum(len(r.settings) * len(v.draws) * plan.seeds for v in variants for r in v.rules(rules))
    if not asked.quiet:
        console.out(f"Validation: {len(rules)} rules, {runs:,} runs ({estimate(runs, plan)} on two cores)")
    model.compile()
    with request.measure_time() as spent:
        best = best_measures(asked, plan, rules)
        values = {variant.name: run_variant(asked, plan, rules, variant) for variant in variants}
    more = {"runs": runs, "best": best, "priors_changed": targets.changed or None, **spent}
    with folders.write_folder(asked.folder) as partial:
        summary = write(partial, asked, plan, rules, variants, values, behaviour, more)
    if not asked.quiet:
        show(summary)


def estimate(runs: int, plan: ValidationPlan) -> str:
    """How long so many runs take: .12 processor seconds each in the whole town of 48,700, in proportion below it."""
    residents = plan.residents or 48_700
    seconds = runs * (0.004 + 0.13 * residents / 48_700) / 2
    return f"about {console.duration(seconds)}"
