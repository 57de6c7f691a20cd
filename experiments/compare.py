"""Compare settings that meet the same shocks: the first is the one the others are held against.

Example: python -m experiments.compare experiment=rectification
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.job import leave, run_job


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    from experiments.output.findings import run_settings

    return run_job("compare", sys.argv[1:] if arguments is None else arguments, run_settings)


if __name__ == "__main__":
    leave(main())
