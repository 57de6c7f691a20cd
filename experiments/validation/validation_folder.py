"""The folder of a validation: verdicts, conditions, rival theories, the values behind them, and one page of figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.calibration import verdicts
from analysis.figures.validation import validation
from analysis.words import Reader
from experiments.cli import console
from experiments.output.contents import write_json
from experiments.output.csv_tables import write_csv
from experiments.output.figures import write_figure
from experiments.output.folder import MARK
from experiments.validation import request
from experiments.validation.rules import Rule, said

if TYPE_CHECKING:
    from experiments.study.behaviour import Behaviour
    from experiments.validation.plans import ValidationPlan, Variant

Values = Mapping[str, Mapping[str, np.ndarray]]  # pass -> rule -> (draws, conditions)
_NOT_RIVALS = ("set", "knock_out", "random")


def write(
    folder: Path,
    asked: request.Asked,
    plan: ValidationPlan,
    rules: Mapping[str, Rule],
    variants: Sequence[Variant],
    values: Values,
    behaviour: Behaviour,
    more: Mapping[str, Any],
) -> dict[str, float]:
    """Write everything a validation leaves; returns the summary."""
    rows = verdict_rows(rules, values)
    rivals = [variant.name for variant in variants if variant.name not in _NOT_RIVALS]
    found = summary(rules, rows, values, rivals)
    (folder / "tables").mkdir()
    tables = {
        "validation": rows,
        "conditions": condition_rows(rules, values),
        "values": value_rows(rules, variants, values),
        "rules": rule_rows(rules),
        **({"theories": theory_rows(rules, values, rivals)} if rivals else {}),
    }
    for name, table in tables.items():
        write_csv(folder / "tables" / f"{name}.csv", table, encoding="utf-8-sig" if name == "rules" else "utf-8")
    write_json(folder / "summary.json", found)
    record = request.provenance(
        asked,
        draws={variant.name: list(variant.draws) for variant in variants},
        seeds=plan.seeds,
        residents=plan.residents or "the town's",
        behaviour={"name": behaviour.name, **behaviour.provenance, "changed": behaviour.changed or None},
        **more,
    )
    write_json(folder / MARK, record)
    labels = {rule.id: rule.label for rule in rules.values()}
    page = validation(rows, condition_rows(rules, values), reader=Reader(asked.language, labels=labels))
    write_figure(page, folder / "figures", "validation")
    return found


def verdict_rows(rules: Mapping[str, Rule], values: Values) -> list[dict[str, Any]]:
    """tables/validation.csv: one row a pattern or effect; the statistic is that of its first condition."""
    rows = []
    for rule in rules.values():
        there = values["set"][rule.id]
        middle, low, high = verdicts.middle(there[:, 0])
        share = verdicts.share(rule.conditions, there)
        broken, frozen = "", float("nan")
        if rule.knock_out:
            frozen = verdicts.share(rule.conditions, values["knock_out"][rule.id])
            broken = verdicts.knock_out_verdict(share, frozen)
        random = values.get("random", {}).get(rule.id)
        rows.append(
            {
                "id": rule.id,
                "kind": rule.kind,
                "standing": rule.standing,
                "counted": int(rule.counted),
                "statistic": said(rule.conditions[0]),
                "value": middle,
                "ci_low": low,
                "ci_high": high,
                "expected": verdicts.expected_text(rule.conditions[0]),
                "verdict": verdicts.verdict(rule.kind, rule.conditions, there),
                "share_of_behavioural_set": share,
                "knock_out_verdict": broken,
                "base_rate_random_draws": float("nan") if random is None else verdicts.share(rule.conditions, random),
                "share_with_knock_out": frozen,
                "log_score": verdicts.log_score(rule.conditions, there),
                "log_score_random_draws": score_of(rule, random, partial(verdicts.log_score, draws=len(there))),
                "size_score": verdicts.size_score(rule.conditions, there),
                "size_score_random_draws": score_of(rule, random, verdicts.size_score),
            }
        )
    return rows


def score_of(rule: Rule, values: np.ndarray | None, score: Callable[..., float]) -> float:
    """A score of a rule over the draws of a pass; nan where the pass was not made."""
    return float("nan") if values is None else score(rule.conditions, values)


def condition_rows(rules: Mapping[str, Rule], values: Values) -> list[dict[str, Any]]:
    """One row a condition and pass: median, range over draws, what is expected, share of draws that meet it."""
    rows = []
    for name, by_rule in values.items():
        for id, there in by_rule.items():
            for j, condition in enumerate(rules[id].conditions):
                middle, low, high = verdicts.middle(there[:, j])
                rows.append(
                    {
                        "pass": name,
                        "id": id,
                        "condition": j + 1,
                        "statistic": said(condition),
                        "value": middle,
                        "ci_low": low,
                        "ci_high": high,
                        "expected": verdicts.expected_text(condition),
                        "share_of_draws": verdicts.share([condition], there[:, [j]]),
                        "published": float(condition.get("published", np.nan)),
                    }
                )
    return rows


def theory_rows(rules: Mapping[str, Rule], values: Values, rivals: Sequence[str]) -> list[dict[str, Any]]:
    """One row a pattern or effect: its verdict under the default theories and each rival, and whether all agree."""
    rows = []
    for rule in rules.values():
        found = {name: verdicts.verdict(rule.kind, rule.conditions, values[name][rule.id]) for name in ("set", *rivals)}
        good = {name: says not in ("fails", "wrong_sign") for name, says in found.items()}
        shares = {f"share__{name}": verdicts.share(rule.conditions, values[name][rule.id]) for name in found}
        scores = {f"log_score__{name}": verdicts.log_score(rule.conditions, values[name][rule.id]) for name in found}
        rows.append(
            {"id": rule.id, "kind": rule.kind, **found, **shares, **scores, "survives_all": int(all(good.values()))}
        )
    return rows


def value_rows(rules: Mapping[str, Rule], variants: Sequence[Variant], values: Values) -> list[dict[str, Any]]:
    """One row a pass, rule and draw with the statistic of every condition."""
    return [
        {"pass": v.name, "id": id, "draw": number, **{f"condition_{j + 1}": float(x) for j, x in enumerate(row)}}
        for v in variants
        for id, there in values[v.name].items()
        for number, row in zip(v.draws, there, strict=True)
    ]


def rule_rows(rules: Mapping[str, Rule]) -> list[dict[str, Any]]:
    """What the ids mean, in both languages, and what each hangs on."""
    return [
        {
            "id": rule.id,
            "kind": rule.kind,
            "number": rule.number,
            **{f"label_{key}": text for key, text in rule.label.items()},
            **{f"question_{key}": text for key, text in rule.question.items()},
            "standing": rule.standing,
            "reason": rule.reason,
            "knock_out": " ".join([*rule.knock_out.get("mechanisms", ()), *(["facts"] * ("facts" in rule.knock_out))]),
            "overlaps": " ".join(rule.overlaps),
        }
        for rule in rules.values()
    ]


def summary(
    rules: Mapping[str, Rule], rows: Sequence[Mapping[str, Any]], values: Values, rivals: Sequence[str]
) -> dict[str, float]:
    """Counts of what held, flat; each fact is also counted once, over patterns and effects that speak of it.

    Hypotheses, and effects that the model was written after, are counted apart. Scores are means over what counts.
    """
    good = {row["id"]: row["verdict"] not in ("fails", "wrong_sign") for row in rows}
    counted = {rule.id for rule in rules.values() if rule.counted}
    patterns = [row for row in rows if row["kind"] == "pattern"]
    hypotheses = [row for row in rows if row["kind"] == "hypothesis"]
    effects = [row for row in rows if row["kind"] == "effect" and row["id"] in counted]
    told = [row for row in rows if row["kind"] == "effect" and row["id"] not in counted]
    emergent = [row for row in patterns if row["standing"] == "emergent"]
    facts = verdicts.facts({id: [other for other in rules[id].overlaps if other in counted] for id in sorted(counted)})
    found: dict[str, float] = {
        "patterns_held": sum(good[row["id"]] for row in patterns),
        "patterns_total": len(patterns),
        "emergent_held": sum(good[row["id"]] for row in emergent),
        "emergent_total": len(emergent),
        "knock_outs_breaking": sum(row["knock_out_verdict"] == "breaks" for row in patterns),
        "effects_right_sign": sum(good[row["id"]] for row in effects),
        "effects_within_factor_two": sum(row["verdict"] == "within_factor_two" for row in effects),
        "effects_total": len(effects),
        "hypotheses_held": sum(good[row["id"]] for row in hypotheses),
        "hypotheses_total": len(hypotheses),
        "assumed_effects_right_sign": sum(good[row["id"]] for row in told),
        "assumed_effects_within_factor_two": sum(row["verdict"] == "within_factor_two" for row in told),
        "assumed_effects_total": len(told),
        "facts_held": sum(all(good[id] for id in fact) for fact in facts),
        "facts_total": len(facts),
        "draws": len(next(iter(values["set"].values()))),
    }
    if "random" in values:
        random = values["random"]
        for kind, of in (("patterns", patterns), ("effects", effects)):
            shares = [verdicts.share(rules[row["id"]].conditions, random[row["id"]]) for row in of]
            found[f"{kind}_expected_of_a_random_draw"] = float(np.sum(shares))
            of_set = [row["share_of_behavioural_set"] for row in of]
            found[f"{kind}_expected_of_a_behavioural_draw"] = float(np.sum(of_set))
    scored = [row for row in rows if row["id"] in counted]
    for name in ("log_score", "size_score"):
        for ending in ("", "_random_draws") if "random" in values else ("",):
            figures = [row[name + ending] for row in scored if math.isfinite(row[name + ending])]
            if figures:
                found[f"{name}{ending}"] = float(np.mean(figures))
    for name in rivals:
        own = [verdicts.log_score(rules[row["id"]].conditions, values[name][row["id"]]) for row in scored]
        found[f"log_score__{name}"] = float(np.mean(own))
    if rivals:
        found["survive_all_theories"] = sum(row["survives_all"] for row in theory_rows(rules, values, rivals))
    return found


def show(found: Mapping[str, float]) -> None:
    """A short table on screen."""
    for text, held, total in (
        ("Patterns that hold", "patterns_held", "patterns_total"),
        ("  of them emergent", "emergent_held", "emergent_total"),
        ("  broken by their knock-out", "knock_outs_breaking", "patterns_total"),
        ("Effects with the right sign", "effects_right_sign", "effects_total"),
        ("  within a factor of two", "effects_within_factor_two", "effects_total"),
        ("Facts, each counted once", "facts_held", "facts_total"),
        ("Not counted: hypotheses", "hypotheses_held", "hypotheses_total"),
        ("Not counted: effects assumed", "assumed_effects_right_sign", "assumed_effects_total"),
    ):
        console.out(f"{text:30} {found[held]:3} of {found[total]}")
    if "log_score_random_draws" in found:
        console.out(
            f"Mean log score of what counts: {found['log_score']:.2f}; of random draws of the priors "
            f"{found['log_score_random_draws']:.2f} (0 is the best there is)"
        )
