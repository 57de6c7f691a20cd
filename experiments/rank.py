"""Rank the parts of a package: which of them contribute most to its effect, and how certain that is.

    python -m experiments.rank experiment=quick_ranking

The players are the measures of the ranked setting, and those of its lever changes that ranking.levers names: without
its player a lever keeps the town's own value. A lever of ranking.ranges is a player too, at the low end without it, at
the high end with it; Morris and Sobol also ask for what lies between. Everything else in the setting is kept. They are
ranked on each outcome of ranking.outcomes. A run with only some of them in force is made once for each seed, however
many methods ask for it. The comparison of the experiment's settings has the same seeds, so that both speak of the same
whole package.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.job import leave, run_job


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit code."""
    from experiments.ranking.rank_parts import rank_parts

    return run_job("rank", sys.argv[1:] if arguments is None else arguments, rank_parts)


if __name__ == "__main__":
    leave(main())
