"""Run one setting: where the town stands in the year before week 0, and where it goes.

Example: python -m experiments.run experiment=baseline burden=0.5
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.job import leave, run_job
from experiments.study.compose import Study

if TYPE_CHECKING:
    from experiments.ensemble.results import Results
    from experiments.output.findings import Findings


def work(study: Study) -> tuple[Findings | None, Results]:
    """Run the setting once a replicate; returns findings (None if runs failed) and results."""
    from experiments.ensemble.members import rows_by_seeds
    from experiments.output.findings import gather, simulate

    members = rows_by_seeds(study.settings, study.replicates, study.draws)
    results = simulate(study, members, tuple(study.settings), study.job)
    if results.failures:
        return None, results
    rows = {name: name for name in study.settings}
    return gather(results, rows), results


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    return run_job("run", sys.argv[1:] if arguments is None else arguments, work)


if __name__ == "__main__":
    leave(main())
