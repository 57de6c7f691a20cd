"""Calibrate: find draws of the priors with which the town without measures matches what is known of such towns.

    python -m experiments.calibrate experiment=quick

History matching in stages (analysis/calibration/matching.py): all draws in a small town with one seed, plausible ones
in a larger town with several, the rest in the whole town. Targets are in configs/calibration/average.yaml, each with
its standing. What is observed or derived must be met; a guess may be missed by half its width. No range is ever widened
to let more draws in. The draws that meet all targets jointly are the behavioural set.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.job import leave
from experiments.study.values import ORIGIN
from experiments.validation import calibration_check, calibration_run, own_figures, request
from sim.inputs import validators
from sim.inputs.validators import SettingError

KEYS = ("draws", "residents", "set_aside", "figures", "pool", "check", "towns")

HELP = f"""\
python -m experiments.calibrate key=value ...

  Finds draws of the priors with which the untouched average town meets every target of
  configs/calibration/average.yaml jointly, in stages (configs/calibration/stages.yaml).

  experiment= full (2,500 draws, about half an hour on two cores) or quick (a few minutes)
  draws=     how many prior draws, 10 to 1000000 (default the experiment's)
  set_aside= targets that are shown but not applied, as [recorded]: where targets conflict, this says
             which of them the set does not meet; no range is ever widened
  residents= of the last stage's town (default the experiment's; full takes the whole town)
  figures=   what you know of your own town, as {{on_time: [0.7, 0.8], recorded: [0.1, 0.15]}}: ranges that
             take the place of those targets. No run is made: draws that meet them and the other targets
             are chosen from a pool of runs, in seconds
  pool=      path of that pool (default configs/calibration/pool.csv, 600 draws of the average town)
  check=     folder of a finished calibration: nothing is run; its own draws are taken as towns of which
             all is known, and it is counted how often 5 to 95 % ranges of the set cover the truth
  towns=     how many draws are taken as towns (default 200, or as many as there are)
{request.SHARED_HELP}

  The folder: summary.json; tables/ (stages, targets, parameters, misfits, draws); figures/;
  behaviour.csv and behaviour.yaml, the behavioural set (copy both to configs/behaviour/ under a
  name of your own, or hand the path on: experiments.validate behaviour=<path>.csv); provenance.json.

Example
  python -m experiments.calibrate experiment=quick draws=1000 threads=2
  python -m experiments.calibrate 'figures={{on_time: [0.75, 0.8], hotline_days: [2.5, 3.1]}}' output=results/ours
  python -m experiments.calibrate check=results/calibrate-full-20261130-120000"""


def work(asked: request.Asked) -> None:
    """Calibrate, choose a set for the user's own figures, or test a calibration on itself."""
    if "check" in asked.values:
        calibration_check.check_words(asked)
        calibration_check.work(asked)
    elif "towns" in asked.values:
        raise SettingError(f"{ORIGIN}, towns: given without check=, the folder of a finished calibration expected")
    elif "figures" in asked.values:
        own_figures.work(asked)
    elif "pool" in asked.values:
        raise validators.refuse(ORIGIN, "pool", asked.values["pool"], "beside figures= only, no pool")
    else:
        calibration_run.work(asked)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    return request.run("calibrate", words, HELP, KEYS, ("full", "quick"), work)


if __name__ == "__main__":
    leave(main())
