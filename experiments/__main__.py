"""`python -m experiments`: which jobs there are; `python -m experiments <verb>` is `township <verb>`."""

from __future__ import annotations

from experiments.township import command

if __name__ == "__main__":
    command()
