"""Regression: the model's figures and arrays are those of baseline.json, which changes only on purpose.

    python -m tests.sim.test_regression            what has changed since baseline.json was written
    python -m tests.sim.test_regression --update   write it anew, and say what has changed

Arrays hold bit by bit on every machine of the x86-64 family, with the numba and numpy of the baseline; figures to
1e-9 with any.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

BASELINE = Path(__file__).with_name("baseline.json")
UPDATE = "python -m tests.sim.test_regression --update"
TOLERANCE = 1e-9

NAMES = ("average", "reform", "inspected_villages_alone")


def orders(name: str) -> dict:
    """Keywords of a small town that together reach every mechanism, theory and kind of order."""
    from sim.inputs.measures import MEASURES

    essay = [id for id, measure in MEASURES.items() if measure.source.startswith("Essay")]
    return {
        "average": {"residents": 6_000, "weeks": 104, "seed": 1},
        "reform": {
            "residents": 6_000,
            "weeks": 104,
            "seed": 2,
            "measures": {**dict.fromkeys(essay, 1.0), "publicity": {"intensity": 0.5, "start": 10, "end": 70}},
            "tolerance": 0.6,
            "burden": 0.5,
            "supervision": {"value": 0.4, "start": 26},
        },
        "inspected_villages_alone": {
            "town": "inspected",
            "residents": 6_000,
            "weeks": 60,
            "seed": 3,
            "coupling": False,
            "measures": {"four_in_one": 0.7, "one_window": 1.0},
            "potency": "draw",
            "burden": 2.0,
            "theory": {"conduct": "peer_norm", "effort": "habit", "belief": "availability"},
            "knock_out": ["needs"],
        },
    }[name]


def packages() -> dict[str, str]:
    """What compiles the model and makes its arrays."""
    return {package: version(package) for package in ("numba", "numpy")}


@cache
def found(name: str) -> dict:
    """What the model gives now: figures with 12 digits (None where missing), sha256 of the weekly tallies."""
    from sim import run
    from sim.inputs.settings import setting

    chosen = setting(**orders(name))
    records = run.branch(run.history(chosen), chosen)
    figures = run.evaluate(records)
    return {
        "figures": {key: None if math.isnan(value) else float(f"{value:.12g}") for key, value in figures.items()},
        "arrays": hashlib.sha256(records.tallies.tobytes()).hexdigest(),
    }


def written() -> dict:
    return json.loads(BASELINE.read_text(encoding="utf-8"))


def apart(one: float | None, other: float | None) -> float:
    """Relative difference of two figures; infinite where only one is missing."""
    if one is None or other is None:
        return 0.0 if one is other else math.inf
    return abs(one - other) / max(abs(one), abs(other), 1e-12) if one != other else 0.0


def changes(name: str, baseline: dict) -> list[str]:
    """What has changed in a setting's figures: `name: before -> now`, the largest change first."""
    before, now = baseline["settings"].get(name, {}).get("figures", {}), found(name)["figures"]
    differing = {key: apart(before.get(key), now.get(key)) for key in {**before, **now}}
    moved = sorted((key for key, by in differing.items() if by > TOLERANCE), key=lambda key: -differing[key])
    return [f"{key}: {before.get(key)} -> {now.get(key)}" for key in moved]


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_those_of_the_baseline(name, compiled_model):
    moved = changes(name, written())
    shown = "\n  ".join(moved[:12])
    assert not moved, f"{len(moved)} figures of {name} have changed; if that is meant: {UPDATE}\n  {shown}"


@pytest.mark.parametrize("name", NAMES)
def test_arrays_are_those_of_the_baseline(name, compiled_model):
    baseline = written()
    if baseline["packages"] != packages():
        pytest.skip("the baseline was written with another numba or numpy")
    same = found(name)["arrays"] == baseline["settings"][name]["arrays"]
    assert same, f"arrays of {name} have changed; if that is meant: {UPDATE}"


def test_the_baseline_holds_these_settings_and_every_indicator():
    from sim.indicators import INDICATORS

    baseline = written()
    assert list(baseline["settings"]) == list(NAMES)
    for name in NAMES:
        figures = baseline["settings"][name]["figures"]
        assert {key.split("__")[0] for key in figures} == set(INDICATORS)
        assert len(figures) == 3 * len(INDICATORS)


def main(arguments: list[str]) -> int:
    """Compare, or write anew with --update; exit code 1 where something has changed and was not written."""
    if arguments not in ([], ["--update"]):
        print(__doc__, file=sys.stderr)
        return 2
    from sim import run

    run.compile()
    before = written() if BASELINE.exists() else {"packages": None, "settings": {}}
    changed = False
    for name in NAMES:
        moved = changes(name, before)
        arrays = found(name)["arrays"] != before["settings"].get(name, {}).get("arrays")
        changed |= bool(moved) or (arrays and before["packages"] == packages())
        print(f"{name}: {len(moved)} figures changed, arrays {'changed' if arrays else 'the same'}")
        for line in moved[:8]:
            print(f"  {line}")
    if not arguments:
        return int(changed)
    now = {
        "written_by": UPDATE,
        "packages": packages(),
        "settings": {name: found(name) for name in NAMES},
    }
    BASELINE.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {BASELINE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
