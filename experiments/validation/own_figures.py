"""A behavioural set for the user's own figures, from a stored pool of runs: no run is made.

The pool is what the last stage of a calibration ran: draws by number, with the figure of every target. A figure that
the user knows of a town (on-time share, filings, hotline days) takes the place of the target's range; the others stay
as they are. Draws that meet all of them are the set. The pool's draws had been let through by smaller towns, so that it
is no plain sample of the priors; far from its figures few draws are left, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.job import JobError
from experiments.study.values import ORIGIN, path_of
from experiments.validation.plans import TARGETS, Calibration, CalibrationPlan, Stage, Targets, targets_of
from sim.inputs import validators
from sim.inputs.files import csv_rows, read_yaml
from sim.inputs.validators import SettingError, place_name

if TYPE_CHECKING:
    import numpy as np

    from experiments.validation import request

POOL = TARGETS / "pool.csv"
LEAST = 30  # draws of a set
OWN = "own"  # standing of a range that the user gave


@dataclass(frozen=True)
class Pool:
    """Draws by number, the figures of the targets [draw, target], and where they are from."""

    numbers: list[int]
    values: np.ndarray
    provenance: Mapping[str, Any]


def read_pool(path: Path, names: list[str]) -> Pool:
    """A pool and the YAML file beside it. Raises SettingError."""
    import numpy as np

    origin, rows = place_name(path), csv_rows(path)
    lacking = [name for name in ("draw", *names) if not rows or name not in rows[0]]
    if lacking:
        raise SettingError(f"{origin}: no column {lacking[0]}, a draw a line with a column a target expected")
    try:
        numbers = [int(row["draw"]) for row in rows]
        values = np.array([[float(row[name] or "nan") for name in names] for row in rows])
    except ValueError as error:
        raise SettingError(f"{origin}: {error}, a number in every cell expected") from None
    told = read_yaml(path.with_suffix(".yaml"))
    for key in ("seed", "draws"):
        validators.whole(told.get(key), 0, 1_000_000, place_name(path.with_suffix(".yaml")), key)
    return Pool(numbers, values, told)


def with_own(targets: Targets, given: Any) -> Targets:
    """The targets with the user's ranges in the place of their own. Raises SettingError."""
    figures = validators.mapping(given, ORIGIN, "figures")
    if not figures:
        raise validators.refuse(ORIGIN, "figures", given, "{target: [low, high], ...}")
    records = dict(targets.records)
    for name, ends in figures.items():
        if name not in records:
            raise validators.unknown(ORIGIN, f"figures.{name}", "target", records)
        allowed = "[low, high] in the target's unit, low not above high"
        if not isinstance(ends, list) or len(ends) != 2:
            raise validators.refuse(ORIGIN, f"figures.{name}", ends, allowed)
        low, high = (validators.number(end, -1e9, 1e9, ORIGIN, f"figures.{name}") for end in ends)
        if low > high:
            raise validators.refuse(ORIGIN, f"figures.{name}", ends, allowed)
        records[name] = {**records[name], "low": low, "high": high, "standing": OWN}
    return replace(targets, records=records)


def work(asked: request.Asked) -> None:
    """Choose the draws and write the folder of a calibration."""
    import numpy as np

    from analysis.calibration import matching
    from experiments.cli import console
    from experiments.output import folder as folders
    from experiments.study.behaviour import priors_hash
    from experiments.validation import request
    from experiments.validation.calibration_folder import write
    from sim.version import model_version

    targets = with_own(targets_of(), asked.values["figures"])
    path = path_of(asked.values["pool"], "pool", ORIGIN) if "pool" in asked.values else POOL
    with request.measure_time() as spent:
        pool = read_pool(Path(path), list(targets.records))
        if pool.provenance.get("priors_hash") != priors_hash():
            raise SettingError(
                f"{place_name(Path(path))}: its draws are of other priors than the present ones, a pool of the same "
                "priors expected (experiments.calibrate makes one)"
            )
        if pool.provenance.get("model_version") != model_version():
            console.err(f"The pool was run with another version of the model: {pool.provenance.get('model_version')}")
        none = np.zeros(len(targets.records))
        away = matching.implausibility(pool.values, targets.low, targets.high, none, none)
        kept = [n for n, good in zip(pool.numbers, matching.plausible(away, 0.0), strict=True) if good]
    if len(kept) < LEAST:
        raise JobError(
            f"{len(kept)} of {len(pool.numbers)} draws of the pool meet these figures, at least {LEAST} are wanted: "
            "wider ranges, or a pool of more draws (experiments.calibrate draws=)"
        )
    if not asked.quiet:
        console.out(f"{len(kept)} of {len(pool.numbers)} draws of the pool meet these figures and the other targets")
    found = Calibration(pool.values, [pool.numbers], [kept], [pool.values], [none], [none])
    plan = CalibrationPlan(pool.provenance["draws"], len(pool.numbers), len(kept), (Stage(None, 0, 0.0, None),))
    with folders.write_folder(asked.folder) as partial:
        write(partial, replace(asked, seed=pool.provenance["seed"]), plan, targets, found, spent)
