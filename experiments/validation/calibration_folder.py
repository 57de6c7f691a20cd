"""The folder of a calibration: stages, targets, what was learned of parameters, misfits, and the behavioural set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.calibration import matching
from analysis.figures.calibration_misfits import calibration_misfits
from analysis.figures.calibration_parameters import calibration_parameters
from analysis.figures.calibration_targets import calibration_targets
from analysis.words import Reader
from experiments.cli.command_line import quote
from experiments.output.contents import write_json
from experiments.output.csv_tables import write_csv
from experiments.output.figures import write_figure
from experiments.output.folder import MARK
from experiments.study.behaviour import draw_priors, write_set
from experiments.validation import request
from experiments.validation.plans import TOWN
from sim.inputs.priors import read_parameters

if TYPE_CHECKING:
    from experiments.validation.plans import Calibration, CalibrationPlan, Targets

PRIOR_SAMPLE = 2_000
NOT_OF_THE_SET = ("threads", "store", "output", "quiet", "language")


def write(
    folder: Path, asked: request.Asked, plan: CalibrationPlan, targets: Targets, found: Calibration, spent: dict
) -> None:
    """Write everything a calibration leaves."""
    done = len(found.kept) == len(plan.stages)
    last = found.kept[-1][: plan.wanted] if done else []
    stages = stage_rows(plan, found)
    by_target = target_rows(targets, found, last)
    by_parameter = parameter_rows(asked.seed, plan.draws, last) if len(last) > 2 else []
    pairs = misfit_rows(targets, found)
    tables = {"stages": stages, "targets": by_target, "parameters": by_parameter, "misfits": pairs}
    tables["draws"] = draw_rows(targets, found)
    (folder / "tables").mkdir()
    for name, rows in tables.items():
        write_csv(folder / "tables" / f"{name}.csv", rows)
    record = request.provenance(
        asked,
        draws=plan.draws,
        set_aside=list(targets.set_aside),
        priors_changed=targets.changed or None,
        stages=[
            {"residents": s.residents or "the town's", "seeds": s.seeds, "most_spreads": s.most_spreads, "most": s.most}
            for s in plan.stages
        ],
        runs=sum(len(n) * s.seeds for n, s in zip(found.taken, plan.stages, strict=False)),
        **spent,
    )
    write_json(folder / MARK, record)
    write_json(folder / "summary.json", summary(stages, by_target, by_parameter, last))
    if last:
        keep = ("seed", "draws", "set_aside", "stages", "priors_hash", "model_version", "commit", "finished")
        words = {**asked.values, **({"set_aside": list(targets.set_aside)} if targets.set_aside else {})}
        told = quote([f"{key}={as_word(value)}" for key, value in words.items() if key not in NOT_OF_THE_SET])
        command = f"python -m experiments.calibrate {told}"
        provenance = {"town": TOWN, "members": len(last), "command": command, **{key: record[key] for key in keep}}
        write_set(folder, "behaviour", dict(zip(last, draw_priors(last, asked.seed), strict=True)), provenance)
    draw_figures(folder / "figures", asked, targets, found, by_target, by_parameter, pairs)


def as_word(value: Any) -> str:
    """A value as it is typed on a command line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {as_word(one)}" for key, one in value.items()) + "}"
    return f"[{', '.join(map(as_word, value))}]" if isinstance(value, list | tuple) else str(value)


def stage_rows(plan: CalibrationPlan, found: Calibration) -> list[dict[str, Any]]:
    """One row a stage: draws in and out, runs."""
    return [
        {
            "stage": i + 1,
            "residents": stage.residents or "",
            "seeds": stage.seeds,
            "most_spreads": float(stage.most_spreads),
            "draws_in": len(taken),
            "draws_out": len(kept),
            "failed": int(np.isinf(values).any(axis=1).sum()),
            "runs": len(taken) * stage.seeds,
        }
        for i, (stage, taken, kept, values) in enumerate(
            zip(plan.stages, found.taken, found.kept, found.values, strict=False)
        )
    ]


def target_rows(targets: Targets, found: Calibration, last: list[int]) -> list[dict[str, Any]]:
    """One row a target: its range, what the pilot's prior draws give, what the set gives, how it binds."""
    first = found.pilot
    inside = matching.met(first, targets.low, targets.high)
    chosen_inside = matching.met(final_values(found, last), targets.low, targets.high)
    missed, alone = matching.binding(inside)
    chosen = final_values(found, last)
    rows = []
    for j, (name, record) in enumerate(targets.records.items()):
        prior = np.nanpercentile(first[np.isfinite(first[:, j]), j], [5, 50, 95])
        post = np.nanpercentile(chosen[:, j], [5, 50, 95]) if len(chosen) else [np.nan] * 3
        rows.append(
            {
                "target": name,
                "figure": record["figure"],
                "low": float(record["low"]),
                "high": float(record["high"]),
                "allowed_low": float(targets.low[j]),
                "allowed_high": float(targets.high[j]),
                "standing": record["standing"],
                "applied": int(name not in targets.set_aside),
                **{f"prior_{q}": float(v) for q, v in zip(("p5", "p50", "p95"), prior, strict=True)},
                **{f"set_{q}": float(v) for q, v in zip(("p5", "p50", "p95"), post, strict=True)},
                "share_of_draws_missing": float(missed[j]),
                "share_missing_it_alone": float(alone[j]),
                "share_of_set_missing": float(1 - chosen_inside[:, j].mean()) if last else np.nan,
                "stand_in_bias": float(found.bias[0][j]),
                "stand_in_spread": float(found.spread[0][j]),
            }
        )
    return rows


