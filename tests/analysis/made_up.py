"""Made-up data in the shape of real results; it is no result of anything."""

from __future__ import annotations

import numpy as np
import xarray

OUTCOMES = {
    "service_efficiency": {
        "en": "Service efficiency",
        "zh": "服务效率",
        "unit": "share",
        "better": "higher",
    },
    "micro_corruption": {
        "en": "Micro-corruption",
        "zh": "微腐败",
        "unit": "share",
        "better": "lower",
    },
    "satisfaction": {"en": "Satisfaction", "zh": "群众满意度", "unit": "0–100", "better": "higher"},
}
MEASURES = {
    "study_reform": {"en": "Study with discussion", "zh": "学习研讨改进"},
    "responsibility_list": {"en": "Itemised duties", "zh": "责任清单"},
    "supervision_ledger": {"en": "Tracked decisions", "zh": "督办台账"},
    "one_window": {"en": "One window", "zh": "一窗受理"},
    "frontline_work": {"en": "Field days", "zh": "一线工作法"},
    "benefit_platform": {"en": "Open benefit payments", "zh": "惠民资金公开"},
    "error_tolerance": {"en": "Tolerance of honest error", "zh": "容错纠错机制"},
    "results_appraisal": {"en": "Appraisal by results", "zh": "实绩考核"},
    "burden_relief": {"en": "Burden relief", "zh": "基层减负"},
    "asset_platform": {"en": "Collective-asset platform", "zh": "集体三资监管平台"},
    "project_rules": {"en": "Small-project rules", "zh": "小微工程规范"},
    "four_in_one": {"en": "Joint supervision", "zh": "四位一体监督"},
    "branch_standards": {"en": "Branch standards", "zh": "支部标准化"},
    "member_pipeline": {"en": "Member pipeline", "zh": "党员队伍优化"},
    "lead_goose": {"en": "Better committees", "zh": "头雁工程"},
    "leading_group": {"en": "Leading group", "zh": "领导小组"},
    "assessment": {"en": "Progress assessment", "zh": "督查考核"},
    "institutionalise": {"en": "Made a rule", "zh": "制度固化"},
    "publicity": {"en": "Publicity and exposure", "zh": "宣传与曝光"},
}
SETTINGS = {
    "baseline": {"en": "No rectification", "zh": "不整改"},
    "rectification": {"en": "Full rectification", "zh": "全面整改"},
}
LABELS = {**MEASURES, **SETTINGS}
SHARES = {
    "compliance_share": (0.42, 0.31),
    "casework_share": (0.2, 0.25),
    "policy_share": (0.16, 0.17),
    "field_share": (0.07, 0.13),
    "initiative_share": (0.02, 0.06),
    "slack_share": (0.13, 0.08),
}


def dataset(replicates: int = 12, weeks: int = 208, settings=("baseline", "rectification")):
    """Dataset (setting, replicate, week) with a shared history, as sim.run.dataset gives it."""
    rng = np.random.default_rng(20)
    week = np.arange(-52, weeks)
    shape = (2, replicates, len(week))
    ramp = np.clip(week / 60.0, 0, 1) * (week >= 0)
    fade = np.where(week > 90, 1 - 0.25 * np.clip((week - 90) / 118, 0, 1), 1.0)
    push = np.zeros(shape)
    push[1] = ramp * fade

    def series(level, change, town, noise):
        shared = level + town * rng.normal(size=(1, replicates, 1)) + noise * rng.normal(size=(1, *shape[1:]))
        own = 0.4 * noise * rng.normal(size=shape) * (week >= 0)
        return shared + change * push + own

    data = {
        "service_efficiency": series(0.69, 0.16, 0.02, 0.03),
        "micro_corruption": series(0.11, -0.05, 0.012, 0.03),
        "satisfaction": series(58.0, 2.2, 1.2, 0.5),
    }
    data["micro_corruption"] = np.clip(data["micro_corruption"], 0, 1)
    data["micro_corruption"][:, 0, 60] = np.nan  # missing by design
    shares = np.stack([low + (high - low) * push for low, high in SHARES.values()])
    shares = shares + 0.004 * rng.normal(size=(6, 1, replicates, len(week)))
    for name, values in zip(SHARES, shares / shares.sum(axis=0), strict=True):
        data[name] = values
    phase = np.where(
        week < 0,
        "baseline",
        np.where(week < 52, "year1", np.where(week >= weeks - 52, "evaluation", "middle")),
    )
    made = xarray.Dataset(
        {name: (("setting", "replicate", "week"), values) for name, values in data.items()},
        coords={
            "setting": ["baseline", "rectification"],
            "replicate": np.arange(replicates),
            "week": week,
            "phase": ("week", phase),
            "label_en": ("setting", [s["en"] for s in SETTINGS.values()]),
            "label_zh": ("setting", [s["zh"] for s in SETTINGS.values()]),
        },
    )
    for name, attributes in OUTCOMES.items():
        made[name].attrs = {
            "unit": attributes["unit"],
            "label_en": attributes["en"],
            "label_zh": attributes["zh"],
        }
    return made.sel(setting=list(settings))


def evaluations(made):
    """Evaluation dicts a setting and replicate, as sim.run.evaluate gives them."""
    result = {}
    for setting in made["setting"].values:
        replicates = []
        for replicate in made["replicate"].values:
            one = made.sel(setting=setting, replicate=replicate)
            flat = {}
            for name in OUTCOMES:
                for ending, phase in (
                    ("", "evaluation"),
                    ("__year1", "year1"),
                    ("__baseline", "baseline"),
                ):
                    flat[name + ending] = float(one[name].where(one["phase"] == phase).mean())
            replicates.append(flat)
        result[str(setting)] = replicates
    return result


def game(players: int = 19, seed: int = 3):
    """A stochastic game of measures: value(coalitions, seeds) -> outcomes [row, 3]."""
    rng = np.random.default_rng(seed)
    size = rng.gamma(0.7, 1.0, (players, 3)) - 0.25
    size[:3] *= 2.2
    size = size / size.sum(axis=0) * np.array([0.14, -0.045, 2.0])
    scale = np.abs(size).mean(axis=0)
    pair = np.triu(rng.normal(size=(players, players)), 1) * 0.06

    def value(coalitions, seeds):
        out = np.empty((len(seeds), 3))
        for row, (coalition, run) in enumerate(zip(coalitions, seeds, strict=True)):
            keyed = np.random.default_rng([7, int(run)])
            effects = size * (1 + 0.25 * keyed.normal(size=(players, 1))) + scale * 0.25 * keyed.normal(size=size.shape)
            base = np.array([0.69, 0.11, 58.0]) + 3 * scale * keyed.normal(size=3)
            joint = coalition @ pair @ coalition
            out[row] = base + coalition @ effects + scale * np.sign(size.sum(axis=0)) * joint
        return out

    return value
