"""Validate: compare the model with patterns and published effects that were not used to tune it.

    python -m experiments.validate experiment=quick_validation

Each file in configs/validation is one question with its design, its statistic and its pass rule, written before it was
first run. They are run over draws of the behavioural set, with and without the mechanism frozen that should produce
each pattern. They are also run over random draws of the priors, whose share of passes is the base rate.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.job import leave
from experiments.validation import request
from experiments.validation.plans import TOWN
from experiments.validation.validation_run import RIVALS, work

KEYS = ("draws", "random", "seeds", "residents", "behaviour", "theories")

HELP = f"""\
python -m experiments.validate key=value ...

  Runs the patterns, hypotheses and published effects of configs/validation over the behavioural set,
  with a knock-out for each pattern, and over random prior draws for the base rate. Hypotheses, and
  effects that the model was written after (assumed), are reported apart and not counted.

  experiment= full_validation (about an hour on two cores, at most two) or quick_validation (3 minutes)
  behaviour= a set in configs/behaviour, or the path of a behaviour.csv (default {TOWN})
  draws=     of the set, stratified (default the experiment's)
  random=    prior draws for the base rate (default the experiment's)
  seeds=     runs of each setting and draw (default the experiment's)
  residents= of the town (default the experiment's; full_validation takes the whole town)
  theories=  true: the same under each rival theory, one at a time:
             {", ".join(name for theory in RIVALS.values() for name in theory.values())}
{request.SHARED_HELP}

  The folder: summary.json; tables/validation.csv (one row a pattern or effect; value is the median over
  the draws, ci_low and ci_high hold 90 % of them), conditions.csv, theories.csv, values.csv, rules.csv;
  figures/validation; provenance.json.

Example
  python -m experiments.validate experiment=quick_validation draws=4 theories=true"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    return request.run("validate", words, HELP, KEYS, ("full_validation", "quick_validation"), work)


if __name__ == "__main__":
    leave(main())