def final_values(found: Calibration, last: list[int]) -> np.ndarray:
    """Figures of the set in the last stage: (draws, targets)."""
    place = {number: i for i, number in enumerate(found.taken[-1])}
    return found.values[-1][[place[number] for number in last]]


def parameter_rows(seed: int, draws: int, last: list[int]) -> list[dict[str, Any]]:
    """One row a parameter that is drawn: how much narrower it became, how far it moved, whether chance could do so.

    overlap: the part of the prior and of the set that they share (1: the same distribution), over tenths of the prior.
    """
    sample = list(range(min(draws, PRIOR_SAMPLE)))
    ids = [id for id, prior in read_parameters().items() if prior.low < prior.high]
    prior = np.array([[row[id] for id in ids] for row in draw_priors(sample, seed)])
    post = np.array([[row[id] for id in ids] for row in draw_priors(last, seed)])
    ratio, shift = matching.learned(prior, post)
    far, narrow = matching.surprising(len(prior), len(post), len(ids))
    return [
        {
            "parameter": id,
            "file": read_parameters()[id].reader,
            "prior_mean": float(prior[:, j].mean()),
            "set_mean": float(post[:, j].mean()),
            "width_ratio": float(ratio[j]),
            "shift": float(shift[j]),
            "overlap": matching.overlap(prior[:, j], post[:, j]),
            "learned": int(abs(shift[j]) > far or abs(np.log(ratio[j])) > narrow),
        }
        for j, id in enumerate(ids)
    ]


def misfit_rows(targets: Targets, found: Calibration) -> list[dict[str, Any]]:
    """One row a pair of targets: how often draws meet both, and by what independence gives (below 1: they conflict).

    Of the pilot's draws, which stand in the last stage's town and are a plain sample of the priors.
    """
    inside = matching.met(found.pilot, targets.low, targets.high)
    both = matching.joint_misfits(inside)
    names = list(targets.records)
    return [
        {
            "one": one,
            "other": other,
            "share_meeting_both": float((inside[:, i] & inside[:, j]).mean()),
            "by_independence": float(both[i, j]),
        }
        for i, one in enumerate(names)
        for j, other in enumerate(names)
        if i < j
    ]


def draw_rows(targets: Targets, found: Calibration) -> list[dict[str, Any]]:
    """One row a draw of the last stage that was reached: its figures, and whether it is in the set."""
    kept = set(found.kept[-1])
    return [
        {"draw": number, "kept": int(number in kept), **dict(zip(targets.records, map(float, row), strict=True))}
        for number, row in zip(found.taken[-1], found.values[-1], strict=True)
    ]


def summary(stages: list, by_target: list, by_parameter: list, last: list[int]) -> dict[str, float]:
    """Flat figures."""
    found: dict[str, float] = {"draws": stages[0]["draws_in"], "behavioural_draws": len(last)}
    for row in stages:
        found[f"stage{row['stage']}_in"] = row["draws_in"]
        found[f"stage{row['stage']}_out"] = row["draws_out"]
    for row in by_target:
        found[f"missing__{row['target']}"] = row["share_of_draws_missing"]
        found[f"missing_alone__{row['target']}"] = row["share_missing_it_alone"]
    found["targets_applied"] = sum(row["applied"] for row in by_target)
    found["targets"] = len(by_target)
    found["parameters"] = len(by_parameter)
    found["parameters_learned"] = sum(row["learned"] for row in by_parameter)
    return found


def draw_figures(
    folder: Path, asked: request.Asked, targets: Targets, found: Calibration, by_target, by_parameter, pairs
):
    """Which targets bind, which parameters are learned, joint misfits."""
    labels = {name: {"en": r["label_en"], "zh": r["label_zh"]} for name, r in targets.records.items()}
    reader = Reader(asked.language, labels=labels)
    write_figure(calibration_targets(by_target, reader=reader), folder, "targets")
    write_figure(calibration_misfits(pairs, reader=reader), folder, "misfits")
    if by_parameter:
        write_figure(calibration_parameters(by_parameter, reader=reader), folder, "parameters")
