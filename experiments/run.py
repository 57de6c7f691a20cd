"""Run one setting: where the town stands in the year before week 0, and where it goes.

Example: python -m experiments.run experiment=baseline burden=0.5
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.job import leave, run_job


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    from experiments.output.findings import run_settings

    return run_job("run", sys.argv[1:] if arguments is None else arguments, run_settings)


if __name__ == "__main__":
    leave(main())
