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
from experiments.validation import request
from experiments.validation.calibration_run import work

KEYS = ("draws", "residents", "set_aside")

HELP = f"""\
python -m experiments.calibrate key=value ...

  Finds draws of the priors with which the untouched average town meets every target of
  configs/calibration/average.yaml jointly, in stages (configs/calibration/stages.yaml).

  experiment= full (2,500 draws, about half an hour on two cores) or quick (a few minutes)
  draws=     how many prior draws, 10 to 1000000 (default the experiment's)
  set_aside= targets that are shown but not applied, as [recorded]: where targets conflict, this says
             which of them the set does not meet; no range is ever widened
  residents= of the last stage's town (default the experiment's; full takes the whole town)
{request.SHARED_HELP}

  The folder: summary.json; tables/ (stages, targets, parameters, misfits, draws); figures/;
  behaviour.csv and behaviour.yaml, the behavioural set (copy both to configs/behaviour/ under a
  name of your own, or hand the path on: experiments.validate behaviour=<path>.csv); provenance.json.

Example
  python -m experiments.calibrate experiment=quick draws=1000 threads=2"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    return request.run("calibrate", words, HELP, KEYS, ("full", "quick"), work)


if __name__ == "__main__":
    leave(main())
