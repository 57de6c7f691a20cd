"""Sweep dials, levers, intensities of measures or facts over values, with draws of behaviour and seeds.

Example: python -m experiments.sweep 'sweep={burden: [0, 0.5, 1], supervision: 0..1/5}' draws=16
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.job import leave, run_job


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    from experiments.output import sweep_folder
    from experiments.output.sweeps import run_sweep

    return run_job("sweep", sys.argv[1:] if arguments is None else arguments, run_sweep, leaves=sweep_folder.LEAVES)


if __name__ == "__main__":
    leave(main())
