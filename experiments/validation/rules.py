"""Rules of validation, read from configs/validation and checked: one pattern or published effect a file.

A file's settings hold the keys of an experiment's settings, and two more. `without` gives parameters values that may
lie outside their priors, which removes a rule from the model, for the weeks before week 0 too. `best` stands for the
measures that help most when each is alone (validate finds them before it starts).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.calibration import statistics
from sim.indicators import INDICATORS
from sim.inputs.files import CONFIGS, read_yaml, yaml_files
from sim.inputs.priors import read_parameters
from sim.inputs.settings import Setting, setting_from_sources
from sim.inputs.validators import SettingError, known_keys, place_name, unknown
from sim.vocabulary import MECHANISMS

FOLDER = CONFIGS / "validation"
PLANS, REASONS = "plans", "reasons"  # files of the folder that hold no rule
TOWN = "average"
KEYS = (
    *("kind", "number", "study", "label_en", "label_zh", "question_en", "question_zh", "standing", "reason"),
    *("settings", "weekly", "conditions", "knock_out", "overlaps", "note"),
)
KINDS = ("pattern", "hypothesis", "effect")
STANDINGS = ("assumed", "emergent")
OWN = ("without", "best")


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern or effect: what is asked, what is run, what must come out, and what should break it."""

    id: str
    kind: str
    number: int
    label: Mapping[str, str]
    question: Mapping[str, str]
    standing: str
    reason: str
    settings: Mapping[str, Mapping[str, Any]]
    weekly: Sequence[str]
    conditions: Sequence[Mapping[str, Any]]
    knock_out: Mapping[str, Any]
    overlaps: Sequence[str]

    @property
    def counted(self) -> bool:
        """Whether it counts: patterns, and effects that no mechanism was written after. The others are told apart."""
        return self.kind == "pattern" or (self.kind == "effect" and self.standing == "emergent")


def read_rules(folder: Path | None = None) -> dict[str, Rule]:
    """Every rule of a folder by id: patterns, hypotheses, effects, by number. Raises SettingError."""
    found = [_rule(path) for path in yaml_files(folder or FOLDER) if path.stem not in (PLANS, REASONS)]
    rules = {rule.id: rule for rule in sorted(found, key=lambda rule: (KINDS.index(rule.kind), rule.number))}
    for rule in rules.values():
        for other in rule.overlaps:
            if other not in rules:
                raise unknown(f"{rule.id}.yaml", f"overlaps.{other}", "pattern or effect", rules)
    return rules


def _rule(path: Path) -> Rule:
    origin = place_name(path)
    given = read_yaml(path)
    known_keys(given, KEYS, origin)
    for key, among in (("kind", KINDS), ("standing", STANDINGS)):
        if given[key] not in among:
            raise SettingError(f"{origin}, {key}: {given[key]!r} given, {' or '.join(among)} expected")
    rule = Rule(
        path.stem,
        given["kind"],
        given["number"],
        {"en": given["label_en"], "zh": given["label_zh"]},
        {"en": given["question_en"], "zh": given["question_zh"]},
        given["standing"],
        given["reason"],
        given["settings"],
        given.get("weekly", ()),
        given["conditions"],
        given.get("knock_out", {}),
        given.get("overlaps", ()),
    )
    for condition in rule.conditions:
        _check_condition(rule, condition, origin)
    for name in rule.knock_out.get("mechanisms", ()):
        if name not in MECHANISMS:
            raise unknown(origin, f"knock_out {name}", "mechanism", MECHANISMS)
    for name, setting in rule.settings.items():
        for id in setting.get("without", {}):
            if id not in read_parameters():
                raise unknown(origin, f"settings.{name}.without.{id}", "parameter", read_parameters())
    return rule


def _check_condition(rule: Rule, condition: Mapping[str, Any], origin: str) -> None:
    if wrong := statistics.fault(condition):
        raise SettingError(f"{origin}, conditions: {wrong}")
    for name in statistics.settings_of(condition):
        if name not in rule.settings:
            raise unknown(origin, f"conditions.{name}", "setting of this file", rule.settings)
    for name in statistics.figures_of(condition):
        if name not in INDICATORS:
            raise unknown(origin, f"conditions.{name}", "indicator", INDICATORS)


def built(
    rule: Rule, name: str, *, residents: int | None, seed: int, frozen: bool, theory: Mapping[str, str]
) -> Setting:
    """A rule's setting at the priors' modes, with what should break it frozen or not. Raises SettingError."""
    given = {key: value for key, value in rule.settings[name].items() if key not in OWN}
    source = {"town": TOWN, "residents": residents, "seed": seed, "theory": dict(theory), **given}
    if frozen:
        source["knock_out"] = list(rule.knock_out.get("mechanisms", ()))
        source["facts"] = {**source.get("facts", {}), **rule.knock_out.get("facts", {})}
    return setting_from_sources([(f"{rule.id}.yaml, settings.{name}", source)])


def with_draw(rule: Rule, name: str, setting: Setting, draw: Mapping[str, float]) -> Setting:
    """The setting with a draw's parameters, and without the rules that it takes out."""
    return setting.replace(parameters={**setting.parameters, **draw, **rule.settings[name].get("without", {})})


def with_best(rule: Rule, name: str, measures: Sequence[str]) -> Rule:
    """The rule with the measures that its `best` stands for."""
    given = {**rule.settings[name], "measures": dict.fromkeys(measures, 1.0)}
    return replace(rule, settings={**rule.settings, name: given})


def best_of(rule: Rule) -> dict[str, Mapping[str, Any]]:
    """Settings of a rule that stand for the best measures: name -> {count, of, by}."""
    return {name: given["best"] for name, given in rule.settings.items() if "best" in given}


def said(condition: Mapping[str, Any]) -> str:
    """A condition's statistic as one line of a table."""
    parts = [
        f"{key}={'+'.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in condition.items()
        if key not in statistics.RULE_KEYS
    ]
    return f"{condition['statistic']}({', '.join(parts)})"
