"""Ensembles: rows (settings) and seeds in, one value a member out.

    members = rows_by_seeds({"baseline": a, "rectification": b}, replicates=20)
    results = run_members(members, keep, threads=2)
    results.values["rectification", 3]          # what `keep` made of that run
    results.failures                            # members that failed twice

Replicate k runs with the setting's seed + k, in every row, so that rows share their shocks. What
lies before week 0 is simulated once for all members that have it in common, and dropped when the
last of them is done. The result depends neither on the number of threads nor on the order of the
members.
"""

from experiments.ensemble.members import Failure, Member, Results, coalition_members, rows_by_seeds
from experiments.ensemble.threads import available_threads, run_members

__all__ = [
    "Failure",
    "Member",
    "Results",
    "available_threads",
    "coalition_members",
    "rows_by_seeds",
    "run_members",
]
