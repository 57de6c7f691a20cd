"""What a report tells beside a folder's numbers: the essay's points, all indicators, and what harm measures can do."""

from __future__ import annotations

from typing import Any

from experiments.output import labels


def catalogue() -> dict[str, Any]:
    """Plain data: indicators as outcomes are described, points (pain points, then causes), harms by measure."""
    from sim.indicators import INDICATORS
    from sim.inputs.files import CONFIGS, read_yaml, yaml_files

    harms = {path.stem: read_yaml(path) for path in yaml_files(CONFIGS / "harms")}
    told = {name: {"en": harm["label_en"], "zh": harm["label_zh"]} for name, harm in harms.items()}
    return {"indicators": labels.outcomes(list(INDICATORS)), "points": points(), "harms": told}


def points() -> list[dict[str, Any]]:
    """The essay's pain points, then its causes, with their indicators and which side of each is better."""
    from sim.indicators import CAUSES, INDICATORS, PAIN_POINTS

    return [
        {
            "kind": kind,
            "id": one.id,
            "en": one.label_en,
            "zh": one.label_zh,
            "indicators": list(one.indicators),
            "better": {name: INDICATORS[name].better for name in one.indicators},
        }
        for kind, items in (("pain", PAIN_POINTS), ("cause", CAUSES))
        for one in items
    ]
