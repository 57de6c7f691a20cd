"""A calibration tested on itself: its own stored draws stand in for towns of which everything is known.

From the folder of a finished calibration alone (tables/draws.csv and targets.csv, provenance.json): nothing is run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.cli import console
from experiments.job import JobError
from experiments.study.values import ORIGIN, path_of
from experiments.validation import request
from experiments.validation.plans import TARGETS
from sim.inputs import validators
from sim.inputs.files import csv_rows, read_json, read_yaml
from sim.inputs.validators import SettingError

if TYPE_CHECKING:
    import numpy as np

    from analysis.calibration.coverage import Coverage

TOWNS = 200
REPEATS = 5  # of where in its range a town's figure lies
AIM, BAND = (0.88, 0.92), (0.86, 0.94)  # for the mean over parameters, and for single ones


def work(asked: request.Asked) -> None:
    """Test the calibration of check= on itself and write the folder. Raises SettingError, JobError."""
    import numpy as np

    from analysis.calibration.coverage import FEWEST, covered
    from experiments.output import folder as folders
    from experiments.output.contents import write_json
    from experiments.output.csv_tables import write_csv
    from experiments.output.folder import MARK

    given = path_of(str(asked.values["check"]), "check")
    names, figures, parameters, widths, wanted = read(given)
    count = asked.whole("towns", min(TOWNS, len(figures)), 2, len(figures))
    keyed = np.random.default_rng([asked.seed, count])
    towns = np.tile(keyed.permutation(len(figures))[:count], REPEATS)
    shape = (len(towns), len(widths))
    with request.measure_time() as spent:
        found = {
            "anywhere": covered(figures, parameters, widths, towns, wanted, keyed.random(shape)),
            "centred": covered(figures, parameters, widths, towns[:count], wanted, np.full((count, shape[1]), 0.5)),
        }
    if any(not len(one.sizes) for one in found.values()):
        raise JobError(f"No town has a set of {FEWEST} draws or more: {given} has too few draws in its last stage.")
    rows, summary = parameter_rows(names, found), summary_of(found)
    with folders.write_folder(asked.folder) as partial:
        (partial / "tables").mkdir()
        write_csv(partial / "tables" / "coverage.csv", rows)
        write_json(partial / "summary.json", summary)
        write_json(partial / MARK, request.provenance(asked, of=str(given), towns=count, repeats=REPEATS, **spent))
    if not asked.quiet:
        say(summary, len(figures))


def read(folder: Path) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray, int]:
    """Parameters' names, figures and parameters of the draws of the last stage, ranges' widths, size of a set.

    Raises SettingError for what is no calibration, or one of other priors.
    """
    import numpy as np

    from experiments.output.folder import MARK
    from experiments.study.behaviour import draw_priors, priors_hash

    origin = f"{ORIGIN}, check: {folder}"
    try:
        told = read_json(folder / MARK)
        rows, targets = (csv_rows(folder / "tables" / f"{name}.csv") for name in ("draws", "targets"))
        applied = [row for row in targets if row["applied"] == "1"]
        widths = np.array([float(row["allowed_high"]) - float(row["allowed_low"]) for row in applied])
        numbers = [int(row["draw"]) for row in rows]
        figures = np.array([[float(row[one["target"]] or "nan") for one in applied] for row in rows])
        wanted = int(read_yaml(TARGETS / "stages.yaml")[told["experiment"]]["wanted"])
        seed, priors = int(told["seed"]), told["priors_hash"]
    except (KeyError, ValueError, TypeError, SettingError) as error:
        raise SettingError(f"{origin} cannot be read ({error}), the folder of a calibration expected") from None
    if priors != priors_hash():
        raise SettingError(f"{origin} is of other priors than configs/parameters has now, one of these priors expected")
    whole = ~np.isinf(figures).any(axis=1)
    if whole.sum() < 2:
        raise SettingError(f"{origin} has {whole.sum()} draws in its last stage, two or more expected")
    drawn = draw_priors(numbers, seed)
    names = [id for id in drawn[0] if len({row[id] for row in drawn}) > 1]  # some priors are one value
    parameters = np.array([[row[id] for id in names] for row in drawn])
    return names, figures[whole], parameters[whole], widths, wanted


def parameter_rows(names: list[str], found: dict[str, Coverage]) -> list[dict[str, Any]]:
    """One row a parameter: how often its range covered the truth, with its standard error."""
    return [
        {
            "parameter": name,
            **{f"{way}_covered": float(one.held[:, j].mean()) for way, one in found.items()},
            "standard_error": found["anywhere"].single_error,
        }
        for j, name in enumerate(names)
    ]


def summary_of(found: dict[str, Coverage]) -> dict[str, float]:
    """Means over parameters, and how many single parameters lie outside the band, in fact and by chance alone."""
    import numpy as np
    from scipy.stats import norm

    summary: dict[str, float] = {"parameters": found["anywhere"].held.shape[1]}
    for way, one in found.items():
        by_parameter = one.held.mean(axis=0)
        summary |= {
            f"{way}_towns": float(one.different),
            f"{way}_covered": one.mean,
            f"{way}_error": one.error,
            f"{way}_outside": float(((by_parameter < BAND[0]) | (by_parameter > BAND[1])).mean()),
            f"{way}_outside_by_chance": float(2 * norm.sf((BAND[1] - BAND[0]) / 2 / one.single_error)),
            f"{way}_set_size": float(np.median(one.sizes)),
            f"{way}_left_out": float(one.left_out),
        }
    return summary


def say(summary: dict[str, float], draws: int) -> None:
    """What was found, what a plain set of accepted draws should give, and why it may differ."""
    s = summary
    met = AIM[0] <= s["anywhere_covered"] <= AIM[1] and s["anywhere_outside"] <= 0.1
    console.out(
        f"{s['anywhere_towns']:.0f} of {draws} draws taken as towns, up to {REPEATS} times each: 5 to 95 % ranges of "
        f"the set of the others (median of {s['anywhere_set_size']:.0f} draws) cover the truth in "
        f"{100 * s['anywhere_covered']:.1f} % (standard error {100 * s['anywhere_error']:.1f}) over "
        f"{s['parameters']:.0f} parameters. {100 * s['anywhere_outside']:.0f} % of these lie outside "
        f"{100 * BAND[0]:.0f} to {100 * BAND[1]:.0f} %; chance alone puts up to "
        f"{100 * s['anywhere_outside_by_chance']:.0f} % there."
    )
    console.out(
        "Expected of accepted draws: 90 %, where a town may lie anywhere in its ranges. With every town in the middle "
        f"of them: {100 * s['centred_covered']:.1f} % (standard error {100 * s['centred_error']:.1f}), above 90 % as "
        "far as the targets teach. Less than 90 % would say that the rule is wrong; nothing here says what the model "
        "leaves out, for its own draws are no real towns."
    )
    if s["anywhere_left_out"]:
        console.out(f"Left out: {s['anywhere_left_out']:.0f} cases whose set has too few draws.")
    console.out(
        f"Aim ({100 * AIM[0]:.0f} to {100 * AIM[1]:.0f} % on average, at most a tenth of the parameters outside): "
        + ("met" if met else "not met")
    )


def check_words(asked: request.Asked) -> None:
    """Refuse what makes no sense beside check=. Raises SettingError."""
    for key in ("draws", "residents", "set_aside", "experiment"):
        if key in asked.values:
            raise SettingError(f"{ORIGIN}, {key}: given beside check=, which runs nothing; one of the two expected")
    validators.text(str(asked.values["check"]), ORIGIN, "check")
