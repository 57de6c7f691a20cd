"""The whole idea on the average town: as it is, before and after, and which measures did it.

    python -m experiments.demo            (what `make demo` calls)

Writes the folder of a quick ranking, with the page in both languages, into results/demo. The folder of an earlier demo
is replaced as a whole once the new one is ready. Takes the keys of rank.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from experiments.cli import console
from experiments.job import leave, run_job
from experiments.study.study import Study

if TYPE_CHECKING:
    from experiments.ensemble.results import Results
    from experiments.output.findings import Findings

OUTPUT = "results/demo"
# Runs of the first two steps; the ranking has its own number.
FIRST_LOOK = 4


def work(study: Study) -> tuple[Findings | None, Results]:
    """The three jobs one after another; the folder is that of the last."""
    from experiments.output.findings import run_settings
    from experiments.output.summary import show
    from experiments.ranking.rank_parts import rank_parts

    names = list(study.settings)
    few = replace(study, replicates=min(FIRST_LOOK, study.replicates))
    steps = (
        ("1 of 4  The town as it is, and where it drifts", few.select(names[0])),
        ("2 of 4  The same town with the whole package", few),
    )
    for title, part in steps:
        _step(study, title)
        findings, results = run_settings(part)
        if findings is None:
            return None, results
        if not study.quiet:
            show(part, findings)
    _step(study, "3 of 4  Which measures did it")
    done = rank_parts(study)
    _step(study, "4 of 4  Tables, figures and the page in both languages")
    return done


def _step(study: Study, title: str) -> None:
    if not study.quiet:
        console.out(f"\n{title}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    return run_job("rank", words, work, name="demo", defaults={"output": OUTPUT}, both_languages=True)


if __name__ == "__main__":
    leave(main())
