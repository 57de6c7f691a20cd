"""What a job finds, without a folder: for notebooks and scripts.

    from experiments.api import findings
    found = findings("rank", {"experiment": "quick_ranking", "residents": 2_000, "replicates": 3})
    found.ranking, found.summary, found.dataset

The keys are those of the command line, and so are the errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from experiments import rank, run
from experiments.job import JobError
from experiments.study.compose import compose
from sim.inputs.validators import SettingError

if TYPE_CHECKING:
    from experiments.output.findings import Findings

_WORK = {"run": run.work, "compare": run.work, "rank": rank.work}


def findings(job: str, values: Mapping[str, object]) -> Findings:
    """Compose, check and run a study (`job` is run, compare or rank); nothing is written unless `store` is given.

    Raises SettingError for a key or value that cannot be used, JobError if runs failed.
    """
    if job not in _WORK:
        raise SettingError(f"{job!r} given, one of {', '.join(_WORK)} expected")
    found, results = _WORK[job](compose(job, {"quiet": True, "store": None, **values}))
    if found is None:
        raise JobError(
            f"{len(results.failures)} of {len(results.members)} runs failed twice ({results.failures[0].error})."
        )
    return found
