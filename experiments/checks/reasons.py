"""Why patterns and effects are missed: each reason tried by taking it out of the model.

A reason that is not tested is a guess. configs/validation/reasons.yaml states for each which change of the model would
remove the miss. The rule is run over draws of the behavioural set and common seeds, as it is and with that change. A
reason stands if the rule then passes in at least 80 % of the draws. It is a part of the explanation if clearly more
draws pass than before, and wrong if not. The changes lie outside the priors on purpose: none of them is proposed as a
better value.

    python -m experiments.checks.reasons [--write]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis.calibration import statistics, verdicts
from experiments.checks.runs import MINUS, checked, provenance, show, table
from experiments.ensemble.executors import Executor
from experiments.job import leave
from experiments.study.behaviour import read_set
from experiments.validation import request
from experiments.validation.plans import TOWN, ValidationPlan, Variant
from experiments.validation.rules import FOLDER, REASONS, Rule, read_rules, said
from experiments.validation.validation_run import best_measures, chosen_draws, run_variant
from sim.inputs.files import read_yaml
from sim.inputs.priors import read_parameters
from sim.inputs.validators import SettingError, known_keys, place_name, unknown

DRAWS, SEEDS = 10, 2
KEYS = ("rule", "text", "without", "facts", "settings", "conditions")
STANDS = 0.8  # as for a pattern that holds
PART = 0.1  # more draws than that pass with the change: a reason is part of it
STORE = "results/store"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: the rule as it is, the rule with the change, and the change in words."""

    text: str
    rule: Rule
    changed: Rule
    change: str


def read_reasons(path: Path = FOLDER / f"{REASONS}.yaml") -> list[Reason]:
    """The reasons of a file. Raises SettingError naming the entry that cannot be used."""
    rules = read_rules()
    found = []
    for name, given in read_yaml(path).items():
        origin = f"{place_name(path)}, {name}"
        known_keys(given, KEYS, origin)
        if given.get("rule") not in rules:
            raise unknown(origin, f"rule {given.get('rule')}", "pattern or effect", rules)
        for id in given.get("without", {}):
            if id not in read_parameters():
                raise unknown(origin, f"without.{id}", "parameter", read_parameters())
        rule = rules[given["rule"]]
        conditions = given.get("conditions", rule.conditions)
        for condition in conditions:
            if wrong := statistics.fault(condition):
                raise SettingError(f"{origin}, conditions: {wrong}")
        for name in given.get("settings", {}):
            if name not in rule.settings:
                raise unknown(origin, f"settings.{name}", "setting of its rule", rule.settings)
        asked_of = {**rule.settings, **given.get("settings", {})}
        settings = {name: _changed(setting, given) for name, setting in asked_of.items()}
        found.append(Reason(given["text"], rule, replace(rule, settings=settings, conditions=conditions), _said(given)))
    return found


def _changed(setting: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's setting with a reason's change; what the rule itself says about the same thing stays."""
    changed = dict(setting)
    if "without" in given:
        changed["without"] = {**given["without"], **setting.get("without", {})}
    if "facts" in given:
        own = setting.get("facts", {})
        groups = [*given["facts"], *own]
        changed["facts"] = {group: {**given["facts"].get(group, {}), **own.get(group, {})} for group in groups}
    return changed


def _said(given: Mapping[str, Any]) -> str:
    parts = [f"`{id}` {value:g}" for id, value in given.get("without", {}).items()]
    parts += [f"`{key}` {value:g}" for group in given.get("facts", {}).values() for key, value in group.items()]
    parts += [f"`{name}`: {_flat(setting)}" for name, setting in given.get("settings", {}).items()]
    parts += [f"`{said(condition)}`" for condition in given.get("conditions", ())]
    return ", ".join(parts)


def _flat(setting: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_flat(value) if isinstance(value, Mapping) else value}" for key, value in setting.items())


def rows_of(
    reasons: Sequence[Reason], asked: request.Asked, plan: ValidationPlan, draws: Mapping[int, Mapping[str, float]]
) -> list[tuple[str, ...]]:
    """Run every reason's rule as it is and with its change: the lines of the table."""

    def statistics_of(rule: Rule) -> np.ndarray:
        rules = {rule.id: rule}
        best_measures(asked, plan, rules)
        return run_variant(asked, plan, rules, Variant(REASONS, draws, False, {}))[rule.id]

    as_it_is = {reason.rule.id: statistics_of(reason.rule) for reason in reasons}
    return [row_of(reason, as_it_is[reason.rule.id], statistics_of(reason.changed)) for reason in reasons]


def verdict(before: float, after: float) -> str:
    """What a change shows, from the shares of draws that pass without and with it."""
    if before >= STANDS:
        return "passes as it is"
    return "stands" if after >= STANDS else "a part of it" if after > before + PART else "wrong"


def row_of(reason: Reason, before: np.ndarray, after: np.ndarray) -> tuple[str, ...]:
    """A line of the table."""
    passed = (verdicts.share(reason.rule.conditions, before), verdicts.share(reason.changed.conditions, after))
    return (
        reason.rule.label["en"],
        reason.text,
        reason.change,
        _medians(before),
        _medians(after),
        f"{passed[0]:.0%} → {passed[1]:.0%}".replace("%", " %"),
        verdict(*passed),
    )


def _medians(values: np.ndarray) -> str:
    return "; ".join(f"{x:.2g}" for x in np.nanmedian(values, axis=0)).replace("-", MINUS)


def page(rows: Sequence[Sequence[str]], draws: int) -> str:
    """The table as a page."""
    head = (
        "missed",
        "reason, and what is changed",
        "change",
        "medians as it is",
        "with it",
        "draws that pass",
        "reason",
    )
    return f"""# Why patterns and effects are missed

Each line takes one reason out of the model: the rule of `configs/validation/` is run as it is and with the change
that `configs/validation/reasons.yaml` names, over the same draws of the behavioural set and the same seeds. A reason
stands if the rule then passes in at least 80 % of the draws, is a part of it if more draws pass, and is wrong
otherwise. The medians are those of the rule's conditions in their order. The changes lie outside the priors, or ask
another question, on purpose: they show what a miss hangs on, and are no better values for anything.

{provenance("reasons", range(SEEDS), draws=draws, residents="the whole town")}

{table(head, rows)}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all reasons; returns 0."""

    def check(write: bool) -> bool:
        asked = request.Asked("reasons", {}, REASONS, 0, Executor("threads", None), STORE, "en", False, Path(), "")
        plan = ValidationPlan(DRAWS, 0, SEEDS, None, False)
        draws = chosen_draws(read_set(TOWN), DRAWS)
        rows = rows_of(read_reasons(), asked, plan, draws)
        show(page(rows, len(draws)), "reasons", write)
        return True

    return checked(check, arguments, __doc__)


if __name__ == "__main__":
    leave(main())
