"""`python -m experiments`: which jobs there are."""

from __future__ import annotations

import experiments
from experiments.screen import say

if __name__ == "__main__":
    say(f"{experiments.__doc__}\npython -m experiments.<job> --help says more.")
