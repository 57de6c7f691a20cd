"""`python -m experiments`: which jobs there are."""

from __future__ import annotations

import experiments
from experiments.cli.console import out

if __name__ == "__main__":
    out(f"{experiments.__doc__}\npython -m experiments.<job> --help says more.")
